"""GeoPackage: layers with and without geometry. Without a declared system the figures are asked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtool.imports.declared import Declared, declared
from fieldtool.imports.errors import FileDamaged, FileEmpty, FormatUnknown
from fieldtool.imports.layers import chosen_layer
from fieldtool.imports.source import ImportFormat, Row, Source
from fieldtool.imports.wkb import shapes
from fieldtool.imports.words import clean
from fieldtool.jsontypes import Json
from fieldtool.texts import _

if TYPE_CHECKING:
    from fieldtool.store.geopackage import Cell, Layer

MAGIC = b"SQLite format 3\x00"
ENVELOPES = (0, 32, 48, 48, 64)
"""Bytes of the envelope before the geometry, by the figure in the flags."""
EMPTY_FLAG = 0x10
HEADER = 8


def recognises(head: bytes, suffix: str) -> int:
    if head.startswith(MAGIC):
        return 90
    return 20 if suffix == ".gpkg" else 0


def read(path: Path, name: str | None) -> Source:
    from fieldtool.store.geopackage import GeoPackageDamaged, NoGeoPackage, opened

    try:
        with opened(path) as package:
            layers = {layer.name: layer for layer in package.layers()}
            if not layers:
                raise FileEmpty(str(path))
            layer = layers[chosen_layer(path, list(layers), name)]
            found = package.rows(layer)
    except NoGeoPackage as error:
        raise FormatUnknown(str(path), "") from error
    except GeoPackageDamaged as error:
        raise FileDamaged(str(path), error.cause) from error
    system = _declared(layer)
    return Source(
        path=path,
        format="geopackage",
        columns=tuple(clean(column) for column in layer.columns),
        rows=list(_rows(layer, found, system)),
        crs=system.code,
        has_geometries=layer.geometry_column is not None,
        layer=layer.name,
        other_layers=tuple(other for other in layers if other != layer.name),
    )


def _declared(layer: Layer) -> Declared:
    if layer.organization is not None and layer.organization.upper() == "EPSG":
        return declared(f"EPSG:{layer.code}")
    return declared(layer.definition)


def _rows(layer: Layer, found: Sequence[tuple[Cell, ...]], system: Declared) -> Iterator[Row]:
    names = [clean(column) for column in layer.columns]
    yes_or_no = {at for at, kind in enumerate(layer.columns.values()) if kind == "BOOLEAN"}
    bare = [_well_known(cells[len(names)] if layer.geometry_column else None) for cells in found]
    read_shapes = shapes([binary or None for binary in bare], system.transform)
    for number, (cells, binary, shape) in enumerate(zip(found, bare, read_shapes, strict=True), start=1):
        values: dict[str, Json] = {}
        for at, name in enumerate(names):
            value = _value(cells[at], yes_or_no=at in yes_or_no)
            if value is not None:
                values[name] = value
        problem = _("the geometry is not readable") if binary == b"" else shape.problem
        yield Row(number, values, geometry=shape.geometry, problem=problem)


def _well_known(binary: Cell) -> bytes | None:
    """The geometry without the package's own header; nothing at all (b"") where that is not readable."""
    if not binary:
        return None
    if not isinstance(binary, bytes):
        return b""
    envelope = (binary[3] >> 1) & 0x07 if len(binary) > HEADER else len(ENVELOPES)
    if not binary.startswith(b"GP") or envelope >= len(ENVELOPES):
        return b""
    if binary[3] & EMPTY_FLAG:
        return None
    return binary[HEADER + ENVELOPES[envelope] :]


def _value(cell: Cell, *, yes_or_no: bool) -> Json:
    """Pictures and other bytes are left out."""
    if isinstance(cell, str):
        return clean(cell) or None
    if isinstance(cell, bytes):
        return None
    if yes_or_no and cell in (0, 1):
        return bool(cell)
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)
    return cell


FORMAT = ImportFormat(name="GeoPackage", recognises=recognises, read=read)
