"""Targets, deliveries, receipts and remote references as rows.

Inside the file a target is its `key` and an operation its `sequence`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from fieldtool.delivery import Delivery, Receipt, RemoteReference, Target
from fieldtool.entities import json_text, parse_time, time_text
from fieldtool.ids import OperationId
from fieldtool.operation import Actor, DeliveryState, EntityName
from fieldtool.store.connection import Connection
from fieldtool.store.journal_rows import OPERATION, changes_of, to_operation
from fieldtool.store.operator_rows import put_default_operator

TARGET = "name, type, url, tenant, options, operator"


def target_key(connection: Connection, name: str) -> int | None:
    found = connection.value("SELECT key FROM targets WHERE name = ? AND removed_at IS NULL", (name,))
    return None if found is None else int(found)


def targets(connection: Connection) -> list[Target]:
    rows = connection.rows(f"SELECT {TARGET} FROM targets WHERE removed_at IS NULL ORDER BY name")
    return [
        Target(name, kind, url, tenant, json.loads(options), operator)
        for name, kind, url, tenant, options, operator in rows
    ]


def insert_target(connection: Connection, target: Target, handles: frozenset[str], actor: Actor) -> None:
    """With a delivery for every operation there is that has a change it handles and is its operator's. The
    first operator of a target is that of everything for which none was named."""
    connection.execute(
        "INSERT INTO actors VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (actor.id, actor.name, actor.sign, actor.role),
    )
    if target.operator is not None:
        put_default_operator(connection, target.operator)
    added = connection.db.table("targets").insert(
        {
            "name": target.name,
            "type": target.type,
            "url": target.url,
            "tenant": target.tenant,
            "operator": target.operator,
            "options": json_text(dict(target.options)),
            "handles": json_text(sorted(handles)),
            "added_at": time_text(datetime.now(UTC)),
            "added_by": actor.id,
        }
    )
    connection.execute(
        """INSERT INTO deliveries(target, operation, state, open)
        SELECT target, operation, 'saved', count(*) FROM handled_changes
        WHERE target = ? GROUP BY operation""",
        (added.last_rowid,),
    )


def retire_target(connection: Connection, key: int, token: str) -> None:
    """Its receipts stay as history; a target added later under the same name is another one."""
    connection.execute("UPDATE targets SET removed_at = ? WHERE key = ?", (time_text(datetime.now(UTC)), key))
    connection.execute("DELETE FROM vault WHERE name = ?", (token,))


def pending(connection: Connection, key: int, name: str) -> Iterator[Delivery]:
    """Reads on as it is asked; what is accepted meanwhile is passed over."""
    last = 0
    while True:
        row = connection.row(
            f"""SELECT d.state, d.reason, {OPERATION} FROM deliveries d
            JOIN operations o ON o.sequence = d.operation
            WHERE d.target = ? AND d.state <> 'accepted' AND d.operation > ?
            ORDER BY d.operation LIMIT 1""",
            (key, last),
        )
        if row is None:
            return
        operation = to_operation(row[2:])
        last = operation.sequence
        yield Delivery(
            operation,
            name,
            row[0],
            row[1],
            changes_of(connection, operation),
            open_positions(connection, key, operation.sequence),
        )


def open_positions(connection: Connection, key: int, sequence: int) -> frozenset[int]:
    rows = connection.rows(
        """SELECT c.position FROM handled_changes c
        WHERE c.target = ?1 AND c.operation = ?2 AND NOT EXISTS (
            SELECT 1 FROM receipts r WHERE r.target = ?1 AND r.operation = ?2
            AND r.position = c.position AND r.outcome = 'accepted'
        )""",
        (key, sequence),
    )
    return frozenset(row[0] for row in rows)


def sequence_of(connection: Connection, operation_id: OperationId) -> int | None:
    found = connection.value("SELECT sequence FROM operations WHERE id = ?", (operation_id,))
    return None if found is None else int(found)


def start_sending(connection: Connection, key: int, sequences: Iterable[int]) -> None:
    """A delivery that had been refused begins a new attempt."""
    connection.executemany(
        """UPDATE deliveries SET
            attempt = attempt + (state IN ('rejected', 'conflict')),
            state = 'sending', reason = NULL, waits_for = NULL
        WHERE target = ? AND operation = ? AND state <> 'accepted'""",
        ((key, sequence) for sequence in sequences),
    )


def insert_receipt(connection: Connection, key: int, sequence: int, receipt: Receipt) -> bool:
    """False where nothing was written: the change is accepted already, or not the target's."""
    cursor = connection.execute(
        """INSERT INTO receipts(target, operation, position, attempt, outcome, remote_id, at, detail)
        SELECT d.target, d.operation, c.position, d.attempt, ?4, ?5, ?6, ?7
        FROM deliveries d
        JOIN handled_changes c ON c.target = d.target AND c.operation = d.operation AND c.position = ?3
        WHERE d.target = ?1 AND d.operation = ?2 AND NOT EXISTS (
            SELECT 1 FROM receipts r WHERE r.target = ?1 AND r.operation = ?2
            AND r.position = ?3 AND r.outcome = 'accepted'
        )""",
        (
            *(key, sequence, receipt.position, receipt.outcome, receipt.remote_id),
            *(time_text(receipt.at), json_text(dict(receipt.detail))),
        ),
    )
    return cursor.rowcount == 1


