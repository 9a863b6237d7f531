"""Every fault a script can ask for, seen from the other end of the cable."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.simulated.client import Terminal, opened, simulator

LSE01 = "dragino-lse01"
DEV_EUI = "a84041000181d4e5"
IDENTITY = {"dev_eui": DEV_EUI, "join": {"seconds": 0.1}}
REPLY = b"10000\r\n\r\nOK\r\n"


def interval(fault: str, **more: Any) -> dict[str, Any]:
    """Each fault at an interval of its own, so that one device shows them all."""
    return {"on": f"AT+TDC={INTERVALS[fault]}", "do": fault, **more}


INTERVALS = {
    "busy": 10001,
    "param_error": 10002,
    "error": 10003,
    "no_network": 10004,
    "silence": 10005,
    "no_answer": 10006,
    "garbage": 10007,
    "half_line": 10008,
    "delay": 10009,
    "ignore_write": 10010,
    "banner_in_between": 10011,
    "uplink_in_between": 10012,
}


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    faults = [interval(fault, every=1) for fault in INTERVALS if fault != "delay"]
    faults.append(interval("delay", seconds=0.5))
    folder = tmp_path_factory.mktemp("faulty")
    with opened(LSE01, folder, {**IDENTITY, "faults": faults}) as terminal:
        yield terminal


@pytest.fixture
def console(faulty: Terminal) -> Terminal:
    assert faulty.ask("AT+TDC=10000") == "\r\nOK\r\n"
    return faulty


@pytest.mark.parametrize(
    ("fault", "reply"),
    [
        ("busy", "\r\nAT_BUSY_ERROR\r\n"),
        ("param_error", "\r\nAT_PARAM_ERROR\r\n"),
        ("error", "\r\nAT_ERROR\r\n"),
        ("no_network", "\r\nAT_NO_NET_JOINED\r\n"),
        ("ignore_write", "\r\nOK\r\n"),
    ],
)
def test_refused_or_pretended_and_the_old_value_stays(console: Terminal, fault: str, reply: str) -> None:
    assert console.ask(f"AT+TDC={INTERVALS[fault]}") == reply
    assert console.ask("AT+TDC=?").encode() == REPLY


def test_silence_does_nothing_and_says_nothing(console: Terminal) -> None:
    console.type(f"AT+TDC={INTERVALS['silence']}")
    assert console.ask("AT+TDC=?").encode() == REPLY


def test_a_lost_answer_means_the_work_is_done(console: Terminal) -> None:
    console.type(f"AT+TDC={INTERVALS['no_answer']}")
    assert console.during(0.2) == b""
    assert console.ask("AT+TDC=?").startswith("10006\r\n")


def test_garbage_is_no_text_and_the_work_is_done(console: Terminal) -> None:
    console.type(f"AT+TDC={INTERVALS['garbage']}")
    noise = console.during(0.2)
    assert len(noise) >= 6
    assert all(octet >= 0x80 for octet in noise)
    assert console.ask("AT+TDC=?").startswith("10007\r\n")


def test_half_a_line_has_no_end(console: Terminal) -> None:
    console.type(f"AT+TDC={INTERVALS['half_line']}")
    assert console.until(b"O") + console.during(0.1) == b"\r\nO"
    assert console.ask("AT+TDC=?").startswith("10008\r\n")


def test_a_delay_is_as_long_as_the_script_says(console: Terminal) -> None:
    started = time.monotonic()
    assert console.ask(f"AT+TDC={INTERVALS['delay']}") == "\r\nOK\r\n"
    assert 0.5 <= time.monotonic() - started < 3
    started = time.monotonic()
    console.ask(f"AT+TDC={INTERVALS['delay']}")
    assert time.monotonic() - started < 0.4  # without nth and every: the first time only


@pytest.mark.parametrize(
    ("fault", "extra"), [("banner_in_between", b"Image Version"), ("uplink_in_between", b"UpLinkCounter= 1")]
)
def test_other_lines_in_between(tmp_path: Path, console: Terminal, fault: str, extra: bytes) -> None:
    console.type(f"AT+TDC={INTERVALS[fault]}")
    told = console.until(extra) + console.during(0.1)
    assert told.startswith(b"\r\nOK\r\n") or told.endswith(b"\r\nOK\r\n")
    with opened(LSE01, tmp_path, {**IDENTITY, "faults": [{"on": "AT+DEUI", "do": fault}]}) as terminal:
        terminal.type("AT+DEUI=?")
        told = terminal.until(b"\r\nOK\r\n")
        assert told.startswith(b"A8 40 41 00 01 81 D4 E5\r\n")
        assert extra in told


def plugged_in(link: Path) -> Terminal:
    end = time.monotonic() + 5
    while not link.exists():
        assert time.monotonic() < end
        time.sleep(0.01)
    return Terminal(str(link))


@pytest.mark.parametrize(("do", "kept"), [("pull", "1200000"), ("pull_after_bytes", "60000")])
def test_a_pulled_cable_hangs_up_the_link_goes_and_comes_back(tmp_path: Path, do: str, kept: str) -> None:
    fault = {"on": "AT+TDC=", "do": do, "plug_again_s": 0.15}
    fault |= {"bytes": 3} if do == "pull_after_bytes" else {}
    link = tmp_path / "probe"
    with simulator(LSE01, tmp_path, {**IDENTITY, "faults": [fault]}, link=link) as running:
        with running.terminal() as terminal:
            terminal.until(b"debug info\r\n\r\n")
            terminal.unlock()
            terminal.type("AT+TDC=60000")
            if do == "pull_after_bytes":
                assert terminal.until(b"\r\nO") == b"\r\nO"
            assert terminal.hung_up()
            assert not link.is_symlink()
        again = plugged_in(link)
        assert again.ask("AT+TDC=?").startswith(kept)  # still open: the device has power of its own
        again.close()


def test_a_cable_that_stays_pulled_leaves_no_link(tmp_path: Path) -> None:
    script = {**IDENTITY, "faults": [{"on": "password", "do": "pull"}]}
    link = tmp_path / "probe"
    with simulator(LSE01, tmp_path, script, link=link) as running:
        with running.terminal() as terminal:
            terminal.until(b"debug info\r\n\r\n")
            terminal.type("123456")
            assert terminal.hung_up()
        assert not link.is_symlink()
        with pytest.raises(FileNotFoundError):
            os.open(running.told["port"], os.O_RDWR | os.O_NOCTTY)
        assert running.process.poll() is None


def test_a_reboot_instead_of_an_answer_locks_the_console(tmp_path: Path) -> None:
    with opened(
        LSE01, tmp_path, {**IDENTITY, "faults": [{"on": "any", "nth": 3, "do": "reboot"}]}
    ) as terminal:
        assert terminal.ask("AT+TDC=60000") == "\r\nOK\r\n"
        terminal.type("AT+TDC=70000")
        booted = terminal.until(b"debug info\r\n\r\n")
        assert b"OK" not in booted
        assert terminal.ask("AT+TDC=?") == "Incorrect Password\n\r"
        terminal.unlock()
        assert terminal.ask("AT+TDC=?").startswith("60000")


def test_another_device_is_locked_and_has_its_own_identity_and_keys(tmp_path: Path) -> None:
    other = {"on": "AT+NJS", "do": "other_device", "dev_eui": "A84041FFFFFFFFFF"}
    with opened(LSE01, tmp_path, {**IDENTITY, "faults": [other]}) as terminal:
        terminal.ask("AT+TDC=60000")
        assert terminal.ask("AT+NJS=?") == "Incorrect Password\n\r"
        terminal.unlock()
        assert terminal.ask("AT+DEUI=?").startswith("A8 40 41 FF FF FF FF FF\r\n")
        assert terminal.ask("AT+TDC=?").startswith("1200000")


def test_readings_that_are_stuck_or_impossible(tmp_path: Path) -> None:
    measure = "AT+GETSENSORVALUE=0"
    faults = [
        {"on": measure, "nth": 2, "do": "out_of_range"},
        {"on": measure, "nth": 3, "do": "out_of_range", "quantity": "soil_temperature"},
        {"on": measure, "nth": 5, "do": "stuck_reading"},
    ]
    with opened(LSE01, tmp_path, {**IDENTITY, "faults": faults}) as terminal:
        told = [terminal.ask(measure) for _ in range(8)]
    assert "water_SOIL:655.35 %" in told[1]
    assert "temp_SOIL:327.67 C" in told[2]
    assert "655.35" not in told[0] + told[2] + told[3]
    assert len(set(told[:4])) == 4
    assert told[3] == told[4] == told[5] == told[7]


@pytest.mark.parametrize(
    ("do", "joined"),
    [("silence", "0"), ("garbage", "1"), ("reboot", "0")],
)
def test_faults_of_a_join(tmp_path: Path, do: str, joined: str) -> None:
    with opened(LSE01, tmp_path, {**IDENTITY, "faults": [{"on": "join", "do": do}]}) as terminal:
        terminal.type("AT+JOIN")
        heard = terminal.until(b"\r\nOK\r\n") + terminal.during(0.35)
        assert (heard == b"\r\nOK\r\n") is (do == "silence")
        assert b"JOINED" not in heard
        if do == "reboot":
            assert b"Image Version" in heard
            terminal.unlock()
        assert terminal.ask("AT+NJS=?").startswith(joined)


def test_a_join_that_takes_longer_and_one_that_loses_the_cable(tmp_path: Path) -> None:
    faults = [{"on": "join", "do": "delay", "seconds": 0.25}, {"on": "join", "nth": 2, "do": "pull"}]
    with opened(LSE01, tmp_path, {**IDENTITY, "faults": faults}) as terminal:
        terminal.type("AT+JOIN")
        assert b"JOINED" not in terminal.during(0.2)
        terminal.until(b"ReceiveDelay2:2000 ms\r\n")
        terminal.type("AT+JOIN")
        assert terminal.hung_up()


@pytest.mark.parametrize(
    ("do", "expected"), [("silence", b""), ("half_line", b"\n\rDragino LS"), ("garbage", b""), ("delay", b"")]
)
def test_faults_of_booting(tmp_path: Path, do: str, expected: bytes) -> None:
    fault = {"on": "boot", "nth": 2, "do": do, "seconds": 0.15}
    with opened(LSE01, tmp_path, {**IDENTITY, "faults": [fault]}) as terminal:
        terminal.type("ATZ")
        if do == "delay":
            started = time.monotonic()
            assert terminal.until(b"debug info\r\n\r\n").startswith(b"\n\rDragino LSE01 Device")
            assert time.monotonic() - started > 0.1
        told = terminal.during(0.2)
        assert b"Image" not in told
        assert told == expected or do == "garbage"
        terminal.unlock()


def test_the_first_fault_of_the_list_wins_and_every_second_one_repeats(tmp_path: Path) -> None:
    faults = [
        {"on": "AT+TDC=?", "every": 2, "do": "busy"},
        {"on": "AT+TDC", "every": 1, "do": "error"},
    ]
    with opened(LSE01, tmp_path, {**IDENTITY, "faults": faults}) as terminal:
        told = [terminal.ask("AT+TDC=?").strip() for _ in range(4)]
    assert told == ["AT_ERROR", "AT_BUSY_ERROR", "AT_ERROR", "AT_BUSY_ERROR"]
