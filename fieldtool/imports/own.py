"""Our own exports come back as they were: under their ids, in their class, with every value exact.

What the columns are called and what stands in their cells is told by fieldtool.exports.columns.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from fieldtool.asset_classes import AssetClass, asset_class
from fieldtool.exports.columns import (
    CLASS,
    CODED,
    EAST,
    EXACT,
    ID,
    LAT,
    LON,
    NAME,
    NORTH,
    NUMBER,
    PARENT,
    WGS84,
    WKT,
    attribute_titles,
    is_own,
    key_of,
    spellings,
    to_sixteen_digits,
    unguarded,
    without_controls,
)
from fieldtool.geometry import point
from fieldtool.imports.cells import as_text, converted, number
from fieldtool.imports.crs import CrsGuess, Place, to_wgs84, transformed
from fieldtool.imports.damaged_cells import without_damaged_cells
from fieldtool.imports.layers import chosen_layer
from fieldtool.imports.mapping import NUMBER as NUMBER_TARGET
from fieldtool.imports.mapping import ColumnMapping
from fieldtool.imports.places import single
from fieldtool.imports.records import Reading, Record, Remark
from fieldtool.imports.source import Row, Source
from fieldtool.jsontypes import Json
from fieldtool.texts import _

if TYPE_CHECKING:
    from fieldtool.imports.prepare import Prepared

OWN_COLUMNS = (ID, CLASS, NUMBER, NAME, PARENT, EXACT)
TRUE, FALSE = frozenset(("true", "ja", "yes", "1")), frozenset(("false", "nein", "no", "0"))
KEY_BEHIND = re.compile(r".* \[(?P<key>.+)\]")
SPREADSHEET = frozenset({";"})
"""Delimiters of CSV for people, in which formulas are guarded."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """`own` and `place` are by what they are, `keys` by column the attribute in it."""

    own: Mapping[str, str]
    place: Mapping[str, str]
    crs: str
    keys: Mapping[str, str]
    guarded: bool


def is_own_export(source: Source) -> bool:
    return is_own(source.columns)


def prepare_own(source: Source, asset_class_id: str | None, layer: str | None) -> Prepared:
    """`layer` names the class where the file holds several and has no layers itself. Raises SeveralLayers,
    LayerUnknown, UnknownAssetClass."""
    from fieldtool.imports.prepare import Prepared

    own = {name: column for name in OWN_COLUMNS if (column := _own(source, name))}
    classes = Counter(str(row.values.get(own[CLASS])) for row in source.rows if row.kind == "data")
    wanted = asset_class_id or (layer if layer != source.layer else None)
    kind = asset_class(chosen_layer(source.path, sorted(classes), wanted))
    columns = _columns(source, kind, own)
    reader = _Reader(kind, columns, source.crs)
    records: list[Record] = []
    rejected: list[Remark] = []
    ignored = 0
    for row in source.rows:
        if row.kind != "data" or row.values.get(own[CLASS]) != kind.id:
            ignored += 1
            continue
        found = reader.record(row)
        if isinstance(found, Record):
            records.append(found)
        else:
            rejected.append(found)
    targets = {NUMBER_TARGET: own[NUMBER]} if NUMBER in own else {}
    reading = Reading(tuple(records), tuple(rejected), tuple(reader.flagged), ignored)
    return Prepared(
        source=source,
        kind=kind,
        mapping=ColumnMapping(targets, {}),
        crs=CrsGuess(source.crs or columns.crs, certain=True, candidates=()),
        reading=without_damaged_cells(source, columns.keys, reading),
    )


def _own(source: Source, name: str) -> str | None:
    return next((column for column in source.columns if column in spellings(name)), None)


def _columns(source: Source, kind: AssetClass, own: Mapping[str, str]) -> _Columns:
    place, crs = _place_columns(source)
    taken = {*own.values(), *place.values()}
    columns = [column for column in source.columns if column not in taken]
    if own[ID] == ID:
        keys = {column: key_of(column) for column in columns}
    else:
        titles = {title: one.key for one in kind.attributes for title in attribute_titles(kind, one.key)}
        keys = {column: _key(column, titles) for column in columns}
    return _Columns(own, place, crs, keys, source.delimiter in SPREADSHEET)


def _key(column: str, titles: Mapping[str, str]) -> str:
    if column in titles:
        return titles[column]
    behind = KEY_BEHIND.fullmatch(column)
    return behind["key"] if behind is not None else key_of(column)


def _place_columns(source: Source) -> tuple[dict[str, str], str]:
    """By EAST, NORTH, WKT, and the system that their names tell."""
    found: dict[str, str] = {}
    crs = WGS84
    for column in source.columns:
        coded = CODED.fullmatch(column.casefold())
        if coded is not None:
            found[column.casefold().partition("_")[0]], crs = column, f"EPSG:{coded[1]}"
            continue
        for name, plain in ((EAST, LON), (NORTH, LAT), (WKT, WKT)):
            told = next(filter(None, (_titled(spelling, column) for spelling in spellings(name))), None)
            if told is not None or column in spellings(plain):
                found[name], crs = column, told or crs
    return found, crs


def _titled(spelling: str, column: str) -> str | None:
    pattern = re.escape(spelling).replace(re.escape("{crs}"), r"(EPSG:\d+)")
    found = re.fullmatch(pattern, column)
    return found[1] if found is not None and found.groups() else None


class _Reader:
    def __init__(self, kind: AssetClass, columns: _Columns, crs: str | None) -> None:
        self.flagged: list[Remark] = []
        self._kind, self._columns = kind, columns
        self._transform = to_wgs84(columns.crs)
        self._shapes = None if crs in (None, WGS84) else to_wgs84(str(crs))
        self._owned = frozenset(columns.keys.values())

    def record(self, row: Row) -> Record | Remark:
        if row.problem is not None:
            return Remark(row.number, None, None, row.problem)
        values = self._unguarded(row.values)
        exact = self._exact(row, values)
        if isinstance(exact, Remark):
            return exact
        own = self._columns.own
        kept = cast("Mapping[str, Json]", exact.get("attributes") or {})
        attributes = dict(self._attributes(row.number, values, kept))
        return Record(
            row=row.number,
            number=_text(exact.get("number"), values.get(own.get(NUMBER, ""))),
            name=_text(exact.get("name"), values.get(own.get(NAME, ""))),
            geometry=self._geometry(row, values, exact),
            attributes=attributes,
            owned=self._owned | attributes.keys(),
            id=str(values[own[ID]]) if own[ID] in values else None,
            parent_id=_text(None, values.get(own.get(PARENT, ""))),
        )

    def _unguarded(self, values: Mapping[str, Json]) -> Mapping[str, Json]:
        if not self._columns.guarded:
            return values
        return {
            column: unguarded(value) if isinstance(value, str) else value for column, value in values.items()
        }

    def _exact(self, row: Row, values: Mapping[str, Json]) -> Mapping[str, Json] | Remark:
        column = self._columns.own[EXACT]
        text = values.get(column)
        if text is None:
            return {}
        try:
            found = json.loads(str(text))
        except ValueError:
            found = None
        if isinstance(found, dict):
            return found
        return Remark(row.number, column, text, _("this column must not be changed"))

    def _attributes(self, row: int, values: Mapping[str, Json], kept: Mapping[str, Json]) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for column, key in self._columns.keys.items():
            raw = values.get(column)
            if key in kept and (_same(kept[key], raw) or self._means(key, raw, kept[key])):
                found[key] = kept[key]
            elif raw is not None:
                found[key] = self._value(row, column, key, raw)
        return found | {key: value for key, value in kept.items() if key not in self._owned}

    def _means(self, key: str, raw: Json, kept: Json) -> bool:
        """A day or a choice, as a spreadsheet shows it."""
        attribute = self._kind.attribute(key)
        try:
            return attribute is not None and converted(attribute, raw) == kept
        except ValueError:
            return False

    def _value(self, row: int, column: str, key: str, raw: Json) -> Json:
        attribute = self._kind.attribute(key)
        if attribute is None:
            return raw
        try:
            return converted(attribute, raw)
        except ValueError:
            self.flagged.append(Remark(row, column, raw, attribute.mismatch(raw) or ""))
            return raw

    def _geometry(
        self, row: Row, values: Mapping[str, Json], exact: Mapping[str, Json]
    ) -> Mapping[str, Json] | None:
        if row.geometry is not None:
            return _into_wgs84(row.geometry, self._shapes)
        kept = exact.get("geometry")
        if isinstance(kept, dict):
            return kept
        place = self._columns.place
        east, north = (number(values.get(place.get(name, ""))) for name in (EAST, NORTH))
        if east is not None and north is not None:
            return point(*self._transform((east, north)))
        text = values.get(place.get(WKT, ""))
        return None if text is None else _from_wkt(str(text), self._transform)


def _into_wgs84(
    geometry: Mapping[str, Json], transform: Callable[[Place], Place] | None
) -> Mapping[str, Json]:
    if transform is None:
        return single(geometry)
    return single({**geometry, "coordinates": transformed(geometry["coordinates"], transform)})


def _from_wkt(text: str, transform: Callable[[Place], Place]) -> Mapping[str, Json]:
    import shapely

    found: dict[str, Json] = json.loads(shapely.to_geojson(shapely.from_wkt(text)))
    return single({"type": found["type"], "coordinates": transformed(found["coordinates"], transform)})


def _text(kept: Json, raw: Json) -> str | None:
    if isinstance(kept, str) and _same(kept, raw):
        return kept
    return None if raw is None else as_text(raw) or None


def _same(kept: Json, raw: Json) -> bool:
    """Whether the cell still is what was written for the exact value; an empty one could not say it."""
    if raw is None:
        return True
    if isinstance(kept, bool):
        return as_text(raw).lower() in (TRUE if kept else FALSE)
    if isinstance(kept, int | float):
        figure = number(raw)
        written = to_sixteen_digits(kept) if isinstance(kept, float) else kept
        return as_text(raw).strip() == str(kept) or figure in (kept, written)
    words = kept if isinstance(kept, str) else json.dumps(kept, ensure_ascii=False)
    return _letters(words) == _letters(as_text(raw))


def _letters(text: str) -> str:
    return "".join(without_controls(text).split())
