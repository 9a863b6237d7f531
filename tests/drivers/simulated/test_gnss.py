"""The GNSS receiver. Checksums are computed here anew; layouts are compared with gpsd's published logs."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest

from drivers.simulated import nmea
from tests.drivers.simulated.client import simulator

LOGS = Path(__file__).resolve().parents[4] / "shared" / "data" / "nmea"
LAT, LON = 51.513587, 7.465298
GNSS = "nmea-gnss"


def checksum(body: str) -> int:
    value = 0
    for character in body:
        value ^= ord(character)
    return value


def sentences(heard: bytes) -> list[list[str]]:
    """Fields of every whole sentence whose checksum is right."""
    found = []
    for body, digits in re.findall(r"\$([^$*\r\n]+)\*([0-9A-F]{2})\r\n", heard.decode("latin-1")):
        if checksum(body) == int(digits, 16):
            found.append(body.split(","))
    return found


def listen(folder: Path, epochs: int, **gnss: Any) -> bytes:
    script = {"gnss": {"lat": LAT, "lon": LON, "rate_hz": 100, **gnss}}
    with simulator(GNSS, folder, script) as running, running.terminal() as terminal:
        return terminal.until_many(b"GST,", epochs)


def degrees(value: str, hemisphere: str) -> float:
    point = value.index(".")
    return (int(value[: point - 2]) + float(value[point - 2 :]) / 60) * (-1 if hemisphere in "SW" else 1)


def metres(gga: list[str]) -> tuple[float, float]:
    lat, lon = degrees(gga[2], gga[3]), degrees(gga[4], gga[5])
    return (lat - LAT) * 111_320, (lon - LON) * 111_320 * math.cos(math.radians(LAT))


def test_the_sentences_of_a_fix(tmp_path: Path) -> None:
    heard = listen(tmp_path, 60, accuracy_m=2.0)
    assert len(re.findall(rb"\$", heard)) - len(sentences(heard)) <= 1  # but for one cut off at the end
    kinds = {fields[0] for fields in sentences(heard)}
    assert kinds == {
        *("GNRMC", "GNVTG", "GNGGA", "GNGSA", "GNGLL", "GNGST"),
        *("GPGSV", "GLGSV", "GAGSV", "GBGSV"),
    }
    ggas = [fields for fields in sentences(heard) if fields[0] == "GNGGA"]
    assert len(ggas) > 30
    assert all(len(fields) == 15 and fields[6] == "1" and int(fields[7]) == 12 for fields in ggas)
    assert all(0.6 < float(fields[8]) < 1.1 for fields in ggas)
    for axis in range(2):
        errors = [metres(fields)[axis] for fields in ggas]
        assert abs(sum(errors) / len(errors)) < 2.0
        assert 0.5 < math.sqrt(sum(error**2 for error in errors) / len(errors)) < 4.0
    stated = [float(fields[6]) for fields in sentences(heard) if fields[0] == "GNGST"]
    assert all(1.7 < sigma < 2.3 for sigma in stated)
    assert ggas[0][1] != ggas[-1][1]


@pytest.mark.parametrize(("lat", "lon"), [(-45.875, -170.99999999), (0.00000001, 179.9999999)])
def test_any_place_on_earth(tmp_path: Path, lat: float, lon: float) -> None:
    heard = listen(tmp_path, 2, lat=lat, lon=lon, accuracy_m=0)
    gga = next(fields for fields in sentences(heard) if fields[0] == "GNGGA")
    assert degrees(gga[2], gga[3]) == pytest.approx(lat, abs=1e-6)
    assert degrees(gga[4], gga[5]) == pytest.approx(lon, abs=1e-6)
    assert re.fullmatch(r"\d{4}\.\d{5}", gga[2])
    assert re.fullmatch(r"\d{5}\.\d{5}", gga[4])
    assert "60.00000" not in gga[2][2:] + gga[4][3:]


def test_an_older_receiver_says_gp_only(tmp_path: Path) -> None:
    kinds = {fields[0] for fields in sentences(listen(tmp_path, 3, talkers="GP"))}
    assert kinds == {"GPRMC", "GPVTG", "GPGGA", "GPGSA", "GPGSV", "GPGLL", "GPGST"}


def states(heard: bytes) -> list[tuple[str, str]]:
    return [(fields[6], fields[2]) for fields in sentences(heard) if fields[0].endswith("GGA")]


def test_no_fix_then_a_leap_to_one(tmp_path: Path) -> None:
    script = {"gnss": {"rate_hz": 50, "phases": [{"state": "no_fix", "seconds": 0.3}, {"state": "fix"}]}}
    with simulator(GNSS, tmp_path, script) as running, running.terminal() as terminal:
        heard = terminal.until(b",N,1,", b",E,1,") + terminal.until_many(b"GST,", 2)
    assert {(fields[2], fields[12]) for fields in sentences(heard) if fields[0] == "GNRMC"} == {
        ("V", "N"),
        ("A", "A"),
    }
    told = [quality for quality, _ in states(heard)]
    assert told == sorted(told)
    assert set(told) == {"0", "1"}


def test_a_fix_on_null_island(tmp_path: Path) -> None:
    heard = listen(tmp_path, 3, phases=[{"state": "null_island"}])
    assert set(states(heard)) == {("1", "0000.00000")}


def test_bad_checksums(tmp_path: Path) -> None:
    heard = listen(tmp_path, 5, phases=[{"state": "bad_checksums"}])
    assert heard.count(b"GNGGA") > 3
    assert sentences(heard) == []


def test_silence_boot_text_and_another_protocol(tmp_path: Path) -> None:
    phases = [
        {"state": "silence", "seconds": 0.3},
        {"state": "boot_text", "seconds": 0.15},
        {"state": "binary"},
    ]
    script = {"gnss": {"rate_hz": 40, "phases": phases}}
    with simulator(GNSS, tmp_path, script) as running, running.terminal() as terminal:
        assert terminal.during(0.1) == b""
        booted = terminal.until(b"$ver")
        assert booted.startswith(b"$Receiver")
        assert b"*" not in booted
        mixed = terminal.until(b"\xb5\x62\x01\x07") + terminal.until_many(b"GST,", 3)
    assert any(fields[0] == "GNGGA" for fields in sentences(mixed))


def test_the_cable_out_for_a_while(tmp_path: Path) -> None:
    link = tmp_path / "gnss"
    phases = [{"state": "fix", "seconds": 0.6}, {"state": "pull", "seconds": 0.15}, {"state": "fix"}]
    script = {"gnss": {"rate_hz": 40, "phases": phases}}
    with simulator(GNSS, tmp_path, script, link=link) as running:
        with running.terminal() as terminal:
            terminal.until(b"GNGGA")
            assert terminal.hung_up(5)
        while not link.exists():
            assert running.process.poll() is None
        with running.terminal() as terminal:
            terminal.until(b"GNGGA")


def logs(name: str) -> Path:
    path = LOGS / name
    if not path.exists():
        pytest.skip("../shared/data/nmea is absent")
    return path


def test_a_log_is_replayed_as_it_is(tmp_path: Path) -> None:
    log = logs("venus634lp.log")
    lines = [line for line in log.read_bytes().splitlines(keepends=True) if not line.startswith(b"#")]
    script = {"gnss": {"replay": str(log), "rate_hz": 100}}
    with simulator(GNSS, tmp_path, script) as running, running.terminal() as terminal:
        heard = terminal.until_many(b"\n", 2 * len(lines))
    assert heard.startswith(2 * b"".join(lines))


@pytest.mark.parametrize("name", ["neo-m8n.log", "ublox-zed-f9p-nmea.log", "mt3339.log", "nmea-rtk.log"])
def test_our_framing_agrees_with_every_line_of_a_real_receiver(name: str) -> None:
    lines = [line for line in logs(name).read_bytes().splitlines() if line.startswith(b"$")]
    assert len(lines) > 100
    for line in lines:
        assert nmea.sentence(line[1:-3].decode()) == line + b"\r\n"


def test_our_fields_are_as_many_as_those_of_a_real_receiver(tmp_path: Path) -> None:
    real = {
        fields[0][2:]: len(fields)
        for fields in sentences(logs("ublox-zed-f9p-nmea.log").read_bytes().replace(b"\r\r", b"\r"))
        if fields[0][2:] in ("RMC", "VTG", "GGA", "GSA", "GLL", "GST")
    }
    assert len(real) == 6
    for phase in ("fix", "no_fix"):
        heard = listen(tmp_path, 2, phases=[{"state": phase}])
        assert {f[0][2:]: len(f) for f in sentences(heard) if f[0][2:] in real} == real
