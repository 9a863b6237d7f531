"""`fieldtool report`: documents for paper."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtool.arguments import calendar_day
from fieldtool.command import Command, Invocation
from fieldtool.jsontypes import Json
from fieldtool.texts import N_, _

if TYPE_CHECKING:
    from fieldtool.receipt.collecting import DayReceipt, TargetDay

YEARS = range(2000, 2200)


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    of_day = verbs.add_parser(
        "day", help=_("the receipt of the day: what the platforms confirmed"), allow_abbrev=False
    )
    of_day.add_argument("--date", type=_day, metavar="YYYY-MM-DD", help=_("another day than today"))
    of_day.add_argument("--pdf", action="store_true", help=_("as PDF; else as HTML"))
    of_day.add_argument("--out", type=Path, metavar="FILE", help=_("where to; else into the profile"))


def _day(text: str) -> date:
    found = calendar_day(text)
    if found.year not in YEARS:
        raise argparse.ArgumentTypeError(_("a date is wanted, as 2026-12-01 or 01.12.2026"))
    return found


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from datetime import UTC, datetime

    from fieldtool.documents import write_document
    from fieldtool.pdf import pdf_of
    from fieldtool.profile import open_invocation_profile
    from fieldtool.receipt.collecting import collect
    from fieldtool.receipt.day import today
    from fieldtool.receipt.page import receipt_html, sum_line

    asked = options.date or today().date
    with open_invocation_profile(invocation, write=False) as profile:
        receipt = collect(profile.store, profile.actor, asked, datetime.now(UTC))
        suffix = "pdf" if options.pdf else "html"
        path = options.out or profile.directory / "reports" / f"receipt-{asked.isoformat()}.{suffix}"
        page = receipt_html(profile.store, receipt)
        write_document(path, pdf_of(page).data if options.pdf else page)
    invocation.document(document_of(receipt, path))
    invocation.say(sum_line(receipt))
    invocation.say(_("Report: {path}").format(path=path))
    return 0


def document_of(receipt: DayReceipt, path: Path) -> dict[str, Json]:
    return {
        "date": receipt.day.date.isoformat(),
        "path": str(path),
        "targets": [_target(target) for target in receipt.targets],
        **_counts(receipt),
    }


def _target(target: TargetDay) -> Json:
    stated = target.known.target
    return {
        "name": stated.name,
        "type": stated.type,
        "operator": stated.operator,
        "removed": target.known.removed_at is not None,
        **_counts(target),
    }


def _counts(found: DayReceipt | TargetDay) -> dict[str, Json]:
    return {
        "operations": found.operations,
        "records": found.records,
        "waiting": found.waiting,
        "rejected": found.rejected,
        "conflicts": found.conflicts,
    }


COMMAND = Command(N_("print documents"), arguments, run)
