"""What a simulated device is to the program that runs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from drivers.simulated.script import Script
from drivers.simulated.wire import Wire


class SimulatedDevice(Protocol):
    @property
    def dev_eui(self) -> str | None: ...
    def power_on(self) -> None: ...
    def received(self, data: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class SimulatedType:
    """`start` makes the device without switching it on. Raises StateFileUnusable."""

    name: str
    start: Callable[[Wire, Script], SimulatedDevice]
