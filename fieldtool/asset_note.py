"""What somebody noted at an asset."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fieldtool.ids import AssetId


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetNote:
    """Written once: who was wrong writes another one. Who it was is in the journal."""

    id: str
    asset_id: AssetId
    at: datetime
    text: str
    version: int = 0
