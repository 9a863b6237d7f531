"""A scripted console on a pty, in a thread: for each line it hears, the bytes it is told to say."""

from __future__ import annotations

import os
import re
import select
import threading
import time
import tty
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

FRAMES = Path(__file__).resolve().parents[1] / "frames" / "dragino"


class Act(Enum):
    PULL = "the cable is pulled"


Say = bytes | float | Act
"""Bytes to send, seconds to wait, or an act."""
Answers = Mapping[str, Sequence[Any]]
"""By exact line what is said; a list of such lists is used up one by one, and its last one stays."""


def frame(name: str) -> bytes:
    lines = (FRAMES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return b"".join(
        line.encode().decode("unicode_escape").encode("latin-1") for line in lines if not line.startswith("#")
    )


@dataclass
class Responder:
    """`heard` has every line, in order."""

    answers: Answers
    default: Sequence[Say] = ()
    heard: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)
        self._stop_read, self._stop_write = os.pipe()
        self._used: dict[str, int] = {}
        self._lock = threading.Lock()
        self._open = True
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def say(self, data: bytes) -> None:
        os.write(self._master, data)

    def pull(self) -> None:
        with self._lock:
            if self._open:
                self._open = False
                os.close(self._slave)
                os.close(self._master)

    def stop(self) -> None:
        os.write(self._stop_write, b"x")
        self._thread.join(5)
        self.pull()
        os.close(self._stop_read)
        os.close(self._stop_write)

    def _run(self) -> None:
        kept = b""
        while self._open:
            ready, _, _ = select.select([self._stop_read, self._master], [], [])
            if self._stop_read in ready:
                return
            *lines, kept = re.split(rb"[\r\n]", kept + os.read(self._master, 4096))
            for line in lines:
                if line and not self._answer(line.decode("latin-1")):
                    return

    def _answer(self, line: str) -> bool:
        self.heard.append(line)
        script: Sequence[Any] = self.answers.get(line, self.default)
        if script and isinstance(script[0], (list, tuple)):
            number = self._used.get(line, 0)
            self._used[line] = number + 1
            script = script[min(number, len(script) - 1)]
        for part in script:
            if isinstance(part, bytes):
                os.write(self._master, part)
            elif isinstance(part, Act):
                self.pull()
                return False
            else:
                time.sleep(part)
        return True


@contextmanager
def responder(answers: Answers, default: Sequence[Say] = ()) -> Iterator[Responder]:
    made = Responder(answers, default)
    try:
        yield made
    finally:
        made.stop()
