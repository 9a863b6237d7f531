"""`fieldtool doctor`: loads everything, looks at the profile, and says what is broken."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from fieldtool.command import Command, Invocation
from fieldtool.texts import N_, _


def arguments(parser: argparse.ArgumentParser) -> None:
    del parser


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.diagnosis import diagnosis

    del options
    found = diagnosis(invocation)
    invocation.document(found)
    for line in lines(found):
        invocation.say(line)
    return 0 if found["ok"] else 1


def lines(found: dict[str, Any]) -> Iterator[str]:
    versions = found["versions"]
    yield f"Fieldtool {versions['fieldtool']}, Python {versions['python']}, SQLite {versions['sqlite']}"
    for title, key in (
        (_("Device families"), "families"),
        (_("Device types"), "device_types"),
        (_("Connectors"), "connectors"),
        (_("Import formats"), "import_formats"),
        (_("Asset classes"), "asset_classes"),
    ):
        yield f"{title}: {', '.join(found[key]) or '–'}"
    ports = (f"{port['device']} ({port['description']})" for port in found["ports"])
    yield _("Ports: {ports}").format(ports=", ".join(ports) or "–")
    yield (
        _("Key store: usable")
        if found["key_store"]["usable"]
        else _("Key store: none, a passphrase is needed")
    )
    profile = found["profile"]
    if profile is not None:
        yield _(
            "Profile {directory}: {assets} assets, {devices} devices, {pending} operations waiting"
        ).format(**profile)
    for fault in found["broken"]:
        yield _("Broken: {name}: {reason}").format(**fault)
    if found["ok"]:
        yield _("All in order.")


COMMAND = Command(N_("check this installation and the profile"), arguments, run)
