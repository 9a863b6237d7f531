"""Joining and measuring. The older firmware's vector is a published console capture of an LDDS75 v1.1.4."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drivers.simulated.client import Terminal, opened

LSE01 = "dragino-lse01"
LDDS75 = "dragino-ldds75"
JOIN_AS_CAPTURED = [
    r"JoinRequest NbTrials= \d+",
    r"\*\*\*\*\* UpLinkCounter= 0 \*\*\*\*\*",
    r"TX on freq \d{3}\.\d{3} MHz at DR 0",
    r"txDone",
    r"RX on freq \d{3}\.\d{3} MHz at DR \d+",
    r"rxTimeOut",
    r"RX on freq \d{3}\.\d{3} MHz at DR \d+",
    r"rxTimeOut",
    r"\*\*\*\*\* UpLinkCounter= 0 \*\*\*\*\*",
    r"TX on freq \d{3}\.\d{3} MHz at DR 0",
    r"txDone",
    r"RX on freq \d{3}\.\d{3} MHz at DR \d+",
    r"rxDone",
    r"Rssi= -114",
    r"JOINED",
    r"Join Accept:",
    r"Rx1DrOffset:0",
    r"Rx2Datarate:\d",
    r"ReceiveDelay1:1000 ms",
    r"ReceiveDelay2:2000 ms",
]


def lines(text: bytes) -> list[str]:
    return [line for line in re.split(r"[\r\n]+", text.decode()) if line]


def test_a_join_looks_as_captured_and_its_state_can_be_asked(tmp_path: Path) -> None:
    script = {"firmware": "stm32", "join": {"seconds": 0.15, "attempts": 2, "rssi": -114, "snr": -3}}
    with opened(LDDS75, tmp_path, script) as terminal:
        terminal.type("AT+JOIN")
        heard = lines(terminal.until(b"ReceiveDelay2:2000 ms\r\n"))
        assert heard[0] == "OK"
        assert len(heard) == len(JOIN_AS_CAPTURED) + 1
        for expected, line in zip(JOIN_AS_CAPTURED, heard[1:], strict=True):
            assert re.fullmatch(expected, line)
        assert terminal.ask("AT+NJS=?").startswith("1\r\n")
        assert terminal.ask("AT+RSSI=?").startswith("-114\r\n")
        assert terminal.ask("AT+SNR=?").startswith("-3\r\n")


def test_while_it_joins_the_radio_is_busy(tmp_path: Path) -> None:
    with opened(LSE01, tmp_path, {"join": {"seconds": 0.3}}) as terminal:
        terminal.type("AT+JOIN")
        terminal.until(b"txDone\r\n")
        assert terminal.ask("AT+GETSENSORVALUE=0") == "\r\nAT_BUSY_ERROR\r\n"
        assert terminal.ask("AT+ADR=0") == "\r\nAT_BUSY_ERROR\r\n"
        assert terminal.ask("AT+TDC=600000") == "\r\nOK\r\n"
        assert terminal.ask("AT+JOIN") == "\r\nOK\r\n"
        terminal.until(b"ReceiveDelay2:2000 ms\r\n")
        assert "water_SOIL" in terminal.ask("AT+GETSENSORVALUE=0")
        assert "water_SOIL" in terminal.ask("AT+GETSENSORVALUE=1")


def test_a_join_that_fails_just_ends(tmp_path: Path) -> None:
    with opened(LSE01, tmp_path, {"join": {"seconds": 0.05, "attempts": 2, "result": "failed"}}) as terminal:
        terminal.type("AT+JOIN")
        heard = terminal.until(b"OK\r\n") + terminal.during(0.4)
        assert heard.count(b"rxTimeOut") == 4
        assert b"JOINED" not in heard
        assert terminal.ask("AT+NJS=?").startswith("0\r\n")


def test_a_joined_node_joins_again_after_a_restart_but_not_after_a_reset(tmp_path: Path) -> None:
    with opened(LSE01, tmp_path, {"join": {"seconds": 0.05, "automatic": True}}) as terminal:
        terminal.until(b"ReceiveDelay2:2000 ms\r\n")
        terminal.type("ATZ")
        terminal.until(b"ReceiveDelay2:2000 ms\r\n")
        terminal.unlock()
        terminal.type("AT+FDR")
        assert b"JOIN" not in terminal.until(b"apply change\n\r") + terminal.during(0.3)
        terminal.unlock()
        assert terminal.ask("AT+NJS=?").startswith("0\r\n")


@pytest.mark.parametrize(
    ("kind", "patterns"),
    [
        (
            LSE01,
            {
                r"water_SOIL:(\d+\.\d\d) %\r\n": (15, 35),
                r"temp_SOIL:(-?\d+\.\d\d) C\r\n": (10, 20),
                r"conduct_SOIL:(\d+) uS/cm\r\n": (150, 300),
                r"Bat_voltage:(\d+) mv\n\r": (3500, 3700),
            },
        ),
        (LDDS75, {r"distanceSum:(\d+)\r\n": (1700, 2000)}),
    ],
)
def test_readings_vary_plausibly_and_come_again_with_the_same_seed(
    tmp_path: Path, kind: str, patterns: dict[str, tuple[float, float]]
) -> None:
    def readings(seed: int) -> list[str]:
        with opened(kind, tmp_path, {"seed": seed}) as terminal:
            return [terminal.ask("AT+GETSENSORVALUE=0") for _ in range(12)]

    first = readings(7)
    for pattern, (low, high) in patterns.items():
        values = [float(found[1]) for text in first if (found := re.search(pattern, text))]
        assert len(values) == 12
        assert all(low < value < high for value in values)
        assert len(set(values)) > 3
    assert readings(7) == first
    assert readings(8) != first


def test_the_script_sets_what_is_measured(tmp_path: Path) -> None:
    script = {
        "readings": {"soil_moisture": {"mean": 3.5, "spread": 0}, "battery": {"mean": 2.5, "spread": 0}}
    }
    with opened(LSE01, tmp_path, {**script, "firmware": "stm32"}) as terminal:
        told = terminal.ask("AT+GETSENSORVALUE=0")
    assert "\r\nBat:2.500 V\r\n" in told
    assert "water_SOIL:3.50 %\r\n" in told


def old(folder: Path) -> dict[str, object]:
    return {"firmware": "stm32", "dev_eui": "a84041000181d4e5", "state_file": str(folder / "memory")}


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("AT", "\r\nOK\r\n"),
        ("AT+VER=?", "v1.1.4 EU868\r\n\r\nOK\r\n"),
        ("AT+DEUI=?", "a8 40 41 00 01 81 d4 e5\r\n\r\nOK\r\n"),
        ("AT+NJM=1", "Attention:Take effect after ATZ\r\n\r\nOK\r\n"),
        ("AT+TDC=5999", "TDC setting must be more than 6S\n\r\r\nAT_PARAM_ERROR\r\n"),
        ("AT+NJS=1", "\r\nAT_ERROR\r\n"),
        ("AT+TDC?", "AT+TDC: interval in ms\r\n\r\nOK\r\n"),
    ],
)
def test_the_older_firmware_differs(older: Terminal, line: str, reply: str) -> None:
    assert older.ask(line) == reply


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    folder = tmp_path_factory.mktemp("stm32")
    with opened(LDDS75, folder, old(folder)) as terminal:
        yield terminal


def test_the_older_firmware_boots_as_captured_and_resets_with_an_ok(tmp_path: Path) -> None:
    with opened(LDDS75, tmp_path, old(tmp_path)) as terminal:
        terminal.type("AT+TDC=100")
        terminal.until(b"ERROR\r\n")
        assert terminal.ask("AT+TDC=?").startswith("6000\r\n")  # changed and refused
        terminal.type("AT+FDR")
        told = terminal.until(b"apply change\n\r")
    assert told.startswith(b"OK\n\r")
    assert lines(told)[1:6] == [
        "LDDS75 LoRaWAN Distance Sensor",
        "Image Version: v1.1.4",
        "LoRaWan Stack: DR-LWS-005",
        "Frequency Band: EU868",
        "DevEui= A8 40 41 00 01 81 D4 E5",
    ]
    assert "Please use AT+DEBUG to see debug info" in lines(told)
