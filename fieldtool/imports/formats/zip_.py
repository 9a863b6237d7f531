"""One list within a .zip: a shapefile with its parts, or a file of any other format.

Several lists are asked for; their names are those of the files within.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

from fieldtool.imports.errors import FileEmpty, FormatUnknown
from fieldtool.imports.layers import chosen_layer
from fieldtool.imports.source import ImportFormat, Source, read_source
from fieldtool.imports.unpack import folder, opened_member, opened_zip, unpack

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
LISTS = (
    ".csv", ".tsv", ".tab", ".txt", ".geojson", ".json", ".ndjson", ".geojsonl", ".jsonl", ".xlsx", ".xlsm",
    ".xls", ".ods", ".gpkg", ".kml", ".kmz", ".gml", ".xml", ".gz",
)  # fmt: skip
SHAPE = ".shp"
TABLE = ".dbf"
LESS = (".txt", ".xml", ".json")
"""Read-me files and descriptions, wherever there is something else."""


def recognises(head: bytes, suffix: str) -> int:
    if head.startswith(MAGIC):
        return 70
    return 5 if suffix == ".zip" else 0


def read(path: Path, layer: str | None) -> Source:
    with opened_zip(path) as archive:
        files = [PurePosixPath(name.replace("\\", "/")) for name in archive.namelist()]
        if not any(file.suffix for file in files):
            raise FileEmpty(str(path))
        lists = _lists(files)
        if not lists:
            raise FormatUnknown(str(path), "")
        names = [str(file) for file in lists]
        inner = layer if layer is not None and layer not in names and len(lists) == 1 else None
        chosen = lists[names.index(chosen_layer(path, names, layer if inner is None else None))]
        with folder(path) as inside:
            _extract(path, archive, chosen, inside)
            found = read_source(inside / chosen.name, inner)
            return replace(found, path=path, layer=found.layer or str(chosen))


def _lists(files: Sequence[PurePosixPath]) -> list[PurePosixPath]:
    """Whatever may be one, without the parts of a shapefile and what an operating system adds."""
    own = [file for file in files if "__MACOSX" not in file.parts and not file.name.startswith(".")]
    shapes = {file.with_suffix("") for file in own if file.suffix.lower() == SHAPE}
    found = [
        file
        for file in own
        if file.suffix.lower() in (SHAPE, TABLE, *LISTS)
        and not (file.suffix.lower() != SHAPE and _root(file) in shapes)
    ]
    telling = [file for file in found if file.suffix.lower() not in LESS]
    return telling or found


def _root(file: PurePosixPath) -> PurePosixPath:
    """ "trees.shp.xml" belongs to "trees.shp" too."""
    return file.with_name(file.name.split(".")[0]) if ".shp." in file.name.lower() else file.with_suffix("")


def _extract(path: Path, archive: ZipFile, chosen: PurePosixPath, inside: Path) -> None:
    shape = chosen.suffix.lower() == SHAPE
    for name in archive.namelist():
        file = PurePosixPath(name.replace("\\", "/"))
        if file == chosen or (shape and file.with_suffix("") == chosen.with_suffix("") and file.suffix):
            with opened_member(path, archive, name) as packed:
                unpack(path, packed, inside / file.name)


FORMAT = ImportFormat(name="zip", recognises=recognises, read=read)
