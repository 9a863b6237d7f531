"""The log of requests: the latest in memory, for the page; each at once to whoever listens (a test harness).

Method, path without its query, status: never a header, never a body, so never a token.
"""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from fieldtool.training.database import now
from fieldtool.training.wire import Asked

KEPT = 200

# request: read completely. held: the work is done, the answer is held back. done: answered.
# dropped: the connection was closed without a whole answer. gone: the client went away before the answer.
Name = Literal["request", "held", "done", "dropped", "gone"]


@dataclass(frozen=True)
class Event:
    """`n` counts requests, so it joins the events of one; `at` is UTC."""

    event: Name
    n: int
    method: str
    path: str
    status: int | None
    fault: str | None
    at: str


class Events:
    def __init__(self, listener: Callable[[Event], None] | None) -> None:
        self._listener = listener
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._ended: deque[Event] = deque(maxlen=KEPT)

    def next_number(self) -> int:
        with self._lock:
            return next(self._numbers)

    def tell(self, event: Name, asked: Asked, status: int | None = None, fault: str | None = None) -> None:
        told = Event(event, asked.number, asked.method, asked.path, status, fault, now())
        with self._lock:
            if event in ("done", "dropped", "gone"):
                self._ended.append(told)
            if self._listener is None:
                return
            try:
                self._listener(told)
            except BrokenPipeError:
                self._listener = None  # whoever listened has gone; the platform goes on

    def latest(self, limit: int) -> list[Event]:
        with self._lock:
            return list(self._ended)[-limit:][::-1]
