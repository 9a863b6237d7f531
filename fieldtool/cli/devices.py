"""`fieldtool devices`: the sensors and gateways of this profile."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import cast

from fieldtool.arguments import at_least_one, dev_eui
from fieldtool.command import Command, Invocation
from fieldtool.device import Device
from fieldtool.entities import time_text
from fieldtool.jsontypes import Json
from fieldtool.operation import DeliveryState
from fieldtool.texts import N_, _
from fieldtool.titles import value_text


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dev-eui", type=dev_eui, metavar="EUI", help=_("the device with this DevEUI"))
    parser.add_argument("--asset", metavar="ID", help=_("only those mounted on this asset"))
    parser.add_argument("--id", metavar="ID")
    parser.add_argument("--limit", type=at_least_one, metavar="N", help=_("at most so many"))


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.profile import open_invocation_profile

    found = 0
    with open_invocation_profile(invocation, write=False) as profile:
        for device in profile.store.devices(
            dev_eui=options.dev_eui, asset_id=options.asset, id=options.id, limit=options.limit
        ):
            invocation.row(row(device, profile.store.sync_states(device.id)), text(device))
            found += 1
    if not found:
        invocation.say(_("Nothing found."))
    return 0


def row(device: Device, sync: Mapping[str, DeliveryState]) -> dict[str, Json]:
    at = device.commissioned_at
    return {
        "id": device.id,
        "device_type": device.profile,
        "dev_eui": device.dev_eui,
        "join_eui": device.join_eui,
        "serial": device.serial,
        "firmware": device.firmware,
        "name": device.name,
        "state": device.state,
        "asset_id": device.asset_id,
        "geometry": cast("Json", device.geometry),
        "accuracy_m": device.accuracy_m,
        "settings": dict(device.settings),
        "commissioned_at": None if at is None else time_text(at),
        "version": device.version,
        "sync": dict(sync),
    }


def text(device: Device) -> str:
    parts = (device.name, device.dev_eui, device.profile, value_text("state", device.state), device.id)
    return "  ".join(part for part in parts if part)


COMMAND = Command(N_("list the devices of the profile"), arguments, run)