def settle(connection: Connection, key: int, sequence: int, accepted: int) -> None:
    """The delivery's state after `accepted` more of its changes were accepted."""
    left = connection.value(
        "SELECT open - ? FROM deliveries WHERE target = ? AND operation = ?", (accepted, key, sequence)
    )
    state, reason = ("accepted", None) if left == 0 else _refusal(connection, key, sequence)
    connection.execute(
        """UPDATE deliveries SET open = ?3, state = coalesce(?4, state), reason = ?5, waits_for = NULL
        WHERE target = ?1 AND operation = ?2""",
        (key, sequence, left, state, reason),
    )


def _refusal(connection: Connection, key: int, sequence: int) -> tuple[DeliveryState | None, str | None]:
    """The worst answer of this attempt to a change that is still open; None where there is none."""
    rows = connection.rows(
        """SELECT r.outcome, r.detail FROM receipts r
        JOIN deliveries d ON d.target = r.target AND d.operation = r.operation AND d.attempt = r.attempt
        WHERE r.target = ? AND r.operation = ? AND r.outcome <> 'accepted' AND NOT EXISTS (
            SELECT 1 FROM receipts a WHERE a.target = r.target AND a.operation = r.operation
            AND a.position = r.position AND a.outcome = 'accepted'
        ) ORDER BY r.outcome = 'conflict' DESC, r.row LIMIT 1""",
        (key, sequence),
    )
    if not rows:
        return None, None
    outcome, detail = rows[0]
    reason = json.loads(detail).get("reason")
    return outcome, None if reason is None else str(reason)


def unsettled_elsewhere(
    connection: Connection, key: int, keys: Sequence[tuple[str, str]], before: int
) -> OperationId | None:
    found = [
        connection.row(
            """SELECT o.sequence, o.id FROM changes c
            JOIN deliveries d ON d.operation = c.operation AND d.target <> ?1 AND d.state <> 'accepted'
            JOIN targets t ON t.key = d.target AND t.removed_at IS NULL
            JOIN operations o ON o.sequence = c.operation
            WHERE c.entity = ?2 AND c.entity_id = ?3 AND c.operation < ?4
                AND EXISTS (SELECT 1 FROM json_each(t.handles) h WHERE h.value = ?2)
            ORDER BY c.operation LIMIT 1""",
            (key, entity, entity_id, before),
        )
        for entity, entity_id in keys
    ]
    return min((OperationId(row[1]) for row in found if row is not None), default=None)


def reference_by_remote(connection: Connection, key: int, entity: EntityName, remote_id: str) -> str | None:
    found = connection.value(
        "SELECT entity_id FROM remote_references WHERE target = ? AND entity = ? AND remote_id = ?",
        (key, entity, remote_id),
    )
    return None if found is None else str(found)


