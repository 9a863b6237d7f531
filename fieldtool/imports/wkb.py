"""Geometries as databases and GDAL hand them over (WKB) to those of GeoJSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from fieldtool.imports.crs import Place, transformed
from fieldtool.jsontypes import Json
from fieldtool.texts import _


@dataclass(frozen=True, slots=True)
class Shape:
    """`problem` in the person's language, where the bytes can't be read as a geometry."""

    geometry: Mapping[str, Json] | None = None
    problem: str | None = None


NOTHING = Shape()


def shapes(
    binaries: Sequence[bytes | None], transform: Callable[[Place], Place] | None = None
) -> list[Shape]:
    try:
        texts: Iterable[str | None] = _texts(binaries)
    except NotImplementedError:
        texts = [text for binary in binaries for text in _text(binary)]
    return [
        NOTHING if binary is None else _shape(text, transform)
        for binary, text in zip(binaries, texts, strict=True)
    ]


def _texts(binaries: Sequence[bytes | None]) -> Sequence[str | None]:
    """GeoJSON, None for bytes that are no geometry. Heights that are all 0 say nothing. Raises
    NotImplementedError if there is a curve."""
    import shapely

    found = shapely.from_wkb(binaries, on_invalid="ignore")
    if shapely.has_z(found).any():
        heights = shapely.get_coordinates(found, include_z=True)[:, 2]
        if not (heights > 0).any() and not (heights < 0).any():
            found = shapely.force_2d(found)
    texts: list[str | None] = shapely.to_geojson(found).tolist()
    return texts


def _text(binary: bytes | None) -> Sequence[str | None]:
    try:
        return _texts([binary])
    except NotImplementedError:
        return [None]


def _shape(text: str | None, transform: Callable[[Place], Place] | None) -> Shape:
    if text is None:
        return Shape(problem=_("the geometry is not readable"))
    geometry: dict[str, Json] = orjson.loads(text)
    if not geometry.get("coordinates", geometry.get("geometries")):
        return NOTHING
    if transform is not None and "coordinates" in geometry:
        geometry["coordinates"] = transformed(geometry["coordinates"], transform)
    return Shape(geometry)
