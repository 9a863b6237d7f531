"""A thing of the infrastructure database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fieldtool.ids import AssetId
from fieldtool.jsontypes import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """`number` is the city's own number for it ("Mast 4711"); `geometry` a GeoJSON geometry in WGS84,
    lon before lat; `attributes` by the keys of its class."""

    id: AssetId
    asset_class: str
    number: str | None = None
    name: str | None = None
    geometry: Mapping[str, Json] | None = None
    attributes: Mapping[str, Json] = field(default_factory=dict)
    parent_id: AssetId | None = None
    version: int = 0
