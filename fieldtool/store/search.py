"""Full text over assets, off the save path.

An edit only notes the asset's seq in asset_texts_pending, in its own transaction. `fold` moves what is
noted into the index, after the commit; until then a search asks both, so that nothing is missed.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing

from fieldtool.jsontypes import Json
from fieldtool.store.connection import Connection
from fieldtool.store.places import WITHIN, Box, within

STORED = "SELECT seq, number, name, attributes FROM assets WHERE seq IN"
TOKENS = "number, name, attributes, tokenize = 'unicode61 remove_diacritics 2'"
FOLDED_AT_ONCE = 20_000
FILLING = {"automerge": 0, "hashsize": 16 * 1024 * 1024}
USUAL = {"automerge": 4, "hashsize": 1024 * 1024}
"""FTS5's own: how many of one level are merged at once (0: none), how much waits in memory for the index."""
Entry = tuple[int, str | None, str | None, str | None]


def expression(text: str) -> str | None:
    """Every word must occur, the last letters of each may be missing; None where there is no word."""
    words = re.findall(r"\w+", text.casefold())
    return " ".join(f'"{word}"*' for word in words) or None


def note(connection: Connection, seq: int) -> None:
    connection.execute("INSERT OR IGNORE INTO asset_texts_pending VALUES (?)", (seq,))


def note_many(connection: Connection, seqs: Iterable[int]) -> None:
    connection.executemany("INSERT OR IGNORE INTO asset_texts_pending VALUES (?)", ((seq,) for seq in seqs))


def entries(
    seqs: Iterable[int],
    numbers: Iterable[str | None],
    names: Iterable[str | None],
    attributes: Iterable[Mapping[str, Json]],
) -> Iterator[Entry]:
    """What is searched of assets; ß as ss, which SQLite's own folding leaves alone."""
    words = [" ".join([value for value in one.values() if type(value) is str]) for one in attributes]
    return zip(
        seqs,
        [number and number.casefold() for number in numbers],
        [name and name.casefold() for name in names],
        [word.casefold() or None for word in words],
        strict=True,
    )


def tune(connection: Connection, options: Mapping[str, int]) -> None:
    """Many texts are written in few large pieces; later ones merge them, behind the save."""
    connection.executemany("INSERT INTO asset_texts(asset_texts, rank) VALUES (?, ?)", options.items())


def add(connection: Connection, new: Iterable[Entry]) -> None:
    """Straight into the index, of assets that are new."""
    connection.executemany(
        "INSERT INTO asset_texts(rowid, number, name, attributes) VALUES (?, ?, ?, ?)", new
    )


def pending(connection: Connection) -> int:
    return int(connection.value("SELECT count(*) FROM asset_texts_pending"))


def fold(connection: Connection) -> None:
    """A transaction of its own for each portion, so that a kill loses only one portion's work."""
    while pending(connection):
        with connection.transaction():
            fold_portion(connection)


def fold_portion(connection: Connection) -> None:
    portion = f"(SELECT seq FROM asset_texts_pending ORDER BY seq LIMIT {FOLDED_AT_ONCE})"
    connection.execute(f"DELETE FROM asset_texts WHERE rowid IN {portion}")
    add(connection, _stored_texts(connection, portion))
    connection.execute(f"DELETE FROM asset_texts_pending WHERE seq IN {portion}")


def _stored_texts(connection: Connection, wanted: str) -> list[Entry]:
    """`wanted` is a list of seqs in SQL."""
    rows = connection.rows(f"{STORED} {wanted} ORDER BY seq")
    if not rows:
        return []
    seqs, numbers, names, attributes = zip(*rows, strict=True)
    return list(entries(seqs, numbers, names, map(json.loads, attributes)))


def matches(
    connection: Connection, wanted: str, box: Box | None, asset_class: str | None, after: int, limit: int
) -> list[int]:
    """The seqs above `after` of the assets that match, in order; `wanted` is an `expression`."""
    conditions = [
        "asset_texts MATCH ?",
        "f.rowid > ?",
        "f.rowid NOT IN (SELECT seq FROM asset_texts_pending)",
    ]
    parameters: list[object] = [wanted, after]
    joined = ""
    if box is not None:
        joined += " CROSS JOIN asset_boxes b ON b.seq = f.rowid"
        conditions.append(WITHIN)
        parameters += within(box)
    if asset_class is not None:
        joined += " CROSS JOIN assets a ON a.seq = f.rowid"
        conditions.append("a.asset_class = ?")
        parameters.append(asset_class)
    sql = (
        f"SELECT f.rowid FROM asset_texts f{joined} WHERE {' AND '.join(conditions)} ORDER BY f.rowid LIMIT ?"
    )
    folded = [row[0] for row in connection.rows(sql, (*parameters, limit))]
    fresh = _pending_matches(connection, wanted, box, asset_class, after)
    return sorted({*folded, *fresh})[:limit]


def _pending_matches(
    connection: Connection, wanted: str, box: Box | None, asset_class: str | None, after: int
) -> list[int]:
    fresh = _stored_texts(connection, "(SELECT seq FROM asset_texts_pending)")
    if not fresh:
        return []
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as scratch:
        scratch.execute(f"CREATE VIRTUAL TABLE texts USING fts5({TOKENS})")
        scratch.executemany("INSERT INTO texts(rowid, number, name, attributes) VALUES (?, ?, ?, ?)", fresh)
        found = scratch.execute(
            "SELECT rowid FROM texts WHERE texts MATCH ? AND rowid > ?", (wanted, after)
        ).fetchall()
    return [seq for (seq,) in found if _fits(connection, seq, box, asset_class)]


def _fits(connection: Connection, seq: int, box: Box | None, asset_class: str | None) -> bool:
    if asset_class is not None:
        found = connection.value("SELECT asset_class FROM assets WHERE seq = ?", (seq,))
        if found != asset_class:
            return False
    if box is None:
        return True
    condition = f"SELECT 1 FROM asset_boxes b WHERE b.seq = ? AND {WITHIN}"
    return connection.value(condition, (seq, *within(box))) is not None
