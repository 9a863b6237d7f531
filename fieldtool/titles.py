"""What kinds of operations, fields and states are called where a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from fieldtool.entities import json_text
from fieldtool.jsontypes import Json
from fieldtool.texts import N_, _, decimal, local_time

KINDS = {
    "asset.import": N_("imported"),
    "commissioning.identify": N_("commissioning: read the label"),
    "commissioning.connect": N_("commissioning: connected"),
    "commissioning.compare": N_("commissioning: compared with the label"),
    "commissioning.plan": N_("commissioning: planned"),
    "commissioning.write": N_("commissioning: settings written"),
    "commissioning.read_back": N_("commissioning: settings read back"),
    "commissioning.join": N_("commissioning: joined the radio network"),
    "commissioning.readings": N_("commissioning: readings taken"),
    "commissioning.place": N_("commissioning: placed"),
    "commissioning.mount": N_("commissioning: mounted"),
    "commissioning.summary": N_("commissioning: report written"),
    "commissioning.finish": N_("commissioning: finished"),
}
FIELDS = {
    "accuracy_m": N_("accuracy (m)"),
    "asset_class": N_("class"),
    "asset_id": N_("mounted on"),
    "attributes": N_("attributes"),
    "commissioned_at": N_("in service since"),
    "datastream_id": N_("series"),
    "device_id": N_("device"),
    "firmware": N_("firmware"),
    "geometry": N_("place"),
    "label": N_("label"),
    "name": N_("name"),
    "number": N_("number"),
    "parent_id": N_("part of"),
    "phenomenon_time": N_("measured at"),
    "plan": N_("plan"),
    "profile": N_("device type"),
    "quality": N_("quality"),
    "raw": N_("as the device said it"),
    "result": N_("value"),
    "serial": N_("serial number"),
    "settings": N_("settings"),
    "started_at": N_("begun at"),
    "state": N_("state"),
    "steps": N_("steps"),
    "dev_eui": "DevEUI",
    "join_eui": "JoinEUI",
}
STATES = {
    "in_commissioning": N_("in commissioning"),
    "in_service": N_("in service"),
    "out_of_service": N_("out of service"),
    "running": N_("in progress"),
    "finished": N_("finished"),
    "abandoned": N_("given up"),
}
LONGEST = 120


def kind_title(kind: str) -> str:
    """A kind or field without a title is shown as it is stored: better than nothing."""
    return _(KINDS[kind]) if kind in KINDS else kind


def field_title(name: str) -> str:
    return _(FIELDS[name]) if name in FIELDS else name


def value_text(name: str, value: Json) -> str:
    if value is None:
        return "–"
    if name == "state" and value in STATES:
        return _(STATES[value])
    if name.endswith("_at") or name == "phenomenon_time":
        return local_time(datetime.fromisoformat(cast("str", value)))
    if isinstance(value, float):
        return decimal(round(value, 2))
    if isinstance(value, Mapping) and value.get("type") == "Point":
        lon, lat = cast("list[float]", value["coordinates"])[:2]
        return f"{decimal(lat, 6)}° N, {decimal(lon, 6)}° E"
    text = value if isinstance(value, str) else json_text(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
