from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from drivers.errors import FixProblem, NoFix, PortLost
from drivers.families.nmea0183 import FAMILY
from drivers.family import PositionSource, load_family
from drivers.transport.serial import open_serial
from tests.drivers.framing.test_nmea import sentence_bytes
from tests.drivers.logs import log_bytes
from tests.drivers.receiver import Receiver, epochs, receiver


@contextmanager
def source(on: Receiver, lines: list[str] | None = None) -> Iterator[PositionSource]:
    kept = lines if lines is not None else []
    assert FAMILY.locate is not None
    with closing(
        FAMILY.locate(open_serial(on.port, FAMILY.serial), lambda _, text: kept.append(text))
    ) as opened:
        yield opened


def problem_of(data: bytes, seconds: float = 0.3) -> FixProblem:
    with receiver("once") as on, source(on) as opened:
        on.write(data)
        with pytest.raises(NoFix) as caught:
            list(opened.fixes(seconds))
    assert caught.value.seconds == seconds
    return caught.value.problem


def test_it_is_found_by_its_name() -> None:
    assert load_family("nmea0183") is FAMILY


@pytest.mark.parametrize(("name", "fixes"), [("neo-m8n", 24), ("ublox-zed-f9p-nmea", 29)])
def test_a_whole_log_over_the_wire(name: str, fixes: int) -> None:
    """The last moment comes by the pause after it; the sentences of the trace are those on the wire."""
    data, lines = log_bytes(name), []
    with receiver("once") as on, source(on, lines) as opened:
        on.write(data)
        coming = opened.fixes(20)
        found = [next(coming) for _ in range(fixes)]
    assert len({(fix.lon, fix.lat, fix.hdop) for fix in found}) > 10
    assert all(line.encode() in data for line in lines)
    assert len(lines) > 200


def test_a_fix_comes_by_the_pause_after_it() -> None:
    with receiver("once") as on, source(on) as opened:
        on.write(epochs(1))
        started = time.monotonic()
        assert next(opened.fixes(30)).satellites == 12
    assert time.monotonic() - started < 5


def test_it_ends_after_the_time_given() -> None:
    with receiver("loop", "0.005") as on, source(on) as opened:
        on.write(epochs(50))
        started = time.monotonic()
        found = list(opened.fixes(0.5))
        assert 0.4 < time.monotonic() - started < 3
    assert len(found) > 3


def test_silence() -> None:
    assert problem_of(b"") is FixProblem.SILENT


def test_another_device_on_the_port() -> None:
    """An AT console, and what NMEA looks like at the wrong baud rate."""
    assert problem_of(b"LSE01 v1.1\r\nOK\r\n\r\n" + bytes(range(128, 250)) * 5) is FixProblem.NOT_NMEA


def test_an_ais_receiver_is_not_a_gnss_receiver() -> None:
    assert problem_of(b"!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26\r\n") is FixProblem.NOT_NMEA


def test_no_fix_yet() -> None:
    assert problem_of(b"".join(log_bytes("beidou-gb").partition(b"$GPGGA,053232")[:1])) is FixProblem.NO_FIX
    assert problem_of(sentence_bytes("GPTXT,01,01,02,u-blox AG")) is FixProblem.NO_FIX


def test_null_island() -> None:
    body = "GNGGA,120000.00,0000.0000,N,00000.0000,E,1,12,0.9,0.0,M,0.0,M,,"
    assert problem_of(sentence_bytes(body)) is FixProblem.NULL_ISLAND


def test_bad_checksums() -> None:
    spoilt = log_bytes("mt3339").replace(b",N,", b",S,")
    assert problem_of(spoilt) is FixProblem.BAD_CHECKSUMS
    good_but_placeless = sentence_bytes("GPZDA,005947.00,08,07,2010,+00,00") * 5
    only_positions_spoilt = good_but_placeless + b"$GPGGA,005947.00,3715.6616,N,12157.6709,W,1,11*54\r\n"
    assert problem_of(only_positions_spoilt) is FixProblem.BAD_CHECKSUMS


def test_the_cable_pulled_between_fixes() -> None:
    with receiver("loop", "0.005") as on, source(on) as opened:
        on.write(epochs(50))
        coming = opened.fixes(30)
        next(coming)
        on.pull_the_cable()
        pulled = time.monotonic()
        with pytest.raises(PortLost):
            list(coming)
        assert time.monotonic() - pulled < 2


def test_the_cable_pulled_in_silence() -> None:
    with receiver("once") as on, source(on) as opened:
        on.pull_the_cable()
        with pytest.raises(PortLost):
            list(opened.fixes(30))
