"""A calendar day in Berlin: 24 hours, or 23 or 25 where the clocks change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from fieldtool.texts import BERLIN, N_, _

ZONES = {"CET": N_("CET"), "CEST": N_("CEST")}


@dataclass(frozen=True, slots=True)
class Day:
    date: date

    @property
    def start(self) -> datetime:
        return _midnight(self.date)

    @property
    def end(self) -> datetime:
        """The next day's start."""
        return _midnight(self.date + timedelta(days=1))

    @property
    def clock_changes(self) -> bool:
        return self.end - self.start != timedelta(days=1)

    def clock(self, at: datetime) -> str:
        """HH:MM:SS, with the zone where an hour comes twice or not at all."""
        local = at.astimezone(BERLIN)
        zone = f" {_(ZONES[local.tzname() or ''])}" if self.clock_changes else ""
        return f"{local:%H:%M:%S}{zone}"

    def holds(self, at: datetime) -> bool:
        return self.start <= at < self.end


def today() -> Day:
    return Day(datetime.now(UTC).astimezone(BERLIN).date())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, BERLIN).astimezone(UTC)
