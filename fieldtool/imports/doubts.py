"""What makes a row doubtful beside its neighbours: outside the person's area, coordinates exchanged, two
digits swapped, cells moved by one column. Flagged with the reason, never rejected for it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from statistics import median

from fieldtool.asset_classes import AssetAttribute, AssetClass
from fieldtool.imports.cells import as_text, converted, number
from fieldtool.imports.crs import Place, ToWgs84, distance_km, inside
from fieldtool.imports.mapping import EAST, NORTH, ColumnMapping
from fieldtool.imports.places import PlaceProblem, first_place, read_geometry
from fieldtool.imports.records import FAR_KM, Reading, Record, Remark, read_records
from fieldtool.imports.rules import SHIFTED
from fieldtool.imports.source import Row, Source
from fieldtool.jsontypes import Json
from fieldtool.texts import _

Box = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""
MOST = 1000
"""So many doubtful rows are looked at closely: beyond it, the list is another one than it seems."""
SAMPLE = 500
FIRST_DIGITS = 7
SHOWN = re.compile(r"-?\d+\.\d{5} -?\d+\.\d{5}")
"""How a remark shows the place that it is about."""


def with_doubts(
    source: Source,
    kind: AssetClass,
    mapping: ColumnMapping,
    transform: ToWgs84,
    reading: Reading,
    area: Box | None,
    switched_off: frozenset[str],
) -> Reading:
    if SHIFTED not in switched_off:
        reading = _moved_back(source, kind, mapping, transform, reading)
    outside = tuple(_outside(reading.records, area)) if area is not None else ()
    odd = [remark.row for remark in (*reading.flagged, *outside) if _is_about_place(remark)]
    closer = tuple(_closer(source, mapping, transform, reading, set(odd[:MOST]), area)) if odd else ()
    return replace(reading, flagged=(*reading.flagged, *outside, *closer))


def _is_about_place(remark: Remark) -> bool:
    return (
        remark.column is None and isinstance(remark.value, str) and SHOWN.fullmatch(remark.value) is not None
    )


def _outside(records: Sequence[Record], area: Box) -> Iterator[Remark]:
    for record in records:
        if record.geometry is not None:
            place = first_place(record.geometry)
            if not inside(place, area):
                shown = f"{place[0]:.5f} {place[1]:.5f}"
                yield Remark(record.row, None, shown, _("outside the area that is set"))


def _closer(
    source: Source,
    mapping: ColumnMapping,
    transform: ToWgs84,
    reading: Reading,
    odd: set[int],
    area: Box | None,
) -> Iterator[Remark]:
    others = [
        first_place(record.geometry)
        for record in reading.records
        if record.geometry is not None and record.row not in odd
    ]
    others = others[:: max(1, len(others) // SAMPLE)]
    if not others and area is None:
        return
    centre = _middle(others) if others else None

    def fits(place: Place) -> bool:
        if area is not None:
            return inside(place, area)
        return centre is not None and distance_km(place, centre) <= FAR_KM

    for row in source.rows:
        if row.number in odd:
            yield from _explained(row, mapping, transform, fits)


def _middle(places: Sequence[Place]) -> Place:
    return median(place[0] for place in places), median(place[1] for place in places)


def _explained(
    row: Row, mapping: ColumnMapping, transform: ToWgs84, fits: Callable[[Place], bool]
) -> Iterator[Remark]:
    try:
        geometry = read_geometry(row, mapping, lambda place: place)
    except PlaceProblem:
        return
    if geometry is None or geometry["type"] != "Point":
        return
    east, north = first_place(geometry)
    if fits(transform((north, east))):
        yield Remark(row.number, None, f"{east} {north}", _("the two coordinates seem to be exchanged"))
        return
    for target, wrong, with_other in (
        (EAST, east, lambda figure: (figure, north)),
        (NORTH, north, lambda figure: (east, figure)),
    ):
        for figure in _with_digits_swapped(wrong):
            if fits(transform(with_other(figure))):
                reason = _("two digits seem to be swapped: {figure} would be with the others")
                value = row.values.get(mapping.targets[target]) if target in mapping.targets else wrong
                yield Remark(
                    row.number, mapping.targets.get(target), value, reason.format(figure=f"{figure:.10g}")
                )
                return


def _with_digits_swapped(figure: float) -> Iterator[float]:
    text = f"{figure:.12g}"
    digits = [at for at, sign in enumerate(text) if sign.isdigit()][:FIRST_DIGITS]
    for first, second in pairwise(digits):
        if text[first] != text[second]:
            signs = list(text)
            signs[first], signs[second] = signs[second], signs[first]
            yield float("".join(signs))


def _moved_back(
    source: Source, kind: AssetClass, mapping: ColumnMapping, transform: ToWgs84, reading: Reading
) -> Reading:
    """Rows whose cells stand one column beside their own are read as they should stand, and flagged."""
    misfits = Counter(remark.row for remark in reading.flagged if remark.column is not None)
    rejected = {remark.row for remark in reading.rejected if remark.column is not None}
    doubtful = {row for row, count in misfits.items() if count >= 2} | rejected
    if not doubtful or len(doubtful) > MOST:
        return reading
    checks = _checks(kind, mapping)
    moved: list[Row] = []
    remarks: list[Remark] = []
    for row in source.rows:
        if row.number not in doubtful or row.kind != "data":
            continue
        found = _moved(row, source.columns, checks)
        if found is not None:
            moved.append(found[0])
            remarks.append(Remark(row.number, None, None, found[1]))
    if not moved:
        return reading
    again = read_records(replace(source, rows=moved, renamed=()), kind, mapping, transform)
    records = {record.row: record for record in again.records}
    return replace(
        reading,
        records=tuple(
            sorted(
                (*(one for one in reading.records if one.row not in records), *records.values()),
                key=lambda record: record.row,
            )
        ),
        rejected=tuple(remark for remark in reading.rejected if remark.row not in records),
        flagged=(
            *(one for one in reading.flagged if one.row not in records),
            *(one for one in again.flagged if one.row in records),
            *(one for one in remarks if one.row in records),
        ),
    )


def _checks(kind: AssetClass, mapping: ColumnMapping) -> dict[str, Callable[[Json], bool]]:
    """By column, whether a cell fits there; of columns that take any text, nothing is known."""
    checks: dict[str, Callable[[Json], bool]] = {}
    for target, column in mapping.targets.items():
        attribute = kind.attribute(target)
        if target in (EAST, NORTH):
            checks[column] = lambda value: number(value) is not None
        elif attribute is not None and attribute.type != "text":
            checks[column] = partial(_is_plausible, attribute)
    return checks


def _is_plausible(attribute: AssetAttribute, value: Json) -> bool:
    try:
        return attribute.problem(converted(attribute, value)) is None
    except ValueError:
        return False


def _moved(
    row: Row, columns: Sequence[str], checks: Mapping[str, Callable[[Json], bool]]
) -> tuple[Row, str] | None:
    cells: list[Json] = [row.values.get(column) for column in columns]
    if _misfits(cells, columns, checks) < 2:
        return None
    left = [*cells[1:], row.extra[0] if row.extra else None]
    right = [None, *cells[:-1]]
    for shifted, rest, reason in (
        (left, row.extra[1:], _("its cells seemed to stand one column too far right; read one to the left")),
        (right, row.extra, _("its cells seemed to stand one column too far left; read one to the right")),
    ):
        if _misfits(shifted, columns, checks) == 0 and _fits(shifted, columns, checks) >= 2:
            lost = cells[0] if shifted is left else cells[-1]
            extra = rest if lost is None else (*rest, as_text(lost))
            values = {
                column: value for column, value in zip(columns, shifted, strict=True) if value is not None
            }
            return row._replace(values=values, extra=extra), reason
    return None


def _misfits(
    cells: Sequence[Json], columns: Sequence[str], checks: Mapping[str, Callable[[Json], bool]]
) -> int:
    return sum(
        1
        for column, value in zip(columns, cells, strict=True)
        if column in checks and value is not None and not checks[column](value)
    )


def _fits(cells: Sequence[Json], columns: Sequence[str], checks: Mapping[str, Callable[[Json], bool]]) -> int:
    return sum(
        1
        for column, value in zip(columns, cells, strict=True)
        if column in checks and value is not None and checks[column](value)
    )
