"""GeoPackage: one layer per asset class, named by its id, in EPSG:25832 unless told otherwise."""

from __future__ import annotations

from fieldtool.crs import UTM32
from fieldtool.exports import layers
from fieldtool.exports.batches import batches, layout
from fieldtool.exports.columns import EXACT
from fieldtool.exports.survey import Table
from fieldtool.exports.target import ExportFormat, Work

DRIVER = "GPKG"
GEOMETRY = "geom"


def write(work: Work) -> None:
    for table in work.tables:
        layer = _layer(work, table)
        found = layout(table)
        for batch in batches(work.assets(table.asset_class), found, work.projected):
            columns = layers.own_columns(batch.lines)
            for position, kind in enumerate(found.kinds):
                columns.append(layers.column(kind, [line.values[position] for line in batch.lines]))
            columns.append(layers.text_column(line.exact for line in batch.lines))
            layer.write(batch.places.shapes, columns)


def _layer(work: Work, table: Table) -> layers.Layer:
    kind, promote = layers.geometry_type(table)
    return layers.Layer(
        path=work.partial,
        target=work.target,
        name=table.asset_class,
        driver=DRIVER,
        fields=(*layers.OWN_BEFORE, *(column.name for column in table.columns), EXACT),
        crs=work.projected.wkt,
        geometry_type=kind,
        promote=promote,
        options={"GEOMETRY_NAME": GEOMETRY, "IDENTIFIER": table.asset_class},
    )


FORMAT = ExportFormat(name="geopackage", suffixes=(".gpkg",), crs=UTM32, write=write, partial_suffix=".gpkg")
