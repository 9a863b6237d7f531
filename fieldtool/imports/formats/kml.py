"""KML and KMZ. Its coordinates are WGS84 by definition; its folders are layers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fieldtool.imports.errors import FileEmpty, FormatUnknown
from fieldtool.imports.kml_document import placemarks
from fieldtool.imports.layers import chosen_layer
from fieldtool.imports.source import ImportFormat, Row, Source, file_bytes
from fieldtool.imports.unpack import folder, opened_member, opened_zip, unpack

ZIP = b"PK\x03\x04"


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


def _depth(name: str) -> int:
    """The document is the first .kml at the top of the archive."""
    return name.count("/")


def _read(path: Path, layer: str | None) -> Source:
    found = list(placemarks(path))
    if not found:
        raise FileEmpty(str(path))
    layers = list(dict.fromkeys(placemark.container.name for placemark in found))
    name = chosen_layer(path, layers, layer)
    rows = [
        Row(number, placemark.values, geometry=placemark.geometry, problem=placemark.problem)
        for number, placemark in enumerate(
            (placemark for placemark in found if placemark.container.name == name), start=1
        )
    ]
    columns = dict.fromkeys(column for row in rows for column in row.values)
    return Source(
        path=path,
        format="kml",
        columns=tuple(columns),
        rows=rows,
        crs="EPSG:4326",
        has_geometries=any(row.geometry is not None for row in rows),
        layer=name,
        other_layers=tuple(other for other in layers if other != name),
    )


FORMAT = ImportFormat(name="KML", recognises=recognises, read=read)
