"""NMEA 0183 sentences as a multi-constellation receiver sends them.

Layouts: NMEA 0183 4.1x, as the u-blox logs of gpsd show them (neo-m8n.log, ublox-zed-f9p-nmea.log: field
counts, five decimals of a minute, system id at the end of GSA, mode and status at the end of RMC).
Checksum: exclusive or of what stands between "$" and "*", two upper-case hex digits.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Satellite:
    number: int
    elevation: int
    azimuth: int
    signal_db: int


@dataclass(frozen=True, slots=True)
class Position:
    """`sigma_m`: what the receiver believes, north and east. Height above the sea; the geoid is 46 m here."""

    lat: float
    lon: float
    altitude_m: float
    sigma_m: tuple[float, float]
    hdop: float


GEOID_M = 46.0
SYSTEMS = {"GP": 1, "GL": 2, "GA": 3, "GB": 4}


def sentence(body: str) -> bytes:
    checksum = functools.reduce(operator.xor, body.encode("ascii"), 0)
    return f"${body}*{checksum:02X}\r\n".encode("ascii")


def angle(degrees: float, digits: int, signs: str) -> str:
    """ddmm.mmmmm and its hemisphere; minutes never round up to 60."""
    hundred_thousandths = round(abs(degrees) * 60 * 100_000)
    whole, rest = divmod(hundred_thousandths, 60 * 100_000)
    return f"{whole:0{digits}d}{rest / 100_000:08.5f},{signs[0] if degrees >= 0 else signs[1]}"


def place(position: Position | None) -> str:
    if position is None:
        return ",,,"
    return f"{angle(position.lat, 2, 'NS')},{angle(position.lon, 3, 'EW')}"


def clock(moment: datetime) -> str:
    return f"{moment:%H%M%S}.{moment.microsecond // 10_000:02d}"


def rmc(talker: str, moment: datetime, position: Position | None) -> bytes:
    if position is None:
        return sentence(f"{talker}RMC,{clock(moment)},V,,,,,,,{moment:%d%m%y},,,N,V")
    return sentence(f"{talker}RMC,{clock(moment)},A,{place(position)},0.025,,{moment:%d%m%y},,,A,V")


def vtg(talker: str, position: Position | None) -> bytes:
    return sentence(f"{talker}VTG,,,,,,,,,N" if position is None else f"{talker}VTG,,T,,M,0.025,N,0.046,K,A")


def gga(talker: str, moment: datetime, position: Position | None, used: int) -> bytes:
    if position is None:
        return sentence(f"{talker}GGA,{clock(moment)},,,,,0,00,99.99,,,,,,")
    return sentence(
        f"{talker}GGA,{clock(moment)},{place(position)},1,{min(used, 12):02d},{position.hdop:.2f},"
        f"{position.altitude_m:.1f},M,{GEOID_M:.1f},M,,"
    )


def gll(talker: str, moment: datetime, position: Position | None) -> bytes:
    state = "V,N" if position is None else "A,A"
    return sentence(f"{talker}GLL,{place(position)},{clock(moment)},{state}")


def gst(talker: str, moment: datetime, position: Position | None) -> bytes:
    if position is None:
        return sentence(f"{talker}GST,{clock(moment)},,,,,,,")
    north, east = position.sigma_m
    return sentence(f"{talker}GST,{clock(moment)},12,,,,{north:.1f},{east:.1f},{2 * north:.1f}")


def gsa(talker: str, system: str, satellites: Sequence[Satellite], position: Position | None) -> bytes:
    used = [f"{satellite.number:02d}" for satellite in satellites[:12]] if position is not None else []
    fields = ",".join(used + [""] * (12 - len(used)))
    if position is None:
        dops = "99.99,99.99,99.99"
    else:
        dops = f"{position.hdop * 1.6:.2f},{position.hdop:.2f},{position.hdop * 1.25:.2f}"
    number = f",{SYSTEMS[system]}" if talker == "GN" else ""
    return sentence(f"{talker}GSA,A,{1 if position is None else 3},{fields},{dops}{number}")


def gsv(system: str, satellites: Sequence[Satellite]) -> bytes:
    """Four satellites a sentence."""
    groups = [satellites[at : at + 4] for at in range(0, len(satellites), 4)] or [[]]
    sentences = []
    for index, group in enumerate(groups, start=1):
        seen = "".join(
            f",{one.number:02d},{one.elevation:02d},{one.azimuth:03d},{one.signal_db:02d}" for one in group
        )
        sentences.append(sentence(f"{system}GSV,{len(groups)},{index},{len(satellites):02d}{seen}"))
    return b"".join(sentences)
