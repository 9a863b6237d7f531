"""A GNSS receiver: a group of sentences per period around a given place, or whatever its script wants
instead.

The scatter is a Gauss-Markov walk: neighbouring fixes err alike, as real ones do, and many of them average
out.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle

from drivers.simulated import nmea
from drivers.simulated.nmea import Position, Satellite
from drivers.simulated.script import Phase, Script
from drivers.simulated.wire import Wire

PERSISTENCE = 0.6
METRES_PER_DEGREE = 111_320.0
REPLAYED_LINES = 12
"""Of a log, per period: about what one epoch of a receiver has."""
BOOT_TEXT = b"$Receiver,F9\r\n$Firmware,v1.4,build 000006FE\r\n$ver,011023,rev,090210\r\n"
"""Of the kind a Venus 634 sends (venus634lp.log of gpsd): begins with "$", has no checksum."""


class Receiver:
    dev_eui: str | None = None

    def __init__(self, wire: Wire, script: Script) -> None:
        self._wire = wire
        self._gnss = script.gnss
        self._period = 1.0 / script.gnss.rate_hz / script.time_scale
        self._scale = script.time_scale
        self._random = random.Random(script.seed)
        self._error = (0.0, 0.0)
        self._sky = sky(self._random)
        self._phases = list(script.gnss.phases)
        self._log = replayed(script) if script.gnss.replay is not None else None

    def power_on(self) -> None:
        self._next_phase()
        self._epoch()

    def received(self, data: bytes) -> None:
        """A receiver's own commands are not modelled: it goes on sending."""

    def _next_phase(self) -> None:
        phase = self._phases[0]
        if phase.state == "pull":
            self._wire.pull(None if phase.seconds is None else phase.seconds / self._scale)
        if phase.seconds is not None and len(self._phases) > 1:
            self._wire.later(phase.seconds / self._scale, self._phase_over)

    def _phase_over(self) -> None:
        del self._phases[0]
        self._next_phase()

    def _epoch(self) -> None:
        self._wire.later(self._period, self._epoch)
        self._wire.send(self._said(self._phases[0]))

    def _said(self, phase: Phase) -> bytes:
        if self._log is not None and phase.state == "fix":
            return b"".join(next(self._log) for _ in range(REPLAYED_LINES))
        match phase.state:
            case "silence" | "pull":
                return b""
            case "boot_text":
                return BOOT_TEXT
            case "no_fix":
                return self._group(None)
            case "null_island":
                return self._group(Position(0.0, 0.0, 0.0, (0.1, 0.1), 0.9))
            case "bad_checksums":
                return damaged(self._group(self._position()))
            case "binary":
                return foreign(self._random) + self._group(self._position()) + foreign(self._random)
        return self._group(self._position())

    def _position(self) -> Position:
        sigma = self._gnss.accuracy_m
        fresh = sigma * math.sqrt(1 - PERSISTENCE**2)
        north, east = (PERSISTENCE * error + self._random.gauss(0.0, fresh) for error in self._error)
        self._error = (north, east)
        lat = self._gnss.lat + north / METRES_PER_DEGREE
        lon = self._gnss.lon + east / (METRES_PER_DEGREE * math.cos(math.radians(self._gnss.lat)))
        believed = (
            max(0.1, sigma * self._random.uniform(0.9, 1.1)),
            max(0.1, sigma * self._random.uniform(0.9, 1.1)),
        )
        altitude = self._gnss.altitude_m + self._random.gauss(0.0, 1.5 * sigma)
        return Position(lat, lon, altitude, believed, self._random.uniform(0.7, 1.0))

    def _group(self, position: Position | None) -> bytes:
        now = datetime.now(UTC)
        mixed = self._gnss.talkers == "mixed"
        talker = "GN" if mixed else "GP"
        systems = self._sky if mixed else {"GP": self._sky["GP"]}
        used = sum(len(satellites) for satellites in systems.values())
        return b"".join(
            [
                nmea.rmc(talker, now, position),
                nmea.vtg(talker, position),
                nmea.gga(talker, now, position, used),
                *(nmea.gsa(talker, system, sats, position) for system, sats in systems.items()),
                *(nmea.gsv(system, sats) for system, sats in systems.items()),
                nmea.gll(talker, now, position),
                nmea.gst(talker, now, position),
            ]
        )


def sky(chance: random.Random) -> dict[str, list[Satellite]]:
    """Numbers by NMEA: GPS 1 to 32, GLONASS 65 to 96, Galileo and BeiDou from 1."""
    numbers = {
        "GP": (range(1, 33), 7),
        "GL": (range(65, 89), 4),
        "GA": (range(1, 31), 5),
        "GB": (range(6, 37), 3),
    }
    return {
        system: [
            Satellite(number, chance.randint(8, 85), chance.randint(0, 359), chance.randint(22, 47))
            for number in sorted(chance.sample(possible, count))
        ]
        for system, (possible, count) in numbers.items()
    }


def damaged(group: bytes) -> bytes:
    """Every sentence with the checksum of another one."""
    lines = group.splitlines(keepends=True)
    return b"".join(line[:-4] + f"{int(line[-4:-2], 16) ^ 0x2A:02X}\r\n".encode() for line in lines)


def foreign(chance: random.Random) -> bytes:
    """A frame as of the UBX protocol (B5 62, class, id, length, payload), of random content."""
    payload = chance.randbytes(40)
    return b"\xb5\x62\x01\x07" + len(payload).to_bytes(2, "little") + payload + chance.randbytes(2)


def replayed(script: Script) -> Iterator[bytes]:
    """The log's lines again and again, without gpsd's own comments."""
    if script.gnss.replay is None:
        raise ValueError("no log")
    lines = script.gnss.replay.read_bytes().splitlines(keepends=True)
    return cycle([line for line in lines if not line.startswith(b"#")])
