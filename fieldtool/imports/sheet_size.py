"""How large a workbook gets once it is read, told before it is.

The library that reads workbooks keeps every cell up to the last one that says something, and one stray cell
in the last corner of a sheet (XFD1048576) would end the whole program for want of memory.
"""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile, is_zipfile

from fieldtool.imports.errors import FormatUnknown, TableBroken
from fieldtool.imports.unpack import chunks, opened_member, opened_zip
from fieldtool.texts import _

COLUMN_LIMIT = 2000
CELL_LIMIT = 60_000_000
OVERLAP = 128
ROW = re.compile(rb'row [^>]*?\br="(\d+)"')
WIDE_CELL = re.compile(rb' r="([A-Z]{2,3})\d+"')
"""Both begin with letters, which makes the search many times faster."""
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
PARTS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")


def check_size(path: Path) -> None:
    """Raises FormatUnknown, TableBroken, UnpackedTooLarge, FileDamaged, FileUnreadable."""
    if not is_zipfile(path):
        return
    with opened_zip(path) as archive:
        if not set(PARTS) & set(archive.namelist()):
            raise FormatUnknown(str(path), "")
        unpacked = 0
        for name in archive.namelist():
            unpacked = _check_part(path, archive, name, unpacked)


def _check_part(path: Path, archive: ZipFile, name: str, before: int) -> int:
    """How many bytes there are with this part."""
    sheet = SHEET.fullmatch(name) is not None
    last, width, rest, size = 0, 26, b"", before
    with opened_member(path, archive, name) as part:
        for chunk in chunks(path, part, before):
            size += len(chunk)
            if sheet:
                rest += chunk
                last = max(last, max(map(int, ROW.findall(rest)), default=0))
                width = max(width, max(map(column_index, set(WIDE_CELL.findall(rest))), default=0))
                rest = rest[-OVERLAP:]
    if width > COLUMN_LIMIT:
        raise TableBroken(str(path), last, _("more than {limit} columns").format(limit=COLUMN_LIMIT))
    if last * width > CELL_LIMIT:
        reason = _("a cell far away from all others makes the sheet too large")
        raise TableBroken(str(path), last, reason)
    return size


def column_index(letters: bytes) -> int:
    """From 1: A, Z, AA."""
    index = 0
    for letter in letters:
        index = 26 * index + letter - 64
    return index
