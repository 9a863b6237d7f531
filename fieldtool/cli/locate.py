"""`fieldtool locate`: where we stand, by a GNSS receiver."""

from __future__ import annotations

import argparse
import math

from drivers.reading import Fix
from fieldtool.command import Command, Invocation
from fieldtool.jsontypes import Json
from fieldtool.texts import N_, _, decimal


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", required=True, help=_("the receiver's port, such as /dev/ttyACM0 or COM4"))
    parser.add_argument("--fixes", type=at_least_one, default=10, metavar="N", help=_("average so many"))
    parser.add_argument(
        "--seconds", type=duration, default=120.0, metavar="S", help=_("wait at most so long")
    )


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.locating import locate

    def on_fix(fix: Fix) -> None:
        if not invocation.json:
            invocation.progress(f"  {place(fix)}")

    fix = locate(
        options.port,
        fixes=options.fixes,
        seconds=options.seconds,
        minimum_accuracy_m=None,
        trace=lambda _direction, _text: None,
        on_fix=on_fix,
    )
    document = document_of(fix)
    invocation.document(document)
    invocation.say(
        _("{place}, from {count} fixes").format(place=place(fix), count=fix.count) + f"\n{utm_text(document)}"
    )
    if fix.receiver_time is not None:
        invocation.progress(
            _("The receiver's date is wrong ({stated}); this computer's time is used.").format(
                stated=fix.receiver_time.date().isoformat()
            )
        )
    return 0


def document_of(fix: Fix) -> dict[str, Json]:
    """`easting` and `northing` are null where the zone's formulas do not reach."""
    from fieldtool.crs import UTM32, utm32

    easting, northing = utm32(fix.lon, fix.lat)
    reached = math.isfinite(easting) and math.isfinite(northing)
    return {
        "lon": fix.lon,
        "lat": fix.lat,
        "altitude_m": fix.altitude_m,
        "accuracy_m": fix.accuracy_m,
        "accuracy_source": fix.accuracy_source,
        "fixes": fix.count,
        "easting": round(easting, 3) if reached else None,
        "northing": round(northing, 3) if reached else None,
        "crs": UTM32,
        "time": fix.time.isoformat().replace("+00:00", "Z"),
    }


def place(fix: Fix) -> str:
    accuracy = "" if fix.accuracy_m is None else f" ± {decimal(fix.accuracy_m, 1)} m ({fix.accuracy_source})"
    return f"{decimal(fix.lat, 7)}° N, {decimal(fix.lon, 7)}° E{accuracy}"


def utm_text(document: dict[str, Json]) -> str:
    easting, northing = document["easting"], document["northing"]
    if not isinstance(easting, float) or not isinstance(northing, float):
        return f"{document['crs']}: –"
    return f"{document['crs']}: {decimal(easting, 2)} {decimal(northing, 2)}"


def at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(_("at least 1"))
    return number


def duration(text: str) -> float:
    seconds = float(text.replace(",", "."))
    if not 0 < seconds < math.inf:
        raise argparse.ArgumentTypeError(_("a number of seconds above 0"))
    return seconds


COMMAND = Command(N_("find the place by a GNSS receiver"), arguments, run)
