"""An MBTiles file that grows while an area is fetched: after a kill it holds what was committed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from fieldtool.store.connection import system_errors, translated

TABLES = """
CREATE TABLE IF NOT EXISTS metadata (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tiles (
  zoom_level INTEGER NOT NULL, tile_column INTEGER NOT NULL, tile_row INTEGER NOT NULL,
  tile_data BLOB NOT NULL, PRIMARY KEY (zoom_level, tile_column, tile_row)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS nothing_there (
  zoom_level INTEGER NOT NULL, tile_column INTEGER NOT NULL, tile_row INTEGER NOT NULL,
  PRIMARY KEY (zoom_level, tile_column, tile_row)
) WITHOUT ROWID;
"""


class GrowingTiles:
    """Rows count from the north, as everywhere but in the file. Raises DiskFull, DiskFailed …"""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection, self._path = connection, path

    def tell(self, facts: Mapping[str, str]) -> None:
        with _errors(self._path):
            self._connection.executemany(
                "INSERT INTO metadata VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                list(facts.items()),
            )

    def told(self) -> dict[str, str]:
        with _errors(self._path):
            return dict(self._connection.execute("SELECT name, value FROM metadata").fetchall())

    def known(self, zoom: int, column: int, first: int, last: int) -> set[int]:
        """Of a column, the rows that need not be asked for again."""
        flip = 2**zoom - 1
        sql = "SELECT tile_row FROM {} WHERE zoom_level = ? AND tile_column = ? AND tile_row BETWEEN ? AND ?"
        place = (zoom, column, flip - last, flip - first)
        with _errors(self._path):
            return {
                flip - row
                for table in ("tiles", "nothing_there")
                for (row,) in self._connection.execute(sql.format(table), place)
            }

    def add(self, zoom: int, column: int, row: int, data: bytes | None) -> None:
        """None: the service has nothing there."""
        place = (zoom, column, 2**zoom - 1 - row)
        with _errors(self._path):
            if data is None:
                self._connection.execute("INSERT OR IGNORE INTO nothing_there VALUES (?, ?, ?)", place)
            else:
                self._connection.execute("INSERT OR REPLACE INTO tiles VALUES (?, ?, ?, ?)", (*place, data))

    def commit(self) -> None:
        with _errors(self._path):
            self._connection.commit()

    def counts(self) -> tuple[int, int, int]:
        """Tiles, their bytes, and the places without one."""
        with _errors(self._path):
            tiles, size = self._connection.execute(
                "SELECT count(*), coalesce(sum(length(tile_data)), 0) FROM tiles"
            ).fetchone()
            (nothing,) = self._connection.execute("SELECT count(*) FROM nothing_there").fetchone()
        return tiles, size, nothing


@contextmanager
def growing(path: Path) -> Iterator[GrowingTiles]:
    """What is not committed when an error comes is committed then, if the disk allows it."""
    with system_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with _errors(path), closing(sqlite3.connect(path)) as connection:
        connection.executescript(TABLES)
        made = GrowingTiles(connection, path)
        try:
            yield made
        except sqlite3.Error:
            raise
        except BaseException:
            _keep(connection)
            raise
        made.commit()


def _keep(connection: sqlite3.Connection) -> None:
    try:
        connection.commit()
    except sqlite3.Error:
        connection.rollback()


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise translated(error, path) from error
