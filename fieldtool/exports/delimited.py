"""What both kinds of CSV share: one table over all classes, columns of the same name together."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from fieldtool.asset import Asset
from fieldtool.exports.batches import BATCH, Layout, Line, line, text_layout
from fieldtool.exports.columns import Kind, without_controls
from fieldtool.exports.places import Places, places
from fieldtool.exports.survey import Table
from fieldtool.exports.target import Work
from fieldtool.jsontypes import Json


@dataclass(frozen=True, slots=True)
class Dialect:
    """`cell` writes a value of a column of that kind, None too; `head` names an attribute's column; `own`
    are the cells before and behind the attributes, for the names of which `before` and `behind` stand."""

    delimiter: str
    line_end: str
    encoding: str
    before: Sequence[str]
    behind: Sequence[str]
    head: Callable[[Table, str], str]
    cell: Callable[[Table, str, Kind, Json], str]
    own: Callable[[Asset, object], Sequence[str]]
    exact: Callable[[str | None], str]


@dataclass(frozen=True, slots=True)
class _Shape:
    """`positions`: where the attributes of a class stand among those of all classes."""

    table: Table
    found: Layout
    positions: tuple[int, ...]


def write(work: Work, dialect: Dialect) -> None:
    heads, shapes = _shapes(work.tables, dialect)
    with work.partial.open("w", encoding=dialect.encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=dialect.delimiter, lineterminator=dialect.line_end)
        writer.writerow([*dialect.before, *heads, *dialect.behind])
        for portion, placed in _portions(work):
            writer.writerows(
                _row(
                    asset,
                    placed.shapes[index],
                    shapes[asset.asset_class],
                    dialect,
                    len(heads),
                    lost=index in placed.lost,
                )
                for index, asset in enumerate(portion)
            )


def _portions(work: Work) -> Iterator[tuple[list[Asset], Places]]:
    left = work.assets(None)
    while portion := list(islice(left, BATCH)):
        yield portion, places([asset.geometry for asset in portion], work.projected)


def _shapes(tables: Sequence[Table], dialect: Dialect) -> tuple[list[str], Mapping[str, _Shape]]:
    heads: dict[str, int] = {}
    shapes = {}
    for table in tables:
        names = [dialect.head(table, column.key) for column in table.columns]
        for name in names:
            heads.setdefault(name, len(heads))
        shapes[table.asset_class] = _Shape(table, text_layout(table), tuple(heads[name] for name in names))
    return list(heads), shapes


def _row(
    asset: Asset, place: object, shape: _Shape, dialect: Dialect, width: int, *, lost: bool
) -> list[str]:
    found: Line = line(asset, shape.found, lost=lost)
    cells = [""] * width
    for position, key, kind, value in zip(
        shape.positions, shape.found.keys, shape.found.kinds, found.values, strict=True
    ):
        if value is not None:
            cells[position] = dialect.cell(shape.table, key, kind, value)
    return [*map(without_controls, (*dialect.own(asset, place), *cells)), dialect.exact(found.exact)]


def placed(shape: object, figure: Callable[[float], str]) -> tuple[str, str, str]:
    """The cells for east, north and WKT: a plain point has the first two, any other shape the third."""
    import shapely

    if isinstance(shape, shapely.Point) and not shape.has_z:
        return figure(float(shape.x)), figure(float(shape.y)), ""
    if not isinstance(shape, shapely.Geometry):
        return "", "", ""
    return "", "", shapely.to_wkt(shape, rounding_precision=-1)
