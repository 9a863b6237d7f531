"""Changes of the journal as records for a connector, and what they depend on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fieldtool import outbox
from fieldtool.asset import Asset
from fieldtool.connectors.connector import Record
from fieldtool.connectors.errors import Unmappable
from fieldtool.ids import DeviceId
from fieldtool.jsontypes import Json
from fieldtool.observation import Datastream
from fieldtool.operation import Change, EntityName
from fieldtool.store import Store

Key = tuple[str, str]
"""Entity and its id."""


def dependencies(store: Store, change: Change) -> Iterator[Key]:
    """What must be at the target before this change, the record itself first."""
    yield (change.entity, change.entity_id)
    yield from _points_to(store, change.entity, change.after or {})


def record_of(
    store: Store, target: str, change: Change, fields: Mapping[str, Json], base: Mapping[str, Json] | None
) -> Record:
    """`base` is the content last known at the target. Raises Unmappable."""
    reference = outbox.reference(store, target, change.entity, change.entity_id)
    references: dict[str, str] = {}
    for entity, entity_id in _points_to(store, change.entity, fields):
        known = outbox.reference(store, target, entity, entity_id)
        if known is not None:
            references[entity_id] = known.remote_id
        elif change.action != "delete":
            raise Unmappable("reference_missing", f"{entity} {entity_id}")
    return Record(
        entity=change.entity,
        entity_id=change.entity_id,
        fields=fields,
        context=_context(store, change, fields, base),
        references=references,
        remote_id=reference.remote_id if reference is not None else None,
    )


def _points_to(
    store: Store, entity: EntityName, fields: Mapping[str, Json]
) -> Iterator[tuple[EntityName, str]]:
    match entity:
        case "asset":
            parent = fields.get("parent_id")
            if isinstance(parent, str):
                yield ("asset", parent)
        case "device":
            asset = fields.get("asset_id")
            if isinstance(asset, str):
                yield ("asset", asset)
        case "observation":
            stream = store.find(Datastream, str(fields.get("datastream_id")))
            if stream is not None:
                yield ("device", stream.device_id)


def _context(
    store: Store, change: Change, fields: Mapping[str, Json], base: Mapping[str, Json] | None
) -> dict[str, Json]:
    match change.entity:
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
