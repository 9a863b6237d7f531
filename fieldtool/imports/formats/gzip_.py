"""Any other format, packed by gzip ("list.geojson.gz")."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

from fieldtool.imports.source import ImportFormat, Source, read_source
from fieldtool.imports.unpack import folder, unpack

MAGIC = b"\x1f\x8b\x08"


def recognises(head: bytes, suffix: str) -> int:
    if head.startswith(MAGIC):
        return 95
    return 5 if suffix == ".gz" else 0


def read(path: Path, layer: str | None) -> Source:
    with folder(path) as inside:
        unpacked = inside / _name(path)
        with gzip.open(path) as packed:
            unpack(path, packed, unpacked)
        return replace(read_source(unpacked, layer), path=path)


def _name(path: Path) -> str:
    """A ".gz" within a ".gz" is no list: it would be unpacked without end."""
    name = path.stem if path.suffix.lower() == ".gz" else path.name
    return f"{name}.packed" if name.lower().endswith(".gz") else name


FORMAT = ImportFormat(name="gzip", recognises=recognises, read=read)
