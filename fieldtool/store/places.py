"""The R-tree over the boxes of assets, kept in the transaction of the edit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fieldtool.jsontypes import Json
from fieldtool.store import box_tree
from fieldtool.store.connection import Connection

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees of WGS84."""

STRIP = 0.01
"""Degrees, about 700 m."""
LEAST_PACKED = 1000
WORTH_PACKING = 5
"""So many times the new ones: growing by one entry takes as long as packing so many."""

WITHIN = (
    "b.west <= ? AND b.east >= ? AND b.south <= ? AND b.north >= ?"
    " AND b.exact_west <= ? AND b.exact_east >= ? AND b.exact_south <= ? AND b.exact_north >= ?"
)
"""The condition on asset_boxes b that a box touches the wanted one; its parameters: `within`."""


def within(box: Box) -> tuple[float, ...]:
    west, south, east, north = box
    return (east, west, north, south) * 2


def box_of(geometry: Mapping[str, Json]) -> Box | None:
    """None for a geometry without a place."""
    if geometry.get("type") == "Point":
        point: Any = geometry.get("coordinates") or ()
        if len(point) < 2 or not isinstance(point[0], int | float) or not isinstance(point[1], int | float):
            return None
        return point[0], point[1], point[0], point[1]
    places = list(_places(geometry.get("coordinates")))
    members = geometry.get("geometries")
    for member in members if isinstance(members, list) else ():
        if isinstance(member, Mapping):
            places += list(_places(member.get("coordinates")))
    if not places:
        return None
    lons, lats = [place[0] for place in places], [place[1] for place in places]
    return min(lons), min(lats), max(lons), max(lats)


def _places(coordinates: Any) -> Iterator[tuple[float, float]]:
    if not isinstance(coordinates, list | tuple) or not coordinates:
        return
    if isinstance(coordinates[0], int | float):
        yield coordinates[0], coordinates[1]
        return
    for part in coordinates:
        yield from _places(part)


def add(connection: Connection, seq: int, box: Box) -> None:
    _insert(connection, [(seq, box)])


def add_many(connection: Connection, boxes: box_tree.Boxes) -> None:
    """The more there are beside what is there, the more pays packing all of them anew."""
    if _worth_packing(connection, len(boxes)) and box_tree.can_be_written(connection):
        box_tree.add_packed(connection, boxes)
    else:
        # Strip by strip makes a better tree in less time.
        _insert(connection, sorted(boxes, key=lambda entry: (entry[1][0] // STRIP, entry[1][1])))


def _worth_packing(connection: Connection, new: int) -> bool:
    if new < LEAST_PACKED:
        return False
    there: int = connection.value("SELECT count(*) FROM asset_boxes_rowid")
    return new * WORTH_PACKING >= there


def _insert(connection: Connection, boxes: Iterable[tuple[int, Box]]) -> None:
    connection.executemany(
        "INSERT INTO asset_boxes VALUES (?1, ?2, ?4, ?3, ?5, ?2, ?4, ?3, ?5)",
        ((seq, *box) for seq, box in boxes),
    )


def drop(connection: Connection, seq: int) -> None:
    connection.execute("DELETE FROM asset_boxes WHERE seq = ?", (seq,))
