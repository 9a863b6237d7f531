from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtool.jsontypes import Json
from fieldtool.sync.merge import FieldConflict, differing, merge, same

values = st.one_of(st.none(), st.integers(0, 2), st.sampled_from(["a", "b"]), st.booleans())
contents = st.dictionaries(st.sampled_from("xyz"), values)


def result(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    merged = merge(base, mine, theirs)
    return {**theirs, **merged.write}


@given(contents, contents)
def test_only_mine_changed_gives_mine(base: dict[str, Any], mine: dict[str, Any]) -> None:
    merged = merge(base, mine, base)
    assert not merged.conflicts
    assert not merged.taken
    assert differing(result(base, mine, base), mine) == []


@given(contents, contents)
def test_only_theirs_changed_writes_nothing(base: dict[str, Any], theirs: dict[str, Any]) -> None:
    merged = merge(base, base, theirs)
    assert (merged.write, merged.conflicts) == ({}, ())
    assert sorted(merged.taken) == differing(base, theirs)


@given(contents, contents)
def test_the_same_change_on_both_sides_is_no_conflict(base: dict[str, Any], mine: dict[str, Any]) -> None:
    merged = merge(base, mine, mine)
    assert (merged.write, merged.conflicts) == ({}, ())


@given(contents, contents, contents)
def test_each_field_has_one_fate_and_nothing_is_overwritten(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    merged = merge(base, mine, theirs)
    conflicts = {one.field for one in merged.conflicts}
    assert not conflicts & set(merged.write)
    assert not conflicts & set(merged.taken)
    assert not set(merged.write) & set(merged.taken)
    for field in merged.write:
        assert same(base.get(field), theirs.get(field))
    for one in merged.conflicts:
        assert not same(one.base, one.mine)
        assert not same(one.base, one.theirs)
        assert not same(one.mine, one.theirs)


@given(contents, contents, contents)
def test_the_two_sides_see_the_same_conflicts(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    here = {(one.field, repr(one.mine), repr(one.theirs)) for one in merge(base, mine, theirs).conflicts}
    there = {(one.field, repr(one.theirs), repr(one.mine)) for one in merge(base, theirs, mine).conflicts}
    assert here == there


@given(contents, contents, contents)
def test_merging_again_after_writing_finds_nothing_to_do(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    after = result(base, mine, theirs)
    assert merge(base, mine, after).write == {}


def point(lon: float, lat: float, *height: float) -> Json:
    return {"type": "Point", "coordinates": [lon, lat, *height]}


HERE = point(7.4653, 51.5136)
CENTIMETRES = point(7.4653004, 51.5136003)
METRES = point(7.4653400, 51.5136000)
ELSEWHERE = point(7.4660, 51.5140)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (HERE, CENTIMETRES, True),
        (HERE, METRES, False),
        (HERE, {"type": "MultiPoint", "coordinates": [[7.4653, 51.5136]]}, False),
        (point(7, 51, 100.0), point(7, 51, 100.05), True),
        (point(7, 51, 100.0), point(7, 51, 101.0), False),
        (point(7, 51, 100.0), point(7, 51), True),
        (
            {"type": "LineString", "coordinates": [[7, 51], [7.1, 51]]},
            {"type": "LineString", "coordinates": [[7, 51.0000004], [7.1, 51]]},
            True,
        ),
        (
            {"type": "LineString", "coordinates": [[7, 51], [7.1, 51]]},
            {"type": "LineString", "coordinates": [[7.1, 51], [7, 51]]},
            False,
        ),
        ({"type": "Point", "coordinates": []}, HERE, False),
        (10, 10.0, True),
        (0.1 + 0.2, 0.3, True),
        (1, True, False),
        ("1", 1, False),
        (None, "", False),
        ("2026-11-23T06:30:00Z", "2026-11-23T07:30:00.000+01:00", True),
        ("2026-11-23T06:30:00.123456Z", "2026-11-23T06:30:00.123Z", True),
        ("2026-11-23T06:30:00.123456Z", "2026-11-23T06:30:00Z", False),
        ("2026-11-23", "2026-11-24", False),
        ([1, 2], [1, 2.0], True),
        ([1, 2], [2, 1], False),
        ({"a": 1}, {"a": 1.0}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
    ],
)
def test_what_counts_as_the_same(one: Json, other: Json, equal: bool) -> None:  # noqa: FBT001
    assert same(one, other) is equal
    assert same(other, one) is equal


def test_a_place_moved_on_both_sides_is_a_conflict() -> None:
    merged = merge({"geometry": HERE}, {"geometry": METRES}, {"geometry": ELSEWHERE})
    assert merged.conflicts == (FieldConflict("geometry", HERE, METRES, ELSEWHERE),)


def test_a_place_that_only_the_server_rounded_is_none() -> None:
    merged = merge({"geometry": HERE}, {"geometry": METRES}, {"geometry": CENTIMETRES})
    assert (merged.write, merged.conflicts) == ({"geometry": METRES}, ())


def test_a_small_move_of_mine_is_written_all_the_same() -> None:
    assert merge({"geometry": HERE}, {"geometry": CENTIMETRES}, {"geometry": HERE}).write == {
        "geometry": CENTIMETRES
    }
