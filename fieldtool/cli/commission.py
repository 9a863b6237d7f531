"""`fieldtool commission`: the whole workflow of a device without the window."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from fieldtool.command import Command, Invocation
from fieldtool.commissioning.record import Commissioning, step_list
from fieldtool.jsontypes import Json
from fieldtool.texts import N_, _


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device-type", required=True, metavar="T")
    parser.add_argument("--port", required=True)
    parser.add_argument("--plan", required=True, type=Path, metavar="PLAN.json")
    parser.add_argument("--again", action="store_true", help=_("commission a finished device anew"))
    parser.add_argument("--progress", action="store_true", help=_("a JSON line per step on standard error"))


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.catalogue import device_profile
    from fieldtool.commissioning.plan import read_plan
    from fieldtool.commissioning.report import report_path, ticket_outcome
    from fieldtool.commissioning.workflow import commission, opened_run
    from fieldtool.connect import device_password
    from fieldtool.profile import open_invocation_profile

    kind = device_profile(options.device_type)
    plan = read_plan(options.plan, kind)

    def on_step(name: str, event: str) -> None:
        if options.progress:
            invocation.progress(json.dumps({"step": name, "event": event}))
        elif event != "started":
            invocation.say(step_line(name, event))

    with (
        open_invocation_profile(invocation, write=True) as profile,
        opened_run(
            profile,
            kind,
            port=options.port,
            plan=plan,
            password=device_password(plan.password_file),
            trace=lambda _direction, _text: None,
            again=options.again,
        ) as opened,
    ):
        record = commission(opened, on_step)
        report = report_path(profile, record)
        asset_id = opened.stored_device().asset_id
    invocation.document(document_of(record, asset_id, report))
    outcome = ticket_outcome(record)
    if outcome is not None:
        invocation.say(_("Ticket: {outcome}").format(outcome=outcome))
    invocation.say(_("Report: {path}").format(path=report))
    return 0


def step_line(name: str, event: str) -> str:
    from fieldtool.commissioning.report import STEP_TITLES

    marks = {"done": "✓", "skipped": "–", "failed": "✗", "held": "="}
    return f"  {marks[event]} {_(STEP_TITLES[name])}"


def document_of(record: Commissioning, asset_id: str | None, report: Path) -> dict[str, Json]:
    return {
        "commissioning_id": record.id,
        "state": record.state,
        "device": {"dev_eui": record.dev_eui, "device_type": record.profile, "asset_id": asset_id},
        "steps": step_list(record),
        "report": str(report),
    }


COMMAND = Command(N_("commission a sensor, or go on with it"), arguments, run)
