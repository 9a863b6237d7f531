"""GeoJSON (RFC 7946): one feature per line, in WGS84."""

from __future__ import annotations

from collections.abc import Iterator

from fieldtool.asset import Asset
from fieldtool.entities import json_text
from fieldtool.exports.batches import layout, line
from fieldtool.exports.columns import CLASS, EXACT, ID, NAME, NUMBER, PARENT, WGS84
from fieldtool.exports.target import ExportFormat, Work
from fieldtool.jsontypes import Json

NOTHING_MORE = "{}"
"""The first feature tells that the file is ours, also where no cell is inexact."""


def write(work: Work) -> None:
    with work.partial.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write('{"type":"FeatureCollection",\n"features":[\n')
        for index, feature in enumerate(_features(work)):
            stream.write((",\n" if index else "") + json_text(feature))
        stream.write("\n]}\n")


def _features(work: Work) -> Iterator[dict[str, Json]]:
    marked = False
    for table in work.tables:
        found = layout(table)
        names = [column.name for column in table.columns]
        for asset in work.assets(table.asset_class):
            one = line(asset, found)
            properties = _own(asset)
            properties |= {
                name: value for name, value in zip(names, one.values, strict=True) if value is not None
            }
            if one.exact is not None or not marked:
                properties[EXACT] = one.exact or NOTHING_MORE
                marked = True
            geometry = None if asset.geometry is None else dict(asset.geometry)
            yield {"type": "Feature", "id": asset.id, "geometry": geometry, "properties": properties}


def _own(asset: Asset) -> dict[str, Json]:
    own: dict[str, Json] = {ID: asset.id, CLASS: asset.asset_class, NUMBER: asset.number, NAME: asset.name}
    return own if asset.parent_id is None else own | {PARENT: asset.parent_id}


FORMAT = ExportFormat(name="geojson", suffixes=(".geojson", ".json"), crs=WGS84, crs_fixed=True, write=write)