def cursor(connection: Connection, key: int) -> str | None:
    found = connection.value("SELECT cursor FROM target_states WHERE target = ?", (key,))
    return None if found is None else str(found)


def put_cursor(connection: Connection, key: int, value: str) -> None:
    connection.execute(
        """INSERT INTO target_states(target, cursor) VALUES (?, ?)
        ON CONFLICT (target) DO UPDATE SET cursor = excluded.cursor""",
        (key, value),
    )


def not_before(connection: Connection, key: int) -> datetime | None:
    found = connection.value("SELECT not_before FROM target_states WHERE target = ?", (key,))
    return None if found is None else parse_time(found)


def put_not_before(connection: Connection, key: int, at: datetime | None) -> None:
    connection.execute(
        """INSERT INTO target_states(target, not_before) VALUES (?, ?)
        ON CONFLICT (target) DO UPDATE SET not_before = excluded.not_before""",
        (key, None if at is None else time_text(at)),
    )


def refusals(connection: Connection, key: int, sequence: int) -> list[dict[str, Any]]:
    rows = connection.rows(
        """SELECT r.detail FROM receipts r
        JOIN deliveries d ON d.target = r.target AND d.operation = r.operation AND d.attempt = r.attempt
        WHERE r.target = ? AND r.operation = ? AND r.outcome <> 'accepted' ORDER BY r.row""",
        (key, sequence),
    )
    return [json.loads(row[0]) for row in rows]


def put_reference(connection: Connection, key: int, reference: RemoteReference) -> None:
    base = None if reference.base is None else json_text(dict(reference.base))
    connection.execute(
        """INSERT INTO remote_references VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (target, entity, entity_id) DO UPDATE SET
            remote_id = excluded.remote_id, base = excluded.base, seen_at = excluded.seen_at""",
        (
            *(key, reference.entity, reference.entity_id, reference.remote_id, base),
            time_text(reference.seen_at),
        ),
    )


def reference(
    connection: Connection, key: int, name: str, entity: EntityName, entity_id: str
) -> RemoteReference | None:
    row = connection.row(
        """SELECT remote_id, base, seen_at FROM remote_references
        WHERE target = ? AND entity = ? AND entity_id = ?""",
        (key, entity, entity_id),
    )
    if row is None:
        return None
    base = None if row[1] is None else json.loads(row[1])
    return RemoteReference(name, entity, entity_id, row[0], base, parse_time(row[2]))


def park(
    connection: Connection, key: int, sequence: int, state: DeliveryState, reason: str | None, on: int | None
) -> None:
    connection.execute(
        """UPDATE deliveries SET state = ?3, reason = ?4, waits_for = ?5,
            attempt = attempt + (state IN ('rejected', 'conflict'))
        WHERE target = ?1 AND operation = ?2 AND state <> 'accepted'""",
        (key, sequence, state, reason, on),
    )


def counts(connection: Connection, key: int) -> Sequence[tuple[Any, ...]]:
    return connection.rows("SELECT state, count(*) FROM deliveries WHERE target = ? GROUP BY state", (key,))


def pending_total(connection: Connection) -> int:
    return int(
        connection.value(
            """SELECT count(*) FROM deliveries d JOIN targets t ON t.key = d.target
            WHERE d.state <> 'accepted' AND t.removed_at IS NULL"""
        )
    )


def last_receipt(connection: Connection) -> datetime | None:
    found = connection.value("SELECT max(at) FROM receipts")
    return None if found is None else datetime.fromisoformat(found)


def accepted(connection: Connection) -> dict[str, int]:
    rows = connection.rows(
        """SELECT t.name, (
            SELECT count(*) FROM deliveries d JOIN operations o ON o.sequence = d.operation
            WHERE d.target = t.key AND d.state = 'accepted' AND o.kind <> 'ticket.pulled'
        ) FROM targets t WHERE t.removed_at IS NULL ORDER BY t.name"""
    )
    return dict(rows)
