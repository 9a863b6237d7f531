"""The words of the full-text index, each with how many assets have it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from fieldtool.store.connection import connect

FIRST, BEHIND_LAST = "a", "{"
"""Words that begin with a letter from a to z: the index has them without dots and accents."""
AT_ONCE = 5000


def words(path: Path) -> Iterator[tuple[str, int]]:
    """In the order of the alphabet. On a connection of its own: a table over the index is made there, which
    is temporary, but a reader may make none."""
    connection = connect(path, write=False)
    with closing(connection):
        connection.execute("PRAGMA query_only = OFF")
        connection.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, asset_texts, row)")
        connection.execute("PRAGMA query_only = ON")
        rows = connection.execute(
            "SELECT term, doc FROM temp.words WHERE term >= ? AND term < ?", (FIRST, BEHIND_LAST)
        )
        while some := rows.fetchmany(AT_ONCE):
            yield from some
