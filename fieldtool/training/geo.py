"""Geoqueries (4.10): georel, geometry, coordinates, geoproperty."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from fieldtool.training.content import parsed
from fieldtool.training.database import Row
from fieldtool.training.values import bad, geometry
from fieldtool.training.wire import Refused

if TYPE_CHECKING:
    import shapely

PARAMETERS = ("georel", "geometry", "coordinates", "geoproperty")
RELATIONS = ("within", "contains", "intersects", "equals", "disjoint", "overlaps")
METRES_PER_DEGREE = 111_195.0  # on a sphere of 6,371 km
_NEAR = re.compile(r"near;(maxDistance|minDistance)==(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)")

Test = Callable[[Row], bool]


def parse(parameters: Mapping[str, str]) -> Test | None:
    """None where there is no geoquery. An entity without the GeoProperty doesn't match."""
    given = [name for name in PARAMETERS if name in parameters]
    if not given:
        return None
    if not {"georel", "geometry", "coordinates"} <= set(given):
        raise bad("a geoquery needs georel, geometry and coordinates")
    try:
        coordinates = parsed(parameters["coordinates"].encode())
    except Refused:
        raise bad("coordinates: no JSON array") from None
    asked = geometry("geometry", {"type": parameters["geometry"], "coordinates": coordinates})
    related = _relation(parameters["georel"], asked)
    name = parameters.get("geoproperty", "location")
    return lambda row: any(
        related(instance["value"])
        for instance in row.attributes.get(name, {}).values()
        if instance["type"] == "GeoProperty"
    )


def _relation(georel: str, asked: dict[str, Any]) -> Callable[[dict[str, Any]], bool]:
    if georel in RELATIONS:
        reference = _shape(asked)
        return lambda found: bool(getattr(_shape(found), georel)(reference))
    near = _NEAR.fullmatch(georel)
    limit = float(near[2]) if near else 0.0
    if near is None or not 0 < limit < math.inf:
        raise bad("georel: near;maxDistance==METRES or near;minDistance==METRES, or one of the relations")
    if near[1] == "maxDistance":
        return lambda found: distance(found, asked) <= limit
    return lambda found: distance(found, asked) >= limit


def distance(one: dict[str, Any], other: dict[str, Any]) -> float:
    """Metres between the nearest points, on a plane through `other`'s middle: exact to about 0.5 % within
    a city, too rough for a country."""
    import shapely

    centre = shapely.centroid(_shape(other))
    scale = math.cos(math.radians(centre.y))
    flat = [
        shapely.transform(
            _shape(shape), lambda points: points[:, :2] * (METRES_PER_DEGREE * scale, METRES_PER_DEGREE)
        )
        for shape in (one, other)
    ]
    return float(shapely.distance(flat[0], flat[1]))


def _shape(value: dict[str, Any]) -> shapely.Geometry:
    from shapely.geometry import shape

    return shape(value)
