"""A pipe carries bytes and knows nothing of their meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol


class Pipe(Protocol):
    """Blocking; used from one thread."""

    @property
    def name(self) -> str: ...
    def read(self, seconds: float) -> bytes:
        """What has come, waiting at most `seconds` for the first byte; b"" when nothing came.
        Raises PortLost within 2 s of the cable being pulled."""
        ...

    def write(self, data: bytes) -> None:
        """Raises PortLost."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class SerialSettings:
    baudrate: int = 9600
    bytesize: Literal[7, 8] = 8
    parity: Literal["N", "E", "O"] = "N"
    stopbits: Literal[1, 2] = 1
