"""Three-way merge of contents, field by field. Pure.

A field that is None and one that is missing are the same: there is nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fieldtool.jsontypes import Json

Content = Mapping[str, Json]

SAME_PLACE_M = 0.1
"""Closer than any receiver here can tell; also takes up coordinates rounded to seven decimals."""
SAME_MOMENT = timedelta(milliseconds=1)
"""Servers that keep three decimals of a second."""
METRES_PER_DEGREE = 111_320


@dataclass(frozen=True, slots=True)
class FieldConflict:
    field: str
    base: Json
    mine: Json
    theirs: Json


@dataclass(frozen=True, slots=True)
class Merge:
    """`write` is what the other side still needs (None clears a field), `taken` what it has changed alone."""

    write: Content
    taken: Content
    conflicts: tuple[FieldConflict, ...]


def merge(base: Content, mine: Content, theirs: Content) -> Merge:
    """A field changed on both sides to different values is a conflict, nothing else."""
    write: dict[str, Json] = {}
    taken: dict[str, Json] = {}
    conflicts: list[FieldConflict] = []
    for field in sorted({*base, *mine, *theirs}):
        was, here, there = base.get(field), mine.get(field), theirs.get(field)
        if exactly(was, here) or (same(was, here) and not same(was, there)):
            if not same(here, there):
                taken[field] = there
        elif same(was, there):
            if not exactly(here, there):
                write[field] = here
        elif not same(here, there):
            conflicts.append(FieldConflict(field, was, here, there))
    return Merge(write, taken, tuple(conflicts))


def differing(one: Content, other: Content) -> list[str]:
    return [field for field in sorted({*one, *other}) if not same(one.get(field), other.get(field))]


def exactly(one: Json, other: Json) -> bool:
    """Without tolerance. True is not 1."""
    return one == other and same(one, other)


def same(one: Json, other: Json) -> bool:
    if isinstance(one, bool) or isinstance(other, bool) or one is None or other is None:
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(one, str) and isinstance(other, str):
        return one == other or _same_moment(one, other)
    if isinstance(one, dict) and isinstance(other, dict):
        if _is_geometry(one) and _is_geometry(other):
            return _same_place(one, other)
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return False


def _same_moment(one: str, other: str) -> bool:
    first, second = _moment(one), _moment(other)
    return first is not None and second is not None and abs(first - second) < SAME_MOMENT


def _moment(text: str) -> datetime | None:
    """Only what has date, time and zone: a number or a street is no moment."""
    if "T" not in text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _is_geometry(value: Mapping[str, Json]) -> bool:
    return isinstance(value.get("coordinates"), list) and isinstance(value.get("type"), str)


def _same_place(one: Mapping[str, Json], other: Mapping[str, Json]) -> bool:
    """Vertex by vertex; a height, where both have one, counts as well."""
    if one["type"] != other["type"]:
        return False
    mine, theirs = list(_vertices(one["coordinates"])), list(_vertices(other["coordinates"]))
    return len(mine) == len(theirs) and all(map(_near, mine, theirs))


def _vertices(coordinates: Json) -> Iterator[Sequence[float]]:
    if not isinstance(coordinates, list):
        return
    if coordinates and all(isinstance(part, int | float) for part in coordinates):
        yield [float(part) for part in coordinates if isinstance(part, int | float)]
        return
    for part in coordinates:
        yield from _vertices(part)


def _near(one: Sequence[float], other: Sequence[float]) -> bool:
    if len(one) < 2 or len(other) < 2:
        return False
    east = (one[0] - other[0]) * METRES_PER_DEGREE * math.cos(math.radians(one[1]))
    north = (one[1] - other[1]) * METRES_PER_DEGREE
    up = one[2] - other[2] if len(one) > 2 and len(other) > 2 else 0.0
    return math.hypot(east, north, up) <= SAME_PLACE_M
