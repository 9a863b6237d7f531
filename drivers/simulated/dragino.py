"""A Dragino LoRaWAN node as it appears on its serial console (9600 8N1; a pty knows no speed).

Facts and their sources: dialects.py, commands.py, radio.py. Of the lock (SN50v3 command.c): while locked,
every line is compared with the password as hex digits, so a command is answered "Incorrect Password"; the
right one opens for 300 s, counted from there and not from the last command; an open console answers the
password with AT_ERROR; a restart locks. What comes in while an answer is being made is lost. No echo.
"""

from __future__ import annotations

import hmac
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from drivers.simulated import commands
from drivers.simulated.commands import Answer
from drivers.simulated.dialects import DIALECTS, Outcome
from drivers.simulated.faults import Faults
from drivers.simulated.joining import Joining
from drivers.simulated.measuring import Measuring, Probe
from drivers.simulated.memory import Memory
from drivers.simulated.script import Fault, Firmware, Script, made_up
from drivers.simulated.spoiling import Spoiling, half_line
from drivers.simulated.wire import Wire

OPEN_SECONDS = 300.0
LONGEST_LINE = 502  # SN50v3 command.c: ATCMD_SIZE
BYTES_UNDER_WAY_S = 0.1
"""Between the last byte and a pulled cable: a hang-up takes away what the client has not read yet."""
REFUSALS = {
    "busy": Outcome.BUSY,
    "param_error": Outcome.PARAM_ERROR,
    "error": Outcome.ERROR,
    "no_network": Outcome.NO_NETWORK,
}


@dataclass(frozen=True, slots=True)
class Model:
    """`titles`: the line by which the boot banner names the device."""

    titles: Mapping[Firmware, str]
    number: str
    stack: str
    band: str
    probes: tuple[Probe, ...]


