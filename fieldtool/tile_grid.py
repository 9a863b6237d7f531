"""Tiles of the web's usual grid (EPSG:3857, 256 pixels, rows from the north)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from fieldtool.store.places import Box

EDGE_M = 20037508.342789244
"""Half of the grid's width."""
STEEPEST = 85.05112878
DEEPEST = 22


@dataclass(frozen=True, slots=True)
class Area:
    """`box` is west, south, east, north in degrees."""

    box: Box
    min_zoom: int
    max_zoom: int


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    zoom: int
    column: int
    row: int

    def metres(self) -> tuple[float, float, float, float]:
        """West, south, east, north in EPSG:3857."""
        size = 2 * EDGE_M / 2**self.zoom
        west, north = self.column * size - EDGE_M, EDGE_M - self.row * size
        return west, north - size, west + size, north


def column_of(lon: float, zoom: int) -> int:
    across: int = 2**zoom
    return min(max(int((lon + 180) / 360 * across), 0), across - 1)


def row_of(lat: float, zoom: int) -> int:
    down: int = 2**zoom
    angle = math.radians(min(max(lat, -STEEPEST), STEEPEST))
    part = (1 - math.asinh(math.tan(angle)) / math.pi) / 2
    return min(max(int(part * down), 0), down - 1)


def span(box: Box, zoom: int) -> tuple[int, int, int, int]:
    """First and last column, first and last row."""
    west, south, east, north = box
    return column_of(west, zoom), column_of(east, zoom), row_of(north, zoom), row_of(south, zoom)


def count(area: Area) -> int:
    found = 0
    for zoom in range(area.min_zoom, area.max_zoom + 1):
        first, last, top, bottom = span(area.box, zoom)
        found += (last - first + 1) * (bottom - top + 1)
    return found


def tiles(area: Area) -> Iterator[Tile]:
    """The coarse ones first: what has come until it breaks off can be used."""
    for zoom in range(area.min_zoom, area.max_zoom + 1):
        first, last, top, bottom = span(area.box, zoom)
        for row in range(top, bottom + 1):
            for column in range(first, last + 1):
                yield Tile(zoom, column, row)
