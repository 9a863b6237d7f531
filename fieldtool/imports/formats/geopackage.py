"""GeoPackage: layers with and without geometry. Without a declared system the figures are asked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtool.imports.declared import Declared, declared
from fieldtool.imports.errors import FileDamaged, FileEmpty, FormatUnknown
from fieldtool.imports.layers import chosen_layer
from fieldtool.imports.source import ImportFormat, Row, Source
from fieldtool.imports.wkb import NOTHING, shapes
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
            found = list(package.rows(layer))
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


def _rows(
    layer: Layer, found: Sequence[tuple[Mapping[str, Cell], bytes | None]], system: Declared
) -> Iterator[Row]:
    yes_or_no = {column for column, kind in layer.columns.items() if kind == "BOOLEAN"}
    bare = [_well_known(binary) for _values, binary in found]
    read_shapes = shapes([binary or None for binary in bare], system.transform)
    for number, (values, _binary) in enumerate(found, start=1):
        shape = NOTHING if bare[number - 1] is None else read_shapes[number - 1]
        problem = _("the geometry is not readable") if bare[number - 1] == b"" else shape.problem
        kept = {
            clean(column): value
            for column, cell in values.items()
            if (value := _value(cell, yes_or_no=column in yes_or_no)) is not None
        }
        yield Row(number, kept, geometry=shape.geometry, problem=problem)


def _well_known(binary: bytes | None) -> bytes | None:
    """The geometry without the package's own header; nothing at all (b"") where that is not readable."""
    if not binary:
        return None
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
