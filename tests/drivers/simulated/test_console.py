"""The console of a Dragino node, as dragino/SN50v3 (src/command.c, src/lora_app.c) has it: firmware "v3"."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drivers.simulated.client import Terminal, opened, simulator

LSE01 = "dragino-lse01"
IDENTITY = {
    "dev_eui": "a84041000181d4e5",
    "join_eui": "A840410000000101",
    "app_key": "00112233445566778899aabbccddeeff",
    "password": "a1b2c3",
    "serial": "0123456789abcdef",
}
KEY = "F0 E1 D2 C3 B4 A5 96 87 78 69 5A 4B 3C 2D 1E 0F"


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    with opened(LSE01, tmp_path_factory.mktemp("lse01"), IDENTITY) as terminal:
        yield terminal


def test_the_boot_banner_is_that_of_the_maker(tmp_path: Path) -> None:
    """A published console log of an SN50v3-LB has these names in this order."""
    with simulator(LSE01, tmp_path, IDENTITY) as running, running.terminal() as terminal:
        lines = re.split(rb"[\r\n]+", terminal.until(b"debug info\r\n\r\n"))
    assert [line.split(b":")[0].split(b"=")[0] for line in lines[2:6]] == [
        b"Image Version",
        b"LoRaWan Stack",
        b"Frequency Band",
        b"DevEui",
    ]
    assert lines[5] == b"DevEui= A8 40 41 00 01 81 D4 E5"
    assert lines[6] == b"Enter Password to Active AT Commands"
    assert running.told["dev_eui"] == IDENTITY["dev_eui"]


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("AT+DEUI=?", "A8 40 41 00 01 81 D4 E5\r\n\r\nOK\r\n"),
        ("AT+APPEUI=?", "A8 40 41 00 00 00 01 01\r\n\r\nOK\r\n"),
        ("AT+APPKEY=?", "00 11 22 33 44 55 66 77 88 99 AA BB CC DD EE FF\r\n\r\nOK\r\n"),
        ("AT+NJM=?", "1\r\n\r\nOK\r\n"),
        ("AT+TDC=?", "1200000\r\n\r\nOK\r\n"),
        ("AT+NJS=?", "0\r\n\r\nOK\r\n"),
        ("AT+RSSI=?", "0\r\n\r\nOK\r\n"),
        ("AT+UUID=?", "0123456789ABCDEF\r\n\r\nOK\r\n"),
        ("AT+VER=?", "EU868 v1.2.0\r\n\r\nOK\r\n"),
        ("AT+PWORD=?", "A1B2C3\r\n\r\nOK\r\n"),
        ("AT+TDC=4999", "TDC setting needs to be high than 4000ms\n\r\r\nAT_PARAM_ERROR\r\n"),
        ("AT+NJM=2", "\r\nAT_PARAM_ERROR\r\n"),
        ("AT+NJM=x", "\r\nAT_PARAM_ERROR\r\n"),
        ("AT+APPEUI=A84041000000010", "\r\nAT_PARAM_ERROR\r\n"),
        ("AT+APPKEY=zz112233445566778899aabbccddeeff", "\r\nAT_PARAM_ERROR\r\n"),
        ("AT+PWORD=a", "\r\nAT_PARAM_ERROR\r\n"),
        ("AT+NJS=1", "\r\nAT_PARAM_ERROR\r\n"),
        ("AT+TDC", "\r\nAT_PARAM_ERROR\r\n"),
        ("AT+JOIN=?", "\r\nAT_PARAM_ERROR\r\n"),
        ("AT+GETSENSORVALUE=2", "\r\nAT_PARAM_ERROR\r\n"),
        ("AT+GETSENSORVALUE=1", "\r\nAT_NO_NET_JOINED\r\n"),
        ("AT+NOSUCH=?", "\r\nAT_ERROR\r\n"),
        ("at+deui=?", "\r\nAT_ERROR\r\n"),
        ("a1b2c3", "\r\nAT_ERROR\r\n"),
        ("hello", "\r\nAT_ERROR\r\n"),
    ],
)
def test_replies_byte_by_byte(console: Terminal, line: str, reply: str) -> None:
    assert console.ask(line) == reply


@pytest.mark.parametrize("name", ["DEUI", "APPKEY", "TDC", "JOIN", "NJS", "CFG", "FDR", "GETSENSORVALUE"])
def test_help_is_a_line_and_ok(console: Terminal, name: str) -> None:
    assert re.fullmatch(r"[^\r\n]+\r\n\r\nOK\r\n", console.ask(f"AT+{name}?"))


@pytest.mark.parametrize(
    ("name", "before", "written", "after"),
    [
        ("APPKEY", "00 11 22", KEY, KEY),
        ("APPKEY", KEY, "00112233445566778899aabbccddeeff", "00 11 22"),
        ("APPEUI", "A8 40", "70b3d57ed0000001", "70 B3 D5 7E D0 00 00 01"),
        ("TDC", "1200000", "600000", "600000"),
        ("TDC", "600000", "5000", "5000"),
        ("NJM", "1", "0", "0"),
        ("RX1DL", "1000", "5000", "5000"),
        ("PORT", "2", "20", "20"),
    ],
)
def test_what_is_written_is_read_back(
    console: Terminal, name: str, before: str, written: str, after: str
) -> None:
    assert console.ask(f"AT+{name}=?").startswith(before)
    assert console.ask(f"AT+{name}={written}") == "\r\nOK\r\n"
    assert console.ask(f"AT+{name}=?").startswith(after)


def test_a_bare_at_and_empty_lines_are_dropped(console: Terminal) -> None:
    console.type("AT")
    console.type("")
    assert console.ask("AT+NJS=?") == "0\r\n\r\nOK\r\n"


def test_cfg_prints_everything_waits_and_says_ok(tmp_path: Path) -> None:
    with opened(LSE01, tmp_path, {**IDENTITY, "time_scale": 4}) as terminal:
        started = time.monotonic()
        reply = terminal.ask("AT+CFG")
        assert time.monotonic() - started > 0.2  # the firmware's second, four times as fast
    assert "AT+DEUI=A8 40 41 00 01 81 D4 E5\r\n" in reply
    assert "AT+TDC=1200000\r\n" in reply
    assert reply.index("AT+NJM=1") < reply.index("AT+NJS=0") < reply.index("Start Tx events")
    assert reply.endswith("\r\nOK\r\n")


def test_there_is_no_echo_unless_the_script_wants_one(tmp_path: Path) -> None:
    with opened(LSE01, tmp_path) as terminal:
        assert terminal.ask("AT+NJM=?") == "1\r\n\r\nOK\r\n"
    with opened(LSE01, tmp_path, {"echo": True}) as terminal:
        assert terminal.ask("AT+NJM=?") == "AT+NJM=?\r\n1\r\n\r\nOK\r\n"


def test_locked_every_line_is_a_wrong_password(tmp_path: Path) -> None:
    with simulator(LSE01, tmp_path, IDENTITY) as running, running.terminal() as terminal:
        terminal.until(b"debug info\r\n\r\n")
        for line in ("AT+DEUI=?", "ATZ", "a1b2c4", "a1b2", "a1b2c300", "123456", "ümlaut"):
            assert terminal.ask(line) == "Incorrect Password\n\r"
        terminal.type("AT+DEBUG")
        terminal.until(b"Enter Debug mode\r\n\r\nOK\r\n")
        assert terminal.ask("A1 B2 C3") == "Correct Password\r\n"
        assert "A8 40" in terminal.ask("AT+DEUI=?")


def test_the_password_opens_for_five_minutes_and_commands_do_not_prolong_it(tmp_path: Path) -> None:
    with opened(LSE01, tmp_path, {"time_scale": 200}) as terminal:  # 300 s in 1.5 s
        opened_at = time.monotonic()
        while terminal.ask("AT+NJM=?") == "1\r\n\r\nOK\r\n":
            terminal.during(0.05)
        assert 1.4 < time.monotonic() - opened_at < 4.0
        assert terminal.ask("AT+NJM=?") == "Incorrect Password\n\r"
        terminal.unlock()


def test_a_new_password_holds_after_a_restart(tmp_path: Path) -> None:
    with opened(LSE01, tmp_path) as terminal:
        assert terminal.ask("AT+PWORD=654321aa") == "\r\nOK\r\n"
        terminal.type("ATZ")
        booted = terminal.until(b"debug info\r\n\r\n")
        assert b"OK" not in booted
        assert b"Image Version" in booted
        assert terminal.ask("123456") == "Incorrect Password\n\r"
        terminal.unlock("654321aa")


def test_a_factory_reset_keeps_the_keys(tmp_path: Path) -> None:
    with opened(LSE01, tmp_path) as terminal:
        terminal.ask(f"AT+APPKEY={KEY}")
        terminal.ask("AT+TDC=60000")
        terminal.ask("AT+NJM=0")
        terminal.type("AT+FDR")
        told = terminal.until(b"apply change\n\r")
        assert b"OK" not in told
        terminal.unlock()
        assert terminal.ask("AT+APPKEY=?").startswith(KEY)
        assert terminal.ask("AT+TDC=?").startswith("1200000")
        assert terminal.ask("AT+NJM=?").startswith("1")


def test_what_comes_while_an_answer_is_made_is_lost(tmp_path: Path) -> None:
    with opened(LSE01, tmp_path, {"latency_s": 0.15}) as terminal:
        terminal.type("AT+NJM=?")
        terminal.during(0.05)
        terminal.type("AT+TDC=?")
        assert terminal.during(0.4) == b"1\r\n\r\nOK\r\n"
