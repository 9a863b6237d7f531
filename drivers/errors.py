"""Expected device errors: types with data. Their wording lives in fieldtool/explain.

ExpectedError
└── DeviceError
    ├── PortError(port)
    │   ├── PortMissing        no such port
    │   ├── PortBusy(holder)   another program has it open
    │   ├── PortForbidden(group)
    │   └── PortLost           the cable was pulled, the adapter went away
    ├── NoReply(command, seconds)
    ├── UnreadableReply(command, received)
    ├── WrongPassword
    ├── DeviceLocked(command)
    ├── CommandRefused(command, reply)
    │   ├── ParameterRefused
    │   ├── DeviceBusy
    │   └── NotJoined
    ├── WriteNotKept(setting, wanted, found)
    ├── JoinFailed(seconds)
    ├── ReadingMissing(quantity, received)
    ├── NoFix(seconds, problem)
    └── FamilyUnavailable(family, cause)

A command or a value that holds a secret is masked before it gets here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class ExpectedError(Exception):
    """Caused by the world, not by a bug; fieldtool.explain has a text and advice for every leaf."""

    def __str__(self) -> str:
        fields = getattr(self, "__dataclass_fields__", {})
        return ", ".join(f"{name}={getattr(self, name)!r}" for name in fields)


class DeviceError(ExpectedError):
    pass


@dataclass(eq=False)
class PortError(DeviceError):
    port: str


@dataclass(eq=False)
class PortMissing(PortError):
    pass


@dataclass(eq=False)
class PortBusy(PortError):
    """`holder` is the other program's name and process id where the system tells, as "minicom (4711)"."""

    holder: str | None = None


@dataclass(eq=False)
class PortForbidden(PortError):
    """`group` owns the port: membership opens it (Linux: usually dialout)."""

    group: str | None = None


@dataclass(eq=False)
class PortLost(PortError):
    pass


@dataclass(eq=False)
class NoReply(DeviceError):
    command: str
    seconds: float


@dataclass(eq=False)
class UnreadableReply(DeviceError):
    """`received` is what came, shortened and escaped."""

    command: str
    received: str


@dataclass(eq=False)
class WrongPassword(DeviceError):
    pass


@dataclass(eq=False)
class DeviceLocked(DeviceError):
    command: str


@dataclass(eq=False)
class CommandRefused(DeviceError):
    command: str
    reply: str


@dataclass(eq=False)
class ParameterRefused(CommandRefused):
    pass


@dataclass(eq=False)
class DeviceBusy(CommandRefused):
    pass


@dataclass(eq=False)
class NotJoined(CommandRefused):
    pass


@dataclass(eq=False)
class WriteNotKept(DeviceError):
    """`wanted` and `found` are None for a secret setting."""

    setting: str
    wanted: str | None
    found: str | None


@dataclass(eq=False)
class JoinFailed(DeviceError):
    seconds: float


@dataclass(eq=False)
class ReadingMissing(DeviceError):
    quantity: str
    received: str


class FixProblem(Enum):
    SILENT = "silent"
    NOT_NMEA = "not_nmea"
    NO_FIX = "no_fix"
    NULL_ISLAND = "null_island"
    BAD_CHECKSUMS = "bad_checksums"


@dataclass(eq=False)
class NoFix(DeviceError):
    """`seconds` waited; `problem` names what came instead of positions."""

    seconds: float
    problem: FixProblem


@dataclass(eq=False)
class FamilyUnavailable(DeviceError):
    family: str
    cause: str
