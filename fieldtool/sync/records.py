"""Changes of the journal as records for a connector, and what they depend on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from drivers.secret import Secret
from fieldtool import outbox
from fieldtool.asset import Asset
from fieldtool.connectors.connector import Record
from fieldtool.connectors.errors import Unmappable
from fieldtool.delivery import Delivery
from fieldtool.ids import DeviceId
from fieldtool.jsontypes import Json
from fieldtool.observation import Datastream
from fieldtool.operation import Change, EntityName
from fieldtool.registration import Registration
from fieldtool.store import Store
from fieldtool.ticket import Ticket

Key = tuple[str, str]
"""Entity and its id."""

MENTIONS: Mapping[EntityName, tuple[tuple[str, EntityName], ...]] = {
    "asset": (("parent_id", "asset"),),
    "device": (("asset_id", "asset"),),
    "registration": (("device_id", "device"),),
    "ticket": (("asset_id", "asset"), ("device_id", "device")),
    "ticket_event": (("ticket_id", "ticket"),),
}


SecretsOf = Callable[[Change], Mapping[str, Secret]]


def no_secrets(_change: Change) -> Mapping[str, Secret]:
    return {}


def dependencies(store: Store, change: Change, handles: frozenset[str]) -> Iterator[Key]:
    """What must be at the target before this change, the record itself first."""
    yield (change.entity, change.entity_id)
    yield from _points_to(store, change.entity, change.after or {}, handles)


def closes_ticket(change: Change) -> bool:
    """A closing tells others that the device is ready; so everything about it has to be known before."""
    return change.entity in ("ticket", "ticket_event") and (change.after or {}).get("status") == "closed"


def device_keys(store: Store, change: Change) -> list[Key]:
    """The device that a ticket is about, and its registration."""
    ticket_id = change.entity_id if change.entity == "ticket" else (change.after or {}).get("ticket_id")
    ticket = store.find(Ticket, str(ticket_id))
    if ticket is None or ticket.device_id is None:
        return []
    registration = store.registration_of(ticket.device_id)
    found: list[Key] = [("device", ticket.device_id)]
    return found if registration is None else [*found, ("registration", registration.id)]


def record_of(
    store: Store,
    target: str,
    handles: frozenset[str],
    delivery: Delivery,
    change: Change,
    fields: Mapping[str, Json],
    base: Mapping[str, Json] | None,
) -> Record:
    """`base` is the content last known at the target. Raises Unmappable."""
    if change.entity == "registration" and change.action != "delete":
        fields = _with_current_key(store, change, fields)
    reference = outbox.reference(store, target, change.entity, change.entity_id)
    references: dict[str, str] = {}
    for entity, entity_id in _points_to(store, change.entity, fields, handles):
        known = outbox.reference(store, target, entity, entity_id)
        if known is not None:
            references[entity_id] = known.remote_id
        elif change.action != "delete":
            raise Unmappable("reference_missing", f"{entity} {entity_id}")
    return Record(
        entity=change.entity,
        entity_id=change.entity_id,
        fields=fields,
        context=_context(store, delivery, change, fields, base),
        references=references,
        remote_id=reference.remote_id if reference is not None else None,
    )


def _points_to(
    store: Store, entity: EntityName, fields: Mapping[str, Json], handles: frozenset[str]
) -> Iterator[tuple[EntityName, str]]:
    """Only what the target can know: a network server has no assets."""
    for other, other_id in _mentioned(store, entity, fields):
        if other in handles:
            yield other, other_id


def _mentioned(
    store: Store, entity: EntityName, fields: Mapping[str, Json]
) -> Iterator[tuple[EntityName, str]]:
    if entity == "observation":
        stream = store.find(Datastream, str(fields.get("datastream_id")))
        if stream is not None:
            yield ("device", stream.device_id)
        return
    for name, other in MENTIONS.get(entity, ()):
        value = fields.get(name)
        if isinstance(value, str):
            yield other, value


def _context(
    store: Store,
    delivery: Delivery,
    change: Change,
    fields: Mapping[str, Json],
    base: Mapping[str, Json] | None,
) -> dict[str, Json]:
    match change.entity:
        case "ticket":
            return _event_context(delivery, change)
        case "asset":
            return {"asset_class": _asset_class(store, change, base)}
        case "device":
            streams = store.datastreams(DeviceId(change.entity_id))
            properties: list[Json] = [*sorted({stream.observed_property for stream in streams})]
            return {"observed_properties": properties}
        case "observation" if "datastream_id" in fields:
            stream = store.find(Datastream, str(fields["datastream_id"]))
            if stream is None:
                raise Unmappable("datastream_missing", str(fields["datastream_id"]))
            return {
                "observed_property": stream.observed_property,
                "unit": stream.unit,
                "device_id": stream.device_id,
            }
    return {}


def _with_current_key(store: Store, change: Change, fields: Mapping[str, Json]) -> Mapping[str, Json]:
    """The vault has the newest key only, so an earlier change, too, goes out with that one."""
    current = store.find(Registration, change.entity_id)
    if current is None or "key_check" not in fields:
        return fields
    return {**fields, "key_check": current.key_check}


def _event_context(delivery: Delivery, change: Change) -> dict[str, Json]:
    """What was said when the ticket was changed: the event of the same operation."""
    for other in delivery.changes:
        after = other.after or {}
        if other.entity == "ticket_event" and after.get("ticket_id") == change.entity_id:
            event: dict[str, Json] = {name: after.get(name) for name in ("text", "at", "kind")}
            return {"event": {"id": other.entity_id, **event}}
    return {}


def _asset_class(store: Store, change: Change, base: Mapping[str, Json] | None) -> Json:
    """Part of the remote id, hence it can't change there."""
    if change.action == "update" and "asset_class" in (change.after or {}):
        raise Unmappable("class_changed", str((change.after or {})["asset_class"]))
    stated = (change.after if change.action == "create" else change.before) or {}
    current = store.find(Asset, change.entity_id)
    for source in (base or {}, stated, {"asset_class": current.asset_class} if current else {}):
        if source.get("asset_class") is not None:
            return source["asset_class"]
    return None
