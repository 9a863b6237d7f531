"""Indexes over single columns of assets, made when a table is first sorted or filtered by them.

Each holds the compared value of one column, for one class or for all assets; the least recently used go when
there are too many, because every edit keeps all of them. A few assets are looked through without any, and so
is everything where the file cannot be written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import blake2s
from weakref import WeakKeyDictionary

from fieldtool.store import profile_rows
from fieldtool.store.asset_columns import compared, has_path, of_class
from fieldtool.store.connection import Connection
from fieldtool.store.errors import DatabaseBusy, DiskFull, ProfileReadOnly

MOST = 8
FEW_ASSETS = 5_000
PREFIX = "on_demand_"
USED = "on_demand_indexes"
"""The fact that names them, the most recently used first."""

Indexes = Mapping[str, str]
"""By column: what stands behind the table's name."""


_known: WeakKeyDictionary[Connection, dict[tuple[object, ...], Indexes]] = WeakKeyDictionary()
"""What was there, by the version of the schema: a page need not look for it again."""


def made_for(connection: Connection, asset_class: str | None, columns: Sequence[str]) -> Indexes:
    """Makes what is missing, outside of a transaction; a column without an index is scanned."""
    if not columns:
        return {}
    known = _known.setdefault(connection, {})
    key = (connection.value("PRAGMA schema_version"), asset_class, *columns)
    if key in known and len(known[key]) == len(set(columns)):
        return known[key]
    found = _looked_for(connection, asset_class, columns)
    known.clear()
    known[(connection.value("PRAGMA schema_version"), asset_class, *columns)] = found
    return found


def _looked_for(connection: Connection, asset_class: str | None, columns: Sequence[str]) -> Indexes:
    wanted = {
        column: _statement(asset_class, column) for column in dict.fromkeys(columns) if has_path(column)
    }
    names = {column: name for column, (name, _sql) in wanted.items()}
    if _worth_it(connection, asset_class) and not connection.in_transaction and not _is_reader(connection):
        # Slower without, but what was asked for can be answered.
        with suppress(DiskFull, DatabaseBusy, ProfileReadOnly):
            _make(connection, list(wanted.values()))
    there = set(existing(connection))
    return {column: f"INDEXED BY {name}" for column, name in names.items() if name in there}


def existing(connection: Connection) -> list[str]:
    rows = connection.rows(
        "SELECT name FROM sqlite_schema WHERE type = 'index' AND name LIKE ? ORDER BY name", (f"{PREFIX}%",)
    )
    return [row[0] for row in rows]


def _statement(asset_class: str | None, column: str) -> tuple[str, str]:
    where = "" if asset_class is None else f" WHERE {of_class(asset_class)}"
    what = f"ON assets({compared(column)}){where}"
    name = PREFIX + blake2s(what.encode(), digest_size=8).hexdigest()
    return name, f"CREATE INDEX {name} {what}"


def _worth_it(connection: Connection, asset_class: str | None) -> bool:
    number = connection.value(
        "SELECT number FROM counts WHERE entity = 'asset' AND part = ?", (asset_class or "",)
    )
    return (number or 0) >= FEW_ASSETS


def _is_reader(connection: Connection) -> bool:
    return bool(connection.value("PRAGMA query_only"))


def _make(connection: Connection, wanted: Sequence[tuple[str, str]]) -> None:
    there = existing(connection)
    names = [name for name, _sql in wanted]
    used = _used(connection, there)
    if set(names) <= set(used[: max(MOST // 2, len(names))]):
        return  # every other question would write, only to keep the order exact
    order = [*names, *(name for name in used if name not in names)]
    kept = order[: max(MOST, len(names))]
    with connection.transaction():
        for name in there:
            if name not in kept:
                connection.execute(f"DROP INDEX {name}")
        for name, sql in wanted:
            if name not in there:
                connection.execute(sql)
        connection.execute(
            "INSERT INTO facts VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (USED, json.dumps(kept)),
        )


def _used(connection: Connection, there: Sequence[str]) -> list[str]:
    """Those that are there; what nobody has noted counts as used longest ago."""
    noted = json.loads(profile_rows.fact(connection, USED) or "[]")
    return [*(name for name in noted if name in there), *(name for name in there if name not in noted)]
