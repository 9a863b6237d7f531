"""Sentences of the same moment, put together to one fix."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

from drivers.framing.nmea import Sentence
from drivers.framing.nmea_position import Report, report
from drivers.positioning import error_from_hdop
from drivers.reading import Fix

CLOCK_TRUST = timedelta(days=1)
"""A receiver whose date is further from this computer's is believed in place, but not in time: after a GPS
week rollover it is 1024 weeks off, before its first fix decades."""

NULL_ISLAND_DEGREES = 1e-4


class Epochs:
    """A fix is complete when a sentence of another time comes, or when `finish` says that none will.

    GSA and the sentences before the first time have no time: their latest HDOP and dimensions fill gaps.
    """

    def __init__(self) -> None:
        self.null_islands = 0
        self.positions = 0
        self._open: Report | None = None
        self._received = datetime.min.replace(tzinfo=UTC)
        self._done: timedelta | None = None
        self._timeless = Report()
        self._clock_offset = timedelta()

    def feed(self, sentence: Sentence, received: datetime) -> Fix | None:
        """`received` is UTC. Gives the fix that this sentence completes: the one before it."""
        news = report(sentence)
        if news is None:
            return None
        self.positions += news.valid is not None
        if news.time is None:
            if sentence.type == "GSA":
                self._timeless = news
            return None
        if news.time == self._done:
            return None
        if self._open is not None and news.time == self._open.time:
            self._open = merged(self._open, news, leading=sentence.type in {"GGA", "GNS"})
            return None
        fix = self.finish()
        self._open, self._received = news, received
        return fix

    def finish(self) -> Fix | None:
        if self._open is None:
            return None
        epoch, self._open = merged(self._open, self._timeless, leading=False), None
        self._done = epoch.time
        if not epoch.valid or epoch.place is None or epoch.time is None:
            return None
        if max(abs(degrees) for degrees in epoch.place) < NULL_ISLAND_DEGREES:
            self.null_islands += 1
            return None
        time, receiver_time = self._instant(epoch)
        quality = 1 if epoch.quality is None else epoch.quality
        accuracy, source = accuracy_of(epoch, quality)
        return Fix(
            lon=epoch.place[0],
            lat=epoch.place[1],
            time=time,
            altitude_m=None if epoch.dimensions == 2 else epoch.altitude_m,
            accuracy_m=accuracy,
            accuracy_source=source,
            quality=quality,
            satellites=epoch.satellites,
            hdop=epoch.hdop,
            receiver_time=receiver_time,
        )

    def _instant(self, epoch: Report) -> tuple[datetime, datetime | None]:
        """The fix's time, and what the receiver said where that is not to be believed."""
        if epoch.time is None:
            raise ValueError("an epoch is opened by its time")
        if epoch.day is None:
            return nearest(epoch.time, self._received + self._clock_offset), None
        stated = datetime(epoch.day.year, epoch.day.month, epoch.day.day, tzinfo=UTC) + epoch.time
        if abs(stated - self._received) > CLOCK_TRUST:
            return self._received, stated
        self._clock_offset = stated - self._received
        return stated, None


def merged(first: Report, second: Report, *, leading: bool) -> Report:
    """The first one's word counts, the second's where `leading`; one that says invalid is enough."""
    strong, weak = (second, first) if leading else (first, second)
    gaps = {
        field.name: getattr(weak, field.name)
        for field in fields(strong)
        if getattr(strong, field.name) is None
    }
    both = replace(strong, **gaps)
    return replace(both, valid=False) if False in {first.valid, second.valid} else both


def accuracy_of(epoch: Report, quality: int) -> tuple[float | None, str | None]:
    if epoch.deviation_m is not None:
        return math.hypot(*epoch.deviation_m), "GST"
    if epoch.hdop is not None:
        return error_from_hdop(quality, epoch.hdop), "HDOP"
    return None, None


def nearest(time: timedelta, moment: datetime) -> datetime:
    """The moment of this time of day nearest to `moment`: right across midnight."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return min(
        (midnight + timedelta(days=days) + time for days in (-1, 0, 1)), key=lambda at: abs(at - moment)
    )
