"""What is to do now: unfinished commissionings, one's own tickets by urgency, what a platform refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from fieldtool import outbox
from fieldtool.commissioning.draft import next_step
from fieldtool.ids import TicketId
from fieldtool.operation import Actor
from fieldtool.store import Store
from fieldtool.ticket import Ticket

Urgency = Literal["overdue", "today", "this_week", "later"]
URGENCIES: tuple[Urgency, ...] = ("overdue", "today", "this_week", "later")
MOST = 50
"""Tickets; a longer list is nobody's day."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A commissioning, and the step it stopped before."""

    id: str
    dev_eui: str
    device_type: str
    step: str


@dataclass(frozen=True, slots=True)
class Due:
    id: TicketId
    title: str
    urgency: Urgency
    due: date | None
    priority: int


@dataclass(frozen=True, slots=True)
class Refused:
    """How many operations need somebody at this target."""

    target: str
    count: int


@dataclass(frozen=True, slots=True)
class Agenda:
    """`tickets` in the order of their urgency, MOST at most of `open_tickets`; `waiting` operations are not
    confirmed yet; `last` is when a platform last answered."""

    unfinished: tuple[Unfinished, ...]
    tickets: tuple[Due, ...]
    open_tickets: int
    refused: tuple[Refused, ...]
    waiting: int
    targets: int
    last: datetime | None

    @property
    def empty(self) -> bool:
        return not (self.unfinished or self.tickets or self.refused)


def agenda(store: Store, actor: Actor, today: date) -> Agenda:
    """A ticket is the person's where it bears the name, or nobody's."""
    due = [_due(ticket, today) for ticket in _open(store, actor)]
    due.sort(key=lambda one: (URGENCIES.index(one.urgency), one.priority, one.due or date.max))
    targets = outbox.targets(store)
    return Agenda(
        unfinished=tuple(
            Unfinished(record.id, record.dev_eui, record.profile, next_step(record))
            for record in reversed(store.commissionings(state="running"))
        ),
        tickets=tuple(due[:MOST]),
        open_tickets=len(due),
        refused=tuple(_refused(store, [target.name for target in targets])),
        waiting=outbox.pending_total(store),
        targets=len(targets),
        last=outbox.last_receipt(store),
    )


def _open(store: Store, actor: Actor) -> Iterator[Ticket]:
    for status in ("open", "in_progress", "waiting"):
        for ticket in store.tickets(status=status):
            if ticket.assignee in (None, actor.name):
                yield ticket


def _due(ticket: Ticket, today: date) -> Due:
    return Due(ticket.id, ticket.title, urgency(ticket.due, today), ticket.due, ticket.priority)


def urgency(due: date | None, today: date) -> Urgency:
    """A week ends with its Sunday."""
    if due is None:
        return "later"
    if due < today:
        return "overdue"
    if due == today:
        return "today"
    sunday = today + timedelta(days=6 - today.weekday())
    return "this_week" if due <= sunday else "later"


def _refused(store: Store, targets: list[str]) -> Iterator[Refused]:
    for name in targets:
        counted = outbox.counts(store, name)
        stuck = counted["rejected"] + counted["conflict"]
        if stuck:
            yield Refused(name, stuck)
