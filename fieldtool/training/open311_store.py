"""Open311's rows, in the platform's own SQLite file. Moments are ISO 8601 in UTC, whole seconds.

The tables are made with the first Open311 request, in its transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from fieldtool.training.database import Database, Work
from fieldtool.training.open311_wire import Attributes

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS open311_request (
        seq INTEGER PRIMARY KEY, tenant TEXT NOT NULL REFERENCES tenant (name), number INTEGER NOT NULL,
        service_code TEXT NOT NULL, description TEXT, released INTEGER NOT NULL,
        status TEXT NOT NULL, status_at TEXT NOT NULL, notes TEXT,
        lat REAL, long REAL, address TEXT, address_id TEXT, media_url TEXT, attributes TEXT NOT NULL,
        requested_at TEXT NOT NULL, updated_at TEXT NOT NULL, token TEXT UNIQUE, gets_left INTEGER NOT NULL,
        UNIQUE (tenant, number)) STRICT""",
    """CREATE TABLE IF NOT EXISTS open311_update (
        seq INTEGER PRIMARY KEY, tenant TEXT NOT NULL REFERENCES tenant (name), id TEXT NOT NULL,
        request INTEGER NOT NULL REFERENCES open311_request (seq), status TEXT NOT NULL,
        description TEXT NOT NULL, media_url TEXT, at TEXT NOT NULL, author TEXT NOT NULL,
        UNIQUE (tenant, id)) STRICT""",
    "CREATE TABLE IF NOT EXISTS open311_setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
)
REQUEST = (
    "seq, number, service_code, description, released, status, status_at, notes, lat, long, address,"
    " address_id, media_url, attributes, requested_at, updated_at"
)


@dataclass(frozen=True)
class New:
    """`token` None: the id was answered at once. `gets_left`: how often it is asked in vain."""

    service_code: str
    description: str | None
    released: bool
    lat: float | None
    long: float | None
    address: str | None
    address_id: str | None
    media_url: str | None
    attributes: Attributes
    at: str
    token: str | None
    gets_left: int


@dataclass(frozen=True)
class Request:
    """`seq` is this database's own; `number` counts within one jurisdiction. `status` is the extended one."""

    seq: int
    number: int
    service_code: str
    description: str | None
    released: bool
    status: str
    status_at: str
    notes: str | None
    lat: float | None
    long: float | None
    address: str | None
    address_id: str | None
    media_url: str | None
    attributes: Attributes
    requested_at: str
    updated_at: str


@dataclass(frozen=True)
class Update:
    id: str
    status: str
    description: str
    media_url: str | None
    at: str
    author: str


@dataclass(frozen=True)
class Filter:
    """None: any. `numbers` overrides the others but the page, as service_request_id does."""

    numbers: Sequence[int] | None = None
    services: Sequence[str] | None = None
    statuses: Sequence[str] | None = None
    first: str = ""
    last: str = "~"
    limit: int = 1000
    offset: int = 0


@contextmanager
def opened(database: Database) -> Iterator[Work]:
    """A transaction in which the tables are there. Raises Closed, sqlite3.Error."""
    with database.transaction() as work:
        for statement in SCHEMA:
            work.connection.execute(statement)
        yield work


def settings(work: Work) -> dict[str, Any]:
    rows = work.connection.execute("SELECT name, value FROM open311_setting")
    return {name: json.loads(value) for name, value in rows}


def set_settings(work: Work, values: dict[str, Any]) -> None:
    work.connection.execute("DELETE FROM open311_setting")
    work.connection.executemany(
        "INSERT INTO open311_setting VALUES (?, ?)", [(n, json.dumps(v)) for n, v in values.items()]
    )


def add_request(work: Work, tenant: str, new: New) -> Request:
    (number,) = work.connection.execute(
        "SELECT coalesce(max(number), 0) + 1 FROM open311_request WHERE tenant = ?", (tenant,)
    ).fetchone()
    work.connection.execute(
        "INSERT INTO open311_request (tenant, number, service_code, description, released, status, status_at,"
        " lat, long, address, address_id, media_url, attributes, requested_at, updated_at, token, gets_left)"
        " VALUES (?, ?, ?, ?, ?, 'OPEN', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(tenant, number, new.service_code, new.description, int(new.released), new.at),
            *(new.lat, new.long, new.address, new.address_id, new.media_url),
            *(json.dumps(new.attributes, ensure_ascii=False), new.at, new.at, new.token, new.gets_left),
        ),
    )
    (made,) = requests(work, tenant, Filter(numbers=[number]))
    return made


