"""Writing entities, together with everything that is kept beside them: counts, tree, pending texts."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import repeat
from typing import Any, cast

from fieldtool.asset import Asset
from fieldtool.entities import Columns, Entity, entity_name, json_text
from fieldtool.jsontypes import Json
from fieldtool.store import places, search
from fieldtool.store.box_tree import Boxes
from fieldtool.store.connection import Connection
from fieldtool.store.errors import AlreadyThere, NotFound, ReferenceBroken, StaleVersion
from fieldtool.store.mapping import Table, table_of, to_values

MANY = 1000
"""From so many on what is searched goes into the index at once, not behind the save."""
CACHE_FOR_MANY, USUAL_CACHE = -65_536, -2_000
"""Kibibytes, negative as SQLite wants them; the second is its own."""


class RowWriter:
    """The writing of one transaction; `finish` belongs before its commit."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._counted: Counter[tuple[str, str]] = Counter()
        self._boxes = Boxes()
        self._many = False

    @contextmanager
    def whole(self) -> Iterator[None]:
        """What is written inside, wholly or not at all."""
        counted, boxes = self._counted.copy(), len(self._boxes)
        try:
            with self._connection.savepoint():
                yield
        except BaseException:
            self._counted = counted
            self._boxes.shorten(boxes)
            raise

    def insert(self, kind: type[object], ids: Sequence[str], columns: Columns) -> list[Sequence[Any]]:
        """Version 1 of each; returns what stands in the columns of the table. Raises AlreadyThere,
        ReferenceBroken."""
        table = table_of(kind)
        values = to_values(table, columns)
        if kind is Asset:
            self._insert_assets(table, ids, values, columns)
        else:
            self._write_many(table, ("id", "version", *table.columns), zip(ids, repeat(1), *values), ids)
        self._counted[entity_name(kind), ""] += len(ids)
        return values

    def _insert_assets(
        self, table: Table, ids: Sequence[str], values: Sequence[Sequence[Any]], columns: Columns
    ) -> None:
        first = self._connection.value("SELECT coalesce(max(seq), 0) + 1 FROM assets")
        seqs = range(first, first + len(ids))
        rows = zip(seqs, ids, repeat(1), *values)
        self._write_many(table, ("seq", "id", "version", *table.columns), rows, ids)
        self._index_new_assets(seqs, columns)
        for name, count in Counter(columns["asset_class"]).items():
            self._counted["asset", name] += count

    def _index_new_assets(self, seqs: Sequence[int], columns: Columns) -> None:
        boxes = [None if geometry is None else places.box_of(geometry) for geometry in columns["geometry"]]
        self._boxes.add(seqs, boxes)
        if len(seqs) < MANY:
            search.note_many(self._connection, seqs)
        else:
            self._expect_many()
            searched = (columns[name] for name in ("number", "name", "attributes"))
            search.add(self._connection, search.entries(seqs, *searched))

    def _expect_many(self) -> None:
        if not self._many:
            search.tune(self._connection, search.FILLING)
            self._connection.execute(f"PRAGMA cache_size = {CACHE_FOR_MANY}")
            self._many = True

    def _write_many(self, table: Table, columns: Sequence[str], values: Any, ids: Sequence[str]) -> None:
        places_for_values = ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({places_for_values})"
        try:
            self._connection.executemany(sql, values)
        except sqlite3.IntegrityError as error:
            raise _broken(error, table, ids[0] if len(ids) == 1 else "–") from error

    def update(self, entity: Entity, changed: Mapping[str, Json]) -> None:
        """Raises StaleVersion, NotFound, AlreadyThere, ReferenceBroken."""
        table = table_of(type(entity))
        assignments = ", ".join(f"{name} = ?" for name in changed)
        values = [_column_value(table, name, value) for name, value in changed.items()]
        sql = f"UPDATE {table.name} SET {assignments}, version = version + 1 WHERE id = ? AND version = ?"
        self._change(table, sql, (*values, entity.id, entity.version), entity)
        if isinstance(entity, Asset):
            self._index_changed_asset(entity, changed)

    def _index_changed_asset(self, entity: Asset, changed: Mapping[str, Json]) -> None:
        self._place_new_ones()
        seq = _seq(self._connection, entity)
        if "geometry" in changed:
            places.drop(self._connection, seq)
            geometry = cast("Mapping[str, Json] | None", changed["geometry"])
            box = None if geometry is None else places.box_of(geometry)
            if box is not None:
                places.add(self._connection, seq, box)
        if changed.keys() & {"number", "name", "attributes"}:
            search.note(self._connection, seq)
        if "asset_class" in changed:
            self._counted["asset", entity.asset_class] -= 1
            self._counted["asset", str(changed["asset_class"])] += 1

    def delete(self, entity: Entity) -> None:
        """Raises StaleVersion, NotFound, ReferenceBroken (another row still names it)."""
        table = table_of(type(entity))
        if isinstance(entity, Asset):
            self._place_new_ones()
            seq = _seq(self._connection, entity)
            places.drop(self._connection, seq)
            search.note(self._connection, seq)
            self._counted["asset", entity.asset_class] -= 1
        sql = f"DELETE FROM {table.name} WHERE id = ? AND version = ?"
        self._change(table, sql, (entity.id, entity.version), entity)
        self._counted[entity_name(type(entity)), ""] -= 1

    def _change(self, table: Table, sql: str, values: tuple[Any, ...], entity: Entity) -> None:
        try:
            touched = self._connection.execute(sql, values).rowcount
        except sqlite3.IntegrityError as error:
            raise _broken(error, table, entity.id) from error
        if touched == 1:
            return
        name = entity_name(type(entity))
        found = self._connection.value(f"SELECT version FROM {table.name} WHERE id = ?", (entity.id,))
        if found is None:
            raise NotFound(name, entity.id)
        raise StaleVersion(name, entity.id, entity.version, found)

    def _place_new_ones(self) -> None:
        places.add_many(self._connection, self._boxes)
        self._boxes = Boxes()

    def finish(self) -> None:
        self._place_new_ones()
        if self._many:
            search.tune(self._connection, search.USUAL)
            self._connection.execute(f"PRAGMA cache_size = {USUAL_CACHE}")
        self._connection.executemany(
            """INSERT INTO counts VALUES (?, ?, ?)
            ON CONFLICT (entity, part) DO UPDATE SET number = number + excluded.number""",
            [(entity, part, number) for (entity, part), number in self._counted.items() if number],
        )


def _seq(connection: Connection, entity: Asset) -> int:
    seq = connection.value("SELECT seq FROM assets WHERE id = ?", (entity.id,))
    if seq is None:
        raise NotFound("asset", entity.id)
    return int(seq)


def _column_value(table: Table, name: str, value: Json) -> Any:
    is_json = table.columns.index(name) in table.json_columns
    return json_text(value) if is_json and value is not None else value


def _broken(error: sqlite3.IntegrityError, table: Table, id: str) -> Exception:  # noqa: A002
    name = table.name.removesuffix("s")
    match error.sqlite_errorcode:
        case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
            return ReferenceBroken(name, id)
        case sqlite3.SQLITE_CONSTRAINT_UNIQUE | sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
            fields = re.findall(rf"{table.name}\.(\w+)", str(error))
            return AlreadyThere(name, ", ".join(fields))
    return error
