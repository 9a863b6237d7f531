"""Where we stand, from a GNSS receiver on a serial port."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from drivers.family import Trace, load_family
from drivers.positioning import average
from drivers.reading import Fix
from drivers.transport.serial import open_serial
from fieldtool.errors import CoreError

FAMILY = "nmea0183"


@dataclass(eq=False)
class AccuracyTooLow(CoreError):
    """In metres; `found` is None where the receiver does not say how accurate it is."""

    found: float | None
    wanted: float


def locate(
    port: str,
    *,
    fixes: int,
    seconds: float,
    minimum_accuracy_m: float | None,
    trace: Trace,
    on_fix: Callable[[Fix], None] | None = None,
) -> Fix:
    """The average of the latest `fixes` fixes, or of what came within `seconds`; the port is released.

    Goes on until `seconds` while the average is not accurate enough: receivers get better in the first
    minute. Raises AccuracyTooLow, NoFix, PortError. `on_fix` is told each single fix.
    """
    family = load_family(FAMILY)
    if family.locate is None:
        raise ValueError(f"{FAMILY} does not locate")
    latest: deque[Fix] = deque(maxlen=fixes)
    with closing(open_serial(port, family.serial)) as pipe:
        for fix in family.locate(pipe, trace).fixes(seconds):
            latest.append(fix)
            if on_fix is not None:
                on_fix(fix)
            if len(latest) == fixes and accurate(average(latest), minimum_accuracy_m):
                break
    found = average(latest)
    if minimum_accuracy_m is not None and not accurate(found, minimum_accuracy_m):
        told = None if found.accuracy_m is None else round(found.accuracy_m, 3)
        raise AccuracyTooLow(told, minimum_accuracy_m)
    return found


def accurate(fix: Fix, minimum_m: float | None) -> bool:
    return minimum_m is None or (fix.accuracy_m is not None and fix.accuracy_m <= minimum_m)
