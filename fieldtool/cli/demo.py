"""`fieldtool demo`: the main job with simulated devices and the training platform."""

from __future__ import annotations

import argparse
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from drivers.secret import Secret
from fieldtool.command import Command, Invocation
from fieldtool.jsontypes import Json
from fieldtool.texts import N_, _

if TYPE_CHECKING:
    from fieldtool.commissioning.record import Commissioning
    from fieldtool.commissioning.workflow import OnStep, StepEvent
    from fieldtool.demo.site import Site
    from fieldtool.profile import Profile
    from fieldtool.ticket import Ticket


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--headless", action="store_true", help=_("without the window"))


def run(_options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.demo import play
    from fieldtool.demo.bench import bench
    from fieldtool.demo.site import invented_site
    from fieldtool.profile import open_profile

    began = time.monotonic()
    passphrase = invocation.passphrase() or Secret(secrets.token_urlsafe(24))
    with (
        place(invocation) as directory,
        tempfile.TemporaryDirectory(prefix="fieldtool-demo-") as folder,
        open_profile(directory, write=True, passphrase=passphrase, actor=_("Demonstration")) as profile,
    ):
        site = invented_site()
        ticket = in_the_morning(invocation, profile, site, Path(folder))
        invocation.say(_("At the tree {number}, without a network:").format(number=site.number))
        invocation.say(f"  {site.label}")
        with bench(Path(folder), site) as table:
            record = play.work_offline(profile, site, table, ticket, on_step(invocation))
        invocation.say(_("In the evening, connected: everything goes to the training platform."))
        in_the_evening(profile)
        document = play.outcome(profile, record, time.monotonic() - began)
        tell_outcome(invocation, document)
        tell_documents(invocation, profile, record)
    invocation.document(document)
    return 0 if document["pending"] == 0 else 1


def in_the_morning(invocation: Invocation, profile: Profile, site: Site, folder: Path) -> Ticket:
    from fieldtool import outbox
    from fieldtool.demo import play
    from fieldtool.demo.platform import platform

    invocation.say(_("In the office: the trees of the area are imported, a ticket asks for a sensor."))
    play.take_trees_along(profile)
    with platform(profile.directory / "training", outbox.targets(profile.store)) as there:
        play.report_ticket(folder, there, site)
        ticket = play.morning(profile, there)
    invocation.say(_("In the morning: the ticket is taken along: {title}").format(title=ticket.title))
    return ticket


def in_the_evening(profile: Profile) -> None:
    from fieldtool import outbox
    from fieldtool.demo import play
    from fieldtool.demo.platform import platform

    with platform(profile.directory / "training", outbox.targets(profile.store)):
        play.evening(profile)


def tell_documents(invocation: Invocation, profile: Profile, record: Commissioning) -> None:
    """A disposable profile takes its documents along when it goes."""
    from datetime import UTC, datetime

    from fieldtool.commissioning.report import report_path
    from fieldtool.documents import write_document
    from fieldtool.receipt.collecting import collect
    from fieldtool.receipt.day import today
    from fieldtool.receipt.page import receipt_html

    day = today().date
    receipt = profile.directory / "reports" / f"receipt-{day.isoformat()}.html"
    collected = collect(profile.store, profile.actor, day, datetime.now(UTC))
    write_document(receipt, receipt_html(profile.store, collected))
    if invocation.profile_named:
        invocation.say(_("Report: {path}").format(path=report_path(profile, record)))
        invocation.say(_("Receipt of the day: {path}").format(path=receipt))


@contextmanager
def place(invocation: Invocation) -> Iterator[Path]:
    """The named profile, or one that is gone afterwards: never the person's own."""
    if invocation.profile_named:
        yield invocation.profile_directory
        return
    with tempfile.TemporaryDirectory(prefix="fieldtool-demo-profile-") as folder:
        yield Path(folder)


def on_step(invocation: Invocation) -> OnStep:
    from fieldtool.cli.commission import step_line

    def tell(name: str, event: StepEvent) -> None:
        if event != "started":
            invocation.say(step_line(name, event))

    return tell


def tell_outcome(invocation: Invocation, document: dict[str, Json]) -> None:
    receipts = document["receipts"]
    if isinstance(receipts, dict):
        for target, number in receipts.items():
            invocation.say(_("{number} receipts from {target}").format(number=number, target=target))
    invocation.say(
        _("{operations} operations in the journal, {pending} still to be confirmed").format(**document)
    )


COMMAND = Command(N_("show the main job with simulated devices"), arguments, run)
