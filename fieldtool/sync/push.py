"""Taking the outbox to one target, in the order in which things were done.

Kill it anywhere: an operation is durably `sending` before its first byte goes out, and whatever is found
`sending` is looked up before it is repeated. Refusals and conflicts are written down only when the whole
operation was tried, so that an operation cut off in the middle stays `sending` and is taken up again.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeVar

from drivers.errors import ExpectedError
from fieldtool import outbox
from fieldtool.connectors.connector import Connector, Session
from fieldtool.connectors.errors import (
    ConnectorError,
    RateLimited,
    ServerFailed,
    UnexpectedAnswer,
    Unmappable,
    Unreachable,
    UnreachableReason,
    WrittenButMissing,
)
from fieldtool.delivery import Delivery, Receipt, RemoteReference, Target
from fieldtool.entities import time_text
from fieldtool.ids import OperationId
from fieldtool.jsontypes import Json
from fieldtool.operation import Change, Operation
from fieldtool.store import Store
from fieldtool.sync.merge import exactly
from fieldtool.sync.records import Key, dependencies, record_of
from fieldtool.sync.report import Standing, SyncReport
from fieldtool.sync.writing import Item, Refused, Result, Settled, write

TRIES = 4
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 60.0
UPDATES_AT_ONCE = 20
"""Looked up together, written one by one, read back together."""

R = TypeVar("R")
Wait = Callable[[float], None]


def push(
    store: Store, target: Target, connector: Connector, session: Session, *, wait: Wait = time.sleep
) -> SyncReport:
    """`wait` gets seconds. A ConnectorError ends the run and is in the report; the queue is kept."""
    accepted_before = outbox.counts(store, target.name).get("accepted", 0)
    deliveries = list(outbox.pending(store, target.name))
    round_ = _Round(store, target, connector, session, wait)
    stopped_by: ExpectedError | None = None
    if any(delivery.state not in ("rejected", "conflict") for delivery in deliveries):
        try:
            patiently(lambda _again: session.check(), wait)
            round_.run(deliveries)
        except ConnectorError as error:
            stopped_by = error
    return standing(store, target, sent=len(round_.sent), before=accepted_before, stopped_by=stopped_by)


def standing(
    store: Store, target: Target, *, sent: int, before: int, stopped_by: ExpectedError | None
) -> SyncReport:
    counts = outbox.counts(store, target.name)
    left = list(outbox.pending(store, target.name))
    return SyncReport(
        target=target,
        sent=sent,
        accepted=counts.get("accepted", 0) - before,
        rejected=tuple(_standing(one) for one in left if one.state == "rejected"),
        conflicts=tuple(_standing(one) for one in left if one.state == "conflict"),
        waiting=counts.get("waiting", 0),
        pending=len(left),
        stopped_by=stopped_by,
    )


def _standing(delivery: Delivery) -> Standing:
    records = tuple((change.entity, change.entity_id) for change in _open_changes(delivery))
    return Standing(delivery.operation.id, delivery.operation.kind, delivery.reason or "", records)


def _open_changes(delivery: Delivery) -> list[Change]:
    return [change for change in delivery.changes if change.position in delivery.open_positions]


def patiently(action: Callable[[bool], R], wait: Wait) -> R:
    """Repeats what may pass, a bounded number of times; `action` is told whether it was begun before."""
    for attempt in range(TRIES):
        try:
            return action(attempt > 0)
        except (RateLimited, ServerFailed, UnexpectedAnswer, Unreachable, WrittenButMissing) as error:
            pause = _pause(error, attempt)
            if pause is None or attempt == TRIES - 1:
                raise
            wait(pause)
    raise AssertionError("the last attempt returns or raises")


def _pause(error: ConnectorError, attempt: int) -> float | None:
    """Seconds, or None where waiting here is pointless: no network, or asked to stay away for long."""
    if isinstance(error, Unreachable) and error.reason not in (
        UnreachableReason.TIMEOUT,
        UnreachableReason.CUT,
    ):
        return None
    asked = error.retry_after if isinstance(error, RateLimited | ServerFailed) else None
    if asked is not None:
        return asked if asked <= LONGEST_PAUSE else None
    return float(FIRST_PAUSE * 2**attempt * random.uniform(0.5, 1.5))


@dataclass
class _Progress:
    """One operation while it is being sent."""

    left: int
    held: list[Receipt] = field(default_factory=list)
    waits_for: OperationId | None = None


class _Round:
    def __init__(
        self, store: Store, target: Target, connector: Connector, session: Session, wait: Wait
    ) -> None:
        self.sent: set[OperationId] = set()
        self._store = store
        self._target = target
        self._connector = connector
        self._session = session
        self._wait = wait
        self._blocked: dict[Key, OperationId] = {}
        self._progress: dict[OperationId, _Progress] = {}
        self._batch: list[Item] = []
        self._inside: set[Key] = set()

    def run(self, deliveries: Sequence[Delivery]) -> None:
        for delivery in deliveries:
            changes = [
                change for change in _open_changes(delivery) if change.entity in self._connector.handles
            ]
            if delivery.state in ("rejected", "conflict"):
                for change in changes:
                    self._block(change, delivery.operation.id)
                continue
            self._progress[delivery.operation.id] = _Progress(len(changes))
            for change in changes:
                self._take(delivery, change)
        self._flush()

    def _take(self, delivery: Delivery, change: Change) -> None:
        needed = list(dependencies(self._store, change))
        if self._batch and not self._fits(change, needed):
            self._flush()
        on = next((self._blocked[key] for key in needed if key in self._blocked), None)
        if on is not None:
            self._block(change, on)
            self._progress[delivery.operation.id].waits_for = on
            self._done(delivery.operation.id)
            return
        try:
            self._batch.append(self._item(delivery, change))
            self._inside.add((change.entity, change.entity_id))
        except Unmappable as error:
            refused = Refused(error.reason, error.detail)
            self._settled(delivery.operation, change, refused, datetime.now(UTC))

    def _fits(self, change: Change, needed: Sequence[Key]) -> bool:
        """Together goes what is of one kind and does not depend on each other."""
        action = self._batch[0].change.action
        most = self._connector.batch if action == "create" else UPDATES_AT_ONCE
        return change.action == action and len(self._batch) < most and self._inside.isdisjoint(needed)

    def _item(self, delivery: Delivery, change: Change) -> Item:
        """Raises Unmappable."""
        reference = outbox.reference(self._store, self._target.name, change.entity, change.entity_id)
        base = reference.base if reference is not None else None
        before, after = change.before or {}, change.after or {}
        stated = before if change.action == "delete" else after
        record = record_of(self._store, self._target.name, change, stated, base)
        mine = self._session.content(record)
        earlier = self._session.content(replace(record, fields=before)) if before else {}
        if change.action == "update":
            names = sorted({*mine, *earlier})
            mine = {name: mine.get(name) for name in names if not exactly(mine.get(name), earlier.get(name))}
        return Item(
            operation=delivery.operation,
            change=change,
            record=record,
            mine=mine,
            before=earlier,
            base=base,
            in_doubt=delivery.state == "sending",
        )

    def _flush(self) -> None:
        batch, self._batch, self._inside = self._batch, [], set()
        if not batch:
            return
        operations = list(dict.fromkeys(item.operation.id for item in batch))
        outbox.mark_sending(self._store, self._target.name, operations)
        self.sent.update(operations)
        results = patiently(
            lambda again: write(self._session, self._target.url, batch, again=again), self._wait
        )
        self._record(batch, results)

    def _record(self, batch: Sequence[Item], results: Sequence[Result]) -> None:
        """What is accepted is written down at once, in one transaction."""
        now = datetime.now(UTC)
        receipts: list[Receipt] = []
        references: list[RemoteReference] = []
        for item, result in zip(batch, results, strict=True):
            if isinstance(result, Settled):
                receipts.append(_receipt(self._target.name, item.operation, item.change, result, now))
                references.append(
                    RemoteReference(
                        *(self._target.name, item.change.entity, item.id, result.remote_id, result.base, now)
                    )
                )
        outbox.record_receipts(self._store, self._target.name, receipts, references)
        for item, result in zip(batch, results, strict=True):
            self._settled(item.operation, item.change, result, now)

    def _settled(self, operation: Operation, change: Change, result: Result, now: datetime) -> None:
        if not isinstance(result, Settled):
            self._block(change, operation.id)
            receipt = _receipt(self._target.name, operation, change, result, now)
            self._progress[operation.id].held.append(receipt)
        self._done(operation.id)

    def _block(self, change: Change, on: OperationId) -> None:
        self._blocked.setdefault((change.entity, change.entity_id), on)

    def _done(self, operation_id: OperationId) -> None:
        """One more change of the operation is decided; with the last one so is the operation."""
        progress = self._progress[operation_id]
        progress.left -= 1
        if progress.left:
            return
        if progress.held:
            outbox.record_receipts(self._store, self._target.name, progress.held, [])
        elif progress.waits_for is not None:
            outbox.mark_waiting(
                self._store, self._target.name, operation_id, progress.waits_for, "depends_on"
            )


def _receipt(target: str, operation: Operation, change: Change, result: Result, now: datetime) -> Receipt:
    if isinstance(result, Settled):
        return Receipt(operation.id, change.position, target, "accepted", result.remote_id, now, {})
    if isinstance(result, Refused):
        refusal: dict[str, Json] = {"reason": result.reason, "text": result.text}
        return Receipt(operation.id, change.position, target, "rejected", None, now, refusal)
    detail: dict[str, Json] = {
        "reason": result.reason,
        "fields": [
            {"field": one.field, "base": one.base, "mine": one.mine, "theirs": one.theirs}
            for one in result.fields
        ],
        "mine_by": operation.actor_id,
        "mine_at": time_text(operation.at),
        "theirs_at": result.theirs_at,
    }
    return Receipt(operation.id, change.position, target, "conflict", result.remote_id, now, detail)
