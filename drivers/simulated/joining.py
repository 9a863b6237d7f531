"""How a Dragino node joins: the lines of each attempt, and the answer of the network as the script wants
it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from drivers.simulated import radio
from drivers.simulated.faults import Faults
from drivers.simulated.memory import Memory
from drivers.simulated.script import Fault, Script
from drivers.simulated.spoiling import Spoiling
from drivers.simulated.wire import Wire


@dataclass(frozen=True, slots=True)
class Attempt:
    channel: str
    last: bool
    mute: bool
    noisy: bool


class Joining:
    """There is no "join failed": when the trials are over, the node is silent until its next try."""

    def __init__(
        self, wire: Wire, script: Script, faults: Faults, spoiling: Spoiling, reboot: Callable[[], None]
    ) -> None:
        self.busy = False
        self._wire = wire
        self._join = script.join
        self._lasting = script.join.seconds / script.time_scale
        self._faults = faults
        self._spoiling = spoiling
        self._reboot = reboot
        self._chance = random.Random(script.seed)

    def start(self, memory: Memory) -> None:
        """A join that runs goes on, as LORA_Join ignores the stack's refusal."""
        if self.busy:
            return
        memory.leave()
        fault = self._faults.at("join")
        if fault is not None and fault.do == "pull":
            self._wire.pull(fault.plug_again_s)
        if fault is not None and fault.do == "reboot":
            self._wire.later(0.0, self._reboot)
        else:
            self.busy = True
            self._attempt_all(memory, fault)

    def _attempt_all(self, memory: Memory, fault: Fault | None) -> None:
        late = fault.seconds if fault is not None and fault.do == "delay" else 0.0
        for count in range(1, self._join.attempts + 1):
            attempt = Attempt(
                radio.channel(self._chance),
                last=count == self._join.attempts,
                mute=fault is not None and fault.do == "silence",
                noisy=fault is not None and fault.do == "garbage",
            )
            start = late + (count - 1) * self._lasting
            remaining = self._join.attempts - count + 1
            self._wire.later(start, self._sending(attempt, remaining if count == 1 else None))
            self._wire.later(start + self._lasting, self._listening(attempt, memory))

    def _sending(self, attempt: Attempt, trials: int | None) -> Callable[[], None]:
        begin = radio.join_begins(trials) if trials is not None else b""
        return lambda: self._tell(begin + radio.sent(attempt.channel, 0, 0), attempt)

    def _listening(self, attempt: Attempt, memory: Memory) -> Callable[[], None]:
        def over() -> None:
            self.busy = not attempt.last
            if attempt.last and not attempt.mute and self._join.result == "joined":
                memory.join()
                self._tell(radio.join_accepted(attempt.channel, self._join.rssi), attempt)
            else:
                self._tell(radio.nothing_heard(attempt.channel), attempt)

        return over

    def _tell(self, text: bytes, attempt: Attempt) -> None:
        if not attempt.mute:
            self._wire.send(self._spoiling.noise(len(text)) if attempt.noisy else text)
