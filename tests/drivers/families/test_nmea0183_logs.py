"""Every log against what gpsd 3.22 made of it, position by position.

gpsd reports after every sentence (until it has learned which one ends the receiver's cycle), we once for
each moment; so gpsd's reports of one moment are taken together, the last one counting.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import pytest

from drivers.reading import Fix
from tests.drivers.logs import DAYS, FOLDER, existing, gpsd_lines, log_bytes, received_on, replayed

ROLLOVER = timedelta(weeks=1024)
"""gpsd takes a date before its own release for one from before a GPS week rollover and adds 1024 weeks; these
receivers were right at the time."""

LEARNING = "gpsd still learns which sentence ends this receiver's cycle and does not report"
NO_CYCLE_END = "the sentence after which gpsd reports is missing in this cycle"
LOG_ENDS = "the log ends before the sentence after which gpsd reports"


@dataclass(frozen=True)
class Expected:
    """`matched` counts gpsd's positions, every one of which must be one of ours. `ours_only` names the rest
    of our fixes. `same_hdop` counts where gpsd's error estimate comes from the HDOP of the same moment."""

    fixes: int
    matched: int
    without_fix: int = 0
    without_position: int = 0
    timeless: int = 0
    same_hdop: int = 0
    same_gst: int = 0
    date_shift: timedelta = timedelta()
    ours_only: dict[str, str] = field(default_factory=dict)
    stale_mode: int = 0


EXPECTED = {
    "beidou-gb": Expected(fixes=2, matched=2, without_fix=6, timeless=1, date_shift=ROLLOVER),
    "bn-9015": Expected(fixes=6, matched=6, without_fix=6, timeless=1, same_hdop=6, date_shift=ROLLOVER),
    "bu353-glonass": Expected(
        fixes=9,
        matched=9,
        without_fix=9,
        without_position=2,
        same_hdop=9,
        date_shift=ROLLOVER,
        # The first moment has no GGA; gpsd takes the mode from GSA.
        stale_mode=1,
    ),
    "firefly-II": Expected(fixes=23, matched=23, date_shift=ROLLOVER),
    "gp-320fw-2019-04-06-overflow": Expected(
        fixes=21, matched=20, timeless=1, same_hdop=19, ours_only={"23:57:26.020": NO_CYCLE_END}
    ),
    "humminbird-M37": Expected(
        fixes=33,
        matched=31,
        same_hdop=7,
        date_shift=ROLLOVER,
        ours_only={"19:41:02.000": LEARNING, "19:41:04.000": LEARNING},
        # gpsd keeps the mode of the last GGA for RMC and GLL of later seconds, which have no altitude.
        stale_mode=22,
    ),
    "mt3339": Expected(fixes=30, matched=30, same_hdop=30, date_shift=ROLLOVER),
    "neo-m8n": Expected(
        fixes=24,
        matched=23,
        timeless=1,
        same_hdop=17,
        date_shift=ROLLOVER,
        ours_only={"17:19:48.000": LOG_ENDS},
    ),
    "nmea-rtk": Expected(fixes=122, matched=122, same_hdop=122),
    "quectelLC79D-1": Expected(fixes=29, matched=29, without_position=6, same_hdop=25),
    "ublox-zed-f9p-nmea": Expected(fixes=29, matched=29, same_gst=28),
    "venus634lp": Expected(
        fixes=7, matched=6, timeless=1, same_hdop=2, date_shift=ROLLOVER, ours_only={"08:50:38.000": LOG_ENDS}
    ),
}

QUALITY_OF_STATUS = {None: 1, 2: 2, 3: 4}
"""gpsd leaves the status of an ordinary fix out; 2 is differential, 3 RTK fixed."""

ASSUMED_ERROR = {None: 19.0, 2: 4.75, 3: 19.0}
"""gpsd's `eph` is HDOP times this."""


@dataclass(frozen=True)
class Told:
    """One of gpsd's reports and the time in the sentence it follows."""

    report: dict[str, Any]
    time: str


def told_by_gpsd(name: str) -> list[Told]:
    told, time = [], ""
    for line in gpsd_lines(name):
        found = re.match(r"\$..(?:GGA|GNS|RMC|ZDA|GST),(\d{6})(\.\d+)?|\$..GLL,.*,(\d{6})(\.\d+)?,[AV]", line)
        if found:
            whole, part = found[1] or found[3], (found[2] or found[4] or ".") + "000"
            time = f"{whole[:2]}:{whole[2:4]}:{whole[4:]}{part[:4]}"
        elif '"TPV"' in line:
            told.append(Told(json.loads(line), time))
    return told


def time_text(fix: Fix) -> str:
    return fix.time.strftime("%H:%M:%S.%f")[:12]


def position(told: Told) -> tuple[str, float, float]:
    time = told.report["time"][11:23] if "time" in told.report else told.time
    return time, told.report["lat"], told.report["lon"]


def matches(fix: Fix, told: Told) -> bool:
    """gpsd prints nine decimals."""
    time, lat, lon = position(told)
    return time_text(fix) == time and abs(fix.lat - lat) < 6e-10 and abs(fix.lon - lon) < 6e-10


def aligned(fixes: list[Fix], told: list[Told]) -> tuple[list[tuple[Fix, Told]], list[Fix]]:
    """Both in their order; what is left of the fixes. Fails where gpsd has a position that we have not."""
    left = list(fixes)
    pairs: list[tuple[Fix, Told]] = []
    skipped: list[Fix] = []
    for _, reports in groupby(told, key=position):
        last = list(reports)[-1]
        while left and not matches(left[0], last):
            skipped.append(left.pop(0))
        assert left, f"gpsd alone: {last}"
        pairs.append((left.pop(0), last))
    return pairs, skipped + left


