"""What this SQLite can do, for doctor."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SqliteFeatures:
    version: str
    fts5: bool
    rtree: bool


def sqlite_features() -> SqliteFeatures:
    with closing(sqlite3.connect(":memory:")) as connection:
        options = {row[0] for row in connection.execute("PRAGMA compile_options")}
    return SqliteFeatures(sqlite3.sqlite_version, "ENABLE_FTS5" in options, "ENABLE_RTREE" in options)
