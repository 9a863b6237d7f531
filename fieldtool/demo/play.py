"""The main job with simulated devices and the training platform, from the first byte to the receipts."""

from __future__ import annotations

import secrets
from pathlib import Path

from drivers.secret import Secret
from fieldtool import outbox
from fieldtool.catalogue import device_profile
from fieldtool.commissioning.plan import make_plan
from fieldtool.commissioning.record import Commissioning, step_list
from fieldtool.commissioning.workflow import OnStep, commission, opened_run
from fieldtool.demo.bench import Bench
from fieldtool.demo.errors import TicketNotReported
from fieldtool.demo.platform import Platform, all_targets, ticket_target
from fieldtool.demo.site import DEVICE_TYPE, TREES, Site, plan_document
from fieldtool.device import Device
from fieldtool.geometry import point
from fieldtool.ids import TicketId, new_id
from fieldtool.imports.prepare import Wish, prepare
from fieldtool.imports.write import compare, write
from fieldtool.jsontypes import Json
from fieldtool.profile import Profile, open_profile
from fieldtool.sync import targets
from fieldtool.sync.report import SyncReport
from fieldtool.sync.run import sync_all
from fieldtool.texts import _
from fieldtool.ticket import Ticket
from fieldtool.ticketing.changing import create

CATEGORY = "sensor_installation"


def take_trees_along(profile: Profile) -> None:
    """The office's part: the list of the area's trees."""
    prepared = prepare(Wish(path=TREES, asset_class="tree", mapping=None, crs=None))
    write(profile.store, profile.actor, prepared, compare(prepared, profile.store))


def report_ticket(folder: Path, there: Platform, site: Site) -> None:
    """The office's part, in a profile of its own: it wants a sensor at this tree."""
    passphrase = Secret(secrets.token_urlsafe(24))
    with open_profile(folder / "office", write=True, passphrase=passphrase, actor=_("Office")) as office:
        target = ticket_target(there)
        targets.add(office, target, there.token)
        ticket = Ticket(
            id=TicketId(new_id()),
            category=CATEGORY,
            title=_("Install a soil moisture sensor"),
            description=_("At the tree {number}.").format(number=site.number),
            geometry=point(site.lon, site.lat),
        )
        create(office, ticket)
        raise_stopped(sync_all(office, [target]))


def morning(profile: Profile, there: Platform) -> Ticket:
    """Still connected: the targets are set up and the ticket comes down. Raises TicketNotReported."""
    known = {target.name for target in outbox.targets(profile.store)}
    for target in all_targets(there):
        if target.name not in known:
            targets.add(profile, target, there.token)
    raise_stopped(sync_all(profile, outbox.targets(profile.store)))
    found = next(profile.store.tickets(category=CATEGORY, status="open", limit=1), None)
    if found is None:
        raise TicketNotReported
    return found


def work_offline(
    profile: Profile, site: Site, table: Bench, ticket: Ticket, on_step: OnStep
) -> Commissioning:
    """The technician's part: no network is needed or used."""
    kind = device_profile(DEVICE_TYPE)
    plan = make_plan(plan_document(site, table.gnss_port, ticket.id), kind, folder=Path())
    with opened_run(
        profile,
        kind,
        port=table.probe_port,
        plan=plan,
        password=site.password,
        trace=lambda _direction, _text: None,
    ) as run:
        return commission(run, on_step)


def evening(profile: Profile) -> None:
    """Connected again: everything that was done goes out."""
    raise_stopped(sync_all(profile, outbox.targets(profile.store)))


def raise_stopped(reports: list[SyncReport]) -> None:
    for report in reports:
        if report.stopped_by is not None:
            raise report.stopped_by


def outcome(profile: Profile, record: Commissioning, seconds: float) -> dict[str, Json]:
    """The document of design section 8."""
    device = profile.store.get(Device, record.device_id or "")
    receipts: dict[str, Json] = {}
    accepted = outbox.accepted_receipts(profile.store)
    for target in outbox.targets(profile.store):
        receipts[target.type] = accepted.get(target.name, 0)
    return {
        "device": {
            "dev_eui": record.dev_eui,
            "device_type": record.profile,
            "asset_id": device.asset_id,
        },
        "steps": step_list(record),
        "operations": profile.store.operation_count(),
        "receipts": receipts,
        "pending": outbox.pending_total(profile.store),
        "seconds": round(seconds, 1),
    }
