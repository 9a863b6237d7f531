"""One exchange after another on an AT console: a command, and its answer up to the line that ends it."""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from drivers.errors import NoReply, UnreadableReply
from drivers.family import Trace
from drivers.framing.at_lines import HIDDEN, Command, Line, LineAssembler, masked
from drivers.transport.pipe import Pipe

SETTLE_SECONDS = 0.1
"""Silence after which nothing more is expected; at 9600 baud a byte takes 1 ms."""
LONGEST_SETTLE = 2.0
SHOWN_OF_RECEIVED = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """`ending` is the line that ended it, `lines` the readable ones before, without echo and garbage."""

    ending: str
    lines: tuple[str, ...]


class AtConsole:
    """`ending` matches the lines that end an answer, `success` is the good one among them. Used from one
    thread. In an exchange with a secret, and after one that failed until the next that succeeds, no
    received line but an ending shows up in a trace or an error."""

    def __init__(self, pipe: Pipe, trace: Trace, *, ending: re.Pattern[str], success: str) -> None:
        self._pipe = pipe
        self._trace = trace
        self._ending = ending
        self._success = success
        self._assembler = LineAssembler()
        self._waiting: deque[Line] = deque()
        self._veiled = False
        self._unsettled = False

    def wake(self) -> None:
        """Ends whatever half command a program before us left in the device, and hears the answer to it."""
        self._pipe.write(b"\r\n")
        self._settle()

    def exchange(self, command: Command, seconds: float, *, secret_reply: bool = False) -> Reply:
        """Raises NoReply when nothing came but the echo, UnreadableReply when no ending did, PortLost."""
        if self._unsettled:
            self._settle()
        self._discard()
        self._veiled = self._veiled or secret_reply or command.secret
        self._unsettled = True
        self._trace(">", command.shown)
        self._pipe.write(f"{command.wire}\r\n".encode())
        heard: list[Line] = []
        for line in self._lines(seconds):
            if line.text == command.wire and not line.garbage:
                continue
            self._show(line)
            if not line.garbage and self._ending.fullmatch(line.text):
                self._veiled = False
                self._unsettled = line.text != self._success
                return Reply(line.text, tuple(other.text for other in heard if not other.garbage))
            heard.append(line)
        raise self._failure(command, seconds, heard)

    def listen(self, until: re.Pattern[str], seconds: float) -> tuple[list[str], bool]:
        """The readable lines that come by themselves, up to one that `until` is found in, and whether it
        came. Raises PortLost."""
        heard: list[str] = []
        for line in self._lines(seconds):
            self._show(line)
            if line.garbage:
                continue
            heard.append(line.text)
            if until.search(line.text):
                return heard, True
        return heard, False

    def settle(self) -> list[str]:
        """Waits until the device is silent; the readable lines it still had to say."""
        return self._settle()

    def send(self, command: Command) -> None:
        """For a command that is not answered."""
        self._discard()
        self._trace(">", command.shown)
        self._pipe.write(f"{command.wire}\r\n".encode())

    def _lines(self, seconds: float) -> Iterator[Line]:
        end = time.monotonic() + seconds
        while True:
            while self._waiting:
                yield self._waiting.popleft()
            left = end - time.monotonic()
            if left <= 0:
                return
            self._waiting.extend(self._assembler.feed(self._pipe.read(left)))

    def _settle(self) -> list[str]:
        end = time.monotonic() + LONGEST_SETTLE
        while time.monotonic() < end and (data := self._pipe.read(SETTLE_SECONDS)):
            self._waiting.extend(self._assembler.feed(data))
        self._unsettled = False
        return self._discard()

    def _discard(self) -> list[str]:
        while data := self._pipe.read(0):
            self._waiting.extend(self._assembler.feed(data))
        lines = list(self._waiting)
        self._waiting.clear()
        half = self._assembler.give_up()
        for line in lines if half is None else [*lines, half]:
            self._show(line)
        return [line.text for line in lines if not line.garbage]

    def _show(self, line: Line) -> None:
        self._trace("<", self._shown(line))

    def _shown(self, line: Line) -> str:
        ends = not line.garbage and self._ending.fullmatch(line.text) is not None
        return HIDDEN if self._veiled and not ends else masked(line.text)

    def _failure(self, command: Command, seconds: float, heard: list[Line]) -> NoReply | UnreadableReply:
        half = self._assembler.give_up()
        if half is not None and half.text != command.wire:
            self._show(half)
            heard.append(half)
        if not heard:
            return NoReply(command.shown, seconds)
        received = " | ".join(self._shown(line) for line in heard)
        return UnreadableReply(command.shown, received[:SHOWN_OF_RECEIVED])
