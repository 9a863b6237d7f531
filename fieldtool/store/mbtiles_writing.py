"""An MBTiles file in the making: filled tile by tile, and gone on with after a kill or a lost network."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from fieldtool.store.connection import translated

JOB = "fieldtool:area"
"""What is being fetched, in the metadata: only the same is gone on with."""
ABSENT = "fieldtool_absent"
"""Tiles that the service does not have; not asked for again."""
APPLICATION_ID = 0x4D504258
OTHERS = ("-journal", "-wal", "-shm")


class TileWriting:
    """Raises the store's errors of a full or failing disk. What `keep` was told of is safe after `commit`."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    def has(self, zoom: int, column: int, row: int) -> bool:
        key = (zoom, column, 2**zoom - 1 - row)
        with _told(self.path):
            return any(
                self._connection.execute(
                    f"SELECT 1 FROM {table} WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?", key
                ).fetchone()
                for table in ("tiles", ABSENT)
            )

    def keep(self, zoom: int, column: int, row: int, data: bytes | None) -> None:
        """None: there is none."""
        key = (zoom, column, 2**zoom - 1 - row)
        with _told(self.path):
            if data is None:
                self._connection.execute(f"INSERT OR REPLACE INTO {ABSENT} VALUES (?, ?, ?)", key)
            else:
                self._connection.execute("INSERT OR REPLACE INTO tiles VALUES (?, ?, ?, ?)", (*key, data))

    def commit(self) -> None:
        with _told(self.path):
            self._connection.commit()

    def stored(self) -> tuple[int, int]:
        """Tiles, and the bytes of them."""
        with _told(self.path):
            found = self._connection.execute(
                "SELECT count(*), coalesce(sum(length(tile_data)), 0) FROM tiles"
            ).fetchone()
        return int(found[0]), int(found[1])

    def any_tile(self) -> bytes:
        """There is one."""
        with _told(self.path):
            return bytes(self._connection.execute("SELECT tile_data FROM tiles LIMIT 1").fetchone()[0])

    def describe(self, told: Mapping[str, str]) -> None:
        with _told(self.path):
            self._connection.executemany("INSERT OR REPLACE INTO metadata VALUES (?, ?)", told.items())

    def finish(self) -> None:
        with _told(self.path):
            self._connection.execute(f"DROP TABLE {ABSENT}")
            self._connection.commit()


@contextmanager
def tile_writing(path: Path, job: str) -> Iterator[TileWriting]:
    """Goes on with the file where it holds a part of the same job, else begins it anew."""
    if path.exists() and job_of(path) != job:
        remove(path)
    with _told(path), closing(sqlite3.connect(path)) as connection:
        _create(connection, job)
        yield TileWriting(path, connection)


def job_of(path: Path) -> str | None:
    """None where it is no file in the making. Opened for writing: a kill may have left a journal, and only
    who may write can roll it back."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            found = connection.execute("SELECT value FROM metadata WHERE name = ?", (JOB,)).fetchone()
    except sqlite3.Error:
        return None
    return None if found is None else str(found[0])


def settle(path: Path, mark: str) -> None:
    """Of a finished file that is in its place: instead of the job, whose address may hold a key, only a mark
    of it."""
    with _told(path), closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE metadata SET value = ? WHERE name = ?", (mark, JOB))
        connection.commit()


def counted(path: Path) -> tuple[int, int]:
    """Tiles, and the bytes of them."""
    with _told(path), closing(sqlite3.connect(path)) as connection:
        return TileWriting(path, connection).stored()


def remove(path: Path) -> None:
    for other in (path, *(path.with_name(path.name + suffix) for suffix in OTHERS)):
        other.unlink(missing_ok=True)


def put_in_place(partial: Path, target: Path) -> None:
    with partial.open("rb+") as stream:
        os.fsync(stream.fileno())
    partial.replace(target)


def _create(connection: sqlite3.Connection, job: str) -> None:
    """MBTiles 1.3, 2.1.1 and 3.1.1. All of it or nothing: without its job nobody knows what it is."""
    key = "zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER"
    unique = "PRIMARY KEY (zoom_level, tile_column, tile_row)"
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("CREATE TABLE IF NOT EXISTS metadata (name TEXT PRIMARY KEY, value TEXT)")
    connection.execute(f"CREATE TABLE IF NOT EXISTS tiles ({key}, tile_data BLOB, {unique})")
    connection.execute(f"CREATE TABLE IF NOT EXISTS {ABSENT} ({key}, {unique})")
    connection.execute("INSERT OR REPLACE INTO metadata VALUES (?, ?)", (JOB, job))
    connection.commit()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise translated(error, path) from error
