"""Dragino LoRaWAN sensors on their serial console, 9600 8N1.

Sources, and how they are called below:
- SN50v3: github.com/dragino/SN50v3, Projects/Applications/DRAGINO-LRWAN-AT/src/{command,lora_app,main}.c,
  Drivers/sensor/bsp.c (firmware v1.3.4, stack DR-LWS-007)
- LSN50: github.com/dragino/LoRa_STM32, …/LoRa/DRAGINO-LRWAN(AT)/src/{command,at,bsp}.c (the STM32L072
  hardware that LSE01 and LDDS75 are built on)
- capture: console log of an LDDS75 v1.1.4 in a public tutorial of December 2024 (tests/frames/dragino)

An answer is `value CR LF`, then `CR LF OK CR LF`; an error is `CR LF error CR LF` without OK. Neither source
echoes; an echo is skipped nevertheless. AT+CFG is never used: it prints keys and password.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from drivers.errors import (
    CommandRefused,
    DeviceBusy,
    DeviceLocked,
    JoinFailed,
    NoReply,
    NotJoined,
    ParameterRefused,
    UnreadableReply,
    WrongPassword,
)
from drivers.family import Family, Quantity, Setting, Trace
from drivers.framing.at_console import AtConsole, Reply
from drivers.framing.at_lines import Command, escaped
from drivers.framing.at_values import SENDABLE, integer, octets, plain, read_value, reading_of, wire_value
from drivers.reading import DeviceIdentity, RadioLink, Reading
from drivers.secret import Secret
from drivers.transport.pipe import Pipe, SerialSettings

OK = "OK"
CORRECT, INCORRECT = "Correct Password", "Incorrect Password"

REFUSALS: dict[str, type[CommandRefused]] = {
    "AT_ERROR": CommandRefused,
    "AT_PARAM_ERROR": ParameterRefused,
    "AT_PARAM_ERROR(Incorrect Length)": ParameterRefused,  # LSN50 at.c, changeform; an OK follows it
    "ERROR:Not in Range": ParameterRefused,  # LSN50 command.c, as the next and the last three
    "ERROR:Run AT+FDR first": CommandRefused,
    "AT_BUSY_ERROR": DeviceBusy,
    "AT_NO_NET_JOINED": NotJoined,  # SN50v3 command.h
    "AT_NO_NETWORK_JOINED": NotJoined,
    "AT_TEST_PARAM_OVERFLOW": ParameterRefused,
    "AT_RX_ERROR": CommandRefused,
    "error unknown": CommandRefused,
}
ENDING = re.compile("|".join(re.escape(text) for text in (OK, CORRECT, INCORRECT, *REFUSALS)))

DEV_EUI_LINE = "DevEui="
"""In every boot banner: SN50v3 lora_app.c key_printf, and the captures."""
BANNER_END = re.compile(r"AT\+DEBUG")
"""Its last line: SN50v3 "Use AT+DEBUG to see more debug info", capture "Please use AT+DEBUG …"."""
RESTARTED = re.compile(f"^(?:{DEV_EUI_LINE}.*|{ENDING.pattern})$")
IMAGE = re.compile(r"Image Version:")
MODEL = re.compile(r"(?:Dragino )?(.+?)(?: Device)?")
JOINED = re.compile(r"^JOINED$")
VERSION = re.compile(r"\bv?(\d+(?:\.\d+)+)\b")
REGION = re.compile(r"\b[A-Z]{2}\d{3}(?:[-_]\w+)?\b")


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. A query is answered at once; a measurement waits for the probe's supply (AT+5VT, SN50v3
    bsp.c) and a restart for the watchdog, sensor and BLE set-up (SN50v3 main.c)."""

    answer: float = 3.0
    measurement: float = 20.0
    restart: float = 20.0
    banner: float = 2.0
    poll: float = 1.0


PATIENCE = Patience()