def outcome(name: str) -> tuple[list[Fix], list[tuple[Fix, Told]], list[Fix], list[Told]]:
    fixes, _, _ = replayed(log_bytes(name), received_on(name))
    told = told_by_gpsd(name)
    pairs, ours_only = aligned(fixes, [entry for entry in told if "lat" in entry.report])
    return fixes, pairs, ours_only, told


def test_the_table_names_every_log() -> None:
    assert set(EXPECTED) == set(DAYS) == {path.stem for path in existing(FOLDER).glob("*.log")}


@pytest.mark.parametrize("name", EXPECTED)
def test_positions_are_those_of_gpsd(name: str) -> None:
    expected = EXPECTED[name]
    fixes, pairs, ours_only, told = outcome(name)
    assert len(fixes) == expected.fixes
    assert len(pairs) == expected.matched
    assert [time_text(fix) for fix in ours_only] == list(expected.ours_only)
    without_fix = [entry for entry in told if entry.report["mode"] < 2]
    assert len(without_fix) == expected.without_fix
    assert not {entry.time for entry in without_fix} & {time_text(fix) for fix in fixes}
    without_position = [entry for entry in told if entry.report["mode"] >= 2 and "lat" not in entry.report]
    assert len(without_position) == expected.without_position, "GSA before the first position"


@pytest.mark.parametrize("name", EXPECTED)
def test_times_are_those_of_gpsd(name: str) -> None:
    expected = EXPECTED[name]
    _, pairs, _, _ = outcome(name)
    shifts = [
        datetime.fromisoformat(told.report["time"]) - fix.time for fix, told in pairs if "time" in told.report
    ]
    assert set(shifts) == {expected.date_shift}
    assert len(pairs) - len(shifts) == expected.timeless, (
        "gpsd has not seen a date yet; we take the day of receipt"
    )


@pytest.mark.parametrize("name", EXPECTED)
def test_altitudes_and_dimensions_are_those_of_gpsd(name: str) -> None:
    _, pairs, _, _ = outcome(name)
    for fix, told in pairs:
        assert fix.altitude_m == pytest.approx(told.report.get("altMSL"), abs=5e-5), told
    flat = [told for fix, told in pairs if fix.altitude_m is None]
    stale = [told for told in flat if told.report["mode"] == 3]
    assert len(stale) == EXPECTED[name].stale_mode
    assert all(told.report["mode"] == 3 for fix, told in pairs if fix.altitude_m is not None)


@pytest.mark.parametrize("name", EXPECTED)
def test_quality_and_hdop_are_those_of_gpsd(name: str) -> None:
    """gpsd's error estimate lags by a moment now and then, and is the receiver's own ($PSRFEPE) in
    beidou-gb: what agrees is counted."""
    _, pairs, _, _ = outcome(name)
    assert [fix.quality for fix, _ in pairs] == [
        QUALITY_OF_STATUS[told.report.get("status")] for _, told in pairs
    ]
    same = [
        fix
        for fix, told in pairs
        if fix.accuracy_source == "HDOP"
        and "eph" in told.report
        and told.report["eph"]
        == pytest.approx((fix.hdop or 0) * ASSUMED_ERROR[told.report.get("status")], abs=5e-4)
    ]
    assert len(same) == EXPECTED[name].same_hdop


def test_errors_from_gst_are_those_of_gpsd() -> None:
    _, pairs, _, _ = outcome("ublox-zed-f9p-nmea")
    assert {fix.accuracy_source for fix, _ in pairs} == {"GST"}
    same = [
        fix
        for fix, told in pairs
        if fix.accuracy_m
        == pytest.approx((told.report["epx"] ** 2 + told.report["epy"] ** 2) ** 0.5, abs=1e-3)
    ]
    assert len(same) == EXPECTED["ublox-zed-f9p-nmea"].same_gst


@pytest.mark.parametrize(
    ("name", "bad_checksums", "malformed"),
    [
        (name, 23 if name == "firefly-II" else 0, {"neo-m8n": 2, "venus634lp": 3}.get(name, 0))
        for name in EXPECTED
    ],
)
def test_every_other_line_is_accounted_for(name: str, bad_checksums: int, malformed: int) -> None:
    """neo-m8n has `$GPGSV` twice in its comment, venus634lp three lines of boot text beginning with `$`.
    gpsd repeats exactly the sentences it accepts."""
    _, reader, _ = replayed(log_bytes(name), received_on(name))
    assert (reader.bad_checksums, reader.malformed) == (bad_checksums, malformed)
    accepted = [line for line in gpsd_lines(name) if line.startswith("$") and "*" in line]
    assert reader.sentences == len(accepted) > 40


def test_a_wrong_date_is_told_and_not_believed() -> None:
    """The same bytes read today: each receiver's date is years off, so the time of receipt counts."""
    name = "gp-320fw-2019-04-06-overflow"
    received = DAYS[name] + ROLLOVER
    fixes, _, _ = replayed(log_bytes(name), received)
    dated = fixes[1:]
    assert {fix.time for fix in dated} == {received}
    assert {fix.receiver_time.date() for fix in dated if fix.receiver_time} == {DAYS[name].date()}
    assert [fix.receiver_time.second for fix in dated if fix.receiver_time][:3] == [24, 25, 26]
