"""The R-tree written in one go: its nodes are packed here instead of being grown entry by entry.

Format of the nodes: header of SQLite's rtree.c (two bytes depth in the root, two bytes count, then an id of
eight bytes and the box as 32-bit floats, all big-endian). GDAL fills the trees of its GeoPackages the same
way. SQLite's own `rtreecheck` judges the outcome in the tests.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, compress
from math import ceil, sqrt
from typing import TYPE_CHECKING, Any

from fieldtool.store.connection import Connection

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

ENTRY_BYTES = 24
MOST_ENTRIES = 51
"""Per node: what SQLite itself allows for a page of 4096 bytes."""
ROOT = 1


@dataclass(slots=True)
class Boxes:
    """`edges` are west, south, east, north of each, in degrees."""

    keys: array[int] = field(default_factory=lambda: array("q"))
    edges: array[float] = field(default_factory=lambda: array("d"))

    def __len__(self) -> int:
        return len(self.keys)

    def add(self, keys: Iterable[int], boxes: Sequence[tuple[float, float, float, float] | None]) -> None:
        """What has no box is left out."""
        self.keys.extend(compress(keys, (box is not None for box in boxes)))
        self.edges.extend(chain.from_iterable(box for box in boxes if box is not None))

    def __iter__(self) -> Iterator[tuple[int, tuple[float, float, float, float]]]:
        edges = iter(self.edges)
        return zip(self.keys, zip(edges, edges, edges, edges, strict=True), strict=True)

    def shorten(self, length: int) -> None:
        del self.keys[length:]
        del self.edges[4 * length :]


def can_be_written(connection: Connection) -> bool:
    """A SQLite that guards its own tables (built or set "defensive") refuses."""
    try:
        connection.raw.execute("UPDATE asset_boxes_node SET data = data WHERE 0")
    except sqlite3.OperationalError:
        return False
    return _entries_per_node(connection) == MOST_ENTRIES


def add_packed(connection: Connection, boxes: Boxes) -> None:
    """The tree of what is there and of `boxes`, packed anew. Inside a transaction."""
    import numpy as np

    there = connection.rows("SELECT rowid, a0, a1, a2, a3 FROM asset_boxes_rowid")
    old = np.array(there, dtype="f8").reshape(len(there), 5)
    old_keys = np.array([row[0] for row in there], dtype="i8")
    new = np.frombuffer(boxes.edges, dtype="f8").reshape(len(boxes), 4)
    keys = np.concatenate([old_keys, np.frombuffer(boxes.keys, dtype="i8")])
    # Aux columns of the old are west, east, south, north; of the new west, south, east, north.
    exact = np.concatenate([old[:, 1:], new[:, [0, 2, 1, 3]]])
    order = _in_tiles(exact)
    keys, exact = keys[order], exact[order]
    connection.execute("DELETE FROM asset_boxes_node")
    connection.execute("DELETE FROM asset_boxes_parent")
    connection.execute("DELETE FROM asset_boxes_rowid")
    _write(connection, keys, exact)


def _in_tiles(exact: Array) -> Array:
    """Sort-tile-recursive: strips from west to east, each from south to north, full nodes."""
    import numpy as np

    middle = (exact[:, 0] + exact[:, 1], exact[:, 2] + exact[:, 3])
    by_west = np.argsort(middle[0], kind="stable")
    strip = MOST_ENTRIES * max(1, ceil(sqrt(len(exact) / MOST_ENTRIES)))
    strips = np.empty(len(exact), dtype="i8")
    strips[by_west] = np.arange(len(exact)) // strip
    return np.lexsort((middle[1], strips))


def _write(connection: Connection, keys: Array, exact: Array) -> None:
    import numpy as np

    ids, outer = keys, _outwards(exact)
    levels: list[tuple[Array, Array]] = [(ids, outer)]
    while len(levels[-1][0]) > MOST_ENTRIES:
        outer = levels[-1][1]
        starts = np.arange(0, len(outer), MOST_ENTRIES)
        outer = np.stack(
            [(np.minimum, np.maximum)[edge % 2].reduceat(outer[:, edge], starts) for edge in range(4)],
            axis=1,
        )
        levels.append((np.zeros(len(starts), dtype="i8"), outer))
    next_node = ROOT + 1
    depth = len(levels) - 1
    numbers: list[Array] = []
    for level in range(depth):
        count = ceil(len(levels[level][0]) / MOST_ENTRIES)
        numbers.append(np.arange(next_node, next_node + count))
        levels[level + 1][0][:] = numbers[level]
        next_node += count
    numbers.append(np.array([ROOT]))
    for level, (ids, outer) in enumerate(levels):
        _write_nodes(connection, numbers[level], ids, outer, depth if level == depth else 0)
        if level < depth:
            parents = numbers[level + 1][np.arange(len(numbers[level])) // MOST_ENTRIES]
            connection.executemany(
                "INSERT INTO asset_boxes_parent VALUES (?, ?)",
                zip(numbers[level].tolist(), parents.tolist(), strict=True),
            )
    holders = numbers[0][np.arange(len(keys)) // MOST_ENTRIES]
    by_key = np.argsort(keys)
    connection.executemany(
        "INSERT INTO asset_boxes_rowid VALUES (?, ?, ?, ?, ?, ?)",
        zip(
            keys[by_key].tolist(),
            holders[by_key].tolist(),
            *(exact[by_key, edge].tolist() for edge in range(4)),
            strict=True,
        ),
    )


def _outwards(exact: Array) -> Array:
    """As 32-bit floats, no box smaller than it was."""
    import numpy as np

    outer = exact.astype("f4")
    for edge, away in enumerate((-np.inf, np.inf, -np.inf, np.inf)):
        column = outer[:, edge]
        inside = column > exact[:, edge] if away < 0 else column < exact[:, edge]
        column[inside] = np.nextafter(column[inside], np.float32(away))
    return outer


def _write_nodes(connection: Connection, numbers: Array, ids: Array, outer: Array, depth: int) -> None:
    import numpy as np

    entries = np.zeros(len(ids), dtype=[("id", ">i8"), ("box", ">f4", 4)])
    entries["id"], entries["box"] = ids, outer
    packed = entries.tobytes()
    full = 4 + MOST_ENTRIES * ENTRY_BYTES

    def node(index: int) -> bytes:
        part = packed[index * MOST_ENTRIES * ENTRY_BYTES : (index + 1) * MOST_ENTRIES * ENTRY_BYTES]
        head = depth.to_bytes(2, "big") + (len(part) // ENTRY_BYTES).to_bytes(2, "big")
        return (head + part).ljust(full, b"\0")

    connection.executemany(
        "INSERT INTO asset_boxes_node VALUES (?, ?)",
        ((number, node(index)) for index, number in enumerate(numbers.tolist())),
    )


def _entries_per_node(connection: Connection) -> int:
    length = connection.value("SELECT length(data) FROM asset_boxes_node WHERE nodeno = ?", (ROOT,))
    return 0 if length is None else (int(length) - 4) // ENTRY_BYTES
