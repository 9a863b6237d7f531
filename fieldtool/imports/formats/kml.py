"""KML and KMZ, read by GDAL. Its coordinates are WGS84 by definition."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fieldtool.imports.gdal_source import read_by_gdal
from fieldtool.imports.source import ImportFormat, Source, file_bytes

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
    suffix = ".kmz" if file_bytes(path, len(ZIP)) == ZIP else ".kml"
    found = read_by_gdal(path, layer, suffix=suffix, crs="EPSG:4326", without=DISPLAY)
    return replace(found, format="kml")


FORMAT = ImportFormat(name="KML", recognises=recognises, read=read)
