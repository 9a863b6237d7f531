"""Who works with this profile, and the facts about it."""

from __future__ import annotations

from fieldtool.operation import Actor
from fieldtool.store.connection import Connection


def fact(connection: Connection, key: str) -> str | None:
    found = connection.value("SELECT value FROM facts WHERE key = ?", (key,))
    return None if found is None else str(found)


def put_fact(connection: Connection, key: str, value: str) -> None:
    connection.db.table("facts").upsert({"key": key, "value": value}, pk="key")


def actor_by_id(connection: Connection, id: str) -> Actor | None:  # noqa: A002
    return _actor(connection, "id = ?", id)


def actor_by_name(connection: Connection, name: str) -> Actor | None:
    return _actor(connection, "name = ?", name)


def _actor(connection: Connection, condition: str, value: str) -> Actor | None:
    row = connection.row(f"SELECT id, name, sign, role FROM actors WHERE {condition} ORDER BY id", (value,))
    return None if row is None else Actor(*row)


def insert_actor(connection: Connection, actor: Actor) -> None:
    connection.db.table("actors").insert(
        {"id": actor.id, "name": actor.name, "sign": actor.sign, "role": actor.role}
    )


def upsert_actor(connection: Connection, actor: Actor) -> None:
    row = {"id": actor.id, "name": actor.name, "sign": actor.sign, "role": actor.role}
    connection.db.table("actors").upsert(row, pk="id")
