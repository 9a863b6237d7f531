from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtool.entities import (
    ENTITY_TYPES,
    entity_name,
    fields_of,
    from_fields,
    json_text,
    json_texts,
    time_text,
    to_columns,
    to_fields,
)
from tests.fieldtool.making import MOMENT, one_of_each


@pytest.mark.parametrize("entity", one_of_each(), ids=lambda entity: type(entity).__name__)
def test_fields_are_json_and_come_back(entity: object) -> None:
    fields = json.loads(json.dumps(to_fields(entity)))
    assert from_fields(type(entity), entity.id, fields, entity.version) == entity
    assert "id" not in fields
    assert "version" not in fields


def test_every_kind_has_a_name() -> None:
    assert {entity_name(kind) for kind in ENTITY_TYPES.values()} == set(ENTITY_TYPES)
    assert {type(entity) for entity in one_of_each()} == set(ENTITY_TYPES.values())


def test_kinds_of_fields_are_seen() -> None:
    kinds = {field.name: field.kind for kind in ENTITY_TYPES.values() for field in fields_of(kind)}
    assert kinds["geometry"] == kinds["attributes"] == kinds["steps"] == "json"
    assert kinds["commissioned_at"] == kinds["phenomenon_time"] == "time"
    assert kinds["due"] == "date"
    assert kinds["number"] == kinds["state"] == "plain"


def test_times_are_utc_with_microseconds() -> None:
    assert time_text(MOMENT) == "2026-11-23T07:30:15.123456Z"
    assert time_text(datetime.fromisoformat("2026-07-01T12:00:00+02:00")) == "2026-07-01T10:00:00.000000Z"
    with pytest.raises(ValueError, match="without a zone"):
        time_text(datetime(2026, 7, 1, 12))  # noqa: DTZ001


def test_times_sort_as_texts() -> None:
    moments = [datetime(2026, 1, 1, 0, 0, 0, microsecond, tzinfo=UTC) for microsecond in (0, 5, 999999)]
    assert sorted(map(time_text, reversed(moments))) == list(map(time_text, moments))


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    # What no file can hold is left out: halves of surrogate pairs.
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("äb\n"), inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(VALUES, max_size=8))
def test_texts_of_many_are_those_of_each(values: list[object]) -> None:
    assert json_texts(values) == [json_text(value) for value in values]


def test_no_figure_among_many_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        json_texts([{"wert": 1.0}, {"wert": float("nan")}])


@pytest.mark.parametrize("entity", one_of_each(), ids=lambda one: type(one).__name__)
def test_columns_are_the_fields_of_each(entity: object) -> None:
    columns = to_columns(type(entity), [entity, entity])  # type: ignore[list-item]
    assert {name: list(values) for name, values in columns.items()} == {
        name: [value, value]
        for name, value in to_fields(entity).items()  # type: ignore[arg-type]
    }
