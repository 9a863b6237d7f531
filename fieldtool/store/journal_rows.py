"""Operations and their changes as rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import count, repeat
from typing import Any

from fieldtool.entities import json_text, parse_time, time_text
from fieldtool.ids import OperationId
from fieldtool.operation import Actor, Change, EntityName, Operation
from fieldtool.store.connection import Connection

OPERATION = "o.id, o.sequence, o.kind, o.actor_id, o.role, o.at, o.device_clock, o.reason, o.operator"
CHANGE = "c.position, c.entity, c.entity_id, c.action, c.base_version, c.before, c.after"


def insert_operation(connection: Connection, operation: Operation, actor: Actor) -> int:
    """The sequence it got; neither `operation.sequence` nor its operator is looked at."""
    connection.execute(
        "INSERT INTO actors VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (actor.id, actor.name, actor.sign, actor.role),
    )
    cursor = connection.execute(
        """INSERT INTO operations(id, kind, actor_id, role, at, device_clock, reason, operator)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            *(operation.id, operation.kind, actor.id, actor.role),
            *(time_text(operation.at), operation.device_clock, operation.reason, operation.operator),
        ),
    )
    return int(cursor.lastrowid or 0)


def insert_changes(connection: Connection, sequence: int, changes: Iterable[Change]) -> None:
    connection.executemany(
        """INSERT INTO changes(operation, position, entity, entity_id, action, base_version, before, after)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            (
                *(sequence, change.position, change.entity, change.entity_id, change.action),
                *(change.base_version, _text(change.before), _text(change.after)),
            )
            for change in changes
        ),
    )


def insert_created(
    connection: Connection,
    sequence: int,
    first: int,
    entity: EntityName,
    ids: Sequence[str],
    texts: Iterable[str],
) -> None:
    """The changes by which many records of one kind came to be, from position `first` on; `texts` are
    their fields as JSON. Of assets: `insert_created_assets`."""
    connection.executemany(
        """INSERT INTO changes(operation, position, entity, entity_id, action, after)
        VALUES (?, ?, ?, ?, 'create', ?)""",
        zip(repeat(sequence), count(first), repeat(entity), ids, texts),
    )


def insert_created_assets(connection: Connection, sequence: int, first: int, count: int) -> None:
    """The same of the assets that were written last, by SQLite alone from their rows. Not of records with
    fractions in columns of their own: it writes 15 digits."""
    connection.execute(
        """INSERT INTO changes(operation, position, entity, entity_id, action, after)
        SELECT ?1, ?2 + seq - last.seq_ + ?3 - 1, 'asset', id, 'create',
            '{"asset_class":' || json_quote(asset_class) || ',"number":' || json_quote(number)
            || ',"name":' || json_quote(name) || ',"geometry":' || coalesce(geometry, 'null')
            || ',"attributes":' || attributes || ',"parent_id":' || json_quote(parent_id) || '}'
        FROM assets, (SELECT max(seq) AS seq_ FROM assets) AS last
        WHERE seq > last.seq_ - ?3 ORDER BY seq""",
        (sequence, first, count),
    )


def insert_deliveries(connection: Connection, sequence: int) -> None:
    """For every target that handles one of the operation's changes."""
    connection.execute(
        """INSERT INTO deliveries(target, operation, state, open)
        SELECT c.target, c.operation, 'saved', count(*)
        FROM handled_changes c JOIN targets t ON t.key = c.target AND t.removed_at IS NULL
        WHERE c.operation = ? GROUP BY c.target""",
        (sequence,),
    )


def to_operation(row: Sequence[Any]) -> Operation:
    """`row` as `OPERATION` names it."""
    id_, sequence, kind, actor_id, role, at, device_clock, reason, operator = row
    return Operation(
        OperationId(id_), sequence, kind, actor_id, role, parse_time(at), device_clock, reason, operator
    )


def to_change(operation_id: OperationId, row: Sequence[Any]) -> Change:
    """`row` as `CHANGE` names it."""
    position, entity, entity_id, action, base_version, before, after = row
    return Change(
        *(operation_id, position, entity, entity_id, action, base_version), _mapping(before), _mapping(after)
    )


def changes_of(connection: Connection, operation: Operation) -> tuple[Change, ...]:
    rows = connection.rows(
        f"SELECT {CHANGE} FROM changes c WHERE c.operation = ? ORDER BY c.position", (operation.sequence,)
    )
    return tuple(to_change(operation.id, row) for row in rows)


def _text(fields: Any) -> str | None:
    return None if fields is None else json_text(fields)


def _mapping(text: str | None) -> Any:
    return None if text is None else json.loads(text)
