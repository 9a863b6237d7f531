"""What people do with tickets: the fields of the ticket first, then the event about it, in one operation.

All raise NotAllowed before anything is written, and StaleVersion where the ticket has moved on since it was
read and a field of it changes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fieldtool.asset import Asset
from fieldtool.device import Device
from fieldtool.ids import new_id
from fieldtool.journal import Recorder, operation
from fieldtool.jsontypes import Json
from fieldtool.policy import Right, require
from fieldtool.profile import Profile
from fieldtool.store import Store
from fieldtool.texts import N_, _
from fieldtool.ticket import Ticket, TicketEvent, TicketEventKind, TicketStatus
from fieldtool.ticketing.categories import Category, category, known_category
from fieldtool.ticketing.errors import (
    CategoryUnfit,
    FindingMissing,
    PriorityInvalid,
    TextMissing,
    TitleMissing,
)
from fieldtool.ticketing.flow import right_for
from fieldtool.titles import field_title, value_text

PRIORITIES = (1, 2, 3, 4, 5)
PLANNING = frozenset({"priority", "due"})
"""Fields of the right ticket.prioritise; all others need ticket.edit."""
ASSIGNED = N_("Responsibility changed.")
"""No name: an event may reach a platform that shows it to everybody."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The ticket as it is now; `event` is None where nothing was to be done."""

    ticket: Ticket
    event: TicketEvent | None


def create(profile: Profile, ticket: Ticket, *, operator: str | None = None) -> Ticket:
    """A ticket without a place takes that of its device or asset; `operator` is whose ticket it is where
    these do not say so. Raises UnknownCategory, CategoryUnfit, PriorityInvalid, TitleMissing, NotFound,
    OperatorsMixed."""
    require(profile.actor, "ticket.create")
    _check(profile.store, ticket, category(ticket.category))
    if ticket.geometry is None:
        ticket = dataclasses.replace(ticket, geometry=place_of(profile.store, ticket))
    with operation(profile.store, profile.actor, "ticket.create", operator=operator) as recorder:
        return recorder.create(ticket)


def comment(profile: Profile, ticket: Ticket, text: str) -> Changed:
    """Raises TextMissing."""
    return _say(profile, ticket, "comment", "ticket.comment", text)


def finding(profile: Profile, ticket: Ticket, text: str, *, code: str | None = None) -> Changed:
    """Raises CodeUnknown, TextMissing."""
    found = "" if code is None else category(ticket.category).finding_text(code)
    return _say(profile, ticket, "finding", "ticket.finding", _joined(found, text))


def change_status(
    profile: Profile,
    ticket: Ticket,
    status: TicketStatus,
    text: str = "",
    *,
    found: str | None = None,
    done: str | None = None,
) -> Changed:
    """`found` and `done` are codes of the category's findings and closings. The same once more, with the same
    words, does nothing. Raises TransitionInvalid, CodeUnknown; closing also TextMissing, FindingMissing."""
    text, kind = _status_text(ticket, text, found, done)
    said = text or _("Status: {status}").format(status=value_text("status", status))
    if ticket.status == status and _said(profile.store, ticket, said):
        return Changed(ticket, None)
    require(profile.actor, right_for(ticket.status, status))
    if found is not None:
        require(profile.actor, "ticket.finding")
    if status == "closed":
        _check_closing(profile.store, ticket, text, found)
    with operation(profile.store, profile.actor, "ticket.status") as recorder:
        return record_change(recorder, ticket, kind, said, status=status)


def assign(profile: Profile, ticket: Ticket, assignee: str | None, text: str = "") -> Changed:
    """To whom it is assigned already: nothing is done."""
    require(profile.actor, "ticket.assign")
    assignee = (assignee or "").strip() or None
    if assignee == ticket.assignee:
        return Changed(ticket, None)
    with operation(profile.store, profile.actor, "ticket.assign") as recorder:
        return record_change(recorder, ticket, "comment", text.strip() or _(ASSIGNED), assignee=assignee)


