"""Where a row says its thing is: two cells, one cell with both, or a geometry."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fieldtool.imports.cells import PLAIN, as_text, number
from fieldtool.imports.crs import Place, ToWgs84, transformed
from fieldtool.imports.mapping import EAST, NORTH, POSITION, ColumnMapping, cell
from fieldtool.imports.source import Row, Source
from fieldtool.jsontypes import Json
from fieldtool.texts import _

GEOMETRY = "geometry"
DEPTH: Mapping[str, int] = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
"""How many lists stand around the positions."""
SAMPLE = 2000
FIGURE = re.compile(r"[-+]?\d+(?:[.,]\d+)?")


@dataclass
class PlaceProblem(Exception):
    """`column` and `value` as in the file."""

    column: str
    value: Json
    reason: str


def known_places(source: Source, mapping: ColumnMapping) -> list[Place]:
    """Positions that can be read, as the file has them; one per row, of rows from all over a long list."""
    places = []
    for row in source.rows[:: max(1, len(source.rows) // SAMPLE)]:
        if row.kind != "data":
            continue
        try:
            geometry = read_geometry(row, mapping, lambda place: place)
        except PlaceProblem:
            continue
        if geometry is not None:
            places.append(first_place(geometry))
    return places


def read_geometries(
    rows: Sequence[Row], mapping: ColumnMapping, transform: ToWgs84
) -> list[dict[str, Json] | PlaceProblem | None]:
    """`read_geometry` of each, or what it raises."""
    found: list[dict[str, Json] | PlaceProblem | None] = []
    places: list[Place] = []
    placed: list[int] = []
    for index, row in enumerate(rows):
        try:
            place = _cells_place(row.values, mapping) if row.geometry is None else None
            found.append(None if row.geometry is None else _checked(row.geometry, transform))
        except PlaceProblem as problem:
            found.append(problem)
            continue
        if place is not None:
            places.append(place)
            placed.append(index)
    for index, place, moved in zip(placed, places, transform.many(places), strict=True):
        found[index] = _point(place, moved, mapping)
    return found


def read_geometry(
    row: Row, mapping: ColumnMapping, transform: Callable[[Place], Place]
) -> dict[str, Json] | None:
    """A GeoJSON geometry in WGS84, None where the row has none. Raises PlaceProblem."""
    if row.geometry is not None:
        return _checked(row.geometry, transform)
    place = _cells_place(row.values, mapping)
    if place is None:
        return None
    found = _point(place, transform(place), mapping)
    if isinstance(found, PlaceProblem):
        raise found
    return found


def _point(place: Place, moved: Place, mapping: ColumnMapping) -> dict[str, Json] | PlaceProblem:
    lon, lat = moved
    if not (math.isfinite(lon) and math.isfinite(lat)):
        return PlaceProblem(_position_column(mapping), f"{place[0]} {place[1]}", _("no place on Earth"))
    return {"type": "Point", "coordinates": [lon, lat]}


def first_place(geometry: Mapping[str, Json]) -> Place:
    coordinates = geometry["coordinates"]
    while isinstance(coordinates, list) and isinstance(coordinates[0], list):
        coordinates = coordinates[0]
    if not isinstance(coordinates, list):
        raise TypeError(coordinates)
    east, north = coordinates[0], coordinates[1]
    if not isinstance(east, int | float) or not isinstance(north, int | float):
        raise TypeError(coordinates)
    return float(east), float(north)


def _position_column(mapping: ColumnMapping) -> str:
    return mapping.targets.get(POSITION) or mapping.targets[EAST]


def _cells_place(values: Mapping[str, Json], mapping: ColumnMapping) -> Place | None:
    targets = mapping.targets
    if EAST in targets and NORTH in targets:
        east, north = _coordinate(values, targets[EAST]), _coordinate(values, targets[NORTH])
        if east is None and north is None:
            return None
        if east is None or north is None:
            missing = targets[EAST if east is None else NORTH]
            raise PlaceProblem(missing, None, _("one of the two coordinates is missing"))
        place = east, north
    else:
        together = cell(values, mapping, POSITION)
        if together is None:
            return None
        place = _both(targets[POSITION], as_text(together))
    return None if place == (0.0, 0.0) else place


def _coordinate(values: Mapping[str, Json], column: str) -> float | None:
    value = values.get(column)
    if value is None:
        return None
    if type(value) is str and PLAIN.fullmatch(value):
        return float(value.replace(",", "."))
    found = number(value)
    if found is None or not math.isfinite(found):
        raise PlaceProblem(column, value, _("this is not a coordinate"))
    return found


def _both(column: str, text: str) -> Place:
    """ "51.5, 7.4", "51,5; 7,4", "[7.4, 51.5]", "POINT(7.4 51.5)"."""
    figures = FIGURE.findall(text if ";" in text or "." not in text else text.replace(",", " "))
    if len(figures) != 2:
        raise PlaceProblem(column, text, _("these are not two coordinates"))
    first, second = (float(figure.replace(",", ".")) for figure in figures)
    return first, second


def _checked(geometry: Mapping[str, Json], transform: Callable[[Place], Place]) -> dict[str, Json] | None:
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if not isinstance(kind, str) or kind not in DEPTH:
        raise PlaceProblem(GEOMETRY, as_text(kind), _("this kind of geometry is not taken over"))
    if coordinates == []:
        return None
    if not _is_nested(coordinates, DEPTH[kind]) or not _rings_closed(kind, coordinates):
        raise PlaceProblem(GEOMETRY, kind, _("the coordinates are not readable"))
    if kind == "Point" and isinstance(coordinates, list) and coordinates[:2] == [0, 0]:
        return None
    result = transformed(coordinates, transform)
    if any(not math.isfinite(figure) for figure in _figures(result)):
        raise PlaceProblem(GEOMETRY, kind, _("no place on Earth"))
    return single({"type": kind, "coordinates": result})


def single(geometry: Mapping[str, Json]) -> dict[str, Json]:
    """A multiple geometry of one part is that part: layers that want one kind make them of single ones."""
    kind, parts = str(geometry["type"]), geometry["coordinates"]
    if kind.startswith("Multi") and isinstance(parts, list) and len(parts) == 1:
        return {**geometry, "type": kind.removeprefix("Multi"), "coordinates": parts[0]}
    return dict(geometry)


def _is_nested(coordinates: Json, depth: int) -> bool:
    if not isinstance(coordinates, list) or not coordinates:
        return False
    if depth:
        return all(_is_nested(part, depth - 1) for part in coordinates)
    return 2 <= len(coordinates) <= 4 and all(
        isinstance(figure, int | float) and not isinstance(figure, bool) and math.isfinite(figure)
        for figure in coordinates
    )


def _rings_closed(kind: str, coordinates: Json) -> bool:
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(coordinates, list):
        return True
    polygons = coordinates if kind == "MultiPolygon" else [coordinates]
    return all(
        isinstance(ring, list) and len(ring) >= 4 and ring[0] == ring[-1]
        for polygon in polygons
        if isinstance(polygon, list)
        for ring in polygon
    )


def _figures(coordinates: Json) -> Iterator[float]:
    if isinstance(coordinates, list):
        for part in coordinates:
            yield from _figures(part)
    elif isinstance(coordinates, int | float):
        yield float(coordinates)
