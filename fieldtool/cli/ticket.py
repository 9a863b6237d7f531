"""`fieldtool ticket`: make a ticket, and work on it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fieldtool.arguments import calendar_day, operator, place
from fieldtool.cli.tickets import event_row, lines, row, today
from fieldtool.command import Command, Invocation
from fieldtool.geometry import point
from fieldtool.ids import AssetId, DeviceId, TicketId, new_id
from fieldtool.jsontypes import Json
from fieldtool.store import Store
from fieldtool.texts import N_, _
from fieldtool.ticket import Ticket
from fieldtool.ticketing.categories import Category, categories, category
from fieldtool.ticketing.flow import STATUSES

if TYPE_CHECKING:
    from fieldtool.profile import Profile
    from fieldtool.ticketing.changing import Changed

FIELDS = ("category", "title", "description", "priority", "due", "address")
"""Options that are named as the field they change."""


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    new = verbs.add_parser("new", help=_("make a ticket"), allow_abbrev=False)
    facts(new, category_required=True)
    new.add_argument("--assignee", metavar="A", help=_("name or sign of who looks after it"))
    new.add_argument("--operator", type=operator, metavar="NAME", help=_("whose things these are"))
    for verb, text in CHANGES.items():
        change = verbs.add_parser(verb, help=_(text), allow_abbrev=False)
        change.add_argument("id", metavar="ID")
        if verb == "status":
            change.add_argument("status", choices=STATUSES)
            change.add_argument("--done", metavar="CODE", help=_("what was done, as the category lists it"))
        if verb in ("finding", "status"):
            change.add_argument(
                "--finding", metavar="CODE", help=_("what was found, as the category lists it")
            )
        if verb == "assign":
            change.add_argument("--to", metavar="A", help=_("name or sign; left out: nobody"))
        if verb == "edit":
            facts(change, category_required=False)
        change.add_argument("--text", default="", metavar="TEXT")
        change.add_argument("--version", type=int, metavar="N", help=_("the version that was read"))
    fitting = verbs.add_parser("categories", help=_("list the categories"), allow_abbrev=False)
    fitting.add_argument("--asset", metavar="ID", help=_("only those that fit this asset"))
    fitting.add_argument("--device", metavar="ID", help=_("only those that fit this device"))


CHANGES = {
    "comment": N_("write a comment"),
    "finding": N_("record what was found"),
    "status": N_("take up, let wait, close or reopen"),
    "assign": N_("say who looks after it"),
    "edit": N_("change what the ticket says"),
}


def facts(parser: argparse.ArgumentParser, *, category_required: bool) -> None:
    parser.add_argument("--category", required=category_required, metavar="C")
    parser.add_argument("--title", metavar="TEXT")
    parser.add_argument("--description", metavar="TEXT")
    parser.add_argument("--priority", type=int, metavar="N", help=_("1 (highest) to 5"))
    parser.add_argument("--due", type=calendar_day, metavar="DATE", help=_("2026-12-01 or 01.12.2026"))
    parser.add_argument("--asset", metavar="ID", help=_("the asset it is about"))
    parser.add_argument("--device", metavar="ID", help=_("the device it is about"))
    parser.add_argument("--place", type=place, metavar="LON,LAT", help=_("where it is, in degrees (WGS84)"))
    parser.add_argument("--address", metavar="TEXT")


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.profile import open_invocation_profile

    if options.verb == "categories":
        return _categories(options, invocation)
    with open_invocation_profile(invocation, write=True) as profile:
        done = _new(options, profile) if options.verb == "new" else _changed(options, profile)
        store, ticket, event = profile.store, done.ticket, done.event
        document: dict[str, Json] = {
            "ticket": row(store, ticket),
            "event": None if event is None else event_row(store, event),
        }
    invocation.document(document)
    for line in lines(ticket, [] if event is None else [event]):
        invocation.say(line)
    if event is None and options.verb != "new":
        invocation.say(_("There was nothing to change."))
    return 0


def _new(options: argparse.Namespace, profile: Profile) -> Changed:
    from fieldtool.ticketing import changing

    named = category(options.category)
    ticket = Ticket(
        id=TicketId(new_id()),
        category=named.id,
        title=named.title() if options.title is None else options.title,
        description=options.description or "",
        priority=named.priority if options.priority is None else options.priority,
        asset_id=options.asset,
        device_id=options.device,
        geometry=None if options.place is None else point(*options.place),
        assignee=options.assignee,
        due=options.due or today() + timedelta(days=named.due_days),
        address=options.address,
    )
    return changing.Changed(changing.create(profile, ticket, operator=options.operator), None)


def _changed(options: argparse.Namespace, profile: Profile) -> Changed:
    """Raises NotFound, and StaleVersion where --version is not the ticket's any more."""
    from fieldtool.ticketing import changing

    ticket = profile.store.get(Ticket, options.id)
    if options.version is not None:
        ticket = replace(ticket, version=options.version)
    verbs: dict[str, Callable[[], Changed]] = {
        "comment": lambda: changing.comment(profile, ticket, options.text),
        "finding": lambda: changing.finding(profile, ticket, options.text, code=options.finding),
        "status": lambda: changing.change_status(
            profile, ticket, options.status, options.text, found=options.finding, done=options.done
        ),
        "assign": lambda: changing.assign(profile, ticket, options.to, options.text),
        "edit": lambda: changing.edit(profile, ticket, edited(options), options.text),
    }
    return verbs[options.verb]()


def edited(options: argparse.Namespace) -> dict[str, Any]:
    changes: dict[str, Any] = {name: getattr(options, name) for name in FIELDS}
    changes["asset_id"] = None if options.asset is None else AssetId(options.asset)
    changes["device_id"] = None if options.device is None else DeviceId(options.device)
    changes["geometry"] = None if options.place is None else point(*options.place)
    return {name: value for name, value in changes.items() if value is not None}


def _categories(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.profile import open_invocation_profile

    asset_class = device_type = None
    if options.asset is not None or options.device is not None:
        with open_invocation_profile(invocation, write=False) as profile:
            asset_class, device_type = _about(options, profile.store)
    found = [one for one in categories() if one.fits(asset_class, device_type)]
    invocation.document({"categories": [category_row(one) for one in found]})
    for one in found:
        invocation.say(f"{one.id}  {one.title()}")
    return 0


def _about(options: argparse.Namespace, store: Store) -> tuple[str | None, str | None]:
    """Raises NotFound."""
    from fieldtool.asset import Asset
    from fieldtool.device import Device

    asset_class = None if options.asset is None else store.get(Asset, options.asset).asset_class
    return asset_class, None if options.device is None else store.get(Device, options.device).profile


def category_row(one: Category) -> dict[str, Json]:
    return {
        "id": one.id,
        "title": one.title(),
        "priority": one.priority,
        "due_days": one.due_days,
        "finding_required": one.finding_required,
        "findings": {code: one.finding_text(code) for code in one.findings},
        "closings": {code: one.closing_text(code) for code in one.closings},
    }


COMMAND = Command(N_("make a ticket, and work on it"), arguments, run)
