"""The port of a simulated device: a raw pty, with a link of a chosen name, that can be pulled and plugged in.

The device's process keeps the client's end open too, so that a client may close and open the port as often
as it likes. Pulling closes the device's end: whoever has the port open gets a hang-up (pty(7): EIO). Linux
only: the claim on the link is an abstract socket (unix(7)), which ends with its process however it dies.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import termios
import tty
from pathlib import Path

from drivers.simulated.errors import PortLinkExists, PortLinkFailed

READ_SIZE = 4096


class PtyPort:
    def __init__(self, link: Path | None) -> None:
        """Raises PortLinkExists, PortLinkFailed."""
        self.link = link.absolute() if link is not None else None
        self._claim = claim(self.link) if self.link is not None else None
        self._device_end: int | None = None
        self._client_end: int | None = None
        self.name = ""
        try:
            self.plug()
        except BaseException:
            self.close()
            raise

    @property
    def device_end(self) -> int | None:
        """To wait on; None while the cable is pulled."""
        return self._device_end

    def plug(self) -> None:
        self._device_end, self._client_end = os.openpty()
        tty.setraw(self._client_end)
        os.set_blocking(self._device_end, False)
        self.name = os.ttyname(self._client_end)
        if self.link is not None:
            point(self.link, self.name)

    def pull(self) -> None:
        if self.link is not None:
            with contextlib.suppress(OSError):
                if str(self.link.readlink()) == self.name:
                    self.link.unlink()
        for end in (self._device_end, self._client_end):
            if end is not None:
                os.close(end)
        self._device_end = self._client_end = None

    def read(self) -> bytes:
        if self._device_end is None:
            return b""
        try:
            return os.read(self._device_end, READ_SIZE)
        except BlockingIOError:
            return b""

    def write(self, data: bytes) -> None:
        """Where nobody reads, the oldest bytes are lost, as on a line without flow control."""
        while data and self._device_end is not None and self._client_end is not None:
            try:
                data = data[os.write(self._device_end, data) :]
            except BlockingIOError:
                termios.tcflush(self._client_end, termios.TCIFLUSH)

    def close(self) -> None:
        self.pull()
        if self._claim is not None:
            self._claim.close()
            self._claim = None


def claim(link: Path) -> socket.socket:
    """Holds the link for this process. A link that a killed simulator left behind is free."""
    if link.is_symlink():
        if not str(link.readlink()).startswith("/dev/pts/"):
            raise PortLinkExists(str(link))
    elif link.exists():
        raise PortLinkExists(str(link))
    holder = socket.socket(socket.AF_UNIX)
    digest = hashlib.sha256(os.fsencode(link)).hexdigest()
    try:
        holder.bind(f"\0fieldtool-simulated-port-{digest}")
    except OSError as error:
        holder.close()
        raise PortLinkExists(str(link)) from error
    return holder


def point(link: Path, target: str) -> None:
    """In one step: a client that opens the link meets the old port or the new one."""
    fresh = link.with_name(f".{link.name}.{os.getpid()}")
    try:
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(target)
        fresh.replace(link)
    except OSError as error:
        raise PortLinkFailed(str(link), error.strerror or type(error).__name__) from error
