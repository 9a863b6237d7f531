"""Workbooks: XLSX, XLSM, XLSB, XLS, ODS. Of a formula what it showed when the file was last saved.

A cell with an error (#REF!, #NV) says nothing and is remarked upon. Without a named sheet the one with
most cells in a table is read; where several hold the same table, as one per district does, or things of
ours, the person is asked.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtool.exports.columns import is_columns_sheet, is_own
from fieldtool.imports import layout
from fieldtool.imports.biff import BiffBroken, NoWorkbook, check_biff
from fieldtool.imports.error_cells import error_cells
from fieldtool.imports.errors import (
    FileDamaged,
    FileEmpty,
    FileUnreadable,
    FormatUnknown,
    LayerUnknown,
    SeveralLayers,
    TableBroken,
    WorkbookProtected,
)
from fieldtool.imports.records import Remark
from fieldtool.imports.sheet_size import COLUMN_LIMIT, check_size
from fieldtool.imports.source import HEAD_BYTES, ImportFormat, Row, Source, file_bytes
from fieldtool.imports.unpack import folder, unpack
from fieldtool.imports.words import clean
from fieldtool.jsontypes import Json
from fieldtool.system_reasons import system_reason
from fieldtool.texts import _

if TYPE_CHECKING:
    import python_calamine

Raw = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta

SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".ods", ".ots")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
ODS = b"opendocument.spreadsheet"
MARKS = (b"[Content_Types].xml", b"xl/", ODS)
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
WHOLE_LIMIT = 1e15


def recognises(head: bytes, suffix: str) -> int:
    if head.startswith(OLE):
        return 80
    if head.startswith(ZIP):
        return 85 if suffix in SUFFIXES else 75 if any(mark in head for mark in MARKS) else 0
    return 5 if suffix in SUFFIXES else 0


def read(path: Path, layer: str | None) -> Source:
    kind = _kind(path)
    tables = list(_tables(path, _open(path, kind), layer))
    table = _choose(path, tables)
    columns, renamed = layout.column_names(table.header, table.width)
    return Source(
        path=path,
        format=kind,
        columns=columns,
        rows=list(_rows(table, columns)),
        header_row=None if table.header_index is None else table.header_index + 1,
        renamed=renamed,
        layer=table.name,
        other_layers=tuple(other.name for other in tables if other is not table),
        remarks=tuple(_remarks(path, kind, table, columns)),
    )


def _remarks(path: Path, kind: str, table: Table, columns: Sequence[str]) -> Iterator[Remark]:
    """Cells with an error are read as empty ones: without any there is nothing to look for."""
    if all(table.filled[index] >= table.width for index in table.body):
        return
    for (row, column), shown in error_cells(path, kind, table.name).items():
        if row in table.body and column < len(columns):
            yield Remark(
                row + 1, columns[column], shown, _("an error of the spreadsheet; what is known there stays")
            )


@dataclass(frozen=True)
class Table:
    """`rows` from the sheet's first on, all as wide as the widest."""

    name: str
    rows: Sequence[Sequence[Raw]]

    @cached_property
    def filled(self) -> list[int]:
        return [len(row) - row.count("") for row in self.rows]

    @cached_property
    def header_index(self) -> int | None:
        """Rows without anything would be the most usual ones."""
        sample = [(index, row) for index, row in enumerate(self.rows) if self.filled[index]]
        found = layout.find_header([_texts(row) for _index, row in sample[: layout.SAMPLE_ROWS]])
        return None if found is None else sample[found][0]

    @cached_property
    def header(self) -> layout.Cells | None:
        return None if self.header_index is None else _texts(self.rows[self.header_index])

    @cached_property
    def body(self) -> range:
        """Up to the last row that says something."""
        last = max((index for index, count in enumerate(self.filled) if count), default=-1)
        return range(0 if self.header_index is None else self.header_index + 1, last + 1)

    @cached_property
    def width(self) -> int:
        """Without the columns at the right that hold nothing."""
        width = max(map(len, self.rows), default=0)
        while width and all(row[width - 1] == "" for row in self.rows):
            width -= 1
        return width

    @property
    def cells(self) -> int:
        """How much like a table: cells below a header, in more than one column."""
        return sum(self.filled[index] for index in self.body) if self.header and self.width > 1 else 0


