"""Which fault happens at an event."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from drivers.simulated.script import Fault

UNPREFIXED = ("password", "any", "join", "boot")


class Faults:
    """Counts every fault's own events, also those at which another fault comes first."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self._faults = tuple(faults)
        self._counts = [0] * len(faults)

    def at_line(self, line: str, *, locked: bool) -> Fault | None:
        named = ("any", "password") if locked else ("any",)
        return self._next(lambda on: on in named or (on not in UNPREFIXED and line.startswith(on)))

    def at(self, event: str) -> Fault | None:
        return self._next(lambda on: on == event)

    def _next(self, matches: Callable[[str], bool]) -> Fault | None:
        first: Fault | None = None
        for index, fault in enumerate(self._faults):
            if not matches(fault.on):
                continue
            self._counts[index] += 1
            if first is None and happens(fault, self._counts[index]):
                first = fault
        return first


def happens(fault: Fault, count: int) -> bool:
    return count % fault.every == 0 if fault.every else count == fault.nth
