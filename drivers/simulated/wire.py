"""One select loop: what came in, what is due, when to stop."""

from __future__ import annotations

import heapq
import itertools
import os
import select
import time
from collections.abc import Callable

from drivers.simulated.pty_port import PtyPort


class Wire:
    """A device's end of the cable, and its alarm clock. Seconds are real ones."""

    def __init__(self, port: PtyPort) -> None:
        self.port = port
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._plug_at: float | None = None

    def send(self, data: bytes) -> None:
        """Lost while the cable is pulled."""
        self.port.write(data)

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._due, (time.monotonic() + seconds, next(self._order), action))

    def forget(self) -> None:
        """A reboot: nothing that was due happens any more. A pulled cable is plugged in all the same."""
        self._due.clear()

    def pull(self, plug_again_after: float | None) -> None:
        self.port.pull()
        self._plug_at = None if plug_again_after is None else time.monotonic() + plug_again_after

    def run(
        self, received: Callable[[bytes], None], *, stop_when_readable: int | None, stop_at_end_of: int | None
    ) -> None:
        """Until one of the two descriptors says stop. `received` gets every byte as it comes."""
        while True:
            waited_for = [
                fd for fd in (stop_when_readable, stop_at_end_of, self.port.device_end) if fd is not None
            ]
            ready = select.select(waited_for, [], [], self._patience())[0]
            if stop_when_readable in ready:
                return
            if stop_at_end_of is not None and stop_at_end_of in ready and not os.read(stop_at_end_of, 4096):
                return
            if self.port.device_end in ready:
                data = self.port.read()
                if data:
                    received(data)
            self._act()

    def _patience(self) -> float | None:
        moments = [self._due[0][0]] if self._due else []
        if self._plug_at is not None:
            moments.append(self._plug_at)
        return max(0.0, min(moments) - time.monotonic()) if moments else None

    def _act(self) -> None:
        now = time.monotonic()
        if self._plug_at is not None and self._plug_at <= now:
            self._plug_at = None
            self.port.plug()
        while self._due and self._due[0][0] <= now:
            heapq.heappop(self._due)[2]()
