"""Cells of a workbook that show an error (#REF!, #NV); the library that reads workbooks says they are empty.

What stands there is looked up in the file itself: the XML of XLSX and ODS, the records of XLS. Of XLSB
nothing is said.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.parsers import expat

from fieldtool.imports.biff import BiffBroken, NoWorkbook, error_codes

CHUNK = 1024 * 1024
OVERLAP = 4096
MOST = 10_000
MARK = b't="e"'
CELL = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*?\bt="e"[^>]*>(.*?)</(?:\w+:)?c>', re.DOTALL
)
SWAPPED = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\bt="e"[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>(.*?)</(?:\w+:)?c>', re.DOTALL
)
VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</")
SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
ODS_MARKS = (
    b'calcext:value-type="error"',
    b"#N/A",
    b"Err:5",
    b"#REF!",
    b"#DIV/0!",
    b"#VALUE!",
    b"#NAME?",
    b"#NUM!",
)
SHOWN_ERROR = re.compile(r"#(?:N/A|NV|REF!|BEZUG!|DIV/0!|VALUE!|WERT!|NAME\?|NUM!|ZAHL!|NULL!)|Err:5\d\d")
CODES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
Cells = Mapping[tuple[int, int], str]
"""What is shown, by row and column from 0."""


def error_cells(path: Path, kind: str, sheet: str) -> Cells:
    """Of one sheet; nothing where the file can't be looked into so far: its cells were read already."""
    finders: Mapping[str, Callable[[Path, str], Iterator[tuple[tuple[int, int], str]]]] = {
        "xlsx": _of_xlsx,
        "ods": _of_ods,
        "xls": _of_xls,
    }
    finder = finders.get(kind)
    if finder is None:
        return {}
    found: dict[tuple[int, int], str] = {}
    try:
        for place, shown in finder(path, sheet):
            found[place] = shown
            if len(found) >= MOST:
                break
    except (zipfile.BadZipFile, zlib.error, KeyError, expat.ExpatError, BiffBroken, NoWorkbook, EOFError):
        return found
    return found


def _of_xlsx(path: Path, sheet: str) -> Iterator[tuple[tuple[int, int], str]]:
    with zipfile.ZipFile(path) as archive:
        member = _sheet_member(archive, sheet)
        if member is None:
            return
        with archive.open(member) as file:
            for text in _around(file, MARK):
                for pattern in (CELL, SWAPPED):
                    for match in pattern.finditer(text):
                        value = VALUE.search(match[3])
                        shown = value[1].decode("utf-8", "replace") if value is not None else "#"
                        yield (int(match[2]) - 1, _column(match[1])), shown


def _around(file: IO[bytes], mark: bytes) -> Iterator[bytes]:
    """The pieces of a long text in which a mark stands, each up to the beginning of a row."""
    rest = b""
    while chunk := file.read(CHUNK):
        text = rest + chunk
        cut = text.rfind(b"<row")
        if cut <= 0:
            rest = text[-OVERLAP:] if mark not in text else text
            continue
        if mark in text[:cut]:
            yield text[:cut]
        rest = text[cut:]
    if mark in rest:
        yield rest


def _sheet_member(archive: zipfile.ZipFile, sheet: str) -> str | None:
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    ids = [
        next((value for key, value in told.items() if key.endswith(":id")), None)
        for told in (dict(ATTRIBUTE.findall(tag)) for tag in SHEET.findall(book))
        if _unescaped(told.get("name", "")) == sheet
    ]
    targets = {
        told.get("Id"): told.get("Target", "") for told in map(_attributes, RELATION.findall(relations))
    }
    target = targets.get(ids[0]) if ids else None
    return None if target is None else target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _attributes(tag: str) -> dict[str, str]:
    return dict(ATTRIBUTE.findall(tag))


def _unescaped(text: str) -> str:
    from xml.sax.saxutils import unescape

    return unescape(text, {"&quot;": '"', "&apos;": "'"})


def _column(letters: bytes) -> int:
    found = 0
    for letter in letters:
        found = 26 * found + letter - ord("A") + 1
    return found - 1


def _of_ods(path: Path, sheet: str) -> Iterator[tuple[tuple[int, int], str]]:
    with zipfile.ZipFile(path) as archive:
        content = archive.read("content.xml")
    if not any(mark in content for mark in ODS_MARKS):
        return
    reader = _Ods(sheet)
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.Parse(content, True)
    yield from reader.found.items()


@dataclass
class _Ods:
    """Follows rows and columns, which may stand for several."""

    sheet: str

    def __post_init__(self) -> None:
        self.found: dict[tuple[int, int], str] = {}
        self._inside = False
        self._row = self._column = 0
        self._rows = self._columns = 1
        self._shown: list[str] | None = None
        self._formula = False

    def start(self, tag: str, told: dict[str, str]) -> None:
        if tag == "table:table":
            self._inside = told.get("table:name") == self.sheet
            self._row = 0
        elif self._inside and tag == "table:table-row":
            self._column, self._rows = 0, int(told.get("table:number-rows-repeated", "1"))
        elif self._inside and tag in ("table:table-cell", "table:covered-table-cell"):
            self._columns = int(told.get("table:number-columns-repeated", "1"))
            self._formula = "table:formula" in told
            self._shown = []

    def text(self, words: str) -> None:
        if self._shown is not None:
            self._shown.append(words)

    def end(self, tag: str) -> None:
        if tag == "table:table":
            self._inside = False
        elif self._inside and tag == "table:table-row":
            self._row += self._rows
        elif self._inside and tag in ("table:table-cell", "table:covered-table-cell"):
            shown = "".join(self._shown or ()).strip()
            if self._formula and SHOWN_ERROR.fullmatch(shown) and len(self.found) < MOST:
                self.found[self._row, self._column] = shown
            self._column += self._columns
            self._shown = None


def _of_xls(path: Path, sheet: str) -> Iterator[tuple[tuple[int, int], str]]:
    for place, code in error_codes(path.read_bytes(), sheet):
        yield place, CODES.get(code, "#")
