"""A sensor or gateway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from fieldtool.ids import AssetId, DeviceId
from fieldtool.jsontypes import Json

DeviceState = Literal["in_commissioning", "in_service", "out_of_service"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """`profile` is the id of its DeviceProfile; `geometry` a GeoJSON point in WGS84; `accuracy_m` the
    estimated horizontal error of it; `settings` what was written and read back, never a secret."""

    id: DeviceId
    profile: str
    dev_eui: str | None = None
    join_eui: str | None = None
    serial: str | None = None
    firmware: str | None = None
    name: str | None = None
    state: DeviceState = "in_commissioning"
    asset_id: AssetId | None = None
    geometry: Mapping[str, Json] | None = None
    accuracy_m: float | None = None
    settings: Mapping[str, Json] = field(default_factory=dict)
    commissioned_at: datetime | None = None
    version: int = 0
