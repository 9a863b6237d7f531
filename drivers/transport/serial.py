"""Serial ports, by pyserial.

The time-out is set once, at opening: pyserial writes all settings again whenever it changes, which a pty
refuses (EINVAL) for 7E1. Waiting is therefore done in slices, which also notices a pulled cable.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from serial import Serial
from serial.tools.list_ports import comports

from drivers.errors import PortBusy, PortError, PortForbidden, PortLost, PortMissing
from drivers.transport.holders import holder, other_holder
from drivers.transport.parity import with_parity, without_parity
from drivers.transport.pipe import Pipe, SerialSettings

SLICE_SECONDS = 0.05
PRESENCE_SECONDS = 0.5
"""How often a silent port's device file is looked for: some drivers just fall silent when unplugged."""
WRITE_SECONDS = 2.0

REFUSED_SETTINGS: tuple[type[Exception], ...] = ()
if sys.platform != "win32":
    import grp
    import termios

    REFUSED_SETTINGS = (termios.error,)


@dataclass(frozen=True, slots=True)
class PortInfo:
    device: str
    description: str
    vid: int | None
    pid: int | None
    serial_number: str | None


def list_ports() -> list[PortInfo]:
    return sorted(
        (PortInfo(p.device, p.description, p.vid, p.pid, p.serial_number) for p in comports()),
        key=lambda info: info.device,
    )


def open_serial(port: str, settings: SerialSettings) -> Pipe:
    """Exclusive, and released by `close` or with the process. Raises PortMissing, PortBusy, PortForbidden."""
    try:
        found = opened(port, settings)
    except REFUSED_SETTINGS as error:
        if settings.parity == "N":
            raise PortMissing(port) from error
        found = opened(port, replace(settings, bytesize=8, parity="N"))
    return SerialPipe(port, found, "N" if keeps_parity(found) else settings.parity)


def keeps_parity(found: Serial) -> bool:
    """A pty drops parity, without an error unless nothing else changes."""
    return sys.platform == "win32" or bool(termios.tcgetattr(found.fileno())[2] & termios.PARENB)


def opened(port: str, settings: SerialSettings) -> Serial:
    try:
        found = Serial(
            port,
            settings.baudrate,
            bytesize=settings.bytesize,
            parity=settings.parity,
            stopbits=settings.stopbits,
            timeout=SLICE_SECONDS,
            write_timeout=WRITE_SECONDS,
            exclusive=True,
        )
    except OSError as error:
        raise why_not_opened(port, error.errno) from error
    other = other_holder(port) if is_real(port) else None
    if other is not None:
        found.close()
        raise PortBusy(port, other)
    return found


def why_not_opened(port: str, number: int | None) -> PortError:
    if sys.platform == "win32":
        # pyserial gives no number there; a port that is listed and does not open is in use.
        return PortBusy(port) if port in {info.device for info in list_ports()} else PortMissing(port)
    if number in {errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK}:
        return PortBusy(port, holder(port))
    if number in {errno.EACCES, errno.EPERM}:
        return PortForbidden(port, owning_group(port))
    return PortMissing(port)


def owning_group(port: str) -> str | None:
    if sys.platform == "win32":
        return None
    try:
        number = Path(port).stat().st_gid
    except OSError:
        return None
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)


def is_real(port: str) -> bool:
    """A simulated device keeps both ends of its pty open; on a real port another opener is a rival."""
    return sys.platform == "linux" and not os.path.realpath(port).startswith("/dev/pts/")


class SerialPipe:
    """`parity` other than "N" is added and taken away here, where the port itself can't."""

    def __init__(self, port: str, opened: Serial, parity: Literal["N", "E", "O"]) -> None:
        self._port = port
        self._serial = opened
        self._parity = parity
        self._device = device_number(port)

    @property
    def name(self) -> str:
        return self._port

    def read(self, seconds: float) -> bytes:
        now = time.monotonic()
        end, check = now + seconds, now + PRESENCE_SECONDS
        while True:
            data = self._take(wait=seconds > 0)
            now = time.monotonic()
            if data or now >= end:
                return data
            if now >= check:
                if device_number(self._port) != self._device:
                    raise PortLost(self._port)
                check = now + PRESENCE_SECONDS

    def _take(self, *, wait: bool) -> bytes:
        if not self._serial.is_open:
            raise PortLost(self._port)
        try:
            data = self._serial.read(1) if wait or self._serial.in_waiting else b""
            data += self._serial.read(self._serial.in_waiting) if data else b""
        except OSError as error:
            raise PortLost(self._port) from error
        return data if self._parity == "N" else without_parity(data, self._parity)

    def write(self, data: bytes) -> None:
        try:
            self._serial.write(data if self._parity == "N" else with_parity(data, self._parity))
        except OSError as error:
            raise PortLost(self._port) from error

    def close(self) -> None:
        self._serial.close()


def device_number(port: str) -> int | None:
    """None where it is gone, and on Windows, which raises by itself."""
    try:
        return None if sys.platform == "win32" else Path(port).stat().st_rdev
    except OSError:
        return None
