"""The index of a shapefile (.shx): where each shape begins. A damaged entry costs no other its shape."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HEADER = 100
RECORD_HEADER = 8
ENTRY = 8
LENGTH_AT = 24
"""Of both files, in words of 16 bits, as every length and place in them."""
NULL_RECORD = struct.pack(">ii", 0, 2) + bytes(4)


@dataclass(frozen=True, slots=True)
class _Found:
    """A record met while reading the shapes one after the other."""

    number: int
    offset: int
    length: int


def mend(shapes: Path, index: Path) -> frozenset[int]:
    """Both files are written anew where an entry leads to no shape: it is found again by reading the shapes
    one after the other. Returns the positions of those that are not; they are left empty."""
    broken = _broken(shapes, index)
    if not broken:
        return frozenset()
    entries = bytearray(index.read_bytes())
    walked = list(_walk(shapes))
    count = (len(entries) - HEADER) // ENTRY
    known = {_entry(entries, key)[0] for key in range(count) if key not in broken}
    free = {one.number: one for one in walked if one.offset not in known}
    lost: set[int] = set()
    for key in sorted(broken):
        found = walked[key] if len(walked) == count and walked[key].offset not in known else free.get(key + 1)
        if found is None:
            lost.add(key)
        else:
            struct.pack_into(">ii", entries, HEADER + key * ENTRY, found.offset // 2, found.length // 2)
    if lost:
        end = _append_nothing(shapes)
        for key in lost:
            struct.pack_into(">ii", entries, HEADER + key * ENTRY, end // 2, 2)
    index.write_bytes(entries)
    return frozenset(lost)


def _broken(shapes: Path, index: Path) -> frozenset[int]:
    """Entries that lead out of the file, or to a record of another length."""
    import numpy as np

    data = np.memmap(shapes, dtype="u1", mode="r")
    entries = np.frombuffer(index.read_bytes()[HEADER:], dtype=">i4")
    offsets, lengths = (2 * entries[at : len(entries) // 2 * 2 : 2].astype("i8") for at in (0, 1))
    inside = (offsets >= HEADER) & (lengths >= 4) & (offsets + RECORD_HEADER + lengths <= len(data))
    starts = np.where(inside, offsets + 4, 0)
    said = data[starts[:, None] + np.arange(4)].astype("i8") @ np.array([1 << 24, 1 << 16, 1 << 8, 1])
    twice = np.ones(len(offsets), dtype=bool)
    twice[np.unique(offsets, return_index=True)[1]] = False
    right = inside & (2 * said == lengths) & ~twice
    return frozenset(np.flatnonzero(~right).tolist())


def _walk(shapes: Path) -> Iterator[_Found]:
    """Up to the first record that is none."""
    size = shapes.stat().st_size
    with shapes.open("rb") as file:
        at = HEADER
        while at + RECORD_HEADER <= size:
            file.seek(at)
            number, words = struct.unpack(">ii", file.read(RECORD_HEADER))
            if words < 2 or at + RECORD_HEADER + 2 * words > size:
                return
            yield _Found(number, at, 2 * words)
            at += RECORD_HEADER + 2 * words


def _entry(entries: bytes | bytearray, key: int) -> tuple[int, int]:
    offset, length = struct.unpack_from(">ii", entries, HEADER + key * ENTRY)
    return 2 * offset, 2 * length


def _append_nothing(shapes: Path) -> int:
    """Where the empty shape begins."""
    with shapes.open("rb+") as file:
        end = file.seek(0, 2)
        end += file.write(bytes(end % 2))
        file.write(NULL_RECORD)
        file.seek(LENGTH_AT)
        file.write(struct.pack(">i", (end + len(NULL_RECORD)) // 2))
    return end
