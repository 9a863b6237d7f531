"""A workbook: a sheet per asset class, and one that explains the columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldtool.asset_facts import class_title
from fieldtool.crs import UTM32
from fieldtool.entities import json_text
from fieldtool.exports import delimited
from fieldtool.exports.batches import Layout, Line, batches, layout
from fieldtool.exports.columns import (
    CLASS,
    COLUMNS_HEAD,
    COLUMNS_SHEET,
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
    keeps,
    title,
    to_sixteen_digits,
)
from fieldtool.exports.errors import CellTooLong, TooManyRows
from fieldtool.exports.layers import fits_a_float
from fieldtool.exports.survey import Table
from fieldtool.exports.target import ExportFormat, Work
from fieldtool.jsontypes import Json
from fieldtool.texts import _

if TYPE_CHECKING:
    pass

MOST_ROWS = 1_048_575
LONGEST_TEXT = 32_767
BEFORE = (ID, CLASS, NUMBER, NAME, PARENT)
PLACE = (EAST, NORTH, WKT)
WIDTH = 18
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def write(work: Work) -> None:
    import xlsxwriter

    for table in work.tables:
        if table.assets > MOST_ROWS:
            raise TooManyRows(class_title(table.asset_class), table.assets, MOST_ROWS)
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "tmpdir": str(work.partial.parent),
    }
    book = xlsxwriter.Workbook(str(work.partial), options)
    try:
        _write_book(work, book)
    except BaseException:
        _give_up(book)
        raise


def _give_up(book: Any) -> None:
    """Its rows lie in files of their own until it is closed."""
    for sheet in book.worksheets():
        sheet.row_data_fh.close()
        Path(sheet.row_data_filename).unlink(missing_ok=True)


def _write_book(work: Work, book: Any) -> None:
    bold = book.add_format({"bold": True})
    days = book.add_format({"num_format": "dd.mm.yyyy"})
    names = _sheet_names(work.tables)
    for table in work.tables:
        _write_table(work, table, book.add_worksheet(names[table.asset_class]), bold, days)
    _write_columns(work, book.add_worksheet(_(COLUMNS_SHEET)), names, bold)
    book.close()


def _write_table(work: Work, table: Table, sheet: Any, bold: Any, days: Any) -> None:
    heads = [head for head, _key, _kind in _heads(work, table)]
    sheet.set_column(0, len(heads) - 1, WIDTH)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, heads, bold)
    found = layout(table)
    row = 0
    for batch in batches(work.assets(table.asset_class), found, work.projected):
        for one, shape in zip(batch.lines, batch.places.shapes, strict=True):
            row += 1
            own = (getattr(one.asset, name) for name in ("id", "asset_class", "number", "name", "parent_id"))
            cells: list[tuple[Kind, Json]] = [("text", value) for value in own]
            cells += _place(shape)
            cells += zip(found.kinds, one.values, strict=True)
            cells.append(("text", _exact(one, found)))
            for column, (kind, value) in enumerate(cells):
                _write_cell(sheet, row, column, kind, value, days, heads[column])


def _exact(line: Line, found: Layout) -> str | None:
    """A workbook holds sixteen digits of a figure."""
    inexact = {
        key: value
        for key, value in zip(found.keys, line.values, strict=True)
        if isinstance(value, float) and to_sixteen_digits(value) != value
    }
    if not inexact:
        return line.exact
    members = json.loads(line.exact or "{}")
    return json_text({**members, "attributes": {**members.get("attributes", {}), **inexact}})


def _place(shape: object) -> list[tuple[Kind, Json]]:
    import shapely

    if isinstance(shape, shapely.Point) and not shape.has_z:
        return [("number", shape.x), ("number", shape.y), ("text", None)]
    east, north, wkt = delimited.placed(shape, repr)
    return [("text", east or None), ("text", north or None), ("text", wkt or None)]


def _write_cell(sheet: Any, row: int, column: int, kind: Kind, value: Json, days: Any, head: str) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        if fits_a_float(value):
            sheet.write_number(row, column, value)
    elif kind == "date" and keeps("date", value) and date.fromisoformat(str(value)).year >= 1900:
        moment = datetime.combine(date.fromisoformat(str(value)), datetime.min.time())
        sheet.write_datetime(row, column, moment, days)
    else:
        text = as_text(value)
        if len(text) > LONGEST_TEXT:
            raise CellTooLong(head, len(text), LONGEST_TEXT)
        sheet.write_string(row, column, text)


def _heads(work: Work, table: Table) -> Iterator[tuple[str, str, str]]:
    """Of every column: its title, its key, its kind."""
    yield from ((title(name, work.projected.crs), name, "text") for name in BEFORE)
    yield from ((title(name, work.projected.crs), name, "number") for name in PLACE[:2])
    yield title(WKT, work.projected.crs), WKT, "text"
    yield from ((attribute_title(table.kind, one.key), one.key, one.kind) for one in table.columns)
    yield title(EXACT), EXACT, "text"


def _write_columns(work: Work, sheet: Any, names: dict[str, str], bold: Any) -> None:
    sheet.set_column(0, 5, WIDTH * 1.5)
    sheet.write_row(0, 0, [_(text) for text in COLUMNS_HEAD], bold)
    row = 0
    for table in work.tables:
        for name, key, kind in _heads(work, table):
            row += 1
            attribute = None if table.kind is None else table.kind.attribute(key)
            unit = "" if attribute is None else attribute.unit or ""
            choices = "" if attribute is None else ", ".join(attribute.choices or ())
            for column, text in enumerate((names[table.asset_class], name, key, kind, unit, choices)):
                sheet.write_string(row, column, text)


def _sheet_names(tables: Sequence[Table]) -> dict[str, str]:
    """At most 31 characters, without those that Excel forbids, each once."""
    names: dict[str, str] = {}
    for table in tables:
        plain = class_title(table.asset_class).translate(FORBIDDEN).strip()[:28] or table.asset_class[:28]
        taken = {name.casefold() for name in (*names.values(), _(COLUMNS_SHEET), "History")}
        name, count = plain, 2
        while name.casefold() in taken:
            name, count = f"{plain} {count}", count + 1
        names[table.asset_class] = name
    return names


FORMAT = ExportFormat(name="xlsx", suffixes=(".xlsx",), crs=UTM32, write=write, partial_suffix=".xlsx")
