"""Lengths and areas on the earth's ellipsoid (GRS80), not in the map's picture of it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fieldtool.texts import decimal, thousands

if TYPE_CHECKING:
    from pyproj import Geod

Place = tuple[float, float]
"""lon, lat"""


def length_m(places: Sequence[Place]) -> float:
    if len(places) < 2:
        return 0.0
    lons, lats = zip(*places, strict=True)
    return float(_geod().line_length(lons, lats))


def area_m2(corners: Sequence[Place]) -> float:
    """Of the ring that the corners close; the way round does not matter."""
    if len(corners) < 3:
        return 0.0
    lons, lats = zip(*corners, strict=True)
    area, _round = _geod().polygon_area_perimeter(lons, lats)
    return abs(float(area))


def length_text(metres: float) -> str:
    if metres >= 10_000:
        return f"{decimal(metres / 1000, 2)} km"
    return f"{decimal(metres, 1)} m"


def area_text(square_metres: float) -> str:
    if square_metres >= 1_000_000:
        return f"{decimal(square_metres / 1_000_000, 3)} km²"
    if square_metres >= 100_000:
        return f"{decimal(square_metres / 10_000, 2)} ha"
    return f"{thousands(round(square_metres))} m²"


@functools.cache
def _geod() -> Geod:
    from pyproj import Geod

    return Geod(ellps="GRS80")
