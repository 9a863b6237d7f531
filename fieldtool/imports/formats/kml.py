"""KML and KMZ, read by GDAL. Its coordinates are WGS84 by definition.

A KMZ is unpacked here: GDAL does not find what the document says of its fields within one.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fieldtool.imports.errors import FormatUnknown
from fieldtool.imports.gdal_source import read_by_gdal
from fieldtool.imports.source import ImportFormat, Source, file_bytes
from fieldtool.imports.unpack import folder, opened_member, opened_zip, unpack

ZIP = b"PK\x03\x04"
DISPLAY = ("altitudeMode", "drawOrder", "extrude", "icon", "snippet", "tessellate", "visibility")
"""How Google Earth shows a place, and nothing about the thing itself."""


def recognises(head: bytes, suffix: str) -> int:
    if suffix == ".kmz":
        return 90 if head.startswith(ZIP) else 5
    if b"<kml" in head or b":kml" in head:
        return 90
    return 30 if suffix == ".kml" else 0


def read(path: Path, layer: str | None) -> Source:
    if file_bytes(path, len(ZIP)) != ZIP:
        return _read(path, layer)
    with opened_zip(path) as archive, folder(path) as inside:
        names = [name for name in archive.namelist() if name.lower().endswith(".kml")]
        if not names:
            raise FormatUnknown(str(path), "")
        with opened_member(path, archive, min(names, key=_depth)) as packed:
            unpack(path, packed, inside / "doc.kml")
        return replace(_read(inside / "doc.kml", layer), path=path)


def _read(path: Path, layer: str | None) -> Source:
    return read_by_gdal(path, layer, suffix=".kml", crs="EPSG:4326", without=DISPLAY)


def _depth(name: str) -> int:
    """The document is the first .kml at the top of the archive."""
    return name.count("/")


FORMAT = ImportFormat(name="KML", recognises=recognises, read=read)
