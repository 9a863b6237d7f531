"""Whether a workbook of Excel 97 (MS-XLS within MS-CFB) is whole, before it is read.

The library that reads workbooks trusts these: sent out of the file it ends with a panic, and a cell in a
column that Excel never had takes all memory.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

LAST_SECTOR = 0xFFFFFFFA
"""Above are marks: free, end of chain."""
ENTRY = 128
NAMES = ("Workbook", "Book")
END_OF_PART, PASSWORD, SHEET = 0x000A, 0x002F, 0x0085
CELLS = (0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E)
COLUMNS = 256
ERROR_OR_TRUTH, FORMULA = 0x0205, 0x0006
GAVE_ERROR, NO_NUMBER = 2, b"\xff\xff"
"""Within the eight bytes of what a formula gave."""


class BiffBroken(ValueError):
    pass


class NoWorkbook(ValueError):
    """A container, but of another program's document."""


def check_biff(data: bytes) -> None:
    """Nothing is said of one with a password: its cells are not readable. Raises BiffBroken, NoWorkbook."""
    try:
        stream = _stream(data)
        parts = list(_records(stream, 0))
        if any(kind == PASSWORD for kind, _at, _size in parts):
            return
        sheets = [struct.unpack_from("<I", stream, at)[0] for kind, at, _size in parts if kind == SHEET]
        for sheet in sheets:
            for kind, at, size in _records(stream, sheet):
                if kind in CELLS:
                    _check_cell(stream, at, size)
    except (struct.error, IndexError) as error:
        raise BiffBroken(str(error)) from error


def error_codes(data: bytes, sheet: str) -> Iterator[tuple[tuple[int, int], int]]:
    """Row and column from 0 of each cell of a sheet that holds an error, or a formula that gave one, with
    the error's code. Raises BiffBroken, NoWorkbook."""
    try:
        stream = _stream(data)
        for kind, at, size in _records(stream, 0):
            if kind == SHEET and _sheet_name(stream[at : at + size]) == sheet:
                yield from _errors_of(stream, struct.unpack_from("<I", stream, at)[0])
    except (struct.error, IndexError) as error:
        raise BiffBroken(str(error)) from error


def _sheet_name(record: bytes) -> str:
    count, wide = record[6], record[7] & 1
    return record[8 : 8 + count * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _errors_of(stream: bytes, start: int) -> Iterator[tuple[tuple[int, int], int]]:
    for kind, at, size in _records(stream, start):
        if kind == ERROR_OR_TRUTH and size >= 8 and stream[at + 7]:
            code = stream[at + 6]
        elif (
            kind == FORMULA
            and size >= 14
            and stream[at + 6] == GAVE_ERROR
            and stream[at + 12 : at + 14] == NO_NUMBER
        ):
            code = stream[at + 8]
        else:
            continue
        row, column = struct.unpack_from("<HH", stream, at)
        yield (row, column), code


def _check_cell(stream: bytes, at: int, size: int) -> None:
    column = struct.unpack_from("<H", stream, at + 2)[0]
    if size < 6 or column >= COLUMNS:
        raise BiffBroken("cell")


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place and size of each, up to the end of this part."""
    at = start
    while True:
        kind, size = struct.unpack_from("<HH", stream, at)
        if at + 4 + size > len(stream):
            raise BiffBroken("record")
        if kind == END_OF_PART:
            return
        yield kind, at + 4, size
        at += 4 + size


def _stream(data: bytes) -> bytes:
    container = _Container(data)
    root, *entries = container.entries()
    for name, start, size in entries:
        if name in NAMES:
            small = size < container.cutoff
            found = container.small_stream(root[1], start) if small else container.chain(start)
            if len(found) < size:
                raise BiffBroken(name)
            return found[:size]
    raise NoWorkbook


class _Container:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = 1 << struct.unpack_from("<H", data, 30)[0]
        if self.size not in (512, 4096):
            raise BiffBroken("sector")
        count, self.directory = struct.unpack_from("<II", data, 44)
        self.cutoff, self.small_table = struct.unpack_from("<II", data, 56)
        following = struct.unpack_from("<I", data, 68)[0]
        places = [place for place in struct.unpack_from("<109I", data, 76) if place < LAST_SECTOR]
        while following < LAST_SECTOR and len(places) < count:
            *more, following = self._numbers(self._sector(following))
            places += [place for place in more if place < LAST_SECTOR]
        self.table = [number for place in places[:count] for number in self._numbers(self._sector(place))]

    def entries(self) -> list[tuple[str, int, int]]:
        """Name, first sector and size; the first is the root."""
        directory = self.chain(self.directory)
        found = []
        for at in range(0, len(directory), ENTRY):
            length = struct.unpack_from("<H", directory, at + 64)[0]
            name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<II", directory, at + 116)
            found.append((name, start, size))
        if not found:
            raise BiffBroken("directory")
        return found

    def chain(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in self._links(self.table, start))

    def small_stream(self, root: int, start: int) -> bytes:
        """Short streams lie together in one of the root's, in pieces of 64 bytes."""
        pieces, table = self.chain(root), self._numbers(self.chain(self.small_table))
        return b"".join(pieces[64 * number : 64 * number + 64] for number in self._links(table, start))

    def _links(self, table: list[int], start: int) -> Iterator[int]:
        number = start
        for _step in range(len(table) + 1):
            if number >= LAST_SECTOR:
                return
            yield number
            number = table[number]
        raise BiffBroken("chain")

    def _sector(self, number: int) -> bytes:
        found = self.data[(number + 1) * self.size : (number + 2) * self.size]
        if len(found) < self.size:
            raise BiffBroken("sector")
        return found

    @staticmethod
    def _numbers(data: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(data) // 4}I", data))
