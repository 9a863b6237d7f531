"""CSV as a German Excel opens it by double click: semicolons, decimal commas, days as DD.MM.YYYY, a byte
order mark. What a spreadsheet would take for a formula is guarded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fieldtool.asset import Asset
from fieldtool.crs import UTM32
from fieldtool.exports import delimited
from fieldtool.exports.columns import (
    CLASS,
    EAST,
    EXACT,
    ID,
    NAME,
    NORTH,
    NUMBER,
    PARENT,
    WKT,
    Kind,
    as_text,
    attribute_title,
    guarded,
    keeps,
    title,
)
from fieldtool.exports.survey import Table
from fieldtool.exports.target import ExportFormat, Work
from fieldtool.jsontypes import Json
from fieldtool.texts import _
from fieldtool.titles import day

BEFORE = (ID, CLASS, NUMBER, NAME, PARENT, EAST, NORTH, WKT)


def write(work: Work) -> None:
    delimited.write(
        work,
        delimited.Dialect(
            delimiter=";",
            line_end="\r\n",
            encoding="utf-8-sig",
            before=[title(name, work.projected.crs) for name in BEFORE],
            behind=[title(EXACT)],
            head=lambda table, key: attribute_title(table.kind, key),
            cell=_cell,
            own=_own,
            exact=lambda text: guarded(text or ""),
        ),
    )


def _cell(table: Table, key: str, kind: Kind, value: Json) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return comma(value)
    if kind == "date" and keeps("date", value):
        return day(date.fromisoformat(str(value)))
    attribute = None if table.kind is None else table.kind.attribute(key)
    if attribute is not None and isinstance(value, str) and value in (attribute.choices or {}):
        return guarded((attribute.choices or {})[value]["de"])
    return guarded(as_text(value))


def comma(figure: float) -> str:
    return repr(figure).replace(".", ",")


def _own(asset: Asset, shape: object) -> Sequence[str]:
    texts = (asset.id, asset.asset_class, asset.number or "", asset.name or "", asset.parent_id or "")
    return (*map(guarded, texts), *delimited.placed(shape, comma))


FORMAT = ExportFormat(name="csv-excel-de", suffixes=(), crs=UTM32, write=write)
