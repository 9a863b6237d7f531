from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from drivers.framing.nmea import Sentence, SentenceReader
from drivers.framing.nmea_epochs import Epochs
from drivers.framing.nmea_position import Report, report
from drivers.reading import Fix
from tests.drivers.framing.test_nmea import sentence_bytes
from tests.drivers.logs import replayed

NOON = datetime(2026, 3, 14, 12, 0, 1, tzinfo=UTC)
GGA = "GNGGA,120000.00,5130.8000,N,00727.9000,E,1,12,0.9,86.5,M,45.1,M,,"
RMC = "GNRMC,120000.00,A,5130.8000,N,00727.9000,E,0.01,,140326,,,A,V"
GST = "GNGST,120000.00,9.1,,,,1.2,0.9,2.0"
GSA = "GNGSA,A,3,05,12,,,,,,,,,,,1.9,1.1,1.5"
DORTMUND = (7.465, 51.51333333)


def fixes_of(*bodies: str, received: datetime = NOON) -> list[Fix]:
    return replayed(b"".join(sentence_bytes(body) for body in bodies), received)[0]


def only(*bodies: str, received: datetime = NOON) -> Fix:
    (fix,) = fixes_of(*bodies, received=received)
    return fix


def test_one_fix_of_all_that_is_said_of_a_moment() -> None:
    fix = only(RMC, GGA, GSA, GST)
    assert (fix.lon, fix.lat) == pytest.approx(DORTMUND)
    assert fix.time == datetime(2026, 3, 14, 12, tzinfo=UTC)
    assert (fix.altitude_m, fix.quality, fix.satellites, fix.hdop) == (86.5, 1, 12, 0.9)
    assert (fix.accuracy_m, fix.accuracy_source) == (pytest.approx(1.5), "GST")
    assert fix.receiver_time is None


@pytest.mark.parametrize("order", [(GGA, RMC, GST, GSA), (GSA, GST, GGA, RMC), (GST, RMC, GSA, GGA)])
def test_the_order_does_not_matter(order: tuple[str, ...]) -> None:
    assert only(*order) == only(RMC, GGA, GSA, GST)


def test_a_fix_comes_with_the_next_moment() -> None:
    epochs, reader = Epochs(), SentenceReader()
    first, second = reader.feed(sentence_bytes(GGA) + sentence_bytes(GGA.replace("120000.00", "120000.10")))
    assert epochs.feed(first, NOON) is None
    fix = epochs.feed(second, NOON)
    assert fix is not None
    assert fix.time == datetime(2026, 3, 14, 12, tzinfo=UTC)


def test_late_sentences_of_a_finished_moment_make_no_second_fix() -> None:
    epochs, reader = Epochs(), SentenceReader()
    gga, gst = reader.feed(sentence_bytes(GGA) + sentence_bytes(GST))
    assert epochs.feed(gga, NOON) is None
    assert epochs.finish() is not None
    assert epochs.feed(gst, NOON) is None
    assert epochs.finish() is None


@pytest.mark.parametrize("talker", ["GP", "GL", "GA", "GB", "GN", "BD", "QZ", "GQ", "GI", "IN"])
def test_talkers(talker: str) -> None:
    assert only(talker + GGA[2:]).quality == 1


@pytest.mark.parametrize("talker", ["LC", "EC", "II"])
def test_other_instruments_are_no_receivers(talker: str) -> None:
    """Loran-C writes GLL too."""
    assert fixes_of(talker + GGA[2:]) == []


@pytest.mark.parametrize("quality", ["0", "6", "7", "8", "", "x"])
def test_only_measured_positions(quality: str) -> None:
    assert fixes_of(GGA.replace(",E,1,", f",E,{quality},")) == []


@pytest.mark.parametrize("quality", [1, 2, 3, 4, 5])
def test_quality(quality: int) -> None:
    assert only(GGA.replace(",E,1,", f",E,{quality},")).quality == quality


def test_a_warning_in_one_sentence_is_enough() -> None:
    assert fixes_of(GGA, RMC.replace(",A,5130", ",V,5130")) == []
    assert fixes_of(RMC.replace(",A,V", ",E,V")) == []
    assert fixes_of(GGA.replace(",E,1,", ",E,0,"), RMC) == []


def test_rmc_without_mode_and_gll() -> None:
    assert only("GPRMC,120000,A,5130.8000,N,00727.9000,E,0.0,0.0,140326,,").accuracy_m is None
    fix = only("GPGLL,5130.8000,N,00727.9000,E,120000,A,D")
    assert (fix.quality, fix.satellites) == (2, None)
    assert fix.time == datetime(2026, 3, 14, 12, tzinfo=UTC)


def test_gns_takes_the_best_system() -> None:
    fix = only("GNGNS,120000.00,5130.8000,N,00727.9000,E,ANRF,21,0.6,86.5,45.1,,")
    assert (fix.quality, fix.satellites, fix.hdop) == (4, 21, 0.6)
    assert fixes_of("GNGNS,120000.00,5130.8000,N,00727.9000,E,NNE,21,0.6,86.5,45.1,,") == []


def test_hdop_of_gsa_where_gga_has_none() -> None:
    assert only(GSA, GGA.replace(",0.9,", ",,")).hdop == 1.1
    assert only(GGA, GSA).hdop == 0.9
    assert only(GGA.replace(",0.9,", ",0.0,")).accuracy_m is None


def test_no_altitude_from_a_flat_fix() -> None:
    assert only(GSA.replace("A,3", "A,2"), GGA).altitude_m is None


