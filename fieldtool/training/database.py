"""The platform's own SQLite file. What was answered is on the disk: one transaction per request, FULL sync.

One connection, one lock: requests come from many threads, and SQLite has one writer anyway.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fieldtool.training.changes import Attributes
from fieldtool.training.errors import DataUnusable

DEFAULT_TENANT = ""
VERSION = 1

SCHEMA = """
CREATE TABLE tenant (name TEXT PRIMARY KEY) STRICT;
CREATE TABLE token (digest BLOB PRIMARY KEY, made_at TEXT NOT NULL) STRICT;
CREATE TABLE entity (
    seq INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (name),
    id TEXT NOT NULL,
    types TEXT NOT NULL,       -- JSON array
    attributes TEXT NOT NULL,  -- JSON: name -> datasetId ("" = default) -> instance
    context TEXT NOT NULL,     -- JSON: the @context it was last written with
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL,
    UNIQUE (tenant, id)
) STRICT;
"""
COLUMNS = "seq, id, types, attributes, context, created_at, modified_at"


@dataclass(frozen=True)
class Row:
    id: str
    types: list[str]
    attributes: Attributes
    context: Any
    created_at: str
    modified_at: str


class Closed(Exception):
    """The platform is going down while a request is still under way."""


class Database:
    def __init__(self, directory: Path, tenants: Sequence[str]) -> None:
        """Raises DataUnusable."""
        self._lock = threading.Lock()
        self._open = True
        try:
            self._connection = sqlite3.connect(
                directory / "platform.sqlite", isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise DataUnusable(str(directory), str(error)) from error
        try:
            self._prepare(directory, tenants)
        except sqlite3.Error as error:
            self._connection.close()
            raise DataUnusable(str(directory), str(error)) from error
        except DataUnusable:
            self._connection.close()
            raise

    def _prepare(self, directory: Path, tenants: Sequence[str]) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version not in (0, VERSION):
            raise DataUnusable(str(directory), f"platform.sqlite has version {version}, not {VERSION}")
        if version == 0:
            self._connection.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")
        self._connection.executemany(
            "INSERT OR IGNORE INTO tenant (name) VALUES (?)", [(DEFAULT_TENANT,), *((t,) for t in tenants)]
        )

    def close(self) -> None:
        with self._lock:
            self._open = False
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[Work]:
        """All or nothing, and one at a time. Raises Closed, sqlite3.Error (a full disk)."""
        with self._lock:
            if not self._open:
                raise Closed
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Work(self._connection)
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


@dataclass(frozen=True)
class Work:
    """What can be done inside of one transaction."""

    connection: sqlite3.Connection

    def has_tenant(self, tenant: str) -> bool:
        found = self.connection.execute("SELECT 1 FROM tenant WHERE name = ?", (tenant,))
        return found.fetchone() is not None

    def token_digests(self) -> list[bytes]:
        return [digest for (digest,) in self.connection.execute("SELECT digest FROM token")]

    def add_token(self, digest: bytes) -> None:
        self.connection.execute("INSERT INTO token (digest, made_at) VALUES (?, ?)", (digest, now()))

    def entity(self, tenant: str, identifier: str) -> Row | None:
        found = self.connection.execute(
            f"SELECT {COLUMNS} FROM entity WHERE tenant = ? AND id = ?", (tenant, identifier)
        ).fetchone()
        return row(found) if found else None

    def put(self, tenant: str, entity: Row) -> None:
        """Adds the entity, or replaces what is there of it."""
        self.connection.execute(
            "INSERT INTO entity (tenant, id, types, attributes, context, created_at, modified_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, id) DO UPDATE SET types = excluded.types,"
            " attributes = excluded.attributes, context = excluded.context,"
            " modified_at = excluded.modified_at",
            (
                *(tenant, entity.id),
                *(_packed(part) for part in (entity.types, entity.attributes, entity.context)),
                *(entity.created_at, entity.modified_at),
            ),
        )

    def delete(self, tenant: str, identifier: str) -> bool:
        deleted = self.connection.execute(
            "DELETE FROM entity WHERE tenant = ? AND id = ?", (tenant, identifier)
        )
        return deleted.rowcount > 0

    def select(self, where: str, values: Sequence[object], limit: int = -1, offset: int = 0) -> Iterator[Row]:
        """In the order they were created: pages neither skip nor repeat while others only add."""
        for found in self.connection.execute(
            f"SELECT {COLUMNS} FROM entity WHERE {where} ORDER BY seq LIMIT ? OFFSET ?",
            (*values, limit, offset),
        ):
            yield row(found)

    def count(self, where: str, values: Sequence[object]) -> int:
        (number,) = self.connection.execute(
            f"SELECT count(*) FROM entity WHERE {where}", tuple(values)
        ).fetchone()
        return int(number)

    def counts(self) -> list[tuple[str, str, int]]:
        """(tenant, type, how many)."""
        return list(
            self.connection.execute(
                "SELECT tenant, value, count(*) FROM entity, json_each(entity.types)"
                " GROUP BY tenant, value ORDER BY tenant, value"
            )
        )

    def latest(self, limit: int) -> list[tuple[str, Row]]:
        """(tenant, entity), the last changed first."""
        return [
            (tenant, row(columns))
            for tenant, *columns in self.connection.execute(
                f"SELECT tenant, {COLUMNS} FROM entity ORDER BY modified_at DESC, seq DESC LIMIT ?", (limit,)
            )
        ]


def row(columns: Sequence[Any]) -> Row:
    _, identifier, types, attributes, context, created_at, modified_at = columns
    return Row(
        identifier, json.loads(types), json.loads(attributes), json.loads(context), created_at, modified_at
    )


def _packed(part: object) -> str:
    return json.dumps(part, ensure_ascii=False, separators=(",", ":"))


def now() -> str:
    """As NGSI-LD writes a DateTime: UTC, "Z", microseconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
