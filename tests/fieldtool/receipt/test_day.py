"""The calendar day in Berlin, also where the clocks change (last Sundays of March and October, 01:00 UTC:
Directive 2000/84/EC)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fieldtool.receipt.day import Day, today
from fieldtool.texts import use_language


@pytest.fixture(autouse=True)
def german() -> None:
    use_language("de")


@pytest.mark.parametrize(
    ("day", "hours", "start"),
    [
        (date(2026, 11, 23), 24, datetime(2026, 11, 22, 23, tzinfo=UTC)),
        (date(2026, 7, 1), 24, datetime(2026, 6, 30, 22, tzinfo=UTC)),
        (date(2026, 3, 29), 23, datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (date(2026, 10, 25), 25, datetime(2026, 10, 24, 22, tzinfo=UTC)),
        (date(2027, 1, 1), 24, datetime(2026, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_a_day_begins_and_ends_at_midnight_in_berlin(day: date, hours: int, start: datetime) -> None:
    found = Day(day)
    assert found.start == start
    assert (found.end - found.start).total_seconds() == hours * 3600
    assert found.clock_changes == (hours != 24)
    assert found.holds(found.start)
    assert not found.holds(found.end)


def test_an_hour_that_comes_twice_is_told_apart() -> None:
    autumn = Day(date(2026, 10, 25))
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert (autumn.clock(first), autumn.clock(second)) == ("02:30:00 MESZ", "02:30:00 MEZ")
    use_language("en")
    assert autumn.clock(first) == "02:30:00 CEST"


def test_the_hour_that_is_left_out() -> None:
    spring = Day(date(2026, 3, 29))
    before, after = (datetime(2026, 3, 29, *at, tzinfo=UTC) for at in ((0, 59, 59), (1, 0, 0)))
    assert (spring.clock(before), spring.clock(after)) == ("01:59:59 MEZ", "03:00:00 MESZ")


def test_other_days_need_no_zone() -> None:
    assert Day(date(2026, 11, 23)).clock(datetime(2026, 11, 23, 7, 30, 15, tzinfo=UTC)) == "08:30:15"


def test_today_is_now() -> None:
    assert today().holds(datetime.now(UTC))
