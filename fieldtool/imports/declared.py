"""What a file itself says about its coordinates, as WKT or in any other spelling PROJ knows."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

from fieldtool.imports.crs import Place

WGS84 = "EPSG:4326"
TWINS = {
    "EPSG:3044": "EPSG:25832",
    "EPSG:3045": "EPSG:25833",
    "EPSG:5652": "EPSG:4647",
    "EPSG:5676": "EPSG:31466",
    "EPSG:5677": "EPSG:31467",
    "EPSG:5678": "EPSG:31468",
    "EPSG:5679": "EPSG:31469",
    "EPSG:900913": "EPSG:3857",
}
"""Differ from a better known code by the order of the axes alone; in files east comes first."""


@dataclass(frozen=True)
class Declared:
    """`code` is None where the file says nothing of use. `transform` brings the file's figures into `code`,
    for a system that has no code of its own."""

    code: str | None
    transform: Callable[[Place], Place] | None = None


@functools.lru_cache(maxsize=64)
def declared(definition: str | None) -> Declared:
    import pyproj

    if not definition or not definition.strip("\x00 \r\n\t\ufeff"):
        return Declared(None)
    try:
        crs = pyproj.CRS.from_user_input(definition.strip("\x00 \r\n\t\ufeff"))
    except pyproj.exceptions.CRSError:
        return Declared(None)
    while crs.is_bound and crs.source_crs is not None:
        crs = crs.source_crs
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    code = crs.to_epsg()
    if code is not None:
        return Declared(TWINS.get(f"EPSG:{code}", f"EPSG:{code}"))
    if not (crs.is_geographic or crs.is_projected):
        return Declared(None)
    try:
        transformer = pyproj.Transformer.from_crs(crs, WGS84, always_xy=True)
    except pyproj.exceptions.ProjError:  # Of another planet, for example.
        return Declared(None)

    def transform(place: Place) -> Place:
        lon, lat = transformer.transform(*place)
        return (round(lon, 9), round(lat, 9)) if math.isfinite(lon) else (math.inf, math.inf)

    return Declared(WGS84, transform)
