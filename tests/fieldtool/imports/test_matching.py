from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from fieldtool.asset import Asset
from fieldtool.asset_classes import asset_class
from fieldtool.ids import AssetId
from fieldtool.imports.matching import Step, match
from fieldtool.imports.records import Record

OWNED = frozenset({"species", "height"})


def record(row: int, number: str | None, lon: float | None = 7.465, **attributes: Any) -> Record:
    geometry: Any = None if lon is None else {"type": "Point", "coordinates": [lon, 51.514]}
    return Record(row=row, number=number, name=None, geometry=geometry, attributes=attributes, owned=OWNED)


def asset(id_: str, number: str | None, lon: float | None = 7.465, **attributes: Any) -> Asset:
    geometry: Any = None if lon is None else {"type": "Point", "coordinates": [lon, 51.514]}
    return Asset(
        id=AssetId(id_),
        asset_class="tree",
        number=number,
        geometry=geometry,
        attributes=attributes,
        version=1,
    )


def steps(kind: str, records: list[Record], known: Iterable[Asset], *, edited: bool = False) -> list[Step]:
    return match(records, asset_class(kind), known, lambda _asset: edited, "Nr")


def told(found: list[Step]) -> list[tuple[str, str | None]]:
    return [(step.outcome, step.asset and step.asset.id) for step in found]


def test_a_unique_number_finds_its_record_wherever_it_moved() -> None:
    found = steps("street_light", [record(2, "0047", 7.5)], [asset("a", "0047"), asset("b", "47")])
    assert told(found) == [("updated", "a")]
    assert found[0].changes == {"geometry": {"type": "Point", "coordinates": [7.5, 51.514]}}


def test_a_number_of_many_trees_finds_the_one_close_by() -> None:
    known = [asset("far", "20", 7.6), asset("near", "20", 7.4651)]
    assert told(steps("tree", [record(2, "20", height=9.0)], known)) == [("updated", "near")]
    assert told(steps("tree", [record(2, "20", 7.55)], known)) == [("imported", None)]


def test_stacked_things_each_find_themselves() -> None:
    known = [asset("a", "1", height=1.0), asset("b", "1", height=2.0), asset("c", "1", height=3.0)]
    records = [record(2, "1", height=2.0), record(3, "1", height=9.0), record(4, "1", height=1.0)]
    assert told(steps("tree", records, known)) == [("unchanged", "b"), ("updated", "c"), ("unchanged", "a")]


def test_where_more_than_one_fits_nothing_is_touched() -> None:
    known = [asset("a", "1", height=1.0), asset("b", "1", height=2.0)]
    found = steps("tree", [record(2, "1", height=9.0)], known)
    assert told(found) == [("ignored", None)]
    assert found[0].remark is not None


def test_stacked_things_are_told_apart_by_what_they_agree_in() -> None:
    known = [asset("a", "1", species="Eiche", height=1.0), asset("b", "1", species="Linde", height=2.0)]
    records = [record(2, "1", species="Linde", height=2.5), record(3, "1", species="Eiche", height=1.5)]
    assert told(steps("tree", records, known)) == [("updated", "b"), ("updated", "a")]


def test_things_that_do_not_differ_at_all_are_given_out_one_by_one() -> None:
    known = [asset("a", "1", height=1.0), asset("b", "1", height=1.0)]
    records = [record(2, "1", height=2.0), record(3, "1", height=3.0)]
    assert told(steps("tree", records, known)) == [("updated", "a"), ("updated", "b")]


def test_one_thing_for_two_rows_is_not_given_to_the_first_of_them() -> None:
    records = [record(2, "1", height=2.0), record(3, "1", height=3.0)]
    found = told(steps("tree", records, [asset("a", "1", species="Eiche", height=1.0)]))
    assert found == [("ignored", None), ("ignored", None)]


def test_many_stacked_things_are_not_compared_with_each_other() -> None:
    known = [asset(f"a{n}", "1", height=float(n)) for n in range(300)]
    records = [record(n + 2, "1", height=n + 0.5) for n in range(300)]
    assert {step.outcome for step in steps("tree", records, known)} == {"ignored"}


def test_a_figure_and_its_text_are_no_change() -> None:
    known = [asset("a", "1", poi=497741, share=3.0, open=True)]
    found = steps("bin", [record(2, "1", poi="497741", share="3", open="true")], known)
    assert told(found) == [("unchanged", "a")]


@pytest.mark.parametrize(("degrees", "outcome"), [(1e-5, "updated"), (1e-4, "imported")])
def test_what_has_only_a_name_is_found_where_a_list_rounds_to(degrees: float, outcome: str) -> None:
    known = replace(asset("a", None), name="Bolzplatz")
    found = steps("tree", [replace(record(2, None, 7.465 + degrees), name="Bolzplatz")], [known])
    assert [step.outcome for step in found] == [outcome]


def test_a_number_that_now_means_another_thing_is_flagged() -> None:
    known = replace(asset("a", "NDV 10"), name="Lindenallee")
    far, near = (replace(record(2, "NDV 10", lon), name="Buchsbaum") for lon in (7.475, 7.4651))
    assert steps("bin", [near], [known])[0].remark is None
    (step,) = steps("bin", [far], [known])
    assert step.outcome == "updated"
    assert step.remark is not None
    assert "Lindenallee" in step.remark.reason


def test_a_repeated_row_is_merged_and_a_contradicting_one_rejected() -> None:
    records = [record(2, "1", height=5.0), record(3, "1", height=5.0), record(4, "1", height=6.0)]
    assert told(steps("bin", records, [])) == [("imported", None), ("merged", None), ("rejected", None)]
    assert [step.outcome for step in steps("tree", records, [])] == ["imported", "merged", "imported"]


def test_equal_rows_without_a_place_are_two_things() -> None:
    records = [record(2, None, None, species="x"), record(3, None, None, species="x")]
    assert told(steps("room", records, [])) == [("imported", None), ("imported", None)]
    again = [asset("a", None, None, species="x"), asset("b", None, None, species="x")]
    assert told(steps("room", records, again)) == [("unchanged", "a"), ("unchanged", "b")]


def test_what_the_list_has_no_column_for_stays() -> None:
    known = [asset("a", "1", species="Eiche", height=5.0, remarks="Höhle")]
    found = steps("bin", [record(2, "1", species="Eiche")], known)
    assert found[0].changes == {"attributes": {"species": "Eiche", "remarks": "Höhle"}}


def test_an_empty_position_takes_none_away() -> None:
    assert told(steps("bin", [record(2, "1", None)], [asset("a", "1")])) == [("unchanged", "a")]


@pytest.mark.parametrize(("moved", "outcome"), [(1e-9, "unchanged"), (1e-6, "updated")])
def test_less_than_a_millimetre_is_no_change(moved: float, outcome: str) -> None:
    assert steps("bin", [record(2, "1", 7.465 + moved)], [asset("a", "1")])[0].outcome == outcome


def test_a_record_changed_by_hand_is_flagged_and_not_touched() -> None:
    known = [asset("a", "1", species="Eiche"), asset("b", "2", species="Linde")]
    records = [record(2, "1", species="Buche"), record(3, "2", species="Linde")]
    found = steps("bin", records, known, edited=True)
    assert told(found) == [("ignored", "a"), ("unchanged", "b")]
    assert found[0].remark is not None
    assert "species" in found[0].remark.reason
    assert not found[0].changes
