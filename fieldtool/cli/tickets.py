"""`fieldtool tickets`: what is to be done, the most pressing first."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date, datetime
from typing import cast

from fieldtool.arguments import at_least_one
from fieldtool.command import Command, Invocation
from fieldtool.entities import time_text
from fieldtool.jsontypes import Json
from fieldtool.store import Store
from fieldtool.texts import BERLIN, N_, _, local_time
from fieldtool.ticket import Ticket, TicketEvent
from fieldtool.ticketing.categories import category_title
from fieldtool.ticketing.flow import STATUSES
from fieldtool.titles import day, value_text


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--status", choices=STATUSES)
    parser.add_argument("--category", metavar="C", help=_("only this category"))
    parser.add_argument("--asset", metavar="ID", help=_("only those about this asset"))
    parser.add_argument("--device", metavar="ID", help=_("only those about this device"))
    parser.add_argument("--assignee", metavar="A", help=_("only those that this person looks after"))
    parser.add_argument("--overdue", action="store_true", help=_("only those that were due before today"))
    parser.add_argument("--id", metavar="ID", help=_("this ticket, with its events"))
    parser.add_argument("--limit", type=at_least_one, metavar="N", help=_("at most so many"))


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.profile import open_invocation_profile

    found = 0
    with open_invocation_profile(invocation, write=False) as profile:
        store = profile.store
        for ticket in store.tickets(
            status=options.status,
            category=options.category,
            asset_id=options.asset,
            device_id=options.device,
            assignee=options.assignee,
            overdue_on=today() if options.overdue else None,
            id=options.id,
            limit=options.limit,
        ):
            events = store.ticket_events(ticket.id) if options.id is not None else None
            invocation.row(row(store, ticket, events), "\n".join(lines(ticket, events)))
            found += 1
    if not found:
        invocation.say(_("Nothing found."))
    return 0


def today() -> date:
    return datetime.now(BERLIN).date()


def is_overdue(ticket: Ticket) -> bool:
    return ticket.status != "closed" and ticket.due is not None and ticket.due < today()


def row(store: Store, ticket: Ticket, events: list[TicketEvent] | None = None) -> dict[str, Json]:
    found: dict[str, Json] = {
        "id": ticket.id,
        "category": ticket.category,
        "title": ticket.title,
        "description": ticket.description,
        "status": ticket.status,
        "priority": ticket.priority,
        "asset_id": ticket.asset_id,
        "device_id": ticket.device_id,
        "geometry": cast("Json", ticket.geometry),
        "address": ticket.address,
        "assignee": ticket.assignee,
        "due": None if ticket.due is None else ticket.due.isoformat(),
        "overdue": is_overdue(ticket),
        "version": ticket.version,
        "sync": dict(store.sync_states(ticket.id)),
    }
    if events is not None:
        found["events"] = [event_row(store, event) for event in events]
    return found


def event_row(store: Store, event: TicketEvent) -> dict[str, Json]:
    return {
        "id": event.id,
        "kind": event.kind,
        "text": event.text,
        "at": time_text(event.at),
        "status": event.status,
        "sync": dict(store.sync_states(event.id)),
    }


def lines(ticket: Ticket, events: list[TicketEvent] | None = None) -> Iterator[str]:
    due = "" if ticket.due is None else _("until {date}").format(date=day(ticket.due))
    parts = (
        f"P{ticket.priority}",
        value_text("status", ticket.status),
        due + (f" ({_('overdue')})" if is_overdue(ticket) else ""),
        category_title(ticket.category),
        ticket.title,
        ticket.assignee,
        ticket.id,
    )
    yield "  ".join(part for part in parts if part)
    if events is None:
        return
    for text in (ticket.address, ticket.description):
        if text:
            yield f"    {text}"
    for event in events:
        yield f"    {local_time(event.at)}  {value_text('kind', event.kind)}: {event.text}"


COMMAND = Command(N_("list the tickets of the profile"), arguments, run)
