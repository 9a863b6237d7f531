"""What a fault makes of a reply."""

from __future__ import annotations

import random
from collections.abc import Callable

from drivers.simulated import radio
from drivers.simulated.script import Fault


class Spoiling:
    def __init__(self, chance: random.Random, banner: Callable[[], bytes]) -> None:
        self._chance = chance
        self._banner = banner

    def spoilt(self, reply: bytes, fault: Fault) -> bytes:
        match fault.do:
            case "no_answer":
                return b""
            case "garbage":
                return self.noise(len(reply))
            case "half_line":
                return half_line(reply)
            case "pull_after_bytes":
                return reply[: fault.octets]
            case "banner_in_between":
                return in_the_middle(reply, self._banner())
            case "uplink_in_between":
                return in_the_middle(reply, radio.uplink(radio.channel(self._chance), 1))
        return reply

    def noise(self, length: int) -> bytes:
        """No line ends, and never an OK by chance: so looks a wrong speed or a loose ground."""
        return bytes(self._chance.randrange(0x80, 0x100) for _ in range(max(length, 8)))


def in_the_middle(reply: bytes, extra: bytes) -> bytes:
    """After the first whole line that is not empty."""
    start = len(reply) - len(reply.lstrip(b"\r\n"))
    end = reply.find(b"\n", start) + 1
    return reply[:end] + extra + reply[end:]


def half_line(reply: bytes) -> bytes:
    """Up to the middle of the first line that is not empty."""
    start = len(reply) - len(reply.lstrip(b"\r\n"))
    end = reply.find(b"\r", start)
    return reply[: start + max(1, (max(end, start) - start) // 2)]
