"""The area of a person's things from a file with boundaries: of a city by its name, or of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fieldtool.imports.crs import WGS84, to_wgs84, transformed
from fieldtool.imports.doubts import Box
from fieldtool.imports.errors import BoundaryMissing
from fieldtool.imports.source import Row, read_source
from fieldtool.jsontypes import Json


def area_of_file(path: Path, name: str = "") -> Box:
    """Around what has this name in any of its columns. Raises BoundaryMissing, ImportRefused."""
    source = read_source(path)
    transform = to_wgs84(source.crs or WGS84)
    places = [
        place
        for row in source.rows
        if row.geometry is not None and _is_called(row, name)
        for place in _places(transformed(row.geometry["coordinates"], transform))
    ]
    if not places:
        raise BoundaryMissing(str(path), name or "–")
    return (
        min(lon for lon, _lat in places),
        min(lat for _lon, lat in places),
        max(lon for lon, _lat in places),
        max(lat for _lon, lat in places),
    )


def _is_called(row: Row, name: str) -> bool:
    wanted = name.strip().casefold()
    return not wanted or any(
        isinstance(value, str) and value.casefold() == wanted for value in row.values.values()
    )


def _places(coordinates: Json) -> Iterator[tuple[float, float]]:
    if not isinstance(coordinates, list) or not coordinates:
        return
    first = coordinates[0]
    if isinstance(first, list):
        for part in coordinates:
            yield from _places(part)
    elif isinstance(first, int | float) and isinstance(coordinates[1], int | float):
        yield float(first), float(coordinates[1])
