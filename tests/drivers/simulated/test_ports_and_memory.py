"""Ports that outlive their clients, links that do not outlive their device, a memory that outlives both."""

from __future__ import annotations

import json
import os
import random
import re
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.drivers.simulated.client import opened, simulator

LSE01 = "dragino-lse01"


def test_a_client_may_come_and_go_as_often_as_it_likes(tmp_path: Path) -> None:
    with simulator(LSE01, tmp_path, {"firmware": "stm32"}) as running:
        with running.terminal() as terminal:
            terminal.until(b"debug info\r\n\r\n")
        for number in range(20):
            with running.terminal() as terminal:
                assert terminal.ask(f"AT+TDC={10000 + number}") == "\r\nOK\r\n"
            with running.terminal() as terminal:
                assert terminal.ask("AT+TDC=?") == f"{10000 + number}\r\n\r\nOK\r\n"


def test_a_port_nobody_reads_keeps_the_newest_bytes(tmp_path: Path) -> None:
    with simulator("nmea-gnss", tmp_path, {"gnss": {"rate_hz": 200}}) as running:
        time.sleep(0.6)  # about 100 kB: far more than a pty holds
        now = datetime.now(UTC)
        with running.terminal() as terminal:
            heard = terminal.until_many(b"GNRMC", 3)
    first = re.search(rb"\$GNRMC,(\d{6}\.\d\d),", heard)
    assert first is not None
    said = datetime.strptime(f"{now:%Y%m%d}{first[1].decode()}+0000", "%Y%m%d%H%M%S.%f%z")
    assert abs((now - said).total_seconds()) < 0.4


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    link = tmp_path / "probe"
    with simulator(LSE01, tmp_path, link=link) as running:
        assert running.process.stdin is not None
        running.process.stdin.close()
        assert running.process.wait(5) == 0
        assert not link.is_symlink()


def test_the_memory_outlives_a_kill_without_a_new_boot(tmp_path: Path) -> None:
    script = {"state_file": "memory.json", "join": {"seconds": 0.05}}
    with simulator(LSE01, tmp_path, script) as running:
        with running.terminal() as terminal:
            terminal.until(b"debug info\r\n\r\n")
            terminal.unlock()
            terminal.ask("AT+APPKEY=F0E1D2C3B4A5968778695A4B3C2D1E0F")
            terminal.ask("AT+TDC=600000")
            terminal.type("AT+JOIN")
            terminal.until(b"ReceiveDelay2:2000 ms\r\n")
        running.kill()
    kept = tmp_path / "memory.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    told = json.loads(kept.read_text(encoding="utf-8"))
    assert told["app_key"] == "f0e1d2c3b4a5968778695a4b3c2d1e0f"
    assert (told["interval_ms"], told["join_mode"], told["joined"]) == ("600000", "1", True)
    with simulator(LSE01, tmp_path, script) as running, running.terminal() as terminal:
        assert terminal.during(0.1) == b""
        terminal.unlock()
        assert terminal.ask("AT+APPKEY=?").startswith("F0 E1 D2 C3")
        assert terminal.ask("AT+TDC=?").startswith("600000")
        assert terminal.ask("AT+NJS=?").startswith("1")


def test_a_kill_at_any_moment_leaves_a_whole_memory(tmp_path: Path) -> None:
    """What was confirmed is kept; what was not is kept or not, never half."""
    chance = random.Random(4711)
    script = {"state_file": "memory.json", "firmware": "stm32", "latency_s": 0}
    kept = tmp_path / "memory.json"
    confirmed = 1_200_000
    for _ in range(6):
        with simulator(LSE01, tmp_path, script) as running, running.terminal() as terminal:
            end = time.monotonic() + chance.uniform(0.01, 0.1)
            while time.monotonic() < end:
                assert terminal.ask(f"AT+TDC={confirmed + 1}").endswith("OK\r\n")
                confirmed += 1
            terminal.type(f"AT+TDC={confirmed + 1}")
            running.kill()
        found = int(json.loads(kept.read_text(encoding="utf-8"))["interval_ms"])
        assert found in (confirmed, confirmed + 1)
        confirmed = found


def test_the_port_is_raw_from_the_start(tmp_path: Path) -> None:
    """A client that sets nothing gets every byte as it is, and nothing of its own back."""
    with opened(LSE01, tmp_path) as terminal:
        os.write(terminal.fd, b"AT+NJM=?\r")
        assert terminal.until(b"OK\r\n") == b"1\r\n\r\nOK\r\n"
