from __future__ import annotations

from pathlib import Path

import pytest

from fieldtool.asset import Asset
from fieldtool.entities import json_text, to_fields
from fieldtool.jsontypes import Json
from fieldtool.store.mapping import row_text, table_of, to_entity, to_values
from tests.fieldtool.making import asset, profile, record


@pytest.mark.parametrize(
    "value",
    [2**64 + 1, -(2**70), [1, 2**65], {"a": [2**66]}, 1e300, 0.1 + 0.2, "2" * 40, True, None, -0.0],
)
def test_every_value_comes_back_exactly(tmp_path: Path, value: Json) -> None:
    with profile(tmp_path) as opened:
        (made,) = record(opened, asset("1", attributes={"wert": value, "ort": "Hörde"}))
        found = opened.store.get(Asset, made.id)
    assert found == made
    assert repr(found.attributes["wert"]) == repr(value)


def test_a_row_as_text_is_its_fields_as_text() -> None:
    table = table_of(Asset)
    fields = to_fields(
        asset("1", geometry={"type": "Point", "coordinates": [7.5, 51.5]}, attributes={"ä": 2**70})
    )
    columns = {name: (value,) for name, value in fields.items()}
    assert row_text(table, [column[0] for column in to_values(table, columns)]) == json_text(fields)


def test_mappings_that_are_missing_stay_missing() -> None:
    place: Json = {"type": "Point", "coordinates": [7.5, 51.5]}
    columns = dict.fromkeys(table_of(Asset).columns, (None, None, None))
    columns |= {"geometry": (None, place, None), "attributes": ({}, {"ä": None}, {"ä": 2**70})}
    values = dict(zip(table_of(Asset).columns, to_values(table_of(Asset), columns), strict=True))
    assert values["geometry"] == [None, json_text(place), None]
    assert values["attributes"] == ["{}", '{"ä":null}', '{"ä":1180591620717411303424}']


def test_a_row_without_a_number_is_no_json() -> None:
    with pytest.raises(ValueError, match="NaN"):
        row_text(table_of(Asset), ["tree", float("nan"), None, None, "{}", None])


def test_an_entity_has_all_its_slots() -> None:
    made = to_entity(Asset, ["a", 1, "tree", None, None, None, "{}", None])
    assert (made.id, made.version, made.geometry, made.attributes) == ("a", 1, None, {})
