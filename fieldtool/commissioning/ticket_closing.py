"""The ticket that sent the technician out: looked at when it is planned, closed when all is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fieldtool.asset import Asset
from fieldtool.commissioning.planned_asset import find_asset
from fieldtool.commissioning.run import Run
from fieldtool.device import Device
from fieldtool.errors import ExpectedError
from fieldtool.journal import Recorder
from fieldtool.jsontypes import Json
from fieldtool.naming import asset_text, device_text
from fieldtool.policy import require
from fieldtool.store import Store
from fieldtool.texts import _
from fieldtool.ticket import Ticket
from fieldtool.ticketing.changing import record_change
from fieldtool.ticketing.errors import TicketClosed, TicketElsewhere, TicketUnknown

CLOSED_HERE = frozenset({"ticket.status", "commissioning.finish"})
"""Kinds of operations that close a ticket; every other one only took over that somebody else did."""


def check_ticket(run: Run) -> None:
    """Raises TicketUnknown, TicketClosed, TicketElsewhere, NotAllowed, and what `find_asset` raises."""
    if run.plan.ticket is None:
        return
    require(run.profile.actor, "ticket.close")
    ticket = planned_ticket(run)
    if ticket.status == "closed":
        raise closed_error(run.profile.store, ticket)


def ticket_holds(run: Run) -> bool:
    try:
        check_ticket(run)
    except ExpectedError:
        # The step is performed again, and it is the one to say so.
        return False
    return True


def planned_ticket(run: Run) -> Ticket:
    """Raises TicketUnknown, TicketElsewhere, and what `find_asset` raises."""
    wanted = str(run.plan.ticket)
    ticket = run.profile.store.find(Ticket, wanted)
    if ticket is None:
        raise TicketUnknown(wanted)
    device = run.known_device()
    if ticket.device_id is not None and (device is None or device.id != ticket.device_id):
        other = run.profile.store.get(Device, ticket.device_id)
        raise TicketElsewhere(ticket.title, device_text(other))
    if ticket.asset_id is not None and find_asset(run).id != ticket.asset_id:
        raise TicketElsewhere(ticket.title, asset_text(run.profile.store.get(Asset, ticket.asset_id)))
    return ticket


def closing(run: Run) -> tuple[dict[str, Json], Callable[[Recorder, Device], None]]:
    """What the step has to tell about the ticket, and what writes it. One that was closed meanwhile stays as
    it is and gets a comment. Raises TicketUnknown, TicketElsewhere."""
    if run.plan.ticket is None:
        return {}, lambda _recorder, _device: None
    ticket = planned_ticket(run)
    before = ticket.status == "closed"
    asset = find_asset(run)

    def write(recorder: Recorder, device: Device) -> None:
        text = _("{device} was put into service at {asset}.").format(
            device=device_text(device), asset=asset_text(asset)
        )
        if before:
            record_change(recorder, ticket, "comment", text)
            return
        changes: Mapping[str, object] = {} if ticket.device_id is not None else {"device_id": device.id}
        record_change(recorder, ticket, "status", text, status="closed", **changes)

    return {"ticket": {"id": ticket.id, "outcome": "closed_before" if before else "closed"}}, write


def closed_error(store: Store, ticket: Ticket) -> TicketClosed:
    found = [
        entry
        for entry in store.history(ticket.id)
        if entry.change.entity == "ticket" and (entry.change.after or {}).get("status") == "closed"
    ]
    if not found:
        return TicketClosed(ticket.title, None, None)
    operation, actor = found[-1].operation, found[-1].actor
    by = f"{actor.name} ({actor.sign})" if operation.kind in CLOSED_HERE else _("on a platform")
    return TicketClosed(ticket.title, by, operation.at)