class DraginoConsole:
    def __init__(self, pipe: Pipe, trace: Trace, patience: Patience = PATIENCE) -> None:
        self._pipe = pipe
        self._console = AtConsole(pipe, trace, ending=ENDING, success=OK)
        self._patience = patience
        self._model: str | None = None
        self._console.wake()

    def unlock(self, password: Secret) -> None:
        """Opens the console for five minutes, counted from here (SN50v3 command.c, 300000 ms). A console that
        is open, or has no password (capture), takes the password for a command it doesn't know."""
        if not SENDABLE.fullmatch(password.reveal()):
            raise WrongPassword
        reply = self._console.exchange(Command((password,)), self._patience.answer)
        if reply.ending == INCORRECT:
            raise WrongPassword
        if reply.ending not in {CORRECT, "AT_ERROR"}:
            raise UnreadableReply(Command((password,)).shown, reply.ending)

    def identity(self) -> DeviceIdentity:
        dev_eui = self._eui("AT+DEUI=?")
        join_eui = self._eui("AT+APPEUI=?")
        # The capture and LSN50 put the version first, SN50v3 the region.
        version = " ".join(plain(self._ask("AT+VER=?").lines))
        firmware, region = VERSION.search(version), REGION.search(version)
        return DeviceIdentity(
            maker="Dragino",
            model=self._model,
            firmware=firmware[1] if firmware else None,
            dev_eui=dev_eui,
            join_eui=join_eui,
            region=region[0] if region else None,
        )

    def _eui(self, query: str) -> str | None:
        """Eight octets with blanks between; all 00 or all FF is an EUI that was never set."""
        reply = self._ask(query)
        digits = octets(reply.lines, 8)
        if digits is None:
            raise unreadable(query, reply)
        return None if set(digits) in ({"0"}, {"f"}) else digits

    def read_setting(self, setting: Setting) -> str | Secret:
        if setting.read is None:
            raise ValueError(f"{setting.name} can't be read")
        reply = self._ask(setting.read, secret_reply=setting.secret)
        value = read_value(setting, reply.lines)
        if value is None:
            raise unreadable(setting.read, reply, hide=setting.secret)
        return Secret(value) if setting.secret else value

    def write_setting(self, setting: Setting, value: str | Secret) -> None:
        if setting.write is None:
            raise ValueError(f"{setting.name} can't be written")
        # Hex goes with blanks: LSN50's reader of unspaced digits (at.c, changeform) runs past its buffer.
        before, _, after = setting.write.partition("{value}")
        text = value.reveal() if isinstance(value, Secret) else value
        secret = setting.secret or isinstance(value, Secret)
        wire = wire_value(setting, text)
        if wire is None:
            shown = Command((before, Secret(text) if secret else escaped(text.encode()), after)).shown
            raise ParameterRefused(shown, "–")
        self._exchange(Command((before, Secret(wire) if secret else wire, after)))

    def measure(self, quantities: Sequence[Quantity]) -> list[Reading]:
        """AT+GETSENSORVALUE=0 prints the readings without an uplink, one `name:figure unit` a line."""
        reply = self._ask("AT+GETSENSORVALUE=0", seconds=self._patience.measurement)
        now = datetime.now(UTC)
        return [reading_of(quantity, reply.lines, now) for quantity in quantities]

    def join(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        self._ask("AT+JOIN")
        while True:
            left = end - time.monotonic()
            # Both sources print JOINED by themselves; the state is asked for too, as a log can be off.
            if self._console.listen(JOINED, max(0.0, min(self._patience.poll, left)))[1] or self.joined():
                return
            if time.monotonic() >= end:
                raise JoinFailed(seconds)

    def joined(self) -> bool:
        reply = self._ask("AT+NJS=?")
        state = integer(reply.lines)
        if state not in {0, 1}:
            raise unreadable("AT+NJS=?", reply)
        return state == 1

    def link(self) -> RadioLink:
        """Of the last data downlink. SN50v3 lora_app.c: both figures are 0 until there was one; a join accept
        does not count."""
        rssi, snr = self._figure("AT+RSSI=?"), signed_octet(self._figure("AT+SNR=?"))
        if rssi == 0:
            return RadioLink(None, None)
        if not (-200 <= rssi < 0 and -64 <= snr < 64):
            raise UnreadableReply("AT+RSSI=?, AT+SNR=?", f"{rssi}, {snr}")
        return RadioLink(float(rssi), float(snr))

    def _figure(self, query: str) -> int:
        reply = self._ask(query)
        figure = integer(reply.lines)
        if figure is None:
            raise unreadable(query, reply)
        return figure

    def factory_reset(self) -> None:
        """Sets everything but the keys back, and restarts."""
        self._restarted("AT+FDR")

    def restart(self) -> None:
        self._restarted("ATZ")

    def _restarted(self, text: str) -> None:
        """Neither is answered by SN50v3; LSN50 says OK to AT+FDR. The boot banner proves it was done; a
        refusal comes instead. The console is locked afterwards."""
        command = Command((text,))
        end = time.monotonic() + self._patience.restart
        self._console.send(command)
        heard: list[str] = []
        while not (heard and heard[-1].startswith(DEV_EUI_LINE)):
            lines, found = self._console.listen(RESTARTED, max(0.0, end - time.monotonic()))
            if not found:
                raise NoReply(text, self._patience.restart)
            heard += lines
            if ENDING.fullmatch(lines[-1]):
                self._check(command, Reply(lines[-1], ()))
        self._console.listen(BANNER_END, self._patience.banner)
        self._console.settle()
        self._model = model_in(heard) or self._model

    def close(self) -> None:
        self._pipe.close()

    def _ask(self, text: str, *, seconds: float | None = None, secret_reply: bool = False) -> Reply:
        return self._exchange(Command((text,)), seconds=seconds, secret_reply=secret_reply)

    def _exchange(
        self, command: Command, *, seconds: float | None = None, secret_reply: bool = False
    ) -> Reply:
        reply = self._console.exchange(
            command, self._patience.answer if seconds is None else seconds, secret_reply=secret_reply
        )
        self._check(command, reply)
        return reply

    @staticmethod
    def _check(command: Command, reply: Reply) -> None:
        if reply.ending == OK:
            return
        if reply.ending == INCORRECT:
            # A locked console takes every line for a password (SN50v3 command.c, linkwan_at_process).
            raise DeviceLocked(command.shown)
        raise REFUSALS.get(reply.ending, CommandRefused)(command.shown, reply.ending)


def unreadable(query: str, reply: Reply, *, hide: bool = False) -> UnreadableReply:
    return UnreadableReply(query, "•••" if hide else " | ".join((*reply.lines, reply.ending)))


def signed_octet(figure: int) -> int:
    """LSN50 keeps the SNR in an unsigned byte and prints it so: 251 is -5 dB (at.c, at_snr_get)."""
    return figure - 256 if 128 <= figure < 256 else figure


def model_in(banner: Sequence[str]) -> str | None:
    """The line before "Image Version:": "Dragino SN50_v3-LB Device", "LDDS75 LoRaWAN Distance Sensor"."""
    for before, line in pairwise(banner):
        if IMAGE.match(line):
            found = MODEL.fullmatch(before)
            return found[1] if found else None
    return None


FAMILY = Family(
    name="dragino",
    title="Dragino LoRaWAN",
    serial=SerialSettings(baudrate=9600),
    configure=DraginoConsole,
)
