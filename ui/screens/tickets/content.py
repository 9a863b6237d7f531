"""What the screen shows, asked for on a lane of the background."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from fieldtool.asset import Asset
from fieldtool.days import today
from fieldtool.device import Device
from fieldtool.jsontypes import Json
from fieldtool.naming import asset_text, device_text
from fieldtool.operation import DeliveryState
from fieldtool.policy import rights
from fieldtool.profile import Profile
from fieldtool.texts import N_, _, local_time
from fieldtool.ticket import Ticket, TicketEvent, TicketStatus
from fieldtool.ticketing.categories import category_title, known_category
from fieldtool.ticketing.flow import FLOW
from fieldtool.titles import DELIVERY_STATES, EVENT_KINDS, TICKET_STATUSES, day, value_text

LISTED = 200
STUCK: tuple[DeliveryState, ...] = ("rejected", "conflict")
Which = Literal["todo", "closed", "all"]
Action = Literal["start", "wait", "close", "reopen", "comment", "finding", "assign", "edit"]
ACTIONS: Mapping[Action, str] = {
    "start": N_("Take up"),
    "wait": N_("Let wait"),
    "close": N_("Close the ticket"),
    "reopen": N_("Reopen"),
    "comment": N_("Comment"),
    "finding": N_("Record a finding"),
    "assign": N_("Assign"),
    "edit": N_("Edit"),
}
STEPS: Mapping[Action, TicketStatus] = {
    "start": "in_progress",
    "wait": "waiting",
    "close": "closed",
    "reopen": "open",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be listed. `words` are looked for in title, description and address."""

    which: Which = "todo"
    mine: bool = False
    words: str = ""
    limit: int = LISTED


@dataclass(frozen=True, slots=True)
class Line:
    id: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    wish: Wish
    lines: tuple[Line, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class EventText:
    head: str
    text: str


@dataclass(frozen=True, slots=True)
class Detail:
    """`stuck` are the platforms that refused something of it; `actions` what this person may do now."""

    ticket: Ticket
    facts: tuple[tuple[str, str], ...]
    overdue: bool
    events: tuple[EventText, ...]
    stuck: tuple[str, ...]
    actions: tuple[Action, ...]
    findings: tuple[tuple[str, str], ...]
    closings: tuple[tuple[str, str], ...]
    finding_required: bool


def overdue(ticket: Ticket) -> bool:
    return ticket.status != "closed" and ticket.due is not None and ticket.due < today()


def listing(profile: Profile, wish: Wish) -> Listing:
    lines: list[Line] = []
    for ticket in profile.store.tickets():
        if not _wanted(profile, ticket, wish):
            continue
        if len(lines) == wish.limit:
            return Listing(wish, tuple(lines), more=True)
        lines.append(_line(profile, ticket))
    return Listing(wish, tuple(lines), more=False)


def _wanted(profile: Profile, ticket: Ticket, wish: Wish) -> bool:
    if wish.which != "all" and (ticket.status == "closed") != (wish.which == "closed"):
        return False
    if wish.mine and ticket.assignee != profile.actor.name:
        return False
    text = f"{ticket.title} {ticket.description} {ticket.address or ''}".casefold()
    return all(word in text for word in wish.words.casefold().split())


def _line(profile: Profile, ticket: Ticket) -> Line:
    due = day(ticket.due) if ticket.due is not None else "–"
    if overdue(ticket):
        due = _("{day}, overdue").format(day=due)
    states = profile.store.sync_states(ticket.id).values()
    cells = (
        priority_text(ticket.priority),
        ticket.title,
        category_title(ticket.category),
        due,
        _(TICKET_STATUSES[ticket.status]),
        _sync_text(list(states)),
    )
    return Line(ticket.id, cells)


PRIORITY_TITLES = {
    1: N_("1 at once"),
    2: N_("2 high"),
    3: N_("3 normal"),
    4: N_("4 low"),
    5: N_("5 sometime"),
}


def priority_text(priority: int) -> str:
    return _(PRIORITY_TITLES[priority]) if priority in PRIORITY_TITLES else str(priority)


def _sync_text(states: list[DeliveryState]) -> str:
    """The worst of them, in a word: what needs somebody comes first."""
    if "conflict" in states:
        return _("conflict")
    if "rejected" in states:
        return _("refused")
    if not states:
        return "–"
    return _("confirmed") if set(states) == {"accepted"} else _("waits")


def detail(profile: Profile, ticket_id: str) -> Detail:
    """Raises NotFound."""
    store = profile.store
    ticket = store.get(Ticket, ticket_id)
    asset = store.find(Asset, ticket.asset_id) if ticket.asset_id is not None else None
    device = store.find(Device, ticket.device_id) if ticket.device_id is not None else None
    states = store.sync_states(ticket.id)
    due = day(ticket.due) if ticket.due is not None else "–"
    named = known_category(ticket.category)
    facts = (
        (_("Category"), category_title(ticket.category)),
        (_("Status"), _(TICKET_STATUSES[ticket.status])),
        (_("Priority"), priority_text(ticket.priority)),
        (_("Due on"), _("{day}, overdue").format(day=due) if overdue(ticket) else due),
        (_("Responsible"), ticket.assignee or _("nobody")),
        (_("Address"), ticket.address or "–"),
        (_("Place"), value_text("geometry", _json(ticket.geometry))),
        (_("Asset"), asset_text(asset) if asset is not None else "–"),
        (_("Device"), device_text(device) if device is not None else "–"),
        *(
            (_("Platform {name}").format(name=name), _(DELIVERY_STATES[state]))
            for name, state in states.items()
        ),
    )
    return Detail(
        ticket=ticket,
        facts=facts,
        overdue=overdue(ticket),
        events=tuple(_event(event) for event in store.ticket_events(ticket.id)),
        stuck=tuple(name for name, state in states.items() if state in STUCK),
        actions=actions(profile, ticket),
        findings=tuple((code, named.finding_text(code)) for code in named.findings) if named else (),
        closings=tuple((code, named.closing_text(code)) for code in named.closings) if named else (),
        finding_required=named is not None and named.finding_required,
    )


def _json(geometry: Mapping[str, Json] | None) -> Json:
    return None if geometry is None else dict(geometry)


def _event(event: TicketEvent) -> EventText:
    kind = _(EVENT_KINDS[event.kind])
    status = f" · {_(TICKET_STATUSES[event.status])}" if event.status is not None else ""
    return EventText(f"{local_time(event.at)[:-3]} · {kind}{status}", event.text)


def actions(profile: Profile, ticket: Ticket) -> tuple[Action, ...]:
    allowed = rights(profile.actor.role)
    found: list[Action] = [
        action
        for action, status in STEPS.items()
        if status in FLOW[ticket.status] and FLOW[ticket.status][status] in allowed
    ]
    for action, right in (
        ("comment", "ticket.comment"),
        ("finding", "ticket.finding"),
        ("assign", "ticket.assign"),
    ):
        if right in allowed:
            found.append(cast("Action", action))
    if "ticket.edit" in allowed or "ticket.prioritise" in allowed:
        found.append("edit")
    return tuple(found)
