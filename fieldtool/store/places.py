"""The R-tree over the boxes of assets, kept in the transaction of the edit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fieldtool.jsontypes import Json
from fieldtool.store.connection import Connection

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees of WGS84."""

STRIP = 0.01
"""Degrees, about 700 m."""

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
        place = next(_places(geometry.get("coordinates")), None)
        return None if place is None else (*place, *place)
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


def add(connection: Connection, boxes: Iterable[tuple[int, Box]]) -> None:
    """`boxes` by the asset's seq; filled strip by strip, which makes a better tree in less time."""
    ordered = sorted(boxes, key=lambda entry: (entry[1][0] // STRIP, entry[1][1]))
    connection.executemany(
        "INSERT INTO asset_boxes VALUES (?1, ?2, ?4, ?3, ?5, ?2, ?4, ?3, ?5)",
        ((seq, *box) for seq, box in ordered),
    )


def drop(connection: Connection, seq: int) -> None:
    connection.execute("DELETE FROM asset_boxes WHERE seq = ?", (seq,))
