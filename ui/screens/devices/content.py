"""What the screen shows, asked for on a lane of the background."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from drivers.transport.serial import list_ports
from fieldtool.asset import Asset
from fieldtool.catalogue import device_profile, device_types
from fieldtool.commissioning.draft import next_step
from fieldtool.commissioning.record import Commissioning
from fieldtool.commissioning.report import report_html, report_path
from fieldtool.commissioning.telling import step_title
from fieldtool.device import Device
from fieldtool.geometry import distance_m
from fieldtool.jsontypes import Json
from fieldtool.naming import asset_text, device_text
from fieldtool.observation import Datastream
from fieldtool.profile import Profile
from fieldtool.texts import _, current_language, decimal, local_time
from fieldtool.ticket import Ticket
from fieldtool.titles import DELIVERY_STATES, STATES, value_text
from fieldtool.units import printed
from ui.screen import Port

LISTED = 200
OFFERED = 30


@dataclass(frozen=True, slots=True)
class Line:
    id: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """`devices` at most LISTED of `total`."""

    unfinished: tuple[Line, ...]
    devices: tuple[Line, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Detail:
    id: str
    title: str
    facts: tuple[tuple[str, str], ...]
    readings: tuple[tuple[str, ...], ...]
    asset_id: str | None
    report: str | None


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to choose: `near` is how far it is, in words, where that is known."""

    id: str
    title: str
    near: str


def ports(extra: tuple[Port, ...] = ()) -> tuple[Port, ...]:
    """`extra` as long as they are there."""
    found = [Port(port.device, _port_title(port.device, port.description)) for port in list_ports()]
    return (*(port for port in extra if Path(port.device).exists()), *found)


def type_title(name: str) -> str:
    if name not in device_types():
        return name
    kind = device_profile(name)
    return f"{kind.maker} {kind.model}"


def overview(profile: Profile) -> Overview:
    store = profile.store
    unfinished = [_unfinished(record) for record in reversed(store.commissionings(state="running"))]
    devices = [_device(profile, device) for device in store.devices(limit=LISTED)]
    return Overview(tuple(unfinished), tuple(devices), store.count(Device))


def _unfinished(record: Commissioning) -> Line:
    step = _("next: {step}").format(step=step_title(next_step(record)))
    began = local_time(record.started_at)[:-3]
    return Line(record.id, (record.dev_eui, type_title(record.profile), began, step))


def _device(profile: Profile, device: Device) -> Line:
    asset = profile.store.find(Asset, device.asset_id) if device.asset_id is not None else None
    since = local_time(device.commissioned_at)[:10] if device.commissioned_at is not None else "–"
    mounted = asset_text(asset) if asset is not None else "–"
    return Line(
        device.id,
        (device_text(device), type_title(device.profile), _(STATES[device.state]), mounted, since),
    )


def detail(profile: Profile, device_id: str) -> Detail:
    """Raises NotFound."""
    store = profile.store
    device = store.get(Device, device_id)
    asset = store.find(Asset, device.asset_id) if device.asset_id is not None else None
    registration = store.registration_of(device.id)
    records = store.commissionings(dev_eui=device.dev_eui) if device.dev_eui else []
    facts = [
        (_("Type"), type_title(device.profile)),
        ("DevEUI", device.dev_eui or "–"),
        ("JoinEUI", device.join_eui or "–"),
        (_("State"), _(STATES[device.state])),
        (_("Mounted on"), asset_text(asset) if asset is not None else "–"),
        (_("Place"), value_text("geometry", _json(device.geometry))),
        (_("Firmware"), device.firmware or "–"),
        (_("Serial number"), device.serial or "–"),
        *_settings(device),
    ]
    if registration is not None:
        facts.append((_("LoRaWAN version"), registration.lorawan_version))
        since = local_time(registration.key_written_at)
        facts.append((_("Key"), _("in the vault since {time}").format(time=since)))
    facts += [
        (_("Platform {name}").format(name=name), _(DELIVERY_STATES[state]))
        for name, state in store.sync_states(device.id).items()
    ]
    report = report_path(profile, records[-1]) if records else None
    return Detail(
        id=device.id,
        title=device_text(device),
        facts=tuple(facts),
        readings=tuple(_readings(profile, device)),
        asset_id=device.asset_id,
        report=str(report) if report is not None and report.exists() else None,
    )