def edit(profile: Profile, ticket: Ticket, changes: Mapping[str, Any], text: str = "") -> Changed:
    """`changes` are fields of a ticket other than status and assignee; without `text` the event names the
    fields. Raises UnknownCategory, CategoryUnfit, PriorityInvalid, TitleMissing, NotFound."""
    if forbidden := {"status", "assignee", "id", "version"} & changes.keys():
        raise ValueError(f"not by editing: {forbidden}")
    different = {name: value for name, value in changes.items() if getattr(ticket, name) != value}
    if not different:
        return Changed(ticket, None)
    for right in _editing_rights(different):
        require(profile.actor, right)
    wanted = dataclasses.replace(ticket, **different)
    named = category(wanted.category) if "category" in different else known_category(wanted.category)
    _check(profile.store, wanted, named)
    titles = ", ".join(field_title(name) for name in different)
    said = text.strip() or _("Changed: {fields}").format(fields=titles)
    with operation(profile.store, profile.actor, "ticket.edit") as recorder:
        return record_change(recorder, ticket, "comment", said, **different)


def record_change(
    recorder: Recorder, ticket: Ticket, kind: TicketEventKind, text: str, **changes: object
) -> Changed:
    """The ticket's changed fields and then the event, in this order, as the connectors expect them."""
    changed = recorder.update(ticket, **changes)
    event = TicketEvent(
        id=new_id(),
        ticket_id=ticket.id,
        kind=kind,
        text=text,
        at=datetime.now(UTC),
        status=changed.status,
    )
    return Changed(changed, recorder.create(event))


def place_of(store: Store, ticket: Ticket) -> dict[str, Json] | None:
    """A point within the device's or, where it has none, the asset's geometry. Raises NotFound."""
    device = store.get(Device, ticket.device_id) if ticket.device_id is not None else None
    asset_id = ticket.asset_id or (device.asset_id if device is not None else None)
    asset = store.get(Asset, asset_id) if asset_id is not None else None
    for owner in (device, asset):
        if owner is not None and owner.geometry is not None:
            return _point_in(owner.geometry)
    return None


def _point_in(geometry: Mapping[str, Json]) -> dict[str, Json]:
    if geometry["type"] == "Point":
        return dict(geometry)
    import shapely

    from fieldtool.geometry import point

    inside = shapely.geometry.shape(dict(geometry)).representative_point()
    return point(inside.x, inside.y)


def _say(profile: Profile, ticket: Ticket, kind: TicketEventKind, right: Right, text: str) -> Changed:
    require(profile.actor, right)
    if not text.strip():
        raise TextMissing
    with operation(profile.store, profile.actor, f"ticket.{kind}") as recorder:
        return record_change(recorder, ticket, kind, text.strip())


def _status_text(
    ticket: Ticket, text: str, found: str | None, done: str | None
) -> tuple[str, TicketEventKind]:
    parts = [text]
    if done is not None:
        parts.insert(0, category(ticket.category).closing_text(done))
    if found is not None:
        parts.insert(0, category(ticket.category).finding_text(found))
    return _joined(*parts), "status" if found is None else "finding"


def _joined(*parts: str) -> str:
    return "; ".join(part.strip() for part in parts if part.strip())


def _said(store: Store, ticket: Ticket, text: str) -> bool:
    events = store.ticket_events(ticket.id)
    return bool(events) and (events[-1].status, events[-1].text) == (ticket.status, text)


def _check_closing(store: Store, ticket: Ticket, text: str, found: str | None) -> None:
    if not text:
        raise TextMissing
    named = known_category(ticket.category)
    if named is None or not named.finding_required or found is not None:
        return
    if not _has_finding(store, ticket):
        raise FindingMissing(named.title(), ", ".join(named.findings))


def _has_finding(store: Store, ticket: Ticket) -> bool:
    """Since it was last reopened."""
    there = False
    for event in store.ticket_events(ticket.id):
        if event.kind == "finding":
            there = True
        elif event.kind == "status" and event.status == "open":
            there = False
    return there


def _editing_rights(changes: Mapping[str, Any]) -> list[Right]:
    rights: list[Right] = []
    if changes.keys() & PLANNING:
        rights.append("ticket.prioritise")
    if changes.keys() - PLANNING:
        rights.append("ticket.edit")
    return rights


def _check(store: Store, ticket: Ticket, named: Category | None) -> None:
    if ticket.priority not in PRIORITIES:
        raise PriorityInvalid(ticket.priority)
    if not ticket.title.strip():
        raise TitleMissing
    asset = store.get(Asset, ticket.asset_id) if ticket.asset_id is not None else None
    device = store.get(Device, ticket.device_id) if ticket.device_id is not None else None
    asset_class = None if asset is None else asset.asset_class
    device_type = None if device is None else device.profile
    if named is not None and not named.fits(asset_class, device_type):
        raise CategoryUnfit(named.title(), asset_class or device_type or "–")
