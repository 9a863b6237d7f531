"""Shapefiles: the shapes by GDAL, the table (.dbf) and its encoding by fieldtool.imports.dbf. A .prj always
wins. Any of the files may be named; a .dbf without shapes is a table of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from fieldtool.imports.dbf import Dbf, DbfBroken, read_dbf
from fieldtool.imports.declared import Declared, declared
from fieldtool.imports.errors import FileDamaged, FileEmpty, ShapefileIncomplete
from fieldtool.imports.gdal import read_layer
from fieldtool.imports.own_shapefile import with_companions
from fieldtool.imports.shx import mend
from fieldtool.imports.source import ImportFormat, Row, Source, file_bytes
from fieldtool.imports.unpack import folder, unpack
from fieldtool.imports.wkb import NOTHING, Shape, shapes
from fieldtool.jsontypes import Json
from fieldtool.texts import _

MAGIC = b"\x00\x00\x27\x0a"
HEADER, INDEX_ENTRY, RECORD_HEADER = 100, 8, 8
"""Bytes."""
NULL_SHAPE = bytes(4)
PARTS = (".shp", ".shx", ".dbf")
BESIDE = (".prj", ".cpg", ".qpj", ".qix", ".sbn", ".sbx")


def recognises(head: bytes, suffix: str) -> int:
    if head.startswith(MAGIC):
        return 90
    return 60 if suffix in PARTS else 55 if suffix in BESIDE else 0


def read(path: Path, _layer: str | None) -> Source:
    parts = _parts(path)
    missing = tuple(suffix for suffix in PARTS if suffix not in parts)
    if missing and (".shp" in parts or path.suffix.lower() != ".dbf"):
        raise ShapefileIncomplete(str(path), missing)
    table = _table(parts)
    system = declared(_text(parts.get(".prj")))
    rows = list(_rows(list(table.records()), _shapes(parts, system) if ".shp" in parts else None))
    if not rows:
        raise FileEmpty(str(path))
    found = Source(
        path=path,
        format="shapefile" if ".shp" in parts else "dbf",
        encoding=table.encoding,
        columns=table.columns,
        rows=rows,
        crs=system.code,
        has_geometries=".shp" in parts,
        renamed=table.renamed,
    )
    return with_companions(found)


def _parts(path: Path) -> dict[str, Path]:
    """The files of this name, by suffix; their names may be written in capitals or not."""
    stem = path.stem.lower()
    return {
        found.suffix.lower(): found
        for found in sorted(path.parent.iterdir())
        if found.stem.lower() == stem and found.suffix.lower() in (*PARTS, *BESIDE)
    } | {path.suffix.lower(): path}


def _table(parts: dict[str, Path]) -> Dbf:
    path = parts[".dbf"]
    try:
        table = read_dbf(file_bytes(path), _text(parts.get(".cpg")))
    except DbfBroken as error:
        raise FileDamaged(str(path), "dBase") from error
    if table.is_cut:
        raise FileDamaged(str(path), _("it ends too early"))
    return table


def _text(path: Path | None) -> str | None:
    return None if path is None else path.read_bytes().decode("ascii", "replace")


def _shapes(parts: dict[str, Path], system: Declared) -> dict[int, Shape]:
    """By the position of their record. GDAL makes nothing of a damaged shape, and of one left empty."""
    _check_length(parts[".shp"])
    _check_length(parts[".shx"])
    with folder(parts[".shp"]) as inside:
        for suffix in (".shp", ".shx"):  # Alone, for GDAL stumbles over a .prj with umlauts.
            with parts[suffix].open("rb") as file:
                unpack(parts[suffix], file, inside / f"shapes{suffix}")
        lost = mend(inside / "shapes.shp", inside / "shapes.shx")
        layer = read_layer(inside / "shapes.shp", columns=[])
        nothing = [key for key, binary in zip(layer.keys, layer.geometries, strict=True) if binary is None]
        empty = {key for key in nothing if key not in lost and _is_left_empty(inside, key)}
    found = dict(zip(layer.keys, shapes(layer.geometries, system.transform), strict=True))
    damaged = Shape(problem=_("the geometry is not readable"))
    return found | {key: damaged for key in nothing if key not in empty}


def _is_left_empty(inside: Path, key: int) -> bool:
    """By the shape's own type; where it begins stands in the index, counted in words of 16 bits."""
    with (inside / "shapes.shx").open("rb") as index, (inside / "shapes.shp").open("rb") as file:
        index.seek(HEADER + key * INDEX_ENTRY)
        file.seek(2 * int.from_bytes(index.read(4), "big") + RECORD_HEADER)
        return file.read(4) == NULL_SHAPE


def _check_length(path: Path) -> None:
    """The header says how many words of 16 bits there are."""
    header = file_bytes(path, HEADER)
    if len(header) < HEADER or not header.startswith(MAGIC):
        raise FileDamaged(str(path), "Shapefile")
    if path.stat().st_size < 2 * int.from_bytes(header[24:28], "big"):
        raise FileDamaged(str(path), _("it ends too early"))


def _rows(records: Sequence[dict[str, Json] | None], found: dict[int, Shape] | None) -> Iterator[Row]:
    """A record that the table has and the shapes have not, and the other way round, is a broken row."""
    for index, values in enumerate(records):
        shape = NOTHING if found is None else found.get(index)
        if values is not None and shape is None:
            yield Row(index + 1, values, problem=_("the geometry is not readable"))
        elif values is not None and shape is not None:
            yield Row(index + 1, values, geometry=shape.geometry, problem=shape.problem)
    for index in sorted(found or ()):
        if index >= len(records):
            yield Row(index + 1, {}, problem=_("the table has no such row"))


FORMAT = ImportFormat(name="Shapefile", recognises=recognises, read=read)
