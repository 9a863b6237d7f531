"""From any earlier schema to this program's: numbered, append-only, each in a transaction."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from fieldtool.store import schema_0001, schema_0002, schema_0003, schema_0004
from fieldtool.store.connection import Connection, system_errors, translated
from fieldtool.store.errors import DatabaseForeign, DatabaseNewer

APPLICATION_ID = 0x46544C31
"""In the file's header ("FTL1"), so that another program's SQLite file is known as such."""

Migration = tuple[str, ...]
MIGRATIONS: tuple[Migration, ...] = (
    schema_0001.STATEMENTS,
    schema_0002.STATEMENTS,
    schema_0003.STATEMENTS,
    schema_0004.STATEMENTS,
)


def schema_version(connection: Connection) -> int:
    """0 for an empty file. Raises DatabaseForeign, DatabaseNewer."""
    version = int(connection.value("PRAGMA user_version"))
    empty = not connection.value("SELECT count(*) FROM sqlite_schema")
    if not empty and connection.value("PRAGMA application_id") != APPLICATION_ID:
        raise DatabaseForeign(str(connection.path))
    if version > len(MIGRATIONS):
        raise DatabaseNewer(str(connection.path), version)
    return 0 if empty else version


class SchemaOlder(Exception):
    """A reader found an earlier schema: somebody with the lock has to migrate first."""


def require_current(connection: Connection) -> None:
    """Raises SchemaOlder, DatabaseForeign, DatabaseNewer."""
    if schema_version(connection) < len(MIGRATIONS):
        raise SchemaOlder


def migrate(connection: Connection, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """The caller holds the profile's lock. A kill leaves the schema before or after a migration."""
    found = schema_version(connection)
    for number in range(found + 1, len(migrations) + 1):
        if found:
            backup(connection, number - 1)
        with connection.transaction():
            for statement in migrations[number - 1]:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version={number}")


def backup(connection: Connection, schema: int) -> Path:
    """A whole copy in backups/ beside the database; what stands under its name is complete."""
    folder = connection.path.parent / "backups"
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    kept = folder / f"schema-{schema:04}-{stamp}.sqlite"
    partial = kept.with_suffix(".partial")
    with system_errors(connection.path):
        folder.mkdir(exist_ok=True)
        try:
            _copy(connection, partial)
            _sync(partial)
            partial.replace(kept)
            _sync(folder)
        finally:
            with suppress(FileNotFoundError):
                partial.unlink()
    return kept


def _copy(connection: Connection, path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as copy:
            connection.raw.backup(copy)
            # A copy of its own, without a WAL beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise translated(error, connection.path) from error


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows can't open a folder; its rename is durable by the file system's journal.
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
