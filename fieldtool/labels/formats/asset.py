"""Our own labels on things of the infrastructure database: `FT:ASSET:<UUID>`, or the thing's NGSI-LD
identifier, `urn:ngsi-ld:<type>:<UUID>`."""

from __future__ import annotations

import re

from fieldtool.labels.errors import MalformedLabel
from fieldtool.labels.label import Label, LabelFormat
from fieldtool.labels.masking import masked

NAME = "asset"
OURS = re.compile(r"(?:FT:ASSET|urn:ngsi-ld:(?P<type>[^:]+)):(?P<id>.*)", re.IGNORECASE | re.DOTALL)
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def read(text: str) -> Label | None:
    found = OURS.fullmatch(text)
    if found is None:
        return None
    asset_id = found["id"].lower()
    if UUID.fullmatch(asset_id) is None:
        raise MalformedLabel(NAME, "asset_id", masked(found["id"]) or None)
    if (found["type"] or "").lower().startswith("device"):
        # Device, DeviceModel and DeviceMeasurement are entities of ours too, but no assets.
        raise MalformedLabel(NAME, "type", masked(found["type"]))
    return Label(NAME, asset_id=asset_id)


FORMAT = LabelFormat(name=NAME, example="FT:ASSET:…", order=30, read=read)
