"""Where the two generations of Dragino's console differ, byte by byte.

Sources: "v3" dragino/SN50v3, Projects/Applications/DRAGINO-LRWAN-AT/src/{command,lora_app}.c and
inc/command.h; "stm32" dragino/LoRa_STM32, …/DRAGINO-LRWAN(AT)/src/{command,at,lora}.c, and a published
console capture of an LDDS75 v1.1.4 (the Bus Pirate tutorial among the documents of the Helium network). The
firmware of LSE01 and LDDS75 itself is not published: that they behave like the maker's published firmware
is unverified, and so is which generation a given unit runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from drivers.simulated.script import Firmware


class Outcome(Enum):
    OK = "OK"
    ERROR = "AT_ERROR"
    PARAM_ERROR = "AT_PARAM_ERROR"
    BUSY = "AT_BUSY_ERROR"
    NO_NETWORK = "no network"


@dataclass(frozen=True, slots=True)
class Dialect:
    """`locked`: a password opens the console. `unsupported`: asking for what a command can't do (run a
    query). `shortest_line`: shorter lines are dropped without a word. `version` takes {number} and {band},
    `help` {name} and {text}, `battery` {volts} and {millivolts}."""

    locked: bool
    upper_case: bool
    unsupported: Outcome
    no_network: str
    version: str
    help: str
    shortest_line: int
    shortest_interval_ms: int
    interval_refused: bytes
    interval_after_refusal_ms: int | None
    join_mode_set: bytes
    after_factory_reset: bytes
    battery: str
    hint: bytes

    def ending(self, outcome: Outcome) -> bytes:
        word = self.no_network if outcome is Outcome.NO_NETWORK else outcome.value
        return f"\r\n{word}\r\n".encode()

    def octets(self, digits: str) -> str:
        pairs = " ".join(digits[at : at + 2] for at in range(0, len(digits), 2))
        return pairs.upper() if self.upper_case else pairs


V3 = Dialect(
    locked=True,
    upper_case=True,
    unsupported=Outcome.PARAM_ERROR,
    no_network="AT_NO_NET_JOINED",
    version="{band} {number}",
    help="{text}\r\n",
    shortest_line=3,  # linkwan_at_process drops a bare "AT"
    shortest_interval_ms=5000,
    interval_refused=b"TDC setting needs to be high than 4000ms\n\r",
    interval_after_refusal_ms=None,
    join_mode_set=b"",
    after_factory_reset=b"",  # system_reset() comes before the OK
    battery="Bat_voltage:{millivolts} mv\n\r",
    hint=b"Enter Password to Active AT Commands\n\r\n\rUse AT+DEBUG to see more debug info\r\n\r\n",
)

STM32 = Dialect(
    locked=False,
    upper_case=False,
    unsupported=Outcome.ERROR,
    no_network="AT_NO_NETWORK_JOINED",
    version="{number} {band}",
    help="AT{name}: {text}\r\n",
    shortest_line=1,
    shortest_interval_ms=6000,
    interval_refused=b"TDC setting must be more than 6S\n\r",
    interval_after_refusal_ms=6000,  # at_TDC_set changes the value before it refuses
    join_mode_set=b"Attention:Take effect after ATZ\r\n",
    after_factory_reset=b"OK\n\r",
    battery="Bat:{volts:.3f} V\r\n",
    hint=b"\r\nPlease use AT+DEBUG to see debug info\r\n\r\n",
)

DIALECTS: Mapping[Firmware, Dialect] = {"v3": V3, "stm32": STM32}
