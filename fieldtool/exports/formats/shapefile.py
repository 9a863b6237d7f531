"""Shapefiles in a folder: one per asset class and kind of geometry, in EPSG:25832 unless told otherwise.

Fields have at most ten letters and 254 characters: fields.csv beside them says which attribute each of them
is, exact.csv what they could not say.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from fieldtool.crs import UTM32
from fieldtool.entities import json_text
from fieldtool.exports import layers
from fieldtool.exports.batches import Layout, Line, batches, layout
from fieldtool.exports.columns import ID, as_text, attribute_title
from fieldtool.exports.saving import FOLDER_MARK
from fieldtool.exports.survey import Table, geometry_type
from fieldtool.exports.target import ExportFormat, Work
from fieldtool.imports.words import plain
from fieldtool.jsontypes import Json

EXACT_TABLE = "exact.csv"
FIELDS_HEAD = ("class", "field", "attribute", "title", "kind")
EXACT_HEAD = (ID, "exact")
OWN_KIND = "own"
LONGEST_NAME = 10
LONGEST_TEXT = 254
FIGURES, DIGITS = 24, 18
NO_FILE_NAME = re.compile(r"[^\w-]")
FAMILIES = {"Point": "Point", "MultiPoint": "MultiPoint", "LineString": "LineString",
            "MultiLineString": "LineString", "Polygon": "Polygon", "MultiPolygon": "Polygon"}  # fmt: skip


@dataclass(slots=True)
class _Files:
    """The layers of one class, by kind of geometry."""

    work: Work
    table: Table
    names: Sequence[str]
    made: dict[str, layers.Layer] = field(default_factory=dict)

    def of(self, family: str) -> layers.Layer:
        if family not in self.made:
            plain_class = NO_FILE_NAME.sub("_", self.table.asset_class)
            name = (
                f"{plain_class}_{family.lower().replace(' ', '_')}" if family else (f"{plain_class}_ohne_ort")
            )
            self.made[family] = layers.Layer(
                path=self.work.partial / f"{name}.{'shp' if family else 'dbf'}",
                target=self.work.target,
                name=name,
                driver="ESRI Shapefile",
                fields=tuple(self.names),
                crs=self.work.projected.wkt,
                geometry_type=family or None,
                promote=False,
            )
        return self.made[family]


def write(work: Work) -> None:
    work.partial.mkdir()
    with (
        (work.partial / FOLDER_MARK).open("w", encoding="utf-8-sig", newline="") as fields,
        (work.partial / EXACT_TABLE).open("w", encoding="utf-8", newline="") as exact,
    ):
        explained, inexact = csv.writer(fields, delimiter=";"), csv.writer(exact)
        explained.writerow(FIELDS_HEAD)
        inexact.writerow(EXACT_HEAD)
        for table in work.tables:
            found = layout(table)
            names = field_names([*layers.OWN_BEFORE, *(column.name for column in table.columns)])
            own = len(layers.OWN_BEFORE)
            for name, key in zip(names[:own], layers.OWN_BEFORE, strict=True):
                explained.writerow((table.asset_class, name, key, key, OWN_KIND))
            for name, key, kind in zip(names[own:], found.keys, found.kinds, strict=True):
                explained.writerow((table.asset_class, name, key, attribute_title(table.kind, key), kind))
            _write_table(_Files(work, table, names), found, inexact)


def _write_table(files: _Files, found: Layout, inexact: Any) -> None:
    import numpy as np

    for batch in batches(files.work.assets(files.table.asset_class), found, files.work.projected):
        families = [_family(line) for line in batch.lines]
        for family in sorted(set(families)):
            chosen = [index for index, one in enumerate(families) if one == family]
            lines = [batch.lines[index] for index in chosen]
            columns = layers.own_columns(lines)
            for position, kind in enumerate(found.kinds):
                columns.append(layers.column(kind, [_cell(line.values[position]) for line in lines]))
            shapes = batch.places.shapes[np.array(chosen)]
            files.of(family).write(shapes, [(_cut_texts(values), mask) for values, mask in columns])
        inexact.writerows(_inexact(batch.lines, found))


def _family(line: Line) -> str:
    kind = geometry_type(line.asset.geometry)
    name, _blank, height = kind.partition(" ")
    return FAMILIES.get(name, "") + (f" {height}" if height and name in FAMILIES else "")


def _cut_texts(values: Any) -> Any:
    """What does not fit stands in exact.csv."""
    import numpy as np

    if values.dtype != object:
        return values
    texts = [None if value is None else cut(value) for value in values]
    return np.array([*texts, None], dtype=object)[:-1]


def cut(text: str) -> str:
    return text.encode()[:LONGEST_TEXT].decode("utf-8", "ignore")


def _inexact(lines: Sequence[Line], found: Layout) -> Iterator[tuple[str, str]]:
    for line in lines:
        long: dict[str, Json] = {
            key: value
            for key, value in zip(found.keys, line.values, strict=True)
            if value is not None and not _fits(value)
        }
        if long or line.exact is not None:
            yield line.asset.id, json_text({"cell": line.exact, "long": long})


def _cell(value: Json) -> Json:
    """A figure that does not fit is left out rather than falsified; texts are cut."""
    return value if isinstance(value, str) or _fits(value) else None


def _fits(value: Json) -> bool:
    """A text into 254 bytes, a figure into 24 places of which 15 are behind the point."""
    if isinstance(value, float):
        written = f"{value:.15f}"
        return len(written) <= FIGURES and float(written) == value
    if isinstance(value, int) and not isinstance(value, bool):
        return len(str(abs(value))) <= DIGITS
    return len(as_text(value).encode()) <= LONGEST_TEXT


def field_names(names: Sequence[str]) -> list[str]:
    """At most ten letters, digits and underscores, each once, as near to the name as can be."""
    found: list[str] = []
    for name in names:
        short = plain(name).replace(" ", "_")[:LONGEST_NAME] or "feld"
        unique, count = short, 1
        while unique in found:
            count += 1
            unique = f"{short[: LONGEST_NAME - len(str(count))]}{count}"
        found.append(unique)
    return found


FORMAT = ExportFormat(name="shapefile", suffixes=(".shp", ""), crs=UTM32, write=write, folder=True)
