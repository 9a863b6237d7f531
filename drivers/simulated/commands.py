"""The commands of a Dragino console. Names, limits, defaults and refusals: the sources in dialects.py.

The help texts are our own: the maker's wording is nothing a program should look for. Not modelled: sending
and receiving data, sleep, interrupts, and setting CFM, NWKID and CLASS.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from drivers.simulated.dialects import Dialect, Outcome
from drivers.simulated.memory import Memory

LINE = re.compile(r"AT(?P<name>\+[A-Z0-9]+|Z)(?P<rest>=\?|=.*|\?|)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Answer:
    """`text` comes before the final OK or error, `pause_s` (the device's seconds) between them. Afterwards
    the device does `then`. `bare`: there is no final line."""

    outcome: Outcome
    text: bytes = b""
    pause_s: float = 0.0
    then: Callable[[], None] | None = None
    bare: bool = False


class Node(Protocol):
    """What the commands know of the device. `link`: RSSI in dBm, SNR in dB. `reading`: the printed lines."""

    dialect: Dialect
    memory: Memory
    serial: str
    debugging: bool

    @property
    def radio_busy(self) -> bool: ...
    def reading(self) -> str: ...
    def version(self) -> str: ...
    def link(self) -> tuple[int, int]: ...
    def start_join(self) -> None: ...
    def reboot(self, *, after_reset: bool = False) -> None: ...


@dataclass(frozen=True, slots=True)
class Command:
    help: str
    query: Callable[[Node], str] | None = None
    set: Callable[[Node, str], Answer] | None = None
    run: Callable[[Node], Answer] | None = None


def execute(node: Node, line: str) -> Answer:
    if line == "AT":
        return Answer(Outcome.OK)
    found = LINE.fullmatch(line)
    command = COMMANDS.get(found["name"]) if found else None
    if found is None or command is None:
        return Answer(Outcome.ERROR)
    refused = Answer(node.dialect.unsupported)
    if found["rest"] == "?":
        shown = node.dialect.help.format(name=found["name"], text=command.help)
        return Answer(Outcome.OK, shown.encode())
    if found["rest"] == "=?":
        return Answer(Outcome.OK, f"{command.query(node)}\r\n".encode()) if command.query else refused
    if found["rest"]:
        return command.set(node, found["rest"][1:]) if command.set else refused
    return command.run(node) if command.run else refused


def octets(name: str, count: int, text: str) -> Command:
    def query(node: Node) -> str:
        return node.dialect.octets(node.memory[name])

    def set_(node: Node, value: str) -> Answer:
        digits = value.replace(" ", "")
        if not re.fullmatch(rf"[0-9A-Fa-f]{{{2 * count}}}", digits):
            return Answer(Outcome.PARAM_ERROR)
        node.memory.keep(name, digits.lower())
        return Answer(Outcome.OK)

    return Command(text, query, set_)


def number(name: str, low: int, high: int, text: str, *, radio: bool = False) -> Command:
    """`radio`: the radio stack refuses the change while it is sending or waiting
    (LoRaMacMibSetRequestConfirm)."""

    def query(node: Node) -> str:
        return node.memory[name]

    def set_(node: Node, value: str) -> Answer:
        wanted = leading_number(value)
        if wanted is None or not low <= wanted <= high:
            return Answer(Outcome.PARAM_ERROR)
        if radio and node.radio_busy:
            return Answer(Outcome.BUSY)
        node.memory.keep(name, str(wanted))
        return Answer(Outcome.OK, node.dialect.join_mode_set if name == "+NJM" else b"")

    return Command(text, query, set_)


def leading_number(text: str) -> int | None:
    """As strtol with base 0 reads it, but for octal; text without a number is refused, not taken as 0."""
    found = re.match(r"\s*([+-]?(?:0[xX][0-9A-Fa-f]+|\d+))", text)
    if found is None:
        return None
    digits = found[1]
    return int(digits, 16) if "x" in digits.lower() else int(digits)


def set_interval(node: Node, value: str) -> Answer:
    wanted = leading_number(value)
    dialect = node.dialect
    if wanted is not None and dialect.shortest_interval_ms <= wanted < 2**32:
        node.memory.keep("+TDC", str(wanted))
        return Answer(Outcome.OK)
    if dialect.interval_after_refusal_ms is not None and wanted is not None:
        node.memory.keep("+TDC", str(dialect.interval_after_refusal_ms))
    return Answer(Outcome.PARAM_ERROR, dialect.interval_refused)


def set_password(node: Node, value: str) -> Answer:
    """2 to 8 octets; it holds from the next locking on."""
    if not re.fullmatch(r"(?:[0-9A-Fa-f]{2}){2,8}", value):
        return Answer(Outcome.PARAM_ERROR)
    node.memory.keep("+PWORD", value.lower())
    return Answer(Outcome.OK)


def measure(node: Node, value: str) -> Answer:
    wanted = leading_number(value)
    if wanted not in (0, 1):
        return Answer(Outcome.PARAM_ERROR)
    if wanted == 1 and node.dialect.locked and not node.memory.joined:
        return Answer(Outcome.NO_NETWORK)
    if node.radio_busy:
        return Answer(Outcome.BUSY)
    return Answer(Outcome.OK, node.reading().encode())


def print_configuration(node: Node) -> Answer:
    if node.memory.joined and node.radio_busy:
        return Answer(Outcome.BUSY)
    lines = [
        f"AT{name}={command.query(node)}\r\n"
        for name, command in COMMANDS.items()
        if command.query is not None
    ]
    text = "\n\rStop Tx events,Please wait for all configurations to print\r\n" + "".join(lines)
    return Answer(Outcome.OK, f"{text}\n\rStart Tx events\r\n\r\n".encode(), pause_s=1.0)


def join(node: Node) -> Answer:
    return Answer(Outcome.OK, then=node.start_join)


def restart(node: Node) -> Answer:
    return Answer(Outcome.OK, then=node.reboot, bare=True)


def factory_reset(node: Node) -> Answer:
    def forget() -> None:
        node.memory.reset(SPARED)
        node.reboot(after_reset=True)

    return Answer(Outcome.OK, node.dialect.after_factory_reset, then=forget, bare=True)


def debug(node: Node) -> Answer:
    node.debugging = not node.debugging
    return Answer(Outcome.OK, b"Enter Debug mode\r\n" if node.debugging else b"Exit Debug mode\r\n")


SPARED = ("+DEUI", "+APPEUI", "+APPKEY", "+DADDR", "+APPSKEY", "+NWKSKEY", "+PWORD")
"""Kept by a factory reset: the keys (AT+FDR's own help says so); of the password only the factory's is
certain."""

DEFAULTS = (
    "ADR=1 TXP=0 DR=0 DCS=0 PNM=1 RX2FQ=869525000 RX2DR=0 RX1DL=1000 RX2DL=2000 JN1DL=5000 JN2DL=6000 NJM=1 "
    "FCU=0 FCD=0 TDC=1200000 PORT=2 CHS=0 RX1WTO=0 RX2WTO=0 DECRYPT=0 RJTDC=20 RPL=0 "
    "DISFCNTCHECK=0 DISMACANS=0"
)
FACTORY = {f"+{name}": value for name, value in (entry.split("=") for entry in DEFAULTS.split())}

COMMANDS: Mapping[str, Command] = {
    "+DEBUG": Command("more output on or off", run=debug),
    "Z": Command("restart", run=restart),
    "+FDR": Command("factory settings, keys stay", run=factory_reset),
    "+DEUI": octets("+DEUI", 8, "DevEUI"),
    "+APPEUI": octets("+APPEUI", 8, "JoinEUI"),
    "+APPKEY": octets("+APPKEY", 16, "AppKey"),
    "+DADDR": octets("+DADDR", 4, "device address"),
    "+APPSKEY": octets("+APPSKEY", 16, "application session key"),
    "+NWKSKEY": octets("+NWKSKEY", 16, "network session key"),
    "+ADR": number("+ADR", 0, 1, "adaptive data rate", radio=True),
    "+TXP": number("+TXP", 0, 15, "transmit power step", radio=True),
    "+DR": number("+DR", 0, 7, "data rate"),
    "+DCS": number("+DCS", 0, 1, "duty cycle"),
    "+PNM": number("+PNM", 0, 1, "public network", radio=True),
    "+RX2FQ": number("+RX2FQ", 100000001, 998999999, "window 2 in Hz", radio=True),
    "+RX2DR": number("+RX2DR", 0, 15, "window 2 data rate", radio=True),
    "+RX1DL": number("+RX1DL", 1, 65535, "window 1 delay in ms", radio=True),
    "+RX2DL": number("+RX2DL", 1, 65535, "window 2 delay in ms", radio=True),
    "+JN1DL": number("+JN1DL", 1, 65535, "join window 1 delay in ms", radio=True),
    "+JN2DL": number("+JN2DL", 1, 65535, "join window 2 delay in ms", radio=True),
    "+NJM": number("+NJM", 0, 1, "0 ABP, 1 OTAA"),
    "+NWKID": Command("network id", query=lambda _: "00 00 00 00"),
    "+FCU": number("+FCU", 1, 2**32 - 1, "uplink counter", radio=True),
    "+FCD": number("+FCD", 1, 2**32 - 1, "downlink counter", radio=True),
    "+CLASS": Command("class", query=lambda _: "A"),
    "+JOIN": Command("join", run=join),
    "+NJS": Command("1 when joined", query=lambda node: "1" if node.memory.joined else "0"),
    "+RECVB": Command("last downlink, hex", query=lambda _: "0:"),
    "+RECV": Command("last downlink", query=lambda _: "0:"),
    "+VER": Command("firmware and region", query=lambda node: node.version()),
    "+CFM": Command("confirmed uplinks", query=lambda _: "0,7,0"),
    "+SNR": Command("dB of the last packet", query=lambda node: str(node.link()[1])),
    "+RSSI": Command("dBm of the last packet", query=lambda node: str(node.link()[0])),
    "+TDC": Command("interval in ms", query=lambda node: node.memory["+TDC"], set=set_interval),
    "+PORT": number("+PORT", 0, 255, "port of the uplinks"),
    "+PWORD": Command("2 to 8 octets", query=lambda node: node.memory["+PWORD"].upper(), set=set_password),
    "+CHS": number("+CHS", 0, 999999998, "single channel in Hz, 0 for none"),
    "+RX1WTO": number("+RX1WTO", 0, 255, "window 1 symbols"),
    "+RX2WTO": number("+RX2WTO", 0, 255, "window 2 symbols"),
    "+DECRYPT": number("+DECRYPT", 0, 1, "payload in the clear"),
    "+RJTDC": number("+RJTDC", 1, 65535, "rejoin after minutes"),
    "+RPL": number("+RPL", 0, 5, "which downlinks are answered"),
    "+CFG": Command("print everything", run=print_configuration),
    "+UUID": Command("number of the chip", query=lambda node: node.serial.upper()),
    "+GETSENSORVALUE": Command("0 print the readings, 1 send them too", set=measure),
    "+DISFCNTCHECK": number("+DISFCNTCHECK", 0, 1, "downlink counter unchecked"),
    "+DISMACANS": number("+DISMACANS", 0, 1, "network commands unanswered"),
}