def requests(work: Work, tenant: str, wanted: Filter) -> list[Request]:
    """The latest first."""
    if wanted.numbers is not None:
        where, values = "number IN (SELECT value FROM json_each(?))", [json.dumps(wanted.numbers)]
    else:
        where, values = "requested_at BETWEEN ? AND ?", [wanted.first, wanted.last]
        for column, allowed in (("service_code", wanted.services), ("status", wanted.statuses)):
            if allowed is not None:
                where += f" AND {column} IN (SELECT value FROM json_each(?))"
                values.append(json.dumps(allowed))
    rows = work.connection.execute(
        f"SELECT {REQUEST} FROM open311_request WHERE tenant = ? AND {where} ORDER BY number DESC"
        " LIMIT ? OFFSET ?",
        (tenant, *values, wanted.limit, wanted.offset),
    )
    return [_request(row) for row in rows]


def of_token(work: Work, tenant: str, token: str) -> tuple[Request, bool] | None:
    """Whose token it is, and whether the id is given out yet. Counts as having been asked."""
    found = work.connection.execute(
        f"SELECT {REQUEST}, gets_left FROM open311_request WHERE tenant = ? AND token = ?", (tenant, token)
    ).fetchone()
    if found is None:
        return None
    *row, gets_left = found
    work.connection.execute(
        "UPDATE open311_request SET gets_left = max(gets_left - 1, 0) WHERE tenant = ? AND token = ?",
        (tenant, token),
    )
    return _request(row), gets_left == 0


def release(work: Work, request: Request) -> None:
    work.connection.execute("UPDATE open311_request SET released = 1 WHERE seq = ?", (request.seq,))


def last_update(work: Work, request: Request) -> str:
    """When; "" where there is none."""
    (at,) = work.connection.execute(
        "SELECT coalesce(max(at), '') FROM open311_update WHERE request = ?", (request.seq,)
    ).fetchone()
    return str(at)


def has_update(work: Work, tenant: str, identifier: str) -> bool:
    found = work.connection.execute(
        "SELECT 1 FROM open311_update WHERE tenant = ? AND id = ?", (tenant, identifier)
    )
    return found.fetchone() is not None


def add_update(work: Work, tenant: str, request: Request, update: Update) -> None:
    """Older news is kept and changes nothing else."""
    newest = update.at >= last_update(work, request)
    work.connection.execute(
        "INSERT INTO open311_update (tenant, id, request, status, description, media_url, at, author)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(tenant, update.id, request.seq, update.status),
            *(update.description, update.media_url, update.at, update.author),
        ),
    )
    if not newest:
        return
    status_at = request.status_at if update.status == request.status else update.at
    work.connection.execute(
        "UPDATE open311_request SET status = ?, status_at = ?, notes = ?, updated_at = ? WHERE seq = ?",
        (update.status, status_at, update.description or request.notes, update.at, request.seq),
    )


def updates(work: Work, tenant: str, first: str, last: str) -> list[tuple[Request, Update]]:
    """The oldest first."""
    of_request = ", ".join(f"r.{column}" for column in REQUEST.split(", "))
    rows = work.connection.execute(
        f"SELECT u.id, u.status, u.description, u.media_url, u.at, u.author, {of_request}"
        " FROM open311_update AS u JOIN open311_request AS r ON r.seq = u.request"
        " WHERE u.tenant = ? AND u.at BETWEEN ? AND ? ORDER BY u.at, u.seq",
        (tenant, first, last),
    )
    return [(_request(row[6:]), Update(*row[:6])) for row in rows]


def latest(work: Work, limit: int) -> list[tuple[str, Request]]:
    """(tenant, request), the last changed first. Empty where Open311 was never asked."""
    try:
        rows = work.connection.execute(
            f"SELECT tenant, {REQUEST} FROM open311_request ORDER BY updated_at DESC, seq DESC LIMIT ?",
            (limit,),
        ).fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return []
        raise
    return [(tenant, _request(row)) for tenant, *row in rows]


def _request(row: Sequence[Any]) -> Request:
    request = Request(*row)
    return replace(request, released=bool(request.released), attributes=json.loads(row[13]))
