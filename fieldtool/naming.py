"""What records are called where a person reads about them."""

from __future__ import annotations

from fieldtool.asset import Asset
from fieldtool.asset_classes import asset_class, class_ids
from fieldtool.asset_note import AssetNote
from fieldtool.catalogue import device_profile, device_types
from fieldtool.class_definition import ClassDefinition
from fieldtool.commissioning.record import Commissioning
from fieldtool.device import Device
from fieldtool.entities import ENTITY_TYPES, Entity, from_fields
from fieldtool.ids import DatastreamId, DeviceId
from fieldtool.observation import Datastream, Observation
from fieldtool.operation import EntityName
from fieldtool.registration import Registration
from fieldtool.store import Store
from fieldtool.texts import N_, _, current_language, decimal, thousands
from fieldtool.ticket import Ticket, TicketEvent
from fieldtool.units import printed

ENTITIES: dict[EntityName, tuple[str, str]] = {
    "asset": (N_("asset"), N_("assets")),
    "device": (N_("device"), N_("devices")),
    "datastream": (N_("series"), N_("several series")),
    "observation": (N_("reading"), N_("readings")),
    "ticket": (N_("ticket"), N_("tickets")),
    "ticket_event": (N_("ticket entry"), N_("ticket entries")),
    "commissioning": (N_("commissioning"), N_("commissionings")),
    "registration": (N_("registration"), N_("registrations")),
    "class_definition": (N_("asset class"), N_("asset classes")),
    "asset_note": (N_("note"), N_("notes")),
}


def counted(number: int, words: tuple[str, str]) -> str:
    """`words` for one and for several."""
    return f"{thousands(number)} {_(words[0] if number == 1 else words[1])}"


def asset_text(asset: Asset) -> str:
    known = asset.asset_class in class_ids()
    title = asset_class(asset.asset_class).title() if known else asset.asset_class
    return " ".join(part for part in (title, asset.number or asset.name) if part)


def device_text(device: Device) -> str:
    return device.name or device.dev_eui or device.id


def record_text(store: Store, entity: EntityName, entity_id: str) -> str:
    """Also of a record that is deleted; its id where nothing is left to tell."""
    record = store.find(ENTITY_TYPES[entity], entity_id) or _as_it_was(store, entity, entity_id)
    return entity_id if record is None else _text(store, record)


def _as_it_was(store: Store, entity: EntityName, entity_id: str) -> Entity | None:
    fields = store.deleted(entity_id)
    return None if fields is None else from_fields(ENTITY_TYPES[entity], entity_id, fields, 0)


def _text(store: Store, record: Entity) -> str:
    match record:
        case Asset():
            return asset_text(record)
        case Device():
            return device_text(record)
        case Ticket():
            return _("Ticket “{title}”").format(title=record.title)
        case TicketEvent() | AssetNote():
            return _said(store, record)
        case ClassDefinition():
            return asset_class(record.id).title() if record.id in class_ids() else record.id
        case Registration():
            return f"{record.name}, DevEUI {record.dev_eui}"
        case Commissioning():
            return f"DevEUI {record.dev_eui}"
        case Datastream():
            return _series_text(store, record)
        case Observation():
            stream = store.find(Datastream, record.datastream_id)
            unit = "" if stream is None else f" {printed(stream.unit)}"
            series = record_text(store, "datastream", DatastreamId(record.datastream_id))
            return f"{series}: {decimal(record.result)}{unit}"


def _said(store: Store, record: TicketEvent | AssetNote) -> str:
    if isinstance(record, AssetNote):
        return f"{record_text(store, 'asset', record.asset_id)}: {record.text}"
    return f"{record_text(store, 'ticket', record.ticket_id)}: {record.text}"


def _series_text(store: Store, stream: Datastream) -> str:
    device = store.find(Device, stream.device_id)
    name = stream.observed_property
    if device is not None and device.profile in device_types():
        quantities = device_profile(device.profile).quantities
        labels = {entry.observed_property: entry.label[current_language()] for entry in quantities}
        name = labels.get(name, name)
    return f"{record_text(store, 'device', DeviceId(stream.device_id))}, {name}"
