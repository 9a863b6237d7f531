"""What keeps a simulated device from starting."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.errors import DeviceError, PortError


@dataclass(eq=False)
class UnknownDeviceType(DeviceError):
    device_type: str
    known: str


@dataclass(eq=False)
class PortLinkExists(PortError):
    """`port` is the wanted link: a living simulator has it, or it is something we did not make."""


@dataclass(eq=False)
class PortLinkFailed(PortError):
    reason: str


@dataclass(eq=False)
class StateFileUnusable(DeviceError):
    """The file that stands for the device's non-volatile memory can't be read or written."""

    path: str
    reason: str
