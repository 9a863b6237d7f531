"""Raster tiles in an MBTiles file (MBTiles 1.3): a foreign SQLite file, only ever read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from fieldtool.store.errors import StoreError
from fieldtool.texts import N_

KINDS = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp"}
UNREADABLE = N_("it cannot be read as MBTiles")
VECTOR = N_("it holds vector data; only pictures can be shown")
EMPTY = N_("it holds no tiles")


@dataclass(eq=False)
class MapFileUnusable(StoreError):
    """`reason` is one of the texts above."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class TileFile:
    """`kind` is the tiles' media type; `box` west, south, east, north where the file says so."""

    title: str
    kind: str
    min_zoom: int
    max_zoom: int
    attribution: str
    box: tuple[float, float, float, float] | None


def describe(path: Path) -> TileFile:
    """Raises MapFileUnusable."""
    with _opened(path) as connection:
        told = {str(name): str(value) for name, value in connection.execute("SELECT * FROM metadata")}
        zooms = connection.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles").fetchone()
    kind = KINDS.get(told.get("format", "png").lower())
    if kind is None:
        raise MapFileUnusable(str(path), VECTOR)
    if zooms[0] is None:
        raise MapFileUnusable(str(path), EMPTY)
    return TileFile(
        told.get("name") or path.stem, kind, zooms[0], zooms[1], told.get("attribution", ""), _box(told)
    )


def tile(path: Path, zoom: int, column: int, row: int) -> bytes | None:
    """`row` counts from the north, as the page does; the file counts from the south. Raises
    MapFileUnusable."""
    sql = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
    with _opened(path) as connection:
        found = connection.execute(sql, (zoom, column, 2**zoom - 1 - row)).fetchone()
    return None if found is None or found[0] is None else bytes(found[0])


def _box(told: dict[str, str]) -> tuple[float, float, float, float] | None:
    try:
        west, south, east, north = (float(edge) for edge in told.get("bounds", "").split(","))
    except ValueError:
        return None
    return west, south, east, north


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise MapFileUnusable(str(path), UNREADABLE) from error