class Console:
    def __init__(self, model: Model, wire: Wire, script: Script) -> None:
        """Raises StateFileUnusable."""
        self.model = model
        self.dialect = DIALECTS[script.firmware]
        self.serial = script.serial
        self.debugging = False
        self.memory = Memory(factory(script), script.state_file)
        self._wire = wire
        self._script = script
        self._faults = Faults(script.faults)
        self._measuring = Measuring(model.probes, script.readings, script.seed)
        self._spoiling = Spoiling(random.Random(script.seed), self._banner)
        self._joining = Joining(wire, script, self._faults, self._spoiling, self.reboot)
        self._line = bytearray()
        self._answering = False
        self._open_until = 0.0
        self._impossible: str | None = None

    @property
    def dev_eui(self) -> str | None:
        return self.memory["+DEUI"]

    @property
    def radio_busy(self) -> bool:
        return self._joining.busy

    def power_on(self) -> None:
        if not self.memory.restored:
            self._boot(b"")
            if self._script.join.automatic:
                self.start_join()

    def received(self, data: bytes) -> None:
        if self._script.echo:
            self._wire.send(data)
        for octet in data:
            if self._answering:
                continue
            if octet in b"\r\n":
                line, self._line = self._line.decode("latin-1"), bytearray()
                if len(line) >= self.dialect.shortest_line:
                    self._handle(line)
            elif len(self._line) < LONGEST_LINE:
                self._line.append(octet)

    def reading(self) -> str:
        volts = self._measuring.battery_v()
        battery = self.dialect.battery.format(volts=volts, millivolts=round(volts * 1000))
        return "\r\n" + battery + self._measuring.lines(self._impossible)

    def version(self) -> str:
        return self.dialect.version.format(number=self.model.number, band=self.model.band)

    def link(self) -> tuple[int, int]:
        """RSSI and SNR of the last downlink, 0 before one; one is taken to follow right after the join."""
        return (self._script.join.rssi, self._script.join.snr) if self.memory.joined else (0, 0)

    def start_join(self) -> None:
        self._joining.start(self.memory)

    def reboot(self, *, after_reset: bool = False) -> None:
        """Joins again by itself, as LORA_Init does, except after a factory reset."""
        joins = not after_reset and (self.memory.joined or self._script.join.automatic)
        self._wire.forget()
        self._line.clear()
        self._answering = self._joining.busy = self.debugging = False
        self._open_until = 0.0
        self.memory.leave()
        self._boot(
            b"\r\nPlease set the parameters or reset Device to apply change\n\r" if after_reset else b""
        )
        if joins:
            self.start_join()

    def _boot(self, note: bytes) -> None:
        banner = self._banner() + note
        fault = self._faults.at("boot")
        match fault.do if fault is not None else "":
            case "pull" if fault is not None:
                self._wire.pull(fault.plug_again_s)
            case "delay" if fault is not None:
                self._wire.later(fault.seconds, lambda: self._wire.send(banner))
            case "garbage":
                self._wire.send(self._spoiling.noise(len(banner)))
            case "half_line":
                self._wire.send(half_line(banner))
            case "":
                self._wire.send(banner)

    def _banner(self) -> bytes:
        identity = self.memory["+DEUI"].upper()
        pairs = " ".join(identity[at : at + 2] for at in range(0, len(identity), 2))
        text = (
            f"\n\r{self.model.titles[self._script.firmware]}\n\rImage Version: {self.model.number}\n\r"
            f"LoRaWan Stack: {self.model.stack}\n\rFrequency Band: {self.model.band}\n\rDevEui= {pairs}\n\r"
        )
        return text.encode() + self.dialect.hint

    def _handle(self, line: str) -> None:
        locked = self.dialect.locked and time.monotonic() >= self._open_until
        fault = self._faults.at_line(line, locked=locked)
        if fault is None:
            self._answer(self._carry_out(line, locked=locked), None)
        elif fault.do == "pull":
            self._wire.pull(fault.plug_again_s)
        elif fault.do == "reboot":
            self.reboot()
        elif fault.do in REFUSALS:
            self._answer(Answer(REFUSALS[fault.do]), None)
        elif fault.do != "silence":
            self._carry_out_faultily(line, fault, locked=locked)

    def _carry_out(self, line: str, *, locked: bool) -> Answer:
        if locked and line != "AT+DEBUG":
            return self._unlock(line)
        return commands.execute(self, line)

    def _carry_out_faultily(self, line: str, fault: Fault, *, locked: bool) -> None:
        if fault.do == "other_device":
            self._become(fault.dev_eui or made_up(self._script.seed, "other device", 16))
            locked = self.dialect.locked
        if fault.do == "stuck_reading":
            self._measuring.stuck = True
        self._impossible = (fault.quantity or "") if fault.do == "out_of_range" else None
        self.memory.write_protected = fault.do == "ignore_write"
        answer = self._carry_out(line, locked=locked)
        self.memory.write_protected = False
        self._impossible = None
        self._answer(answer, fault)

    def _unlock(self, line: str) -> Answer:
        digits = line.replace(" ", "").lower()
        if hmac.compare_digest(digits.encode(), self.memory["+PWORD"].encode()):
            self._open_until = time.monotonic() + OPEN_SECONDS / self._script.time_scale
            return Answer(Outcome.OK, b"Correct Password\r\n", bare=True)
        return Answer(Outcome.OK, b"Incorrect Password\n\r", bare=True)

    def _become(self, dev_eui: str) -> None:
        """Another unit: its own identity, keys, settings and lock; the memory file keeps the first one's."""
        self.memory = Memory(factory(replace(self._script, dev_eui=dev_eui)), None)
        self._open_until = 0.0

    def _answer(self, answer: Answer, fault: Fault | None) -> None:
        ending = b"" if answer.bare else self.dialect.ending(answer.outcome)
        wait = self._script.latency_s
        self._answering = True
        if fault is None:
            self._wire.later(wait, lambda: self._wire.send(answer.text))
            wait += answer.pause_s / self._script.time_scale
            self._wire.later(wait, lambda: self._wire.send(ending))
        else:
            reply = self._spoiling.spoilt(answer.text + ending, fault)
            wait += fault.seconds if fault.do == "delay" else 0.0
            self._wire.later(wait, lambda: self._wire.send(reply))
        if fault is not None and fault.do == "pull_after_bytes":
            self._wire.later(wait + BYTES_UNDER_WAY_S, lambda: self._wire.pull(fault.plug_again_s))
        self._wire.later(wait, self._answered(answer.then))

    def _answered(self, then: Callable[[], None] | None) -> Callable[[], None]:
        def over() -> None:
            self._answering = False
            if then is not None:
                then()

        return over


def factory(script: Script) -> dict[str, str]:
    """As the unit leaves the maker; its session keys are made up."""
    return {
        **commands.FACTORY,
        "+DEUI": script.dev_eui,
        "+APPEUI": script.join_eui,
        "+APPKEY": script.app_key.reveal(),
        "+DADDR": made_up(script.seed, f"DADDR {script.dev_eui}", 8),
        "+APPSKEY": made_up(script.seed, f"APPSKEY {script.dev_eui}", 32),
        "+NWKSKEY": made_up(script.seed, f"NWKSKEY {script.dev_eui}", 32),
        "+PWORD": script.password.reveal(),
    }
