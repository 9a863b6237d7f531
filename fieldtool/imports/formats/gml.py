"""GML, read by GDAL, which knows the order of the axes of every system. Claims other XML too, to say that it
is none of the formats."""

from __future__ import annotations

from pathlib import Path

from fieldtool.imports.errors import FormatUnknown
from fieldtool.imports.gdal_source import read_by_gdal
from fieldtool.imports.source import HEAD_BYTES, ImportFormat, Source, file_bytes

NAMESPACE = b"opengis.net/gml"
XML = (b"<?xml", b"<!doctype", b"<html")
BLANK = b"\xef\xbb\xbf \t\r\n"


def recognises(head: bytes, suffix: str) -> int:
    if head.lstrip(BLANK).startswith(b"<") and NAMESPACE in head:
        return 85
    if suffix == ".gml":
        return 30
    return 15 if head.lstrip(BLANK).lower().startswith(XML) else 0


def read(path: Path, layer: str | None) -> Source:
    if NAMESPACE not in file_bytes(path, HEAD_BYTES):
        raise FormatUnknown(str(path), "")
    return read_by_gdal(path, layer, suffix=".gml")


FORMAT = ImportFormat(name="GML", recognises=recognises, read=read)