def _tables(path: Path, workbook: python_calamine.CalamineWorkbook, layer: str | None) -> Iterator[Table]:
    """The named sheet alone, else all that are shown and hold anything."""
    import python_calamine

    sheets = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        and (sheet.visible == python_calamine.SheetVisibleEnum.Visible or sheet.name == layer)
    ]
    if layer is not None and layer not in sheets:
        raise LayerUnknown(str(path), layer, tuple(sheets))
    for name in sheets if layer is None else [layer]:
        try:
            rows = list(workbook.get_sheet_by_name(name).iter_rows())
        except python_calamine.CalamineError as error:
            raise FileDamaged(str(path), str(error)) from error
        table = Table(name, rows)
        told = table.header or []
        if any(table.filled) and (layer is not None or not is_columns_sheet(name, told)):
            yield table


def _open(path: Path, kind: str) -> python_calamine.CalamineWorkbook:
    import python_calamine

    check_size(path)
    if kind == "xls":
        _check_old(path)
    try:
        if path.suffix.lower() == f".{kind}":
            return python_calamine.CalamineWorkbook.from_path(path)
        with folder(path) as inside, path.open("rb") as file:  # The library goes by the suffix.
            unpack(path, file, inside / f"list.{kind}")
            return python_calamine.CalamineWorkbook.from_path(inside / f"list.{kind}")
    except OSError as error:
        raise FileUnreadable(str(path), system_reason(error)) from error
    except python_calamine.PasswordError as error:
        raise WorkbookProtected(str(path)) from error
    except python_calamine.CalamineError as error:
        raise FileDamaged(str(path), str(error)) from error


def _check_old(path: Path) -> None:
    data = file_bytes(path)
    if ENCRYPTED in data:
        raise WorkbookProtected(str(path))
    try:
        check_biff(data)
    except NoWorkbook as error:
        raise FormatUnknown(str(path), "") from error
    except BiffBroken as error:
        raise FileDamaged(str(path), f"BIFF: {error}") from error


def _choose(path: Path, tables: Sequence[Table]) -> Table:
    if not tables:
        raise FileEmpty(str(path))
    own = [table for table in tables if table.header is not None and is_own(table.header)]
    if len(own) > 1:
        raise SeveralLayers(str(path), tuple(table.name for table in own))
    best = own[0] if own else max(tables, key=lambda table: (table.cells, sum(table.filled)))
    if not best.body:
        raise FileEmpty(str(path))
    if best.width > COLUMN_LIMIT:
        raise TableBroken(
            str(path), best.body.start, _("more than {limit} columns").format(limit=COLUMN_LIMIT)
        )
    alike = [table.name for table in tables if table.body and table.header == best.header is not None]
    if len(alike) > 1:
        raise SeveralLayers(str(path), tuple(alike))
    return best


def _rows(table: Table, columns: Sequence[str]) -> Iterator[Row]:
    filled = [table.filled[index] for index in table.body]
    usual = Counter(count for count in filled if count).most_common(1)[0][0]
    for index, cells in zip(table.body, _cleaned(table), strict=True):
        values = dict(zip(columns, cells, strict=False))
        if "" in cells:
            values = {column: cell for column, cell in values.items() if cell != ""}
        if not table.filled[index]:
            yield Row(index + 1, {}, kind="blank")
        elif index == table.body[-1] and layout.is_totals(_texts(table.rows[index]), usual):
            yield Row(index + 1, values, kind="totals")
        else:
            yield Row(index + 1, values)


def _cleaned(table: Table) -> Iterator[tuple[Json, ...]]:
    """The body's rows. Column by column, for speed: most are of one type and say few different things."""
    body = table.rows[table.body.start : table.body.stop]
    return zip(*map(_cleaned_column, zip(*body, strict=True)), strict=True)


def _cleaned_column(cells: Sequence[Raw]) -> Sequence[Json]:
    distinct = set(cells)
    # True and 1.0 would be one key.
    if 2 * len(distinct) < len(cells) and bool not in set(map(type, distinct)):
        known = {cell: _value(cell) for cell in distinct}
        return [known[cell] for cell in cells]
    return [_value(cell) for cell in cells]


def _value(cell: Raw) -> Json:
    if type(cell) is float:
        return int(cell) if cell.is_integer() and abs(cell) < WHOLE_LIMIT else cell
    if type(cell) is str:
        return clean(cell)
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, dt.timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return cell


def _texts(cells: Iterable[Raw]) -> layout.Cells:
    return [str(_value(cell)) for cell in cells]


def _kind(path: Path) -> str:
    """By content: a suffix may say anything."""
    head = file_bytes(path, HEAD_BYTES)
    if head.startswith(OLE):
        return "xls"
    if ODS in head:
        return "ods"
    return "xlsb" if path.suffix.lower() == ".xlsb" else "xlsx"


FORMAT = ImportFormat(name="XLSX, XLS, ODS", recognises=recognises, read=read)
