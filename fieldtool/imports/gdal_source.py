"""A file that GDAL reads, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fieldtool.imports.declared import declared
from fieldtool.imports.errors import FileEmpty
from fieldtool.imports.gdal import GdalLayer, filled_layers, read_layer
from fieldtool.imports.layers import chosen_layer
from fieldtool.imports.source import Row, Source
from fieldtool.imports.unpack import folder, unpack
from fieldtool.imports.well_formed import check_xml
from fieldtool.imports.wkb import shapes
from fieldtool.texts import _


def read_by_gdal(
    path: Path,
    named: str | None,
    *,
    suffix: str,
) -> Source:
    """`suffix` is that of the format, whatever the file's own. Raises ImportRefused."""
    with folder(path) as inside:
        copy = inside / f"list{suffix}"
        with path.open("rb") as original:
            unpack(path, original, copy)  # GDAL would write its notes (.gfs) beside the original.
        check_xml(copy)
        layers = filled_layers(copy)
        if not layers:
            raise FileEmpty(str(path))
        name = chosen_layer(path, list(layers), named)
        layer = read_layer(copy, name)
    if not layer.values:
        raise FileEmpty(str(path))
    system = declared(layer.crs)
    said = {column for values in layer.values for column in values}
    found = shapes(layer.geometries, system.transform)
    rows = [
        Row(number, values, geometry=shape.geometry, problem=shape.problem)
        for number, values, shape in zip(_numbers(layer), layer.values, found, strict=True)
    ]
    left_out = set(range(1, layers[name] + 1)) - {row.number for row in rows}
    rows += [Row(number, {}, problem=_("the geometry is not readable")) for number in left_out]
    rows.sort(key=lambda row: row.number)
    return Source(
        path=path,
        format=suffix.removeprefix("."),
        columns=tuple(column for column in layer.columns if column in said),
        rows=rows,
        crs=system.code,
        has_geometries=any(shape.geometry is not None for shape in found),
        layer=name,
        other_layers=tuple(other for other in layers if other != name),
    )


def _numbers(layer: GdalLayer) -> Sequence[int]:
    """The positions of the features that were read. GDAL's keys tell where others are left out, as long as
    they go up; they may come from the ids in the file."""
    every = sorted([*layer.keys, *layer.left_out])
    if list(layer.keys) != sorted(set(layer.keys)) or len(set(every)) != len(every):
        return range(1, len(layer.keys) + 1)
    position = {key: number for number, key in enumerate(every, start=1)}
    return [position[key] for key in layer.keys]
