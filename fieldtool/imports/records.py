"""From rows to records of a class: every row becomes a record, is ignored, or is rejected with a reason."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice
from typing import cast

from fieldtool.asset_classes import NOT_OF_TYPE, AssetAttribute, AssetClass
from fieldtool.imports.cells import as_text, converted
from fieldtool.imports.crs import GERMANY, Place, ToWgs84, distances_km
from fieldtool.imports.mapping import EXTRA_CELLS, NAME, NUMBER, ColumnMapping, cell
from fieldtool.imports.places import GEOMETRY, PlaceProblem, first_place, read_geometries
from fieldtool.imports.rules import rule_of
from fieldtool.imports.source import Row, Source
from fieldtool.jsontypes import Json
from fieldtool.texts import _

FAR_KM = 20.0
FAR_TIMES = 20.0
KEPT_SUFFIX = "_source"
REMEMBERED = 65_536
PORTION = 4096


@dataclass(frozen=True, slots=True)
class Remark:
    """`column` is None where the whole row is meant; `reason` in the person's language."""

    row: int
    column: str | None
    value: Json
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """`owned` are the attribute keys this list speaks about: what it leaves empty there is empty. `id` and
    `parent_id` are told by our own exports only."""

    row: int
    number: str | None
    name: str | None
    geometry: Mapping[str, Json] | None
    attributes: Mapping[str, Json]
    owned: frozenset[str]
    id: str | None = None
    parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of the rows before anything is compared with the database."""

    records: tuple[Record, ...]
    rejected: tuple[Remark, ...]
    flagged: tuple[Remark, ...]
    ignored: int


def read_records(
    source: Source,
    kind: AssetClass,
    mapping: ColumnMapping,
    transform: ToWgs84,
    switched_off: frozenset[str] = frozenset(),
) -> Reading:
    """`switched_off` are rules of cleaning: a cell that needs one stays as it is written."""
    records: list[Record] = []
    rejected: list[Remark] = []
    flagged: list[Remark] = list(_remarks_on_columns(source, kind, mapping))
    ignored = 0
    reader = _Reader(kind, mapping, flagged, switched_off)
    rows = iter(source.rows)
    while portion := list(islice(rows, PORTION)):
        for row, position in zip(portion, read_geometries(portion, mapping, transform), strict=True):
            if row.kind == "blank":
                ignored += 1
            elif row.kind == "totals":
                ignored += 1
                flagged.append(Remark(row.number, None, None, _("left out: a line of totals")))
            else:
                found = reader.record(row, position)
                if isinstance(found, Record):
                    records.append(found)
                else:
                    rejected.append(found)
    flagged.extend(_far_away(records))
    return Reading(tuple(records), tuple(rejected), tuple(flagged), ignored)


def _remarks_on_columns(source: Source, kind: AssetClass, mapping: ColumnMapping) -> Iterator[Remark]:
    row = source.header_row or 0
    for column in source.renamed:
        yield Remark(row, column, None, _("another column has the same name"))
    if mapping.number_from_name:
        yield Remark(row, mapping.targets[NAME], None, _("the number is taken from the name"))
    for attribute in kind.shown:
        if attribute.required and attribute.key not in mapping.targets:
            reason = _("the list has no column for: {attribute}").format(attribute=attribute.title())
            yield Remark(row, None, None, reason)


@dataclass(frozen=True, slots=True)
class _Cell:
    """What a cell says about its attribute; `remark` where that does not fit or is implausible."""

    key: str
    value: Json
    remark: str | None


class _Reader:
    """Equal cells of a column are worked out once: lists repeat themselves."""

    def __init__(
        self,
        kind: AssetClass,
        mapping: ColumnMapping,
        flagged: list[Remark],
        switched_off: frozenset[str],
    ) -> None:
        self._kind, self._mapping, self._flagged = kind, mapping, flagged
        self._owned = _owned(kind, mapping)
        self._cells = [
            (mapping.targets[attribute.key], _remembered(attribute, switched_off))
            for attribute in kind.attributes
            if attribute.key in mapping.targets
        ]
        self._kept = tuple(mapping.kept.items())

    def record(self, row: Row, geometry: dict[str, Json] | PlaceProblem | None) -> Record | Remark:
        if row.problem is not None:
            return Remark(row.number, None, None, row.problem)
        if isinstance(geometry, PlaceProblem):
            return Remark(row.number, geometry.column, geometry.value, geometry.reason)
        if geometry is None and self._kind.geometry_required:
            return Remark(row.number, None, None, _("the position is missing"))
        if geometry is not None and geometry["type"] not in self._kind.geometry_kinds:
            reason = _("a {kind} has no such geometry").format(kind=self._kind.title())
            return Remark(row.number, GEOMETRY, geometry["type"], reason)
        attributes = self._attributes(row)
        if row.extra:
            self._flagged.append(
                Remark(row.number, None, " | ".join(row.extra), _("more cells than columns"))
            )
            attributes[EXTRA_CELLS] = " | ".join(row.extra)
        return Record(
            row=row.number,
            number=_number(row, self._mapping, self._flagged),
            name=_text(cell(row.values, self._mapping, NAME)),
            geometry=geometry,
            attributes=attributes,
            owned=self._owned,
        )

    def _attributes(self, row: Row) -> dict[str, Json]:
        """A value that does not fit its attribute is kept as it was written, and flagged."""
        values, attributes = row.values, dict[str, Json]()
        for column, read in self._cells:
            raw = values.get(column)
            found = read(raw)
            if found is None:
                continue
            if found.value is not None:
                attributes[found.key] = found.value
            if found.remark is not None:
                self._flagged.append(Remark(row.number, column, raw, found.remark))
        for column, key in self._kept:
            value = values.get(column)
            if value is not None:
                attributes[key] = value
        return attributes


def _remembered(attribute: AssetAttribute, switched_off: frozenset[str]) -> Callable[[Json], _Cell | None]:
    found = lru_cache(REMEMBERED, typed=True)(partial(_cell, attribute, switched_off))
    return cast("Callable[[Json], _Cell | None]", found)


def _cell(attribute: AssetAttribute, switched_off: frozenset[str], raw: Json) -> _Cell | None:
    try:
        value = converted(attribute, raw)
    except ValueError:
        return _Cell(attribute.key + KEPT_SUFFIX, raw, _(NOT_OF_TYPE[attribute.type]))
    if switched_off and rule_of(attribute, raw, value) in switched_off:
        return _Cell(attribute.key + KEPT_SUFFIX, raw, _("the rule for this is switched off"))
    if value is not None:
        return _Cell(attribute.key, value, attribute.problem(value))
    return _Cell(attribute.key, None, _("something is missing here")) if attribute.required else None


def _number(row: Row, mapping: ColumnMapping, flagged: list[Remark]) -> str | None:
    """Leading zeros stay."""
    text = _text(cell(row.values, mapping, NUMBER))
    if text is None or mapping.number_pattern is None:
        return text
    found = mapping.number_pattern.search(text)
    if found is None:
        flagged.append(
            Remark(row.number, mapping.targets[NUMBER], text, _("there is no number in this cell"))
        )
        return None
    return found[1]


def _text(value: Json) -> str | None:
    return None if value is None else as_text(value) or None


def _owned(kind: AssetClass, mapping: ColumnMapping) -> frozenset[str]:
    keys = {attribute.key for attribute in kind.attributes if attribute.key in mapping.targets}
    return frozenset(keys | {key + KEPT_SUFFIX for key in keys} | set(mapping.kept.values()) | {EXTRA_CELLS})


def _far_away(records: list[Record]) -> Iterator[Remark]:
    """Swapped digits and mixed-up columns: outside of Germany, or far from all the others. Flagged only."""
    import numpy as np

    placed = [(record.row, first_place(record.geometry)) for record in records if record.geometry is not None]
    if not placed:
        return
    places = np.array([place for _row, place in placed])
    lon, lat = np.median(places, axis=0)
    away = distances_km(places, (lon, lat))
    too_far = max(FAR_KM, FAR_TIMES * float(np.median(away))) if len(placed) > 4 else math.inf
    west, south, east, north = GERMANY
    abroad = np.any((places < (west, south)) | (places > (east, north)), axis=1)
    for index in np.flatnonzero(abroad | (away > too_far)).tolist():
        row, place = placed[index]
        if abroad[index]:
            yield Remark(row, None, _shown(place), _("this place is not in Germany"))
        else:
            far = _("{km} km away from the rest of the list").format(km=round(float(away[index])))
            yield Remark(row, None, _shown(place), far)


def _shown(place: Place) -> str:
    return f"{place[0]:.5f} {place[1]:.5f}"
