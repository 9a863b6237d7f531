"""What happened to one record, and what the platforms said to it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from fieldtool.entities import parse_time, time_text
from fieldtool.jsontypes import Json
from fieldtool.operation import Actor, Change, DeliveryState, HistoryEntry, Operation, TargetOutcome
from fieldtool.store.connection import Connection
from fieldtool.store.journal_rows import CHANGE, OPERATION, changes_of, to_change, to_operation

PAGE = 200
TOGETHER = """SELECT ?1 UNION ALL SELECT id FROM ticket_events WHERE ticket_id = ?1
    UNION ALL SELECT id FROM registrations WHERE device_id = ?1
    UNION ALL SELECT id FROM asset_notes WHERE asset_id = ?1"""
"""What people take for one thing."""


def history(connection: Connection, entity_id: str) -> Iterator[HistoryEntry]:
    """Oldest first; of a ticket with its events, of a device with its registration, of an
    asset with its notes."""
    last = 0
    while True:
        rows = connection.rows(
            f"""SELECT c.row, a.id, a.name, a.sign, a.role, {OPERATION}, {CHANGE}
            FROM changes c
            JOIN operations o ON o.sequence = c.operation
            JOIN actors a ON a.id = o.actor_id
            WHERE c.entity_id IN ({TOGETHER}) AND c.row > ?2 ORDER BY c.row LIMIT ?3""",
            (entity_id, last, PAGE),
        )
        for row in rows:
            yield _entry(connection, row)
        if len(rows) < PAGE:
            return
        last = rows[-1][0]


def _entry(connection: Connection, row: tuple[Any, ...]) -> HistoryEntry:
    operation = to_operation(row[5:14])
    change = to_change(operation.id, row[14:])
    targets = _targets(connection, operation.sequence, change.position, change.entity)
    return HistoryEntry(operation, Actor(*row[1:5]), change, targets)


def _targets(connection: Connection, sequence: int, position: int, entity: str) -> tuple[TargetOutcome, ...]:
    """Removed targets too: what they accepted stays true."""
    rows = connection.rows(
        """SELECT t.name, d.state, d.reason, r.outcome, r.attempt = d.attempt, r.remote_id, r.at, r.detail
        FROM targets t
        JOIN deliveries d ON d.target = t.key AND d.operation = ?1
        LEFT JOIN receipts r ON r.row = (
            SELECT max(row) FROM receipts WHERE operation = ?1 AND position = ?2 AND target = t.key
        )
        WHERE ?3 IN (SELECT value FROM json_each(t.handles)) ORDER BY t.key""",
        (sequence, position, entity),
    )
    return tuple(_outcome(*row) for row in rows)


def _outcome(
    target: str,
    delivery: DeliveryState,
    reason: str | None,
    outcome: DeliveryState | None,
    current: int | None,
    remote_id: str | None,
    at: str | None,
    detail: str | None,
) -> TargetOutcome:
    """An accepted change stays accepted while others of its operation are open; a refusal counts until the
    delivery is tried again."""
    state = outcome if outcome is not None and (outcome == "accepted" or current) else delivery
    return TargetOutcome(
        target,
        state,
        None if state == "accepted" else reason,
        remote_id,
        None if at is None else parse_time(at),
        {} if detail is None else json.loads(detail),
    )


def changes_of_operation(connection: Connection, operation_id: str) -> tuple[Change, ...]:
    row = connection.row(f"SELECT {OPERATION} FROM operations o WHERE o.id = ?", (operation_id,))
    return () if row is None else changes_of(connection, to_operation(row))


def operations_of(
    connection: Connection, actor_id: str, kinds: Sequence[str], count: int
) -> list[tuple[Operation, int, Change]]:
    """The newest first, each with the number of its changes and the first of them."""
    rows = connection.rows(
        f"""SELECT (SELECT count(*) FROM changes n WHERE n.operation = o.sequence), {OPERATION}, {CHANGE}
        FROM operations o JOIN changes c ON c.operation = o.sequence AND c.position = 0
        WHERE o.actor_id = ? AND o.kind IN ({", ".join("?" * len(kinds))})
        ORDER BY o.sequence DESC LIMIT ?""",
        (actor_id, *kinds, count),
    )
    found = [(to_operation(row[1:10]), int(row[0]), row[10:]) for row in rows]
    return [(done, number, to_change(done.id, row)) for done, number, row in found]


def last_kind(connection: Connection, entity_id: str) -> str | None:
    """The kind of the last operation on this record; None where there is none."""
    found = connection.value(
        """SELECT o.kind FROM changes c JOIN operations o ON o.sequence = c.operation
        WHERE c.entity_id = ? ORDER BY c.row DESC LIMIT 1""",
        (entity_id,),
    )
    return None if found is None else str(found)


UNTOUCHED = """FROM assets a WHERE a.asset_class = ? AND NOT EXISTS (
    SELECT 1 FROM changes c JOIN operations o ON o.sequence = c.operation
    WHERE c.entity_id = a.id AND o.at >= ?
)"""


def untouched_since(connection: Connection, asset_class: str, at: datetime) -> int:
    return int(connection.value(f"SELECT count(*) {UNTOUCHED}", (asset_class, time_text(at))))


def untouched(connection: Connection, asset_class: str, at: datetime) -> list[str]:
    return [row[0] for row in connection.rows(f"SELECT a.id {UNTOUCHED}", (asset_class, time_text(at)))]


def sync_states(connection: Connection, entity_id: str) -> dict[str, DeliveryState]:
    """Per present target, the state of the oldest operation on this record, or on what belongs to it, that it
    has not accepted."""
    rows = connection.rows(
        f"""SELECT t.name, d.state FROM targets t
        JOIN changes c ON c.entity_id IN ({TOGETHER}) AND c.entity IN (SELECT value FROM json_each(t.handles))
        JOIN deliveries d ON d.target = t.key AND d.operation = c.operation
        WHERE t.removed_at IS NULL
        ORDER BY t.key, d.state = 'accepted' DESC, d.operation DESC""",
        (entity_id,),
    )
    return dict(rows)


def deleted(connection: Connection, entity_id: str) -> dict[str, Json] | None:
    """All fields of a record as they were when it was deleted."""
    found = connection.value(
        "SELECT before FROM changes WHERE entity_id = ? AND action = 'delete' ORDER BY row DESC LIMIT 1",
        (entity_id,),
    )
    return None if found is None else dict(json.loads(found))
