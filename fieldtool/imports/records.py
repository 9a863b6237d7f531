"""From rows to records of a class: every row becomes a record, is ignored, or is rejected with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from fieldtool.asset_classes import NOT_OF_TYPE, AssetAttribute, AssetClass
from fieldtool.imports.cells import as_text, converted
from fieldtool.imports.crs import GERMANY, Place, distance_km, inside
from fieldtool.imports.mapping import EXTRA_CELLS, NAME, NUMBER, ColumnMapping, cell
from fieldtool.imports.places import GEOMETRY, PlaceProblem, first_place, read_geometry
from fieldtool.imports.source import Row, Source
from fieldtool.jsontypes import Json
from fieldtool.texts import _

FAR_KM = 20.0
FAR_TIMES = 20.0
KEPT_SUFFIX = "_source"


@dataclass(frozen=True, slots=True)
class Remark:
    """`column` is None where the whole row is meant; `reason` in the person's language."""

    row: int
    column: str | None
    value: Json
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """`owned` are the attribute keys this list speaks about: what it leaves empty there is empty."""

    row: int
    number: str | None
    name: str | None
    geometry: Mapping[str, Json] | None
    attributes: Mapping[str, Json]
    owned: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of the rows before anything is compared with the database."""

    records: tuple[Record, ...]
    rejected: tuple[Remark, ...]
    flagged: tuple[Remark, ...]
    ignored: int


def read_records(
    source: Source, kind: AssetClass, mapping: ColumnMapping, transform: Callable[[Place], Place]
) -> Reading:
    records: list[Record] = []
    rejected: list[Remark] = []
    flagged: list[Remark] = list(_remarks_on_columns(source, kind, mapping))
    ignored = 0
    for row in source.rows:
        if row.kind == "blank":
            ignored += 1
        elif row.kind == "totals":
            ignored += 1
            flagged.append(Remark(row.number, None, None, _("left out: a line of totals")))
        else:
            found = _record(row, kind, mapping, transform, flagged)
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


def _record(
    row: Row,
    kind: AssetClass,
    mapping: ColumnMapping,
    transform: Callable[[Place], Place],
    flagged: list[Remark],
) -> Record | Remark:
    if row.problem is not None:
        return Remark(row.number, None, None, row.problem)
    try:
        geometry = read_geometry(row, mapping, transform)
    except PlaceProblem as problem:
        return Remark(row.number, problem.column, problem.value, problem.reason)
    if geometry is None and kind.geometry_required:
        return Remark(row.number, None, None, _("the position is missing"))
    if geometry is not None and geometry["type"] not in kind.geometry_kinds:
        reason = _("a {kind} has no such geometry").format(kind=kind.title())
        return Remark(row.number, GEOMETRY, geometry["type"], reason)
    attributes = dict(_attributes(row, kind, mapping, flagged))
    if row.extra:
        flagged.append(Remark(row.number, None, " | ".join(row.extra), _("more cells than columns")))
        attributes[EXTRA_CELLS] = " | ".join(row.extra)
    return Record(
        row=row.number,
        number=_number(row, mapping, flagged),
        name=_text(cell(row.values, mapping, NAME)),
        geometry=geometry,
        attributes=attributes,
        owned=_owned(kind, mapping),
    )


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


def _attributes(
    row: Row, kind: AssetClass, mapping: ColumnMapping, flagged: list[Remark]
) -> Iterator[tuple[str, Json]]:
    for attribute in kind.attributes:
        column = mapping.targets.get(attribute.key)
        if column is not None:
            yield from _attribute(row, attribute, column, flagged)
    for column, key in mapping.kept.items():
        value = row.values.get(column)
        if value is not None:
            yield key, value


def _attribute(
    row: Row, attribute: AssetAttribute, column: str, flagged: list[Remark]
) -> Iterator[tuple[str, Json]]:
    """A value that does not fit its attribute is kept as it was written, and flagged."""
    raw = row.values.get(column)
    try:
        value = converted(attribute, raw)
    except ValueError:
        flagged.append(Remark(row.number, column, raw, _(NOT_OF_TYPE[attribute.type])))
        yield attribute.key + KEPT_SUFFIX, raw
        return
    if value is not None:
        yield attribute.key, value
        implausible = attribute.problem(value)
        if implausible is not None:
            flagged.append(Remark(row.number, column, raw, implausible))
    elif attribute.required:
        flagged.append(Remark(row.number, column, raw, _("something is missing here")))


def _owned(kind: AssetClass, mapping: ColumnMapping) -> frozenset[str]:
    keys = {attribute.key for attribute in kind.attributes if attribute.key in mapping.targets}
    return frozenset(keys | {key + KEPT_SUFFIX for key in keys} | set(mapping.kept.values()) | {EXTRA_CELLS})


def _far_away(records: list[Record]) -> Iterator[Remark]:
    """Swapped digits and mixed-up columns: outside of Germany, or far from all the others. Flagged only."""
    places = {record.row: first_place(record.geometry) for record in records if record.geometry is not None}
    if not places:
        return
    centre = (median(place[0] for place in places.values()), median(place[1] for place in places.values()))
    usual = median(distance_km(place, centre) for place in places.values())
    for row, place in places.items():
        away = distance_km(place, centre)
        shown = f"{place[0]:.5f} {place[1]:.5f}"
        if not inside(place, GERMANY):
            yield Remark(row, None, shown, _("this place is not in Germany"))
        elif len(places) > 4 and away > max(FAR_KM, FAR_TIMES * usual):
            yield Remark(row, None, shown, _("{km} km away from the rest of the list").format(km=round(away)))
