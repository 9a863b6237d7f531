"""Bringing everything to all targets, in an order in which one can wait for another."""

from __future__ import annotations

from collections.abc import Sequence

from fieldtool import outbox
from fieldtool.connectors import load_connector
from fieldtool.connectors.errors import ConnectorUnavailable, ConnectorUnknown
from fieldtool.delivery import Target
from fieldtool.profile import Profile
from fieldtool.sync import targets
from fieldtool.sync.report import SyncReport

LAST = frozenset({"ticket"})
"""A ticket's closing waits for what the other targets say to its device."""


def sync_all(profile: Profile, wanted: Sequence[Target]) -> list[SyncReport]:
    """One report per target, in their order; one that fails keeps no other from going on."""
    ordered = sorted(wanted, key=_tells_tickets)
    reports = {target.name: targets.sync_target(profile, target) for target in ordered}
    if any(report.accepted for report in reports.values()):
        for target in ordered:
            first = reports[target.name]
            if first.waiting and first.stopped_by is None and _waits_elsewhere(profile, target):
                reports[target.name] = first.followed_by(targets.sync_target(profile, target))
    return [reports[target.name] for target in wanted]


def _tells_tickets(target: Target) -> bool:
    try:
        return bool(load_connector(target.type).handles & LAST)
    except (ConnectorUnknown, ConnectorUnavailable):
        return False  # its own report will say so


def _waits_elsewhere(profile: Profile, target: Target) -> bool:
    waiting = outbox.pending(profile.store, target.name)
    return any(one.state == "waiting" and one.reason == "other_target" for one in waiting)


def take_up_again(profile: Profile, wanted: Sequence[Target], operation_id: str) -> None:
    """What was refused or is in conflict goes out once more; "all" means each of them."""
    for target in wanted:
        for delivery in list(outbox.pending(profile.store, target.name)):
            if delivery.state in ("rejected", "conflict") and operation_id in ("all", delivery.operation.id):
                outbox.retry(profile.store, target.name, delivery.operation.id)
