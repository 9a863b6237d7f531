"""`fieldtool read`: live readings of a device on a port. Needs no profile directory and keeps nothing."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from fieldtool.command import Command, Invocation
from fieldtool.jsontypes import Json
from fieldtool.texts import N_, _, current_language, decimal
from fieldtool.units import printed

if TYPE_CHECKING:
    from drivers.reading import Reading
    from fieldtool.catalogue import ProfileQuantity


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device-type", required=True, metavar="T")
    parser.add_argument("--port", required=True)
    parser.add_argument("--count", type=count, default=1, metavar="N", help=_("how often to read"))
    parser.add_argument(
        "--interval", type=seconds, default=0, metavar="S", help=_("seconds between readings")
    )
    parser.add_argument("--password-file", type=Path, metavar="FILE")


def count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 86400:
        raise ValueError(text)
    return number


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from drivers.errors import DeviceLocked
    from fieldtool.catalogue import device_profile
    from fieldtool.connect import connected, device_password

    kind = device_profile(options.device_type)
    password = device_password(options.password_file)
    wanted = [entry.quantity for entry in kind.quantities]
    with connected(options.port, kind, no_trace) as device:
        if password is not None:
            device.unlock(password)
        dev_eui = device.identity().dev_eui
        for number in range(options.count):
            time.sleep(options.interval if number else kind.warm_up_s)
            try:
                readings = device.measure(wanted)
            except DeviceLocked:  # its five minutes are over
                if password is None:
                    raise
                device.unlock(password)
                readings = device.measure(wanted)
            for reading in readings:
                entry = kind.quantity(reading.quantity)
                invocation.row(row_of(reading, entry, kind.id, dev_eui), line_of(reading, entry))
    return 0


def row_of(
    reading: Reading, entry: ProfileQuantity, device_type: str, dev_eui: str | None
) -> dict[str, Json]:
    return {
        "device_type": device_type,
        "dev_eui": dev_eui,
        "quantity": reading.quantity,
        "value": reading.value,
        "unit": reading.unit,
        "time": reading.time.isoformat(timespec="milliseconds"),
        "plausible": plausible(reading, entry),
        "raw": reading.raw,
    }


def line_of(reading: Reading, entry: ProfileQuantity) -> str:
    label = entry.label[current_language()]
    doubt = "" if plausible(reading, entry) else "  " + _("not plausible")
    return f"{label}: {decimal(reading.value)} {printed(reading.unit)}{doubt}"


def plausible(reading: Reading, entry: ProfileQuantity) -> bool:
    low, high = entry.plausible
    return low <= reading.value <= high


def no_trace(_direction: Literal[">", "<"], _text: str) -> None:
    pass


COMMAND = Command(N_("read a sensor"), arguments, run)
