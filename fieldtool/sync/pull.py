"""Taking from a target what was done there: tickets, and what was said to them.

Each record is one operation: the row, its receipt and what both sides now agree on commit together, so that
nothing goes back to where it came from, and a kill leaves a record wholly here or not at all. Being told a
record twice changes nothing. A ticket that came from a target belongs there: no other target is told of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from fieldtool import outbox
from fieldtool.connectors.connector import Incoming, PullingSession
from fieldtool.delivery import Receipt, RemoteReference, Target
from fieldtool.entities import to_fields
from fieldtool.ids import TicketId, new_id
from fieldtool.journal import Recorder, operation
from fieldtool.jsontypes import Json
from fieldtool.operation import Actor, EntityName
from fieldtool.store import Store
from fieldtool.sync.merge import merge
from fieldtool.sync.report import Twin
from fieldtool.ticket import Ticket, TicketEvent, TicketStatus
from fieldtool.titles import value_text

KIND = "ticket.pulled"
LONGEST_TITLE = 200
LONGEST_TEXT = 20_000
CUT = " […]"


@dataclass(slots=True)
class Pulled:
    """`changed` records are new or other than before; `orphans` belong to a ticket that is not here; `twins`
    were closed there."""

    changed: int = 0
    orphans: int = 0
    twins: list[Twin] = field(default_factory=list)
    twin_ids: set[str] = field(default_factory=set)


def pull(store: Store, actor: Actor, target: Target, session: PullingSession) -> Pulled:
    """Raises ConnectorError; what came before it is kept."""
    done = Pulled()
    for page in session.pull(outbox.cursor(store, target.name)):
        for record in page.records:
            taking = _Taking(store, actor, target, session, record, done)
            if record.entity == "ticket":
                taking.ticket()
            elif record.entity == "ticket_event":
                taking.event()
        outbox.put_cursor(store, target.name, page.cursor)
    return done


@dataclass(frozen=True, slots=True)
class _Taking:
    store: Store
    actor: Actor
    target: Target
    session: PullingSession
    record: Incoming
    done: Pulled

    def known_as(self, entity: EntityName, remote_id: str) -> str | None:
        return outbox.reference_by_remote(self.store, self.target.name, entity, remote_id)

    def ticket(self) -> None:
        kept = self._kept_instead()
        if kept is not None:
            self._close_twin(kept)
            return
        known = self.known_as("ticket", self.record.remote_id) or self.record.entity_id
        here = self.store.find(Ticket, known) if known is not None else None
        if here is not None:
            self._merge(here)
        elif known is None or not self._was_here(known):
            self._new_ticket(known)

    def _kept_instead(self) -> str | None:
        """The remote id by which our ticket is known, where this is another request for it. One that is still
        on its way is the push's to settle."""
        if self.record.entity_id is None:
            return None
        known = outbox.reference(self.store, self.target.name, "ticket", self.record.entity_id)
        if known is None or known.base is None or known.remote_id == self.record.remote_id:
            return None
        return known.remote_id

    def _close_twin(self, kept: str) -> None:
        remote_id = self.record.remote_id
        self.done.twin_ids.add(remote_id)
        if self.record.content.get("status") != "closed" and self.session.close_twin(remote_id, kept):
            self.done.twins.append(Twin(str(self.record.entity_id), remote_id, kept))

    def _was_here(self, known: str) -> bool:
        """Deleted here: that is not undone by being told of it."""
        return next(self.store.history(known), None) is not None

    def _new_ticket(self, known: str | None) -> None:
        content = self.record.content
        ticket = Ticket(
            id=TicketId(known or new_id()),
            category=str(content.get("category") or "other"),
            title=cleaned(content.get("title"), LONGEST_TITLE) or str(content.get("category") or "–"),
            description=cleaned(content.get("description"), LONGEST_TEXT),
            status=cast("TicketStatus", content.get("status", "open")),
            geometry=cast("Mapping[str, Json] | None", content.get("geometry")),
            address=cleaned(content.get("address"), LONGEST_TITLE) or None,
        )
        with self._operation() as recorder:
            recorder.create(ticket)
            self._arrived(recorder, "ticket", ticket.id, content)

    def _merge(self, here: Ticket) -> None:
        """Only what was changed there alone is taken; what was changed on both sides the push will show."""
        reference = outbox.reference(self.store, self.target.name, "ticket", here.id)
        if reference is None or reference.base is None:
            return  # on its way: the push settles it
        theirs = self.record.content
        fields = to_fields(here)
        mine = {name: fields.get(name) or None for name in theirs}
        base = {name: reference.base.get(name) for name in theirs}
        taken = merge(base, mine, theirs).taken
        changes = {name: value for name, value in taken.items() if theirs.get(name) is not None}
        if not changes:
            return
        with self._operation() as recorder:
            recorder.update(here, **cast("dict[str, Any]", changes))
            self._arrived(recorder, "ticket", here.id, {**reference.base, **changes})

    def event(self) -> None:
        record = self.record
        if self.known_as("ticket_event", record.remote_id) is not None:
            return
        if record.entity_id is not None and self.store.find(TicketEvent, record.entity_id) is not None:
            return
        ticket_id = self.known_as("ticket", record.parent or "")
        if ticket_id is None:
            self.done.orphans += record.parent not in self.done.twin_ids
            return
        status = cast("TicketStatus | None", record.fields.get("status"))
        at = record.content.get("at")
        event = TicketEvent(
            id=record.entity_id or new_id(),
            ticket_id=TicketId(ticket_id),
            kind="comment" if status is None else "status",
            text=cleaned(record.content.get("text"), LONGEST_TEXT) or value_text("status", status),
            at=datetime.fromisoformat(str(at)) if at is not None else datetime.now(UTC),
            status=status,
        )
        with self._operation() as recorder:
            recorder.create(event)
            self._arrived(recorder, "ticket_event", event.id, {"text": event.text})

    def _operation(self) -> Any:
        self.done.changed += 1
        name, operator = self.target.name, self.target.operator
        return operation(self.store, self.actor, KIND, reason=name, operator=operator)

    def _arrived(
        self, recorder: Recorder, entity: EntityName, entity_id: str, base: Mapping[str, Json]
    ) -> None:
        """The reference before the deliveries are made, for it says where the ticket lives; the receipt
        behind them."""
        now, name, remote_id = datetime.now(UTC), self.target.name, self.record.remote_id
        reference = RemoteReference(name, entity, entity_id, remote_id, base, now)
        outbox.record_receipts(self.store, name, [], [reference])
        receipt = Receipt(recorder.operation_id, 0, name, "accepted", remote_id, now, {})
        recorder.afterwards(lambda: outbox.record_receipts(self.store, name, [receipt], []))


def cleaned(text: Json, longest: int) -> str:
    """What comes from outside: no control characters, not without end."""
    if not isinstance(text, str):
        return ""
    plain = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", text.replace("\r\n", "\n")).strip()
    return plain if len(plain) <= longest else plain[: longest - len(CUT)] + CUT
