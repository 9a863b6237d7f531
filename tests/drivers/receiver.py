"""A receiver on a pty, in a process of its own (feeder.py)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.drivers.framing.test_nmea import sentence_bytes

FEEDER = Path(__file__).with_name("feeder.py")


@dataclass(frozen=True)
class Receiver:
    port: str
    process: subprocess.Popen[str]

    def write(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data.hex() + "\n")
        self.process.stdin.flush()

    def pull_the_cable(self) -> None:
        self.process.kill()
        self.process.wait(timeout=5)

    def is_open_here(self) -> bool:
        found = []
        for link in Path("/proc/self/fd").iterdir():
            with suppress(FileNotFoundError):  # the listing's own
                found.append(str(link.readlink()))
        return self.port in found


@contextmanager
def receiver(*mode: str) -> Iterator[Receiver]:
    process = subprocess.Popen(
        [sys.executable, str(FEEDER), *mode], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        try:
            yield Receiver(process.stdout.readline().strip(), process)
        finally:
            process.kill()


def epochs(count: int, *, quality: int = 1, hdop: float = 0.9, start: datetime | None = None) -> bytes:
    """Fixes a second apart around 51.5133° N 7.465° E, each some centimetres from the last."""
    first = start or datetime.now(UTC).replace(microsecond=0)
    data = b""
    for step in range(count):
        at = first + timedelta(seconds=step)
        place = f"5130.{8000 + step % 3:04d},N,00727.{9000 + step % 2:04d},E"
        data += sentence_bytes(f"GNRMC,{at:%H%M%S}.00,A,{place},0.0,,{at:%d%m%y},,,A,V")
        data += sentence_bytes(f"GNGGA,{at:%H%M%S}.00,{place},{quality},12,{hdop},86.5,M,45.1,M,,")
    return data
