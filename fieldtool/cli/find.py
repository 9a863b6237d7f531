"""`fieldtool find`: straight to a record by its code, label or number."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from fieldtool.command import Command, Invocation
from fieldtool.naming import asset_text, device_text
from fieldtool.texts import N_, _

if TYPE_CHECKING:
    from fieldtool.finding import Finding


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", metavar="CODE", help=_("the scanned text, or a number"))


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.finding import find
    from fieldtool.profile import open_invocation_profile

    with open_invocation_profile(invocation, write=False) as profile:
        found = find(profile.store, options.code)
    invocation.document(
        {
            "read_as": found.read_as,
            "text": found.text,
            "assets": [asset.id for asset in found.assets],
            "device": None if found.device is None else found.device.id,
        }
    )
    _say(found, invocation)
    return 0 if found.assets or found.device is not None else 1


def _say(found: Finding, invocation: Invocation) -> None:
    for asset in found.assets:
        invocation.say(f"{asset_text(asset)}  {asset.id}")
    if found.device is not None:
        invocation.say(f"{device_text(found.device)}  {found.device.id}")
    elif not found.assets:
        invocation.say(_("Nothing here has this code: {text}").format(text=found.text))


COMMAND = Command(N_("find a record by its code, label or number"), arguments, run)
