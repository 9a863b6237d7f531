"""Series of measured values, in the words of SensorThings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fieldtool.ids import DatastreamId, DeviceId, ObservationId

Quality = Literal["plausible", "implausible"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Datastream:
    """`unit` is UCUM. One per device and observed property."""

    id: DatastreamId
    device_id: DeviceId
    observed_property: str
    unit: str
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """`phenomenon_time` in UTC; unique within its datastream. `raw` is what the device said."""

    id: ObservationId
    datastream_id: DatastreamId
    phenomenon_time: datetime
    result: float
    raw: str = ""
    quality: Quality = "plausible"
    version: int = 0
