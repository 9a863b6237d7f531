"""Delimited text: comma, semicolon, tab or bar, in whatever encoding and with whatever line ends."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from fieldtool.imports import layout
from fieldtool.imports.encoding import MixedText, NotText, decode
from fieldtool.imports.errors import FileEmpty, FormatUnknown, TableBroken, TextUnreadable
from fieldtool.imports.source import ImportFormat, Row, Source, file_bytes
from fieldtool.imports.words import without_marks
from fieldtool.jsontypes import Json
from fieldtool.texts import _

COLUMN_LIMIT = 2000
LINE_LIMIT = 50
"""Line breaks in one cell: beyond, a quotation mark is missing and rows would vanish into the cell."""
END = "\x1eend of file"
"""Stands alone in the last row, unless a quotation mark was never closed."""
SUFFIXES = (".csv", ".tsv", ".txt", ".tab")


def recognises(head: bytes, suffix: str) -> int:
    if suffix in SUFFIXES:
        return 50
    try:
        decode(head[:-4] if len(head) > 8 else head)
    except NotText:
        return 0
    except MixedText:
        return 10
    return 10


def read(path: Path, _layer: str | None) -> Source:
    try:
        found = decode(file_bytes(path))
    except NotText as error:
        raise FormatUnknown(str(path), "CSV, GeoJSON") from error
    except MixedText as error:
        raise TextUnreadable(str(path), error.line) from error
    text = without_marks(found.text)
    delimiter = layout.guess_delimiter(text)
    cells = _cells(path, text, delimiter)
    header_index = layout.find_header([row for _number, row in cells[: layout.SAMPLE_ROWS]])
    body = cells if header_index is None else cells[header_index + 1 :]
    header = None if header_index is None else cells[header_index][1]
    if not body:
        raise FileEmpty(str(path))
    width = len(header) if header is not None else max(len(row) for _number, row in cells)
    if header is None and not _looks_like_rows(cells):
        raise TableBroken(str(path), cells[0][0], _("there is no table in this text"))
    columns, renamed = layout.column_names(header, width)
    return Source(
        path=path,
        format="csv",
        encoding=found.encoding,
        delimiter=delimiter,
        header_row=None if header_index is None else cells[header_index][0],
        columns=columns,
        rows=_rows(body, columns),
        renamed=renamed,
    )


def _cells(path: Path, text: str, delimiter: str) -> list[tuple[int, layout.Cells]]:
    """Every row with its number; lines with nothing at all are counted, but are no rows."""
    rows: list[tuple[int, layout.Cells]] = []
    number = lines = 0
    row: layout.Cells = []
    try:
        reader = layout.records(f"{text}\n{END}", delimiter)
        for row in reader:
            number += 1
            if reader.line_num - lines > LINE_LIMIT and any(cell.count("\n") > LINE_LIMIT for cell in row):
                break
            lines = reader.line_num
            if len(row) > COLUMN_LIMIT:
                raise TableBroken(
                    str(path), number, _("more than {limit} columns").format(limit=COLUMN_LIMIT)
                )
            if row:
                rows.append((number, row))
    except csv.Error as error:
        raise TableBroken(
            str(path), number + 1, _("a cell is too long, or a quotation mark is missing")
        ) from error
    if row != [END]:
        raise TableBroken(str(path), number, _("a quotation mark is missing"))
    if len(rows) == 1:
        raise FileEmpty(str(path))
    return rows[:-1]


def _looks_like_rows(cells: list[tuple[int, layout.Cells]]) -> bool:
    return len(cells) > 1 and len(cells[0][1]) > 1


def _rows(body: list[tuple[int, layout.Cells]], columns: tuple[str, ...]) -> list[Row]:
    rows = [_row(number, cells, columns) for number, cells in body]
    filled = [len(row.values) + len(row.extra) for row in rows]
    usual = Counter(filter(None, filled)).most_common(1)
    last = max((index for index, count in enumerate(filled) if count), default=-1)
    if last >= 0 and layout.is_totals(body[last][1], usual[0][0]):
        rows[last] = rows[last]._replace(kind="totals", extra=())
    return rows


def _row(number: int, cells: layout.Cells, columns: tuple[str, ...]) -> Row:
    """Leading zeros stay: a cell is a text until an attribute says otherwise."""
    values: dict[str, Json] = dict(zip(columns, map(str.strip, cells), strict=False))
    if "" in values.values():
        values = {column: text for column, text in values.items() if text}
    if len(cells) <= len(columns):
        return Row(number, values) if values else Row(number, {}, kind="blank")
    extra = tuple(text for cell in cells[len(columns) :] if (text := cell.strip()))
    return Row(number, values, extra=extra) if values or extra else Row(number, {}, kind="blank")


FORMAT = ImportFormat(name="CSV", recognises=recognises, read=read)
