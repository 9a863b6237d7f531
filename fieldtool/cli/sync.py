"""`fieldtool sync`: bring what was done to the platforms."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from fieldtool.command import Command, Invocation
from fieldtool.jsontypes import Json
from fieldtool.texts import N_, _

if TYPE_CHECKING:
    from fieldtool.sync.report import Standing, SyncReport


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--target", metavar="NAME", help=_("only this platform"))
    parser.add_argument(
        "--retry", metavar="ID", help=_("try a refused change again: its operation's id, or all of them")
    )


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool import outbox
    from fieldtool.profile import open_invocation_profile
    from fieldtool.sync import targets
    from fieldtool.sync.run import sync_all, take_up_again

    with open_invocation_profile(invocation, write=True) as profile:
        wanted = [targets.named(profile, options.target)] if options.target else outbox.targets(profile.store)
        if options.retry is not None:
            take_up_again(profile, wanted, options.retry)
        reports = sync_all(profile, wanted)
        for report in reports:
            tell(report, invocation)
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
        "pulled": report.pulled,
        "twins": [twin.document() for twin in report.twins],
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
    from fieldtool.sync.report import advice_text

    invocation.say(
        _("{name}: {accepted} accepted, {pending} still to do").format(
            name=report.target.name, accepted=report.accepted, pending=report.pending
        )
    )
    if report.pulled:
        invocation.say(_("  {count} came from there").format(count=report.pulled))
    for twin in report.twins:
        told_twice = _("  {remote_id} was there a second time for {kept}: closed there")
        invocation.say(told_twice.format(remote_id=twin.remote_id, kept=twin.kept))
    for text, standing in (
        (N_("  rejected: {kind}: {reason}"), report.rejected),
        (N_("  conflict: {kind}: {reason}"), report.conflicts),
    ):
        for one in standing:
            invocation.say(_line(text, one))
            for field in one.fields:
                invocation.say(_field_line(field))
            invocation.say(f"    {advice_text(one.reason)}")
    if report.waiting:
        invocation.say(_("  {count} wait for one of these").format(count=report.waiting))
    if report.stopped_by is not None:
        told = explain(report.stopped_by)
        invocation.progress(f"{told.message} {told.advice}")


def _line(text: str, one: Standing) -> str:
    from fieldtool.sync.report import reason_text
    from fieldtool.titles import kind_title

    return _(text).format(kind=kind_title(one.kind), reason=reason_text(one.reason))


def _field_line(field: Mapping[str, Json]) -> str:
    """Both sides of a conflict, one under the other."""
    from fieldtool.titles import field_title, value_text

    name = str(field["field"])
    return _("    {field}: here {mine}, there {theirs}").format(
        field=field_title(name),
        mine=value_text(name, field["mine"]),
        theirs=value_text(name, field["theirs"]),
    )


COMMAND = Command(summary=N_("bring what was done to the platforms"), arguments=arguments, run=run)
