"""GeoJSON geometries in WGS84, and how far apart they are on the ground."""

from __future__ import annotations

from collections.abc import Mapping

from fieldtool.jsontypes import Json


def point(lon: float, lat: float) -> dict[str, Json]:
    return {"type": "Point", "coordinates": [lon, lat]}


def distance_m(one: Mapping[str, Json], other: Mapping[str, Json]) -> float:
    """Metres in the plane of ETRS89/UTM32 (scale error below 0.4 ‰), 0 where one lies inside the other."""
    import numpy as np
    import shapely

    from fieldtool.crs import utm32

    def plane(geometry: Mapping[str, Json]) -> shapely.Geometry:
        return shapely.transform(
            shapely.geometry.shape(dict(geometry)),
            lambda places: np.array([utm32(lon, lat) for lon, lat in places]),
        )

    return float(shapely.distance(plane(one), plane(other)))