def test_accuracy_from_hdop() -> None:
    fix = only(GGA)
    assert (fix.accuracy_m, fix.accuracy_source) == (pytest.approx(0.9 * 6.8), "HDOP")
    fixed = only(GGA.replace(",E,1,", ",E,4,"))
    assert fixed.accuracy_m == pytest.approx(0.9 * 0.03)


def test_empty_gst_leaves_hdop() -> None:
    assert only(GGA, "GNGST,120000.00,,,,,,,").accuracy_source == "HDOP"
    assert only(GGA, "GNGST,120000.00,9.1,,,,0.0,0.0,0.0").accuracy_source == "HDOP"


def test_null_island() -> None:
    body = GGA.replace("5130.8000", "0000.0000").replace("00727.9000", "00000.0000")
    fixes, _, epochs = replayed(sentence_bytes(body), NOON)
    assert fixes == []
    assert epochs.null_islands == 1
    on_the_meridian = only(GGA.replace("00727.9000", "00000.0000"))
    assert on_the_meridian.lon == 0


@pytest.mark.parametrize(
    ("lat", "north", "lon", "east", "expected"),
    [
        ("4552.65403", "S", "17030.00668", "E", (170.500111333, -45.877567167)),
        ("5130.8", "N", "727.9", "E", DORTMUND),
        ("9000.0", "N", "18000.0", "W", (-180, 90)),
        ("9000.1", "N", "00727.9", "E", None),
        ("5160.0", "N", "00727.9", "E", None),
        ("5130.8", "X", "00727.9", "E", None),
        ("-5130.8", "N", "00727.9", "E", None),
        ("nan", "N", "00727.9", "E", None),
        ("5130.8", "N", "1e3", "E", None),
        ("5130.8", "N", "18001.0", "E", None),
        ("", "", "", "", None),
    ],
)
def test_angles(lat: str, north: str, lon: str, east: str, expected: tuple[float, float] | None) -> None:
    found = report(Sentence("GN", "GLL", (lat, north, lon, east, "120000", "A", "A"), ""))
    assert found is not None
    assert found.place == (pytest.approx(expected) if expected else None)
    assert found.valid is (expected is not None)


@pytest.mark.parametrize("time", ["240000", "126000", "12000", "120061", "12:00:00", "-10000", ""])
def test_unreadable_times_open_no_moment(time: str) -> None:
    assert fixes_of(GGA.replace("120000.00", time)) == []


def test_a_leap_second_is_the_next_day() -> None:
    rmc = RMC.replace("120000.00", "235960.00").replace("140326", "311226")
    received = datetime(2027, 1, 1, 0, 0, 1, tzinfo=UTC)
    assert only(rmc, received=received).time == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("day", ["310226", "001326", "14032", "1403202", "abcdef", ""])
def test_an_unreadable_date_is_none(day: str) -> None:
    assert only(RMC.replace("140326", day)).time == datetime(2026, 3, 14, 12, tzinfo=UTC)


def test_midnight_without_a_date() -> None:
    """Received a little late or early on the other side of midnight."""
    late = GGA.replace("120000.00", "235959.90")
    assert only(late, received=datetime(2026, 3, 15, 0, 0, 0, 200_000, tzinfo=UTC)).time == datetime(
        2026, 3, 14, 23, 59, 59, 900_000, tzinfo=UTC
    )
    early = GGA.replace("120000.00", "000000.10")
    assert only(early, received=datetime(2026, 3, 14, 23, 59, 59, tzinfo=UTC)).time == datetime(
        2026, 3, 15, 0, 0, 0, 100_000, tzinfo=UTC
    )


def test_midnight_between_dated_moments() -> None:
    before = RMC.replace("120000.00", "235959.00")
    after = GGA.replace("120000.00", "000000.00")
    with_date = RMC.replace("120000.00", "000001.00").replace("140326", "150326")
    fixes = fixes_of(before, after, with_date, received=datetime(2026, 3, 14, 23, 59, 59, tzinfo=UTC))
    assert [fix.time for fix in fixes] == [
        datetime(2026, 3, 14, 23, 59, 59, tzinfo=UTC) + timedelta(seconds=step) for step in range(3)
    ]


def test_a_date_from_zda() -> None:
    fix = only(GGA, "GNZDA,120000.00,13,03,2026,01,00", received=NOON - timedelta(days=1))
    assert fix.time == datetime(2026, 3, 13, 12, tzinfo=UTC)


@pytest.mark.parametrize("day", ["290706", "060180", "310749"])
def test_a_date_far_off_is_not_believed(day: str) -> None:
    """1024 weeks early, never had a fix, far in the future."""
    fix = only(RMC.replace("140326", day))
    assert fix.time == NOON
    assert fix.receiver_time is not None
    assert f"{fix.receiver_time:%d%m%y}" == day


def test_every_digit_of_a_position_counts() -> None:
    """With its checksum made anew, so that the parser sees it."""
    original = only(GGA)
    for at, character in enumerate(GGA):
        if not character.isdigit() or at < 6:
            continue
        changed = GGA[:at] + str((int(character) + 1) % 10) + GGA[at + 1 :]
        geoid = GGA.index("45.1") <= at < GGA.index("45.1") + 4
        assert (fixes_of(changed) == [original]) is geoid, changed


def test_reports_of_other_sentences_are_none() -> None:
    assert report(Sentence("GP", "VTG", ("1",), "")) is None
    assert report(Sentence("P", "UBX", ("00",), "")) is None
    assert report(Sentence("GP", "GSA", (), "")) == Report()
