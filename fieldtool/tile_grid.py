"""The tiles of the web's maps (EPSG:3857, 256 pixels), and where they lie."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from fieldtool.store.places import Box

HALF_M = math.pi * 6378137
"""From the middle of the world to its edge."""
MOST_LAT = math.degrees(math.atan(math.sinh(math.pi)))
PIXELS = 256


@dataclass(frozen=True, slots=True)
class Area:
    """`box` is west, south, east, north."""

    box: Box
    min_zoom: int
    max_zoom: int

    @property
    def sound(self) -> bool:
        west, south, east, north = self.box
        inside = -180 <= west < east <= 180 and -90 <= south < north <= 90
        return inside and 0 <= self.min_zoom <= self.max_zoom <= 22


@dataclass(frozen=True, slots=True)
class Block:
    """Both ends belong to it; rows count from the north."""

    zoom: int
    first_column: int
    last_column: int
    first_row: int
    last_row: int

    @property
    def tiles(self) -> int:
        return (self.last_column - self.first_column + 1) * (self.last_row - self.first_row + 1)


def blocks(area: Area) -> Iterator[Block]:
    west, south, east, north = area.box
    for zoom in range(area.min_zoom, area.max_zoom + 1):
        left, top = _place(west, north, zoom)
        right, bottom = _place(east, south, zoom)
        yield Block(zoom, left, right, top, bottom)


def tile_count(area: Area) -> int:
    return sum(block.tiles for block in blocks(area))


def tile_box_m(zoom: int, column: int, row: int) -> Box:
    size = 2 * HALF_M / 2**zoom
    west, north = -HALF_M + column * size, HALF_M - row * size
    return west, north - size, west + size, north


def _place(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    across = (lon + 180) / 360
    sine = math.sin(math.radians(max(-MOST_LAT, min(MOST_LAT, lat))))
    down = 0.5 - math.atanh(sine) / (2 * math.pi)
    last = 2**zoom - 1
    return min(last, max(0, int(across * 2**zoom))), min(last, max(0, int(down * 2**zoom)))
