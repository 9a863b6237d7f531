"""What the sentences of a GNSS receiver say of position, time and quality.

Source: the sentence tables of gpsd's "NMEA Revealed", checked against gpsd 3.22's results for twelve
receivers (tests/drivers/families/test_nmea0183_logs.py). Fields are counted from 1 behind the address.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from drivers.framing.nmea import Sentence

TALKERS = frozenset({"GP", "GL", "GA", "GB", "BD", "GI", "GQ", "QZ", "GN", "IN"})
"""GPS, GLONASS, Galileo, BeiDou (two spellings), NavIC, QZSS (two), several at once, integrated."""

MEASURED = frozenset({1, 2, 3, 4, 5})
"""GGA field 6; 0 is no fix, 6 dead reckoning, 7 typed in by hand, 8 simulated: no measured places."""

QUALITY_OF_MODE = {"N": 0, "A": 1, "D": 2, "P": 3, "R": 4, "F": 5, "E": 6, "M": 7, "S": 8}
"""Mode indicator of RMC, GLL and GNS as the figure GGA uses for the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one sentence says; None where it says nothing. `time` is UTC since midnight, `place` is
    (lon, lat) in degrees, `deviation_m` the 1-sigma errors to the north and to the east."""

    time: timedelta | None = None
    day: date | None = None
    valid: bool | None = None
    place: tuple[float, float] | None = None
    quality: int | None = None
    satellites: int | None = None
    hdop: float | None = None
    altitude_m: float | None = None
    deviation_m: tuple[float, float] | None = None
    dimensions: int | None = None


def report(sentence: Sentence) -> Report | None:
    """None for a sentence that is not about a position, and for talkers that are no satellite receivers."""
    read = READERS.get(sentence.type)
    if read is None or sentence.talker not in TALKERS:
        return None
    return read(Fields(sentence.fields))


class Fields:
    """Fields by their number, "" where the sentence is shorter."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        self._fields = fields

    def __getitem__(self, number: int) -> str:
        return self._fields[number - 1] if number <= len(self._fields) else ""


def gga(fields: Fields) -> Report:
    quality = whole(fields[6])
    place = place_of(fields, 2)
    return Report(
        time=time_of_day(fields[1]),
        valid=None if quality is None else quality in MEASURED and place is not None,
        place=place,
        quality=quality,
        satellites=whole(fields[7]),
        hdop=positive(fields[8]),
        altitude_m=decimal(fields[9]),
    )


def gns(fields: Fields) -> Report:
    """Field 6 has one mode letter for each satellite system; the best one counts."""
    qualities = [QUALITY_OF_MODE[letter] for letter in fields[6] if letter in QUALITY_OF_MODE]
    measured = [quality for quality in qualities if quality in MEASURED]
    place = place_of(fields, 2)
    return Report(
        time=time_of_day(fields[1]),
        valid=None if not qualities else bool(measured) and place is not None,
        place=place,
        quality=max(measured, key=rank, default=0),
        satellites=whole(fields[7]),
        hdop=positive(fields[8]),
        altitude_m=decimal(fields[9]),
    )


def rank(quality: int) -> int:
    """Fixed RTK (4) is better than float (5); the other figures rise with quality."""
    return (1, 2, 3, 5, 4).index(quality)


def rmc(fields: Fields) -> Report:
    quality = QUALITY_OF_MODE.get(fields[12])
    return Report(
        time=time_of_day(fields[1]),
        day=day_of(fields[9]),
        valid=valid_by_status(fields[2], quality, place_of(fields, 3)),
        place=place_of(fields, 3),
        quality=quality,
    )


def gll(fields: Fields) -> Report:
    quality = QUALITY_OF_MODE.get(fields[7])
    return Report(
        time=time_of_day(fields[5]),
        valid=valid_by_status(fields[6], quality, place_of(fields, 1)),
        place=place_of(fields, 1),
        quality=quality,
    )


def gsa(fields: Fields) -> Report:
    """No time of its own: one for each satellite system, with the same figures."""
    return Report(hdop=positive(fields[16]), dimensions=whole(fields[2]))


def gst(fields: Fields) -> Report:
    north, east = positive(fields[6]), positive(fields[7])
    return Report(
        time=time_of_day(fields[1]),
        deviation_m=None if north is None or east is None else (north, east),
    )


def zda(fields: Fields) -> Report:
    return Report(time=time_of_day(fields[1]), day=day_from(fields[4], fields[3], fields[2]))


READERS: dict[str, Callable[[Fields], Report]] = {
    "GGA": gga,
    "GNS": gns,
    "RMC": rmc,
    "GLL": gll,
    "GSA": gsa,
    "GST": gst,
    "ZDA": zda,
}


def valid_by_status(status: str, quality: int | None, place: tuple[float, float] | None) -> bool | None:
    """A is valid, V a warning; the mode indicator came with NMEA 2.3 and may be missing."""
    if status not in {"A", "V"}:
        return None
    return status == "A" and place is not None and (quality is None or quality in MEASURED)


def place_of(fields: Fields, first: int) -> tuple[float, float] | None:
    lat = angle(fields[first], {"N": 1, "S": -1}.get(fields[first + 1]), 90)
    lon = angle(fields[first + 2], {"E": 1, "W": -1}.get(fields[first + 3]), 180)
    return None if lat is None or lon is None else (lon, lat)


def angle(text: str, sign: int | None, limit: int) -> float | None:
    """Degrees and minutes without a sign between them: 5200.8519 is 52° 0.8519'."""
    found = re.fullmatch(r"(\d{0,3}?)(\d{2}(?:\.\d*)?)", text, re.ASCII)
    if found is None or sign is None:
        return None
    minutes = float(found[2])
    degrees = int(found[1] or 0) + minutes / 60
    return sign * degrees if minutes < 60 and degrees <= limit else None


def time_of_day(text: str) -> timedelta | None:
    """235960 is a leap second."""
    found = re.fullmatch(r"(\d{2})(\d{2})(\d{2}(?:\.\d*)?)", text, re.ASCII)
    if found is None:
        return None
    hours, minutes, seconds = int(found[1]), int(found[2]), float(found[3])
    if hours > 23 or minutes > 59 or seconds >= 61:
        return None
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def day_of(text: str) -> date | None:
    """ddmmyy; receivers that never had a fix count from GPS' first day, 060180."""
    if re.fullmatch(r"\d{6}", text, re.ASCII) is None:
        return None
    year = int(text[4:])
    return day_from(str(year + (1900 if year >= 80 else 2000)), text[2:4], text[:2])


def day_from(year: str, month: str, day: str) -> date | None:
    if not all(re.fullmatch(r"\d{1,4}", part, re.ASCII) for part in (year, month, day)):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def decimal(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?(\d+\.?\d*|\.\d+)", text, re.ASCII) else None


def positive(text: str) -> float | None:
    """None for 0 too: receivers write it where they know nothing."""
    value = decimal(text)
    return value if value is not None and value > 0 and math.isfinite(value) else None


def whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,4}", text, re.ASCII) else None
