"""What a device tells: identity, readings, radio link, position."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured value. `unit` is UCUM, `time` UTC (receipt, unless the device states its own),
    `raw` the text or hex it was parsed from."""

    quantity: str
    value: float
    unit: str
    time: datetime
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceIdentity:
    """What a device says of itself; EUIs as 16 lower-case hex digits, None where it does not say."""

    maker: str | None = None
    model: str | None = None
    firmware: str | None = None
    serial: str | None = None
    dev_eui: str | None = None
    join_eui: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class RadioLink:
    rssi_dbm: float | None
    snr_db: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A position in WGS84 degrees; `accuracy_m` is the estimated horizontal error (about 68 %),
    `accuracy_source` says from what it was estimated: "GST", "HDOP" or "scatter". `altitude_m` is above the
    geoid (mean sea level). `time` is the time of receipt where the receiver's own clock is off by more than a
    day (week rollover); what it said is then `receiver_time`."""

    lon: float
    lat: float
    time: datetime
    altitude_m: float | None = None
    accuracy_m: float | None = None
    accuracy_source: str | None = None
    quality: int = 0
    satellites: int | None = None
    hdop: float | None = None
    count: int = 1
    receiver_time: datetime | None = None
