"""Seven data bits and a parity bit inside eight, for ports that know no parity (every pty)."""

from __future__ import annotations

from typing import Literal


def with_parity(data: bytes, parity: Literal["E", "O"]) -> bytes:
    odd = parity == "O"
    return bytes(byte & 0x7F | ((byte & 0x7F).bit_count() % 2 ^ odd) << 7 for byte in data)


def without_parity(data: bytes, parity: Literal["E", "O"]) -> bytes:
    """A byte of the wrong parity becomes NUL, as a serial line driver does it (termios INPCK, no PARMRK)."""
    wanted = 1 if parity == "O" else 0
    return bytes(byte & 0x7F if byte.bit_count() % 2 == wanted else 0 for byte in data)
