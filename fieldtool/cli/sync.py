"""`fieldtool sync`: bring what was done to the platforms."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from fieldtool.command import Command, Invocation
from fieldtool.jsontypes import Json
from fieldtool.texts import N_, _

if TYPE_CHECKING:
    from fieldtool.sync.report import Standing, SyncReport


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--target", metavar="NAME", help=_("only this platform"))


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool import outbox
    from fieldtool.profile import open_invocation_profile
    from fieldtool.sync import targets

    reports = []
    with open_invocation_profile(invocation, write=True) as profile:
        wanted = [targets.named(profile, options.target)] if options.target else outbox.targets(profile.store)
        for target in wanted:
            report = targets.sync_target(profile, target)
            tell(report, invocation)
            reports.append(report)
        pending = outbox.pending_total(profile.store)
    if not reports:
        invocation.say(_("No platform is set up yet."))
    documents: list[Json] = [document_of(report) for report in reports]
    invocation.document({"targets": documents, "pending": pending})
    return 1 if any(report.stopped_by is not None for report in reports) else 0


def document_of(report: SyncReport) -> dict[str, Json]:
    rejected: list[Json] = [one.document() for one in report.rejected]
    conflicts: list[Json] = [one.document() for one in report.conflicts]
    return {
        "name": report.target.name,
        "type": report.target.type,
        "sent": report.sent,
        "accepted": report.accepted,
        "rejected": rejected,
        "conflicts": conflicts,
        "waiting": report.waiting,
        "pending": report.pending,
        "error": _error(report),
    }


def _error(report: SyncReport) -> Json:
    from fieldtool.explain import explain

    if report.stopped_by is None:
        return None
    told = explain(report.stopped_by)
    return {"code": told.code, "message": told.message, "advice": told.advice}


def tell(report: SyncReport, invocation: Invocation) -> None:
    """People read this in the evening: what has arrived, what has not, and why."""
    from fieldtool.explain import explain

    invocation.say(
        _("{name}: {accepted} accepted, {pending} still to do").format(
            name=report.target.name, accepted=report.accepted, pending=report.pending
        )
    )
    for text, standing in (
        (N_("  rejected: {kind}: {reason}"), report.rejected),
        (N_("  conflict: {kind}: {reason}"), report.conflicts),
    ):
        for one in standing:
            invocation.say(_line(text, one))
    if report.waiting:
        invocation.say(_("  {count} wait for one of these").format(count=report.waiting))
    if report.stopped_by is not None:
        told = explain(report.stopped_by)
        invocation.progress(f"{told.message} {told.advice}")


def _line(text: str, one: Standing) -> str:
    from fieldtool.sync.report import reason_text

    return _(text).format(kind=one.kind, reason=reason_text(one.reason))


COMMAND = Command(summary=N_("bring what was done to the platforms"), arguments=arguments, run=run)
