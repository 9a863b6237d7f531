"""What platforms confirmed within a time, and what waits since before its end."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fieldtool.delivery import Target
from fieldtool.entities import parse_time, time_text
from fieldtool.jsontypes import Json
from fieldtool.operation import Action, Actor, DeliveryState, EntityName, Operation
from fieldtool.store.connection import Connection
from fieldtool.store.journal_rows import OPERATION, to_operation

PAGE = 1000


@dataclass(frozen=True, slots=True)
class KnownTarget:
    """`key` tells a removed target from a later one of the same name."""

    key: int
    target: Target
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """One change at one target."""

    target: int
    operation: Operation
    actor: Actor
    entity: EntityName
    entity_id: str
    action: Action
    remote_id: str | None
    at: datetime
    detail: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Unsettled:
    """One operation at one target; `records` are its first open changes, `open` how many there are."""

    operation: Operation
    actor: Actor
    state: DeliveryState
    reason: str | None
    records: tuple[tuple[EntityName, str], ...]
    open: int
    refusal: Mapping[str, Json]


def known_targets(connection: Connection) -> list[KnownTarget]:
    """Removed ones too, last."""
    rows = connection.rows(
        """SELECT key, removed_at, name, type, url, tenant, options, operator FROM targets
        ORDER BY removed_at IS NOT NULL, name, key"""
    )
    return [
        KnownTarget(
            key,
            Target(name, kind, url, tenant, json.loads(options), operator),
            None if removed_at is None else parse_time(removed_at),
        )
        for key, removed_at, name, kind, url, tenant, options, operator in rows
    ]


def confirmed(connection: Connection, start: datetime, end: datetime) -> Iterator[Confirmed]:
    """In the order of the answers."""
    after, last = time_text(start), -1
    while True:
        rows = connection.rows(
            f"""SELECT r.at, r.row, r.target, c.entity, c.entity_id, c.action, r.remote_id, r.detail,
                a.id, a.name, a.sign, a.role, {OPERATION}
            FROM receipts r
            JOIN changes c ON c.operation = r.operation AND c.position = r.position
            JOIN operations o ON o.sequence = r.operation
            JOIN actors a ON a.id = o.actor_id
            WHERE (r.at, r.row) > (?, ?) AND r.at < ? AND r.outcome = 'accepted'
            ORDER BY r.at, r.row LIMIT ?""",
            (after, last, time_text(end), PAGE),
        )
        for at, _row, target, entity, entity_id, action, remote_id, detail, *rest in rows:
            yield Confirmed(
                target,
                to_operation(rest[4:]),
                Actor(*rest[:4]),
                *(entity, entity_id, action, remote_id, parse_time(at), json.loads(detail)),
            )
        if len(rows) < PAGE:
            return
        after, last = rows[-1][:2]


def unsettled_states(connection: Connection, key: int, end: datetime) -> dict[DeliveryState, int]:
    rows = connection.rows(
        """SELECT d.state, count(*) FROM deliveries d JOIN operations o ON o.sequence = d.operation
        WHERE d.target = ? AND d.state <> 'accepted' AND o.at < ? GROUP BY d.state""",
        (key, time_text(end)),
    )
    return dict(rows)


def unsettled(
    connection: Connection, key: int, end: datetime, limit: int, records: int
) -> Iterator[Unsettled]:
    """What a person has to look at first: conflicts, refusals, then the rest, each as it was made."""
    rows = connection.rows(
        f"""SELECT d.state, d.reason, a.id, a.name, a.sign, a.role, {OPERATION} FROM deliveries d
        JOIN operations o ON o.sequence = d.operation
        JOIN actors a ON a.id = o.actor_id
        WHERE d.target = ? AND d.state <> 'accepted' AND o.at < ?
        ORDER BY d.state <> 'conflict', d.state <> 'rejected', d.operation LIMIT ?""",
        (key, time_text(end), limit),
    )
    for state, reason, *rest in rows:
        operation = to_operation(rest[4:])
        found = _open(connection, key, operation.sequence)
        refusal = _refusal(connection, key, operation.sequence) if state == "conflict" else {}
        yield Unsettled(
            *(operation, Actor(*rest[:4]), state, reason, tuple(found[:records]), len(found)), refusal
        )


def _open(connection: Connection, key: int, sequence: int) -> list[tuple[EntityName, str]]:
    rows: list[tuple[Any, ...]] = connection.rows(
        """SELECT c.entity, c.entity_id FROM changes c JOIN targets t ON t.key = ?1
        WHERE c.operation = ?2 AND c.entity IN (SELECT value FROM json_each(t.handles))
        AND NOT EXISTS (
            SELECT 1 FROM receipts r WHERE r.target = ?1 AND r.operation = ?2
            AND r.position = c.position AND r.outcome = 'accepted'
        ) ORDER BY c.position""",
        (key, sequence),
    )
    return [(entity, entity_id) for entity, entity_id in rows]


def _refusal(connection: Connection, key: int, sequence: int) -> Mapping[str, Json]:
    """What the target answered to the last conflicting change."""
    found = connection.value(
        """SELECT detail FROM receipts WHERE target = ? AND operation = ? AND outcome = 'conflict'
        ORDER BY row DESC LIMIT 1""",
        (key, sequence),
    )
    loaded: dict[str, Json] = {} if found is None else json.loads(found)
    return loaded
