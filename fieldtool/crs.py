"""Coordinate systems. pyproj is imported on first use: it takes a tenth of a second and its data files."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyproj import Transformer

UTM32 = "EPSG:25832"


def utm32(lon: float, lat: float) -> tuple[float, float]:
    """Easting and northing in metres, ETRS89/UTM zone 32 north.

    WGS84 is taken for ETRS89 (EPSG:1149, nominally 1 m; about 0.8 m apart today by plate motion). Meant for
    places in Germany; far away the figures mean nothing.
    """
    easting, northing = _to_utm32().transform(lon, lat)
    return float(easting), float(northing)


def from_utm32(easting: float, northing: float) -> tuple[float, float]:
    """Longitude and latitude; not finite where the figures are none of the zone."""
    lon, lat = _to_utm32().transform(easting, northing, direction="INVERSE")
    return float(lon), float(lat)


@functools.cache
def _to_utm32() -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs("EPSG:4326", UTM32, always_xy=True)
