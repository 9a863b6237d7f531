"""What the screen shows. No Qt: it runs in the threads of the lanes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import cast

from fieldtool.asset import Asset
from fieldtool.asset_classes import class_ids
from fieldtool.asset_facts import attribute_facts, class_title, known_class
from fieldtool.catalogue import device_profile, device_types
from fieldtool.device import Device
from fieldtool.jsontypes import Json
from fieldtool.naming import asset_text, device_text
from fieldtool.operation import DeliveryState
from fieldtool.profile import Profile
from fieldtool.texts import N_, _, decimal, thousands
from fieldtool.ticket import Ticket
from fieldtool.titles import DELIVERY_STATES, STATES, TICKET_STATUSES, value_text

BESIDE = 100
"""So many devices and tickets of one asset are shown."""
SHAPES = {
    "LineString": N_("line"),
    "Polygon": N_("area"),
    "MultiPoint": N_("several points"),
    "MultiLineString": N_("several lines"),
    "MultiPolygon": N_("several areas"),
}
OTHER_SHAPE = N_("shape")


@dataclass(frozen=True, slots=True)
class Line:
    id: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    id: str
    title: str
    warning: str
    facts: tuple[tuple[str, str], ...]
    place: tuple[tuple[str, str], ...]
    devices: tuple[Line, ...]
    tickets: tuple[Line, ...]
    sync: tuple[tuple[DeliveryState, str], ...]
    cut: bool
    editable: bool
    placed: bool


def detail(profile: Profile, asset_id: str) -> Detail:
    """Raises NotFound."""
    store = profile.store
    asset = store.get(Asset, asset_id)
    values = attribute_facts(asset)
    parent = store.find(Asset, asset.parent_id) if asset.parent_id is not None else None
    kind = known_class(asset.asset_class)
    unplaced = asset.geometry is None and kind is not None and kind.geometry_required
    wrong = sum(1 for fact in values if fact.problem is not None) + unplaced
    devices = list(islice(store.devices(asset_id=asset.id), BESIDE + 1))
    tickets = list(store.tickets(asset_id=asset.id, limit=BESIDE + 1))
    return Detail(
        id=asset.id,
        title=asset_text(asset),
        warning=_warning(asset, wrong),
        facts=(
            (_("Class"), class_title(asset.asset_class)),
            (_("No."), asset.number or "–"),
            (_("Name"), asset.name or "–"),
            *(((_("Part of"), asset_text(parent)),) if parent is not None else ()),
            *((fact.title, fact.text()) for fact in values),
        ),
        place=((_("Place"), _("something is missing here")),) if unplaced else tuple(_place(asset.geometry)),
        devices=tuple(_device(device) for device in devices[:BESIDE]),
        tickets=tuple(_ticket(ticket) for ticket in tickets[:BESIDE]),
        sync=tuple(
            (state, f"{name}: {_(DELIVERY_STATES[state])}")
            for name, state in store.sync_states(asset.id).items()
        ),
        cut=len(devices) > BESIDE or len(tickets) > BESIDE,
        editable=kind is not None,
        placed=asset.geometry is not None,
    )


def _warning(asset: Asset, wrong: int) -> str:
    if asset.asset_class not in class_ids():
        return _("This version does not know the class “{name}”. Everything is kept as it is.").format(
            name=asset.asset_class
        )
    if not wrong:
        return ""
    if wrong == 1:
        return _("Please check one value.")
    return _("Please check {count} values.").format(count=thousands(wrong))


def _device(device: Device) -> Line:
    kind = device.profile
    if kind in device_types():
        known = device_profile(kind)
        kind = f"{known.maker} {known.model}"
    return Line(device.id, (device_text(device), kind, _(STATES[device.state])))


def _ticket(ticket: Ticket) -> Line:
    due = "–" if ticket.due is None else value_text("due", ticket.due.isoformat())
    category = value_text("category", ticket.category)
    return Line(ticket.id, (ticket.title, category, _(TICKET_STATUSES[ticket.status]), due))


def _place(geometry: Mapping[str, Json] | None) -> Iterator[tuple[str, str]]:
    """The place of a point; of a line or an area what it is, and where it begins."""
    if geometry is None:
        yield _("Place"), _("not known")
        return
    points = list(_points(geometry["coordinates"]))
    if geometry["type"] != "Point":
        shape = _(SHAPES.get(str(geometry["type"]), OTHER_SHAPE))
        yield _("Shape"), _("{shape} of {count} points").format(shape=shape, count=thousands(len(points)))
    if not points:
        return
    lon, lat = points[0]
    begins = "" if geometry["type"] == "Point" else f" ({_('first point')})"
    yield "WGS84", f"{decimal(lat, 6)}° N, {decimal(lon, 6)}° E{begins}"
    yield "ETRS89/UTM 32", _utm(lon, lat) + begins


def _points(coordinates: Json) -> Iterator[tuple[float, float]]:
    if not isinstance(coordinates, list) or not coordinates:
        return
    if isinstance(coordinates[0], list):
        for part in coordinates:
            yield from _points(part)
    else:
        lon, lat = cast("list[float]", coordinates)[:2]
        yield lon, lat


def _utm(lon: float, lat: float) -> str:
    from fieldtool.crs import utm32

    east, north = utm32(lon, lat)
    if not (math.isfinite(east) and math.isfinite(north)):
        return _("outside of zone 32")
    return f"{decimal(east, 2)} {_('East')}, {decimal(north, 2)} {_('North')}"
