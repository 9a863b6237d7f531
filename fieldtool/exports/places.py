"""Geometries of a batch, all at once: from GeoJSON into shapely, into another system, and what gets lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fieldtool.exports.columns import WGS84
from fieldtool.exports.errors import ExportCrsUnknown
from fieldtool.exports.survey import geometry_type
from fieldtool.jsontypes import Json

if TYPE_CHECKING:
    import numpy as np
    import pyproj

TOLERANCE = 1e-8
"""Degrees, about a millimetre: what there and back may differ by."""
MILLIMETRE_DIGITS = 3
SIMPLE = frozenset({"type", "coordinates"})
KINDS = frozenset({"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"})

Geometry = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Projection:
    """From WGS84 into `crs` and back, for arrays of coordinates."""

    crs: str
    wkt: str
    there: Callable[[Any], Any]
    back: Callable[[Any], Any]


def projection(crs: str) -> Projection:
    """Raises ExportCrsUnknown."""
    import pyproj

    try:
        wanted = pyproj.CRS.from_user_input(crs)
        there = pyproj.Transformer.from_crs(WGS84, wanted, always_xy=True)
    except pyproj.exceptions.CRSError as error:
        raise ExportCrsUnknown(crs) from error
    back = pyproj.Transformer.from_crs(wanted, WGS84, always_xy=True)
    digits = None if wanted.is_geographic else MILLIMETRE_DIGITS
    return Projection(crs, wanted.to_wkt(), _on_arrays(there, digits), _on_arrays(back, None))


def _on_arrays(transformer: pyproj.Transformer, digits: int | None) -> Callable[[Any], Any]:
    """`digits`: a position that came from whole metres is whole metres again."""
    import numpy as np

    def transform(places: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        moved = np.column_stack(transformer.transform(places[:, 0], places[:, 1]))
        return np.column_stack([moved if digits is None else np.round(moved, digits), *places.T[2:]])

    return transform


@dataclass(frozen=True, slots=True)
class Places:
    """`shapes` in the wanted system, None where there is none or where it got lost; `lost` are the
    positions of those which that system, or a plain geometry, cannot say."""

    shapes: np.ndarray[Any, Any]
    lost: frozenset[int]


def places(geometries: Sequence[Geometry | None], projected: Projection) -> Places:
    import numpy as np
    import shapely

    shapes = _shapes(geometries)
    wanted = np.array([geometry is not None for geometry in geometries], dtype=bool)
    bad = wanted & (shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if projected.crs != WGS84:
        high = shapely.has_z(shapes)
        moved = shapes.copy()
        for part, include_z in ((~high, False), (high, True)):
            if part.any():
                moved[part] = shapely.transform(shapes[part], projected.there, include_z=include_z)
        bad |= _moved_badly(shapes, moved, projected)
        shapes = moved
    shapes[bad] = None
    return Places(shapes, frozenset(np.flatnonzero(bad).tolist()))


def _shapes(geometries: Sequence[Geometry | None]) -> np.ndarray[Any, Any]:
    import numpy as np
    import shapely

    shapes = np.full(len(geometries), None, dtype=object)
    flat: list[Any] = []
    points: list[int] = []
    others: list[int] = []
    for index, geometry in enumerate(geometries):
        if geometry is None:
            continue
        place = geometry.get("coordinates")
        if geometry["type"] == "Point" and isinstance(place, list) and len(place) == 2 and len(geometry) == 2:
            points.append(index)
            flat.append(place)
        elif _is_plain(geometry):
            others.append(index)
    if points:
        shapes[points] = shapely.points(np.array(flat, dtype=float))
    if others:
        texts = [json.dumps(geometries[index]) for index in others]
        shapes[others] = shapely.from_geojson(texts, on_invalid="ignore")
    return shapes


def _is_plain(geometry: Geometry) -> bool:
    """Nothing but a kind that every format knows and positions of two or three figures."""
    if geometry["type"] not in KINDS or not geometry.keys() <= SIMPLE:
        return False
    return _positions_are_plain(geometry.get("coordinates"), heights=geometry_type(geometry).endswith(" Z"))


def _positions_are_plain(coordinates: Json, *, heights: bool) -> bool:
    if not isinstance(coordinates, list) or not coordinates:
        return False
    if isinstance(coordinates[0], list):
        return all(_positions_are_plain(part, heights=heights) for part in coordinates)
    return len(coordinates) == (3 if heights else 2)


def _moved_badly(before: Any, after: Any, projected: Projection) -> Any:
    import numpy as np
    import shapely

    bad = np.zeros(len(before), dtype=bool)
    old = shapely.get_coordinates(before)
    new, owner = shapely.get_coordinates(after, return_index=True)
    returned = projected.back(new) if len(new) else new
    wrong = ~(np.isfinite(new).all(axis=1) & (np.abs(returned - old) <= TOLERANCE).all(axis=1))
    bad[owner[wrong]] = True
    return bad
