"""Where the assets of a window of the map are, and what they are coloured by.

An asset stands at the middle of its box: a point at its own place. Few are found by the R-tree. Where a
window has many, one pass over the rows that the R-tree keeps its exact columns in (`asset_boxes_rowid`) is
three times as fast (1,000,000 assets, 200,000 in the window: 0.3 s instead of 0.9 s).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from fieldtool.entities import json_text
from fieldtool.store.connection import Connection
from fieldtool.store.places import WITHIN, Box, within

Colouring = Literal["class", "condition", "age"]
Point = tuple[int, float, float, object, int]
"""seq, lon, lat, the value that it is coloured by, and 1 for what is more than a point."""
Heap = tuple[int, float, float]
"""How many stand around which lon, lat."""

MANY = 20_000
CONDITION_KEYS = ("condition", "condition_grade", "condition_class", "state")
AGE_KEYS = (
    "planting_year",
    "construction_year",
    "installation_year",
    "year_built",
    "installation_date",
    "installed_on",
    "commissioned_on",
)
EVERYWHERE: Box = (-180.0, -90.0, 180.0, 90.0)
TREE_ONLY = "b.west <= ? AND b.east >= ? AND b.south <= ? AND b.north >= ?"

ROWS_WITHIN = "r.a0 <= ? AND r.a1 >= ? AND r.a2 <= ? AND r.a3 >= ?"
"""a0 to a3: exact west, east, south, north."""


def _first_of(keys: Sequence[str]) -> str:
    return f"coalesce({', '.join(f'a.attributes ->> {key!r}' for key in keys)}, NULL)"


VALUES: dict[Colouring, str] = {
    "class": "a.asset_class",
    "condition": _first_of(CONDITION_KEYS),
    "age": _first_of(AGE_KEYS),
}


def count(connection: Connection, box: Box) -> int:
    """To within what the tree's rounding makes of the edges."""
    found = connection.value(f"SELECT count(*) FROM asset_boxes b WHERE {TREE_ONLY}", within(box)[:4])
    return int(found)


def points(connection: Connection, box: Box, by: Colouring, expected: int) -> list[Point]:
    """`expected` is what `count` said: it decides how they are read."""
    if expected <= MANY:
        where = f"asset_boxes b JOIN assets a ON a.seq = b.seq WHERE {WITHIN}"
        place = "(b.exact_west + b.exact_east) / 2, (b.exact_south + b.exact_north) / 2"
        wide = "b.exact_west < b.exact_east OR b.exact_south < b.exact_north"
        return connection.rows(f"SELECT b.seq, {place}, {VALUES[by]}, {wide} FROM {where}", within(box))
    where = f"asset_boxes_rowid r JOIN assets a ON a.seq = r.rowid WHERE {ROWS_WITHIN}"
    place, wide = "(r.a0 + r.a1) / 2, (r.a2 + r.a3) / 2", "r.a0 < r.a1 OR r.a2 < r.a3"
    return connection.rows(f"SELECT r.rowid, {place}, {VALUES[by]}, {wide} FROM {where}", within(box)[:4])


def heaps(connection: Connection, box: Box, lon_step: float, lat_step: float) -> list[Heap]:
    """Counted in a grid, from the tree alone: as exact as a map needs that shows so many."""
    sql = (
        "SELECT count(*), avg(b.west), avg(b.south) FROM asset_boxes b"
        f" WHERE {TREE_ONLY} GROUP BY cast(b.west / ? AS INTEGER), cast(b.south / ? AS INTEGER)"
    )
    return connection.rows(sql, (*within(box)[:4], lon_step, lat_step))


def geometries(connection: Connection, seqs: Sequence[int]) -> list[tuple[int, str]]:
    """seq and geometry as JSON."""
    sql = "SELECT seq, geometry FROM assets WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq"
    return connection.rows(sql, (json_text(list(seqs)),))


def extent(connection: Connection) -> Box | None:
    """Of all assets; None without any."""
    found = connection.row("SELECT min(west), min(south), max(east), max(north) FROM asset_boxes")
    return None if found is None or found[0] is None else (found[0], found[1], found[2], found[3])


def ids(connection: Connection, seqs: Sequence[int]) -> list[str]:
    """In the order of the numbers and names; what is gone meanwhile is left out."""
    places = ", ".join("?" * len(seqs))
    sql = f"SELECT id FROM assets WHERE seq IN ({places}) ORDER BY asset_class, number, name, seq"
    return [row[0] for row in connection.rows(sql, seqs)]


def place_of(connection: Connection, asset_id: str) -> tuple[int, Box] | None:
    """None where it has no place or is gone."""
    sql = (
        "SELECT b.seq, b.exact_west, b.exact_south, b.exact_east, b.exact_north"
        " FROM assets a JOIN asset_boxes b ON b.seq = a.seq WHERE a.id = ?"
    )
    found = connection.row(sql, (asset_id,))
    return None if found is None else (found[0], (found[1], found[2], found[3], found[4]))
