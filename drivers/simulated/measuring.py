"""The probe behind the console: readings that vary plausibly, from a seed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from drivers.simulated.script import Spread

BATTERY = Spread(3.6, 0.004)  # V: a fresh Li-SOCl2 cell


@dataclass(frozen=True, slots=True)
class Probe:
    """One measured quantity. `line` takes {value}; `low` and `high` are the probe's own limits;
    `impossible` is what it prints when it is out of order. `drift` of the mean per reading, in spreads."""

    quantity: str
    usual: Spread
    low: float
    high: float
    line: str
    impossible: float
    drift: float = 0.1


class Measuring:
    def __init__(self, probes: tuple[Probe, ...], wanted: Mapping[str, Spread], seed: int) -> None:
        self._probes = probes
        self._spreads = {probe.quantity: wanted.get(probe.quantity, probe.usual) for probe in probes}
        self._battery = wanted.get("battery", BATTERY)
        self._random = random.Random(seed)
        self._drifted = {probe.quantity: 0.0 for probe in probes}
        self._last: dict[str, float] = {}
        self.stuck = False

    def battery_v(self) -> float:
        return self._measured("battery", self._battery, 2.1, 3.7)

    def lines(self, impossible: str | None) -> str:
        """`impossible` names the quantity that fails in this reading; "" the first one."""
        failing = impossible or self._probes[0].quantity
        texts = []
        for probe in self._probes:
            value = self._value(probe)
            if impossible is not None and probe.quantity == failing:
                value = probe.impossible
            texts.append(probe.line.format(value=value))
        return "".join(texts)

    def _value(self, probe: Probe) -> float:
        spread = self._spreads[probe.quantity]
        if not self.stuck:
            step = self._random.gauss(0.0, probe.drift * spread.spread)
            self._drifted[probe.quantity] = 0.95 * self._drifted[probe.quantity] + step
        moved = Spread(spread.mean + self._drifted[probe.quantity], spread.spread)
        return self._measured(probe.quantity, moved, probe.low, probe.high)

    def _measured(self, name: str, spread: Spread, low: float, high: float) -> float:
        if not (self.stuck and name in self._last):
            self._last[name] = min(high, max(low, self._random.gauss(spread.mean, spread.spread)))
        return self._last[name]
