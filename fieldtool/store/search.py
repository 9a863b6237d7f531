"""Full text over assets, off the save path.

An edit only notes the asset's seq in asset_texts_pending, in its own transaction. `fold` moves what is
noted into the index, after the commit; until then a search asks both, so that nothing is missed.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

from fieldtool.store.connection import Connection
from fieldtool.store.places import WITHIN, Box, within

TEXTS = """SELECT seq, casefold(number), casefold(name),
    (SELECT casefold(group_concat(value, ' ')) FROM json_each(attributes) WHERE type = 'text')
    FROM assets WHERE seq IN (SELECT seq FROM asset_texts_pending) ORDER BY seq"""
TOKENS = "number, name, attributes, tokenize = 'unicode61 remove_diacritics 2'"
FOLDED_AT_ONCE = 20_000


def expression(text: str) -> str | None:
    """Every word must occur, the last letters of each may be missing; None where there is no word."""
    words = re.findall(r"\w+", text.casefold())
    return " ".join(f'"{word}"*' for word in words) or None


def note(connection: Connection, seq: int) -> None:
    connection.execute("INSERT OR IGNORE INTO asset_texts_pending VALUES (?)", (seq,))


def note_from(connection: Connection, first: int) -> None:
    """Every asset whose seq is `first` or later."""
    connection.execute(
        "INSERT OR IGNORE INTO asset_texts_pending SELECT seq FROM assets WHERE seq >= ?", (first,)
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
    connection.execute(
        "INSERT INTO asset_texts(rowid, number, name, attributes) "
        + TEXTS.replace("(SELECT seq FROM asset_texts_pending)", portion)
    )
    connection.execute(f"DELETE FROM asset_texts_pending WHERE seq IN {portion}")


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
    texts = connection.rows(TEXTS)
    if not texts:
        return []
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as scratch:
        scratch.execute(f"CREATE VIRTUAL TABLE texts USING fts5({TOKENS})")
        scratch.executemany("INSERT INTO texts(rowid, number, name, attributes) VALUES (?, ?, ?, ?)", texts)
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