def _json(geometry: Mapping[str, Json] | None) -> Json:
    return None if geometry is None else dict(geometry)


def report_page(profile: Profile, device_id: str) -> str:
    """Of the last commissioning, as it is now. Raises NotFound."""
    device = profile.store.get(Device, device_id)
    return report_html(profile, profile.store.commissionings(dev_eui=device.dev_eui)[-1])


def _settings(device: Device) -> list[tuple[str, str]]:
    if device.profile not in device_types():
        return []
    found = []
    for entry in device_profile(device.profile).settings:
        name = entry.setting.name
        if name in device.settings and name != "join_eui":
            unit = f" {printed(entry.unit)}" if entry.unit else ""
            found.append((entry.label[current_language()], f"{device.settings[name]}{unit}"))
    return found


def _readings(profile: Profile, device: Device) -> list[tuple[str, ...]]:
    """The last ones of each series, the newest first."""
    rows = []
    for stream in profile.store.datastreams(device.id):
        taken = list(profile.store.observations(datastream_id=stream.id))[-3:]
        rows += [
            (
                local_time(one.phenomenon_time),
                _quantity(device, stream),
                f"{decimal(one.result)} {printed(stream.unit)}",
                value_text("quality", one.quality),
            )
            for one in reversed(taken)
        ]
    return sorted(rows, reverse=True)


def _quantity(device: Device, stream: Datastream) -> str:
    if device.profile in device_types():
        for entry in device_profile(device.profile).quantities:
            if entry.observed_property == stream.observed_property:
                return entry.label[current_language()]
    return stream.observed_property


def asset_offers(profile: Profile, text: str, ticket_id: str) -> tuple[Offer, ...]:
    """What fits the text; without one, what the ticket is about, and what is near it."""
    store = profile.store
    ticket = store.find(Ticket, ticket_id) if ticket_id else None
    if text.strip():
        found = list(store.assets(search=text, limit=OFFERED))
    elif ticket is not None:
        found = _near(profile, ticket)
    else:
        found = list(store.assets(limit=OFFERED))
    return tuple(Offer(asset.id, asset_text(asset), _distance(asset, ticket)) for asset in found)


def asset_title(profile: Profile, asset_id: str) -> str:
    found = profile.store.find(Asset, asset_id)
    return _("– no longer there –") if found is None else asset_text(found)


NEAR_DEGREES = 0.002
"""About 200 m to the north, 140 m to the east."""


def _near(profile: Profile, ticket: Ticket) -> list[Asset]:
    if ticket.asset_id is not None:
        asset = profile.store.find(Asset, ticket.asset_id)
        return [asset] if asset is not None else []
    place = ticket.geometry
    if place is None:
        return list(profile.store.assets(limit=OFFERED))
    lon, lat = cast("list[float]", place["coordinates"])[:2]
    box = (lon - NEAR_DEGREES, lat - NEAR_DEGREES, lon + NEAR_DEGREES, lat + NEAR_DEGREES)
    found = [one for one in profile.store.assets(bbox=box, limit=500) if one.geometry is not None]
    return sorted(found, key=lambda one: distance_m(place, cast("Mapping[str, Json]", one.geometry)))[
        :OFFERED
    ]


def _distance(asset: Asset, ticket: Ticket | None) -> str:
    if ticket is None or ticket.geometry is None or asset.geometry is None:
        return ""
    return f"{decimal(round(distance_m(ticket.geometry, asset.geometry)))} m"


def ticket_offers(profile: Profile) -> tuple[Offer, ...]:
    """What is not closed yet."""
    listed = profile.store.tickets(limit=LISTED)
    return tuple(Offer(one.id, one.title, "") for one in listed if one.status != "closed")


def _port_title(device: str, description: str) -> str:
    """pyserial says "n/a" where the system tells nothing."""
    return device if description in ("", "n/a", device) else f"{device} – {description}"
