"""The outbox: for each target, every operation's way to `accepted`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from fieldtool.delivery import Delivery, Outcome, Receipt, RemoteReference, Target, token_name
from fieldtool.errors import CoreError
from fieldtool.ids import OperationId
from fieldtool.jsontypes import Json
from fieldtool.operation import Actor, Change, DeliveryState, EntityName, Operation
from fieldtool.store import Store, outbox_rows
from fieldtool.store.errors import NotFound

__all__ = [
    "Change",
    "Delivery",
    "DeliveryState",
    "Operation",
    "Outcome",
    "Receipt",
    "RemoteReference",
    "Target",
    "TargetExists",
    "UnknownTarget",
    "token_name",
]

STATES: tuple[DeliveryState, ...] = ("saved", "sending", "accepted", "rejected", "conflict", "waiting")


@dataclass(eq=False)
class TargetExists(CoreError):
    name: str


@dataclass(eq=False)
class UnknownTarget(CoreError):
    name: str
    known: str


def add_target(store: Store, actor: Actor, target: Target, handles: frozenset[str]) -> None:
    """Everything done so far that it handles and that is its operator's waits for it. The first target with
    an operator makes that one the profile's default. Raises TargetExists. Joins a running
    transaction, so that the token comes into the vault together with it."""
    with store.connection.joining():
        if outbox_rows.target_key(store.connection, target.name) is not None:
            raise TargetExists(target.name)
        outbox_rows.insert_target(store.connection, target, handles, actor)


def remove_target(store: Store, name: str) -> None:
    """Its token goes, its receipts stay. Raises UnknownTarget."""
    with store.connection.joining():
        outbox_rows.retire_target(store.connection, _key(store, name), token_name(name))


def targets(store: Store) -> list[Target]:
    return outbox_rows.targets(store.connection)


def pending(store: Store, target_name: str) -> Iterator[Delivery]:
    """Every operation not accepted, in the order they were made; read as it goes on."""
    return outbox_rows.pending(store.connection, _key(store, target_name), target_name)


def mark_sending(store: Store, target_name: str, operation_ids: Iterable[OperationId]) -> None:
    """Durable before the first byte goes out."""
    key = _key(store, target_name)
    with store.transaction():
        sequences = [_sequence(store, operation_id) for operation_id in operation_ids]
        outbox_rows.start_sending(store.connection, key, sequences)


def record_receipts(
    store: Store, target_name: str, receipts: Sequence[Receipt], references: Sequence[RemoteReference]
) -> None:
    """One transaction. A change that is accepted stays so: a later receipt for it is ignored."""
    key = _key(store, target_name)
    with store.connection.joining():
        accepted: dict[OperationId, int] = defaultdict(int)
        for receipt in receipts:
            sequence = _sequence(store, receipt.operation_id)
            new = outbox_rows.insert_receipt(store.connection, key, sequence, receipt)
            accepted[receipt.operation_id] += new and receipt.outcome == "accepted"
        for operation_id, number in accepted.items():
            outbox_rows.settle(store.connection, key, _sequence(store, operation_id), number)
        for reference_ in references:
            outbox_rows.put_reference(store.connection, key, reference_)


def mark_waiting(
    store: Store, target_name: str, operation_id: OperationId, on: OperationId, reason: str | None
) -> None:
    """`on` is the operation that has to be accepted first."""
    with store.connection.joining():
        sequence, waits_for = _sequence(store, operation_id), _sequence(store, on)
        key = _key(store, target_name)
        outbox_rows.park(store.connection, key, sequence, "waiting", reason, waits_for)


def unsettled_elsewhere(
    store: Store, target_name: str, keys: Sequence[tuple[str, str]], before: int
) -> OperationId | None:
    """The first operation, made before the sequence `before`, that changed one of these records (entity,
    id) and that another target has not accepted yet."""
    return outbox_rows.unsettled_elsewhere(store.connection, _key(store, target_name), keys, before)


def reference_by_remote(store: Store, target_name: str, entity: EntityName, remote_id: str) -> str | None:
    """Our id of what is known there under this one."""
    return outbox_rows.reference_by_remote(store.connection, _key(store, target_name), entity, remote_id)


def cursor(store: Store, target_name: str) -> str | None:
    """Up to where this target was pulled."""
    return outbox_rows.cursor(store.connection, _key(store, target_name))


def put_cursor(store: Store, target_name: str, value: str) -> None:
    with store.connection.joining():
        outbox_rows.put_cursor(store.connection, _key(store, target_name), value)


def not_before(store: Store, target_name: str) -> datetime | None:
    """Until when the target asked to be left alone."""
    return outbox_rows.not_before(store.connection, _key(store, target_name))


def put_not_before(store: Store, target_name: str, at: datetime | None) -> None:
    with store.connection.joining():
        outbox_rows.put_not_before(store.connection, _key(store, target_name), at)


def refusals(store: Store, target_name: str, operation_id: OperationId) -> list[dict[str, Json]]:
    """The details of what this target last refused of the operation."""
    key, sequence = _key(store, target_name), _sequence(store, operation_id)
    return outbox_rows.refusals(store.connection, key, sequence)


def retry(store: Store, target_name: str, operation_id: OperationId) -> None:
    """Back to `saved`, as a new attempt; an accepted one stays accepted."""
    with store.connection.joining():
        sequence = _sequence(store, operation_id)
        outbox_rows.park(store.connection, _key(store, target_name), sequence, "saved", None, None)


def reference(store: Store, target_name: str, entity: EntityName, entity_id: str) -> RemoteReference | None:
    key = _key(store, target_name)
    return outbox_rows.reference(store.connection, key, target_name, entity, entity_id)


def counts(store: Store, target_name: str) -> dict[DeliveryState, int]:
    """Every state, also those with 0."""
    found = dict(outbox_rows.counts(store.connection, _key(store, target_name)))
    return {state: found.get(state, 0) for state in STATES}


def pending_total(store: Store) -> int:
    """Operations not accepted, summed over the targets."""
    return outbox_rows.pending_total(store.connection)


def last_receipt(store: Store) -> datetime | None:
    """When any platform last answered to a change."""
    return outbox_rows.last_receipt(store.connection)


def accepted_receipts(store: Store) -> dict[str, int]:
    """By target, how many operations it has accepted; what was pulled from it is none of them."""
    return outbox_rows.accepted(store.connection)


def _key(store: Store, name: str) -> int:
    key = outbox_rows.target_key(store.connection, name)
    if key is None:
        raise UnknownTarget(name, ", ".join(target.name for target in targets(store)) or "–")
    return key


def _sequence(store: Store, operation_id: OperationId) -> int:
    sequence = outbox_rows.sequence_of(store.connection, operation_id)
    if sequence is None:
        raise NotFound("operation", operation_id)
    return sequence
