"""A terminal on a simulated device's port: os.open and select, none of our drivers."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldtool.schemas import violation

PATIENCE_S = 10.0
ENDINGS = (b"\r\nOK\r\n", b"ERROR\r\n", b"JOINED\r\n", b"Password\r\n", b"Password\n\r")


class Terminal:
    def __init__(self, port: str) -> None:
        self.fd = os.open(port, os.O_RDWR | os.O_NOCTTY)

    def close(self) -> None:
        os.close(self.fd)

    def type(self, line: str) -> None:
        os.write(self.fd, line.encode() + b"\r\n")

    def until(self, *wanted: bytes, seconds: float = PATIENCE_S) -> bytes:
        """Everything up to one of these, which must come; what follows in the same read is part of it."""
        received = b""
        end = time.monotonic() + seconds
        while not any(part in received for part in wanted):
            left = end - time.monotonic()
            assert left > 0, f"waited for {wanted}, got {received!r}"
            if select.select([self.fd], [], [], left)[0]:
                data = os.read(self.fd, 4096)
                assert data, f"hung up after {received!r}"
                received += data
        return received

    def until_many(self, wanted: bytes, count: int) -> bytes:
        received = b""
        while received.count(wanted) < count:
            received += self.until(b"\n")
        return received

    def during(self, seconds: float) -> bytes:
        received = b""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self.fd], [], [], left)[0]:
                received += os.read(self.fd, 4096)
        return received

    def ask(self, line: str) -> str:
        self.type(line)
        return self.until(*ENDINGS).decode("latin-1")

    def unlock(self, password: str = "123456") -> None:
        assert self.ask(password).endswith("Correct Password\r\n")

    def hung_up(self, seconds: float = 2.0) -> bool:
        """Whether the other end goes away within this time."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self.fd], [], [], left)[0]:
                try:
                    if not os.read(self.fd, 4096):
                        return True
                except OSError:
                    return True
        return False


@dataclass
class Simulator:
    process: subprocess.Popen[str]
    told: dict[str, Any]

    @property
    def port(self) -> str:
        return str(self.told["link"] or self.told["port"])

    @contextmanager
    def terminal(self) -> Iterator[Terminal]:
        opened = Terminal(self.port)
        try:
            yield opened
        finally:
            opened.close()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE_S)


@contextmanager
def simulator(
    kind: str, folder: Path, script: dict[str, Any] | None = None, *, link: Path | None = None
) -> Iterator[Simulator]:
    path = folder / f"{kind}.json"
    path.write_text(json.dumps(script or {}), encoding="utf-8")
    assert violation(script or {}, "simulate-script") is None
    command = [sys.executable, "-m", "tests.drivers.simulated.host", kind, str(path)]
    command += [str(link)] if link is not None else []
    with running(command) as started:
        yield started


@contextmanager
def running(command: list[str]) -> Iterator[Simulator]:
    """A program that tells where its device is, and ends without a word when its standard input does."""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        assert line, process.stderr.read()
        try:
            yield Simulator(process, json.loads(line))
        finally:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            complaints = process.stderr.read()
            process.wait(PATIENCE_S)
            assert complaints == ""


@contextmanager
def opened(kind: str, folder: Path, script: dict[str, Any] | None = None) -> Iterator[Terminal]:
    """A device just switched on, its banner read, its console unlocked."""
    with simulator(kind, folder, script) as running, running.terminal() as terminal:
        terminal.until(b"AT+DEBUG to see")
        terminal.during(0.02)
        if (script or {}).get("firmware") != "stm32":
            terminal.unlock((script or {}).get("password", "123456"))
        yield terminal
