"""One SQLite connection: how it is opened, its transactions, and its errors as types.

Isolation is SQLite's own (`isolation_level=None`): nothing begins a transaction but `transaction`.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from drivers.errors import ExpectedError
from fieldtool.store.errors import (
    DatabaseBusy,
    DatabaseCorrupt,
    DiskFailed,
    DiskFull,
    ProfileReadOnly,
    ReferenceBroken,
)
from fieldtool.system_reasons import system_reason

if TYPE_CHECKING:
    from sqlite_utils import Database

BUSY_MS = 5000
PAGE_BYTES = 8_192
"""Of new files. An asset and its history need several hundred bytes each: twice SQLite's usual page is
written in four fifths of the time."""
LITTLE_SPACE = 256 * 1024
"""Bytes. SQLite reports a full disk as a plain I/O error in some places; below this it was the space."""

PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_MS}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA synchronous=FULL",
    "PRAGMA journal_size_limit=16777216",
)

Parameters = Sequence[Any]


class Connection:
    """Used from the thread that made it."""

    def __init__(self, raw: sqlite3.Connection, path: Path) -> None:
        self.raw = raw
        self.path = path
        self._inside = False

    @cached_property
    def db(self) -> Database:
        """For small work. It takes a third of a second to load (numpy), so only where it is wanted."""
        from sqlite_utils import Database

        return Database(self.raw, recursive_triggers=False, execute_plugins=False)

    @property
    def in_transaction(self) -> bool:
        return self.raw.in_transaction

    def execute(self, sql: str, parameters: Parameters = ()) -> sqlite3.Cursor:
        self._require_whole()
        try:
            return self.raw.execute(sql, parameters)
        except sqlite3.Error as error:
            raise translated(error, self.path) from error

    def executemany(self, sql: str, parameters: Iterable[Parameters]) -> None:
        self._require_whole()
        try:
            self.raw.executemany(sql, parameters)
        except sqlite3.Error as error:
            raise translated(error, self.path) from error

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        try:
            return self.raw.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise translated(error, self.path) from error

    def row(self, sql: str, parameters: Parameters = ()) -> tuple[Any, ...] | None:
        try:
            found: tuple[Any, ...] | None = self.raw.execute(sql, parameters).fetchone()
        except sqlite3.Error as error:
            raise translated(error, self.path) from error
        return found

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        found = self.row(sql, parameters)
        return None if found is None else found[0]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside commits together or not at all. Raises RuntimeError inside another one."""
        if self.in_transaction:
            raise RuntimeError("a transaction is running already")
        self.execute("BEGIN IMMEDIATE")
        self._inside = True
        try:
            yield
            self._commit()
        except BaseException:
            self._roll_back("ROLLBACK")
            raise
        finally:
            self._inside = False

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything that is read inside is of one moment, whatever others write meanwhile."""
        self.execute("BEGIN")
        try:
            self.row("SELECT count(*) FROM sqlite_schema")
            yield
        finally:
            self._roll_back("ROLLBACK")

    def _commit(self) -> None:
        try:
            self.execute("COMMIT")
        except sqlite3.IntegrityError as error:
            # A reference that is checked only here: an asset's parent.
            raise ReferenceBroken("asset", "–") from error

    def _roll_back(self, *statements: str) -> None:
        """SQLite has done it by itself after some errors (disk full)."""
        if self.in_transaction:
            for statement in statements:
                self.execute(statement)

    def _require_whole(self) -> None:
        """After SQLite has rolled back by itself, nothing of the same block may be written on its own."""
        if self._inside and not self.in_transaction:
            raise DiskFailed(str(self.path), "transaction lost")

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of a transaction that happens wholly or not at all, whatever becomes of its error."""
        self.execute("SAVEPOINT part")
        try:
            yield
            self.execute("RELEASE part")
        except BaseException:
            self._roll_back("ROLLBACK TO part", "RELEASE part")
            raise

    @contextmanager
    def joining(self) -> Iterator[None]:
        """Joins the running transaction, or is one of its own."""
        if self.in_transaction:
            yield
        else:
            with self.transaction():
                yield

    def close(self) -> None:
        self.raw.close()


def connect(path: Path, *, write: bool) -> Connection:
    """A writer makes the file where it is missing; a reader works beside a writer."""
    if write:
        return _opened(
            path, "mode=rwc", (*PRAGMAS, f"PRAGMA page_size={PAGE_BYTES}", "PRAGMA journal_mode=WAL")
        )
    try:
        return _opened(path, "mode=rw", (*PRAGMAS, "PRAGMA query_only=ON"))
    except ProfileReadOnly:
        # A read-only file system has no place for the shared memory of the WAL. Without a WAL the file
        # is complete, and nothing can change it.
        if path.with_name(path.name + "-wal").exists():
            raise
        return _opened(path, "mode=ro&immutable=1", PRAGMAS)


def _opened(path: Path, query: str, pragmas: Sequence[str]) -> Connection:
    try:
        raw = sqlite3.connect(f"file:{quote(str(path.absolute()))}?{query}", uri=True, isolation_level=None)
    except sqlite3.Error as error:
        raise translated(error, path) from error
    try:
        for pragma in pragmas:
            raw.execute(pragma)
        raw.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        raw.create_function("casefold", 1, casefold, deterministic=True)
        return Connection(raw, path)
    except sqlite3.Error as error:
        raw.close()
        raise translated(error, path) from error


def casefold(text: str | None) -> str | None:
    """ß as ss, which SQLite's own folding leaves alone."""
    return None if text is None else text.casefold()


def translated(error: sqlite3.Error, path: Path) -> Exception:
    """The expected error behind a SQLite error, else the error itself (a bug, or a broken constraint)."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return error
    match code & 0xFF:
        case sqlite3.SQLITE_FULL:
            return DiskFull(str(path))
        case sqlite3.SQLITE_IOERR:
            return io_error(path, error.sqlite_errorname)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return DatabaseCorrupt(str(path), str(path.parent / "backups"))
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return DatabaseBusy(str(path))
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return ProfileReadOnly(str(path))
        case sqlite3.SQLITE_CANTOPEN:
            return (
                io_error(path, error.sqlite_errorname)
                if has_little_space(path)
                else ProfileReadOnly(str(path))
            )
    return error


def io_error(path: Path, cause: str) -> ExpectedError:
    return DiskFull(str(path)) if has_little_space(path) else DiskFailed(str(path), cause)


def has_little_space(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < LITTLE_SPACE
    except OSError:
        return False


@contextmanager
def system_errors(path: Path) -> Iterator[None]:
    """Errors of files beside the database as the same types."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskFull(str(path)) from error
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise ProfileReadOnly(str(path)) from error
        raise DiskFailed(str(path), system_reason(error)) from error
