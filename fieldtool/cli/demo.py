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
    from fieldtool.commissioning.workflow import OnStep, StepEvent


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--headless", action="store_true", help=_("without the window"))


def run(_options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool import demo
    from fieldtool.commissioning.report import report_path
    from fieldtool.profile import open_profile

    began = time.monotonic()
    passphrase = invocation.passphrase() or Secret(secrets.token_urlsafe(24))
    with (
        place(invocation) as directory,
        tempfile.TemporaryDirectory(prefix="fieldtool-demo-") as bench_folder,
        open_profile(directory, write=True, passphrase=passphrase, actor=_("Demonstration")) as profile,
    ):
        invocation.say(_("In the office: the trees of the area are imported."))
        demo.take_trees_along(profile)
        site = demo.invented_site()
        invocation.say(_("At the tree {number}, without a network:").format(number=site.number))
        invocation.say(f"  {site.label}")
        with demo.bench(Path(bench_folder), site) as table:
            record = demo.work_offline(profile, site, table, on_step(invocation))
        invocation.say(_("In the evening, connected: everything goes to the training platform."))
        report = demo.sync_in_the_evening(profile, directory / "training")
        document = demo.outcome(profile, record, time.monotonic() - began)
        tell_outcome(invocation, document)
        if invocation.profile_named:
            invocation.say(_("Report: {path}").format(path=report_path(profile, record)))
    invocation.document(document)
    if report.stopped_by is not None:
        raise report.stopped_by
    return 0 if document["pending"] == 0 else 1


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
