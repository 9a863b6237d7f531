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
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from drivers.errors import ExpectedError
from fieldtool import outbox
from fieldtool.connectors.connector import Connector, Session
from fieldtool.connectors.errors import (
    AskedToWait,
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
from fieldtool.sync.records import (
    Key,
    SecretsOf,
    closes_ticket,
    dependencies,
    device_keys,
    no_secrets,
    record_of,
)
from fieldtool.sync.report import Standing, SyncReport
from fieldtool.sync.writing import Conflicting, Item, Postponed, Refused, Result, Settled, write

TRIES = 4
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 60.0
SUSPECTS = 3
"""So many records in a row that the server fails at, and none that it takes: it is the server."""
LONGEST_WISH = timedelta(days=1)
UPDATES_AT_ONCE = 20
"""Looked up together, written one by one, read back together."""

R = TypeVar("R")
Wait = Callable[[float], None]


def push(
    store: Store,
    target: Target,
    connector: Connector,
    session: Session,
    *,
    wait: Wait = time.sleep,
    secrets: SecretsOf = no_secrets,
) -> SyncReport:
    """`wait` gets seconds, `secrets` finds those of a record. A ConnectorError ends the run and is in the
    report; the queue is kept."""
    accepted_before = outbox.counts(store, target.name).get("accepted", 0)
    deliveries = list(outbox.pending(store, target.name))
    round_ = _Round(store, target, connector, session, wait, secrets)
    stopped_by: ExpectedError | None = asked_to_wait(store, target)
    if stopped_by is None and any(delivery.state not in ("rejected", "conflict") for delivery in deliveries):
        try:
            patiently(lambda _again: session.check(), wait)
            round_.run(deliveries)
        except ConnectorError as error:
            stopped_by = error
        outbox.put_not_before(store, target.name, wished_pause(stopped_by))
    return standing(store, target, sent=len(round_.sent), before=accepted_before, stopped_by=stopped_by)


def asked_to_wait(store: Store, target: Target) -> AskedToWait | None:
    """A target that wanted to be left alone for longer is not asked before. A clock that was set back does
    not lock it out."""
    until = outbox.not_before(store, target.name)
    now = datetime.now(UTC)
    if until is None or until <= now or until - now > LONGEST_WISH:
        return None
    return AskedToWait(target.url, until)


def wished_pause(error: ExpectedError | None) -> datetime | None:
    asked = error.retry_after if isinstance(error, RateLimited | ServerFailed) else None
    if asked is None or asked <= LONGEST_PAUSE:
        return None
    return datetime.now(UTC) + min(timedelta(seconds=asked), LONGEST_WISH)


def standing(
    store: Store, target: Target, *, sent: int, before: int, stopped_by: ExpectedError | None
) -> SyncReport:
    counts = outbox.counts(store, target.name)
    left = list(outbox.pending(store, target.name))
    return SyncReport(
        target=target,
        sent=sent,
        accepted=counts.get("accepted", 0) - before,
        rejected=tuple(_standing(store, one) for one in left if one.state == "rejected"),
        conflicts=tuple(_standing(store, one) for one in left if one.state == "conflict"),
        waiting=counts.get("waiting", 0),
        pending=len(left),
        stopped_by=stopped_by,
    )


def _standing(store: Store, delivery: Delivery) -> Standing:
    records = tuple((change.entity, change.entity_id) for change in _open_changes(delivery))
    said = tuple(outbox.refusals(store, delivery.target, delivery.operation.id))
    return Standing(delivery.operation.id, delivery.operation.kind, delivery.reason or "", records, said)


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
    why: str = "depends_on"


class _Round:
    def __init__(
        self,
        store: Store,
        target: Target,
        connector: Connector,
        session: Session,
        wait: Wait,
        secrets: SecretsOf,
    ) -> None:
        self._secrets = secrets
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
        self._suspects: list[tuple[Item, ServerFailed]] = []
        self._settled_any = False

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
        self._judge_suspects()

    def _take(self, delivery: Delivery, change: Change) -> None:
        needed = list(dependencies(self._store, change, self._connector.handles))
        if self._batch and not self._fits(change, needed):
            self._flush()
        on = next((self._blocked[key] for key in needed if key in self._blocked), None)
        if on is None and closes_ticket(change):
            on = outbox.unsettled_elsewhere(
                self._store,
                self._target.name,
                device_keys(self._store, change),
                delivery.operation.sequence,
            )
            if on is not None:
                self._progress[delivery.operation.id].why = "other_target"
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
        handles = self._connector.handles
        record = record_of(self._store, self._target.name, handles, delivery, change, stated, base)
        record = replace(record, secrets=self._secrets(change))
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
            in_doubt=delivery.state == "sending" or (change.action == "create" and reference is not None),
        )

    def _flush(self) -> None:
        batch, self._batch, self._inside = self._batch, [], set()
        if not batch:
            return
        operations = list(dict.fromkeys(item.operation.id for item in batch))
        outbox.mark_sending(self._store, self._target.name, operations)
        self.sent.update(operations)
        try:
            self._write(batch)
        except ServerFailed as error:
            if len(batch) == 1:
                self._suspect(batch[0], error)
            for item in batch if len(batch) > 1 else ():
                self._write_alone(item)

    def _write(self, batch: Sequence[Item]) -> None:
        results = patiently(
            lambda again: write(self._session, self._target.url, batch, again=again), self._wait
        )
        self._record(batch, results)

    def _write_alone(self, item: Item) -> None:
        """Of a batch that the server stumbles over again and again: which record is it?"""
        try:
            self._record([item], write(self._session, self._target.url, [item], again=True))
        except ServerFailed as error:
            self._suspect(item, error)

    def _suspect(self, item: Item, error: ServerFailed) -> None:
        """Either the server fails at everything, then this ends the run, or at this record, then only what
        depends on it has to wait. The others will tell."""
        self._suspects.append((item, error))
        if len(self._suspects) >= SUSPECTS and not self._settled_any:
            raise error
        self._block(item.change, item.operation.id)

    def _judge_suspects(self) -> None:
        if self._suspects and not self._settled_any:
            raise self._suspects[0][1]
        for item, error in self._suspects:
            refused = Refused("server_failed", f"HTTP {error.status}")
            self._settled(item.operation, item.change, refused, datetime.now(UTC))

    def _record(self, batch: Sequence[Item], results: Sequence[Result]) -> None:
        """What is accepted is written down at once, in one transaction."""
        now = datetime.now(UTC)
        receipts: list[Receipt] = []
        references: list[RemoteReference] = []
        for item, result in zip(batch, results, strict=True):
            if isinstance(result, Settled):
                self._settled_any = True
                receipts.append(_receipt(self._target.name, item.operation, item.change, result, now))
                references.append(
                    RemoteReference(
                        *(self._target.name, item.change.entity, item.id, result.remote_id, result.base, now)
                    )
                )
            elif isinstance(result, Postponed):
                references.append(
                    RemoteReference(
                        *(self._target.name, item.change.entity, item.id, result.remote_id, None, now)
                    )
                )
        outbox.record_receipts(self._store, self._target.name, receipts, references)
        for item, result in zip(batch, results, strict=True):
            self._settled(item.operation, item.change, result, now)

    def _settled(self, operation: Operation, change: Change, result: Result, now: datetime) -> None:
        progress = self._progress[operation.id]
        if isinstance(result, Postponed):
            self._block(change, operation.id)
            progress.waits_for, progress.why = operation.id, "not_decided_there"
        elif not isinstance(result, Settled):
            self._block(change, operation.id)
            progress.held.append(_receipt(self._target.name, operation, change, result, now))
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
                self._store, self._target.name, operation_id, progress.waits_for, progress.why
            )


def _receipt(
    target: str,
    operation: Operation,
    change: Change,
    result: Settled | Refused | Conflicting,
    now: datetime,
) -> Receipt:
    if isinstance(result, Settled):
        told: dict[str, Json] = {"facts": dict(result.facts)} if result.facts else {}
        return Receipt(operation.id, change.position, target, "accepted", result.remote_id, now, told)
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
