"""Features of a long file, read from it line by line when they are wanted: a hundred megabytes of them need
no more memory than one.

Only the place of each line is kept. Files whose features do not stand in lines of their own are written so
first, beside, in a temporary file.
"""

from __future__ import annotations

import tempfile
import weakref
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, overload

import orjson

from fieldtool.imports.source import Row
from fieldtool.jsontypes import Json

LONGEST_LINE = 64 * 1024 * 1024
LONGEST_FRAME = 1024 * 1024
AT_ONCE = 200
LONGEST_BLOCK = 4 * 1024 * 1024
"""Features that are parsed in one go, and how many bytes they may be."""
AROUND = b" \t\r\n,"
MARK = b"\xef\xbb\xbf"
MakeRow = Callable[[int, Json], Row]


@dataclass(frozen=True, slots=True)
class Lines:
    """`starts` of every feature's line; `frame` is the document without its features, None for a file that is
    nothing but lines."""

    starts: array[int]
    frame: bytes | None


class FeatureRows(Sequence[Row]):
    """Of a file that stays open as long as these rows are held."""

    def __init__(self, file: BinaryIO, starts: array[int], make: MakeRow) -> None:
        self._file, self._starts, self._make = file, starts, make
        weakref.finalize(self, file.close)

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[Row]:
        for number, member in enumerate(self.members(), start=1):
            yield self._make(number, member)

    def members(self) -> Iterator[Json]:
        """Before they are rows. Raises ValueError."""
        starts = self._starts
        for begin in range(0, len(starts), AT_ONCE):
            part = starts[begin : begin + AT_ONCE + 1]
            yield from self._together(part) or self._one_by_one(part[:AT_ONCE])

    def _together(self, starts: array[int]) -> list[Json] | None:
        """What stands between the first and the last start; None where that is too much, too little, or
        better looked at line by line."""
        length = starts[-1] - starts[0]
        if len(starts) <= AT_ONCE or length > LONGEST_BLOCK:
            return None
        self._file.seek(starts[0])
        return _parsed_together(self._file.read(length), AT_ONCE)

    def _one_by_one(self, starts: array[int]) -> Iterator[Json]:
        for start in starts:
            self._file.seek(start)
            yield parsed(self._file.readline())

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        number = range(1, len(self) + 1)[index]
        self._file.seek(self._starts[index])
        return self._make(number, parsed(self._file.readline()))


def _parsed_together(block: bytes, count: int) -> list[Json] | None:
    """What the lines of a block hold, with commas at their ends or without; None where that is no JSON, or
    not so many values."""
    text = block.rstrip(AROUND)
    if b"},\n" not in text:
        text = text.replace(b"}\n", b"},\n")
    try:
        found: list[Json] = orjson.loads(b"[%b]" % text)
    except orjson.JSONDecodeError:
        return None
    return found if len(found) == count else None


def parsed(line: bytes) -> Json:
    """Raises ValueError."""
    found: Json = orjson.loads(line.strip(AROUND))
    return found


def lines_of(file: BinaryIO) -> Lines | None:
    """None where features do not stand one to a line."""
    head = bytearray()
    starts = array("Q")
    file.seek(0)
    while True:
        start = file.tell()
        line = file.readline(LONGEST_LINE)
        if not line:
            return None
        text = line.removeprefix(MARK).strip()
        if not head and text.startswith(b"{") and _is_object(text):
            return _plain_lines(file)
        head += line.removeprefix(MARK)
        if text.endswith(b"[") and b'"features"' in head:
            break
        if start > LONGEST_LINE or not line.endswith(b"\n"):
            return None
    tail = _feature_lines(file, starts)
    return None if tail is None else Lines(starts, bytes(head) + tail)


def _feature_lines(file: BinaryIO, starts: array[int]) -> bytes | None:
    """The rest of the document behind the features."""
    start = file.tell()
    while True:
        line = file.readline(LONGEST_LINE)
        text = line.strip(AROUND)
        if text.startswith(b"]"):
            return line + file.read(LONGEST_FRAME)
        if not line or (text and not (text.startswith(b"{") and text.endswith(b"}"))):
            return None
        if text:
            starts.append(start)
        start += len(line)


def _plain_lines(file: BinaryIO) -> Lines | None:
    starts = array("Q")
    file.seek(0)
    while True:
        start = file.tell()
        line = file.readline(LONGEST_LINE)
        if not line:
            return Lines(starts, None) if len(starts) > 1 else None
        text = line.removeprefix(MARK).strip()
        if text and not text.startswith(b"{"):
            return None
        if text:
            starts.append(start + (len(MARK) if not start and line.startswith(MARK) else 0))


def _is_object(text: bytes) -> bool:
    try:
        return isinstance(orjson.loads(text), dict)
    except orjson.JSONDecodeError:
        return False


def spooled(file: BinaryIO) -> tuple[BinaryIO, Lines] | None:
    """The features of a document of any layout, one to a line. None where it has none, or is no JSON."""
    import ijson

    copy = tempfile.TemporaryFile(prefix="fieldtool-import-")  # noqa: SIM115 - it lives as long as its rows
    starts = array("Q")
    frame: dict[str, Json] = {}
    file.seek(0)
    begin = len(MARK) if file.read(len(MARK)) == MARK else 0
    try:
        file.seek(begin)
        for feature in ijson.items(file, "features.item", use_float=True):
            starts.append(copy.tell())
            copy.write(orjson.dumps(feature) + b"\n")
        for name in ("type", "crs"):
            file.seek(begin)
            found = next(iter(ijson.items(file, name, use_float=True)), None)
            if found is not None:
                frame[name] = found
    except (ijson.JSONError, UnicodeDecodeError, TypeError):
        copy.close()
        return None
    if not starts:
        copy.close()
        return None
    return copy, Lines(starts, orjson.dumps({**frame, "features": []}))
