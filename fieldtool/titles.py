"""What kinds of operations, fields and states are called where a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import cast

from fieldtool.entities import json_text
from fieldtool.jsontypes import Json
from fieldtool.texts import N_, _, decimal, local_time
from fieldtool.ticketing.categories import category_title

KINDS = {
    "asset.import": N_("imported"),
    "asset.create": N_("entered"),
    "asset.edit": N_("edited"),
    "asset.delete": N_("deleted"),
    "asset.restore": N_("earlier state restored"),
    "asset.undo": N_("taken back"),
    "asset.bulk": N_("changed together with others"),
    "asset.note": N_("note"),
    "class.change": N_("class changed"),
    "class.undo": N_("change of the class taken back"),
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
    "ticket.create": N_("ticket made"),
    "ticket.comment": N_("ticket: comment"),
    "ticket.finding": N_("ticket: finding"),
    "ticket.status": N_("ticket: status changed"),
    "ticket.assign": N_("ticket: responsibility changed"),
    "ticket.edit": N_("ticket edited"),
    "ticket.pulled": N_("taken over from the platform"),
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
    "key_check": N_("check value of the key"),
    "key_written_at": N_("key written at"),
    "lorawan_version": "LoRaWAN",
    "profile_id": "ProfileID (TR005)",
    "address": N_("address"),
    "assignee": N_("responsible"),
    "at": N_("time"),
    "category": N_("category"),
    "description": N_("description"),
    "due": N_("due on"),
    "kind": N_("kind"),
    "priority": N_("priority"),
    "status": N_("status"),
    "text": N_("text"),
    "ticket_id": N_("ticket"),
    "title": N_("title"),
    "definition": N_("definition"),
    "moved": N_("renamed attributes"),
}
STATES = {
    "in_commissioning": N_("in commissioning"),
    "in_service": N_("in service"),
    "out_of_service": N_("out of service"),
    "running": N_("in progress"),
    "finished": N_("finished"),
    "abandoned": N_("given up"),
}
TICKET_STATUSES = {
    "open": N_("open"),
    "in_progress": N_("being worked on"),
    "waiting": N_("waiting"),
    "closed": N_("closed"),
}
EVENT_KINDS = {"comment": N_("comment"), "status": N_("status change"), "finding": N_("finding")}
ACTIONS = {"create": N_("made"), "update": N_("changed"), "delete": N_("deleted")}
DELIVERY_STATES = {
    "saved": N_("saved, not sent yet"),
    "sending": N_("being sent"),
    "accepted": N_("confirmed"),
    "rejected": N_("refused"),
    "conflict": N_("conflict"),
    "waiting": N_("waiting for another operation"),
}
RIGHTS = {
    "ticket.create": N_("make tickets"),
    "ticket.comment": N_("comment on tickets"),
    "ticket.finding": N_("record findings"),
    "ticket.start": N_("take up tickets"),
    "ticket.wait": N_("let tickets wait"),
    "ticket.close": N_("close tickets"),
    "ticket.reopen": N_("reopen tickets"),
    "ticket.assign": N_("assign tickets"),
    "ticket.prioritise": N_("change priority and due date of tickets"),
    "ticket.edit": N_("edit tickets"),
    "asset.create": N_("enter assets"),
    "asset.edit": N_("edit assets"),
    "asset.delete": N_("delete assets"),
    "asset.restore": N_("restore earlier states of assets"),
    "asset.bulk": N_("change many assets at once"),
    "class.change": N_("change classes of assets"),
}
VALUES = {"state": STATES, "status": TICKET_STATUSES, "kind": EVENT_KINDS}
LONGEST = 120


def kind_title(kind: str) -> str:
    """A kind or field without a title is shown as it is stored: better than nothing."""
    return _(KINDS[kind]) if kind in KINDS else kind


def field_title(name: str) -> str:
    return _(FIELDS[name]) if name in FIELDS else name


def day(value: date) -> str:
    return value.strftime("%d.%m.%Y")


def value_text(name: str, value: Json) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, str) and value in VALUES.get(name, {}):
        return _(VALUES[name][value])
    if name == "category":
        return category_title(str(value))
    if name == "due":
        return day(date.fromisoformat(cast("str", value)))
    if name.endswith("_at") or name in ("phenomenon_time", "at"):
        return local_time(datetime.fromisoformat(cast("str", value)))
    if isinstance(value, float):
        return decimal(round(value, 2))
    if isinstance(value, Mapping) and value.get("type") == "Point":
        lon, lat = cast("list[float]", value["coordinates"])[:2]
        return f"{decimal(lat, 6)}° N, {decimal(lon, 6)}° E"
    text = value if isinstance(value, str) else json_text(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
