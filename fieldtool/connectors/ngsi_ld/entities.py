"""Our fields to NGSI-LD entities and back. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fieldtool.asset_classes import AssetClass, UnknownAssetClass, asset_class
from fieldtool.connectors.connector import Record
from fieldtool.connectors.errors import Unmappable
from fieldtool.connectors.ngsi_ld.models import (
    DEVICE,
    MEASUREMENT,
    OTHER_ATTRIBUTES,
    Model,
    Term,
    asset_model,
)
from fieldtool.connectors.ngsi_ld.units import common_code
from fieldtool.connectors.ngsi_ld.values import Entity
from fieldtool.jsontypes import Json

DEVICE_MODEL_PREFIX = "urn:ngsi-ld:DeviceModel:"


@dataclass(frozen=True, slots=True)
class Mapped:
    """One record seen through its model."""

    record: Record
    model: Model

    @property
    def remote_id(self) -> str:
        return self.record.remote_id or f"urn:ngsi-ld:{self.model.type}:{self.record.entity_id}"


def mapped(record: Record) -> Mapped:
    """Raises Unmappable."""
    match record.entity:
        case "device":
            return Mapped(record, DEVICE)
        case "observation":
            return Mapped(record, MEASUREMENT)
        case "asset":
            return Mapped(record, _asset_model(str(record.context.get("asset_class"))))
    raise Unmappable("entity_unknown", record.entity)


_models: dict[str, tuple[AssetClass, Model]] = {}


def _asset_model(name: str) -> Model:
    """Made once for a class as it is; a profile may change it."""
    try:
        kind = asset_class(name)
    except UnknownAssetClass:
        raise Unmappable("class_unknown", name) from None
    known = _models.get(name)
    if known is None or known[0] is not kind:
        known = _models[name] = kind, asset_model(kind)
    return known[1]


def content(one: Mapped) -> dict[str, Json]:
    """The record's fields as far as the model has a place for them, flattened; what is None is not there."""
    fields = dict(one.record.fields)
    if one.record.entity == "observation" and fields:
        fields |= {key: one.record.context.get(key) for key in ("observed_property", "device_id")}
    if one.record.entity == "asset":
        fields |= _flat_attributes(fields.pop("attributes", None), one.model)
    kept: dict[str, Json] = {}
    for term in one.model.terms:
        value = fields.get(term.field)
        if value is not None and value != {}:
            kept[term.field] = same_time(value) if term.kind == "time" else value
    return kept


def encode(one: Mapped) -> dict[str, Json]:
    """The whole entity. Raises Unmappable."""
    kept = content(one)
    entity: dict[str, Json] = {"id": one.remote_id, "type": one.model.type}
    for field, value in kept.items():
        term = one.model.term(field)
        if term is not None:
            entity[term.name] = encode_value(one, term, value)
    return entity | _derived(one, kept)


def encode_value(one: Mapped, term: Term, value: Json) -> dict[str, Json]:
    """Raises Unmappable for a reference to a record the target does not have."""
    match term.kind:
        case "geometry":
            return {"type": "GeoProperty", "value": value}
        case "relation":
            return {"type": "Relationship", "object": _reference(one.record, term.field, str(value))}
        case "model":
            return {"type": "Relationship", "object": f"{DEVICE_MODEL_PREFIX}{value}"}
        case "time":
            return {"type": "Property", "value": {"@type": "DateTime", "@value": value}}
        case "date":
            return {"type": "Property", "value": {"@type": "Date", "@value": value}}
        case "outlier":
            return {"type": "Property", "value": value == "implausible"}
        case "value":
            return {"type": "Property", "value": value, **_unit(term.unit)}


def decode(one: Mapped, entity: Entity) -> dict[str, Json]:
    """The fields of ours in what the target holds; whatever else it has is left alone."""
    found: dict[str, Json] = {}
    for term in one.model.terms:
        value = decode_value(term, entity.attributes.get(term.name))
        if value is not None:
            found[term.field] = value
    return found


def decode_value(term: Term, value: Json) -> Json:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    match term.kind:
        case "relation" if isinstance(value, str):
            return _local_id(value)
        case "model" if isinstance(value, str):
            return value.removeprefix(DEVICE_MODEL_PREFIX)
        case "time":
            return same_time(value)
        case "date" if isinstance(value, str):
            return value[:10]
        case "outlier" if isinstance(value, bool):
            return "implausible" if value else "plausible"
    return value


def same_time(value: Json) -> Json:
    """One spelling for a moment: UTC, microseconds, Z. Anything else stays as it is."""
    if not isinstance(value, str):
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    if moment.tzinfo is None:
        return value
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _flat_attributes(attributes: Any, model: Model) -> dict[str, Json]:
    """Attributes that the class does not know travel together, as one."""
    if not isinstance(attributes, Mapping):
        return {}
    known = {f"attributes.{key}": value for key, value in attributes.items() if value is not None}
    others = {key: known.pop(f"attributes.{key}") for key in attributes if _is_other(key, known, model)}
    return {**known, OTHER_ATTRIBUTES: others} if others else known


def _is_other(key: str, known: Mapping[str, Json], model: Model) -> bool:
    return f"attributes.{key}" in known and model.term(f"attributes.{key}") is None


def _derived(one: Mapped, kept: Mapping[str, Json]) -> dict[str, Json]:
    """What the models require or allow besides, made from the same fields."""
    context = one.record.context
    if one.record.entity == "device":
        properties = context.get("observed_properties") or []
        return {
            "category": {"type": "Property", "value": ["sensor"]},
            "controlledProperty": {"type": "Property", "value": properties},
        }
    if one.record.entity == "observation":
        unit = str(context.get("unit"))
        number: dict[str, Json] = {"type": "Property", "value": kept.get("result"), **_unit(unit)}
        if "phenomenon_time" in kept:
            number["observedAt"] = kept["phenomenon_time"]
        return {"numValue": number, "unit": {"type": "Property", "value": common_code(unit) or unit}}
    return {}


def _unit(ucum: str | None) -> dict[str, Json]:
    code = common_code(ucum)
    return {"unitCode": code} if code is not None else {}


def _reference(record: Record, field: str, local_id: str) -> str:
    remote_id = record.references.get(local_id)
    if remote_id is None:
        raise Unmappable("reference_missing", field)
    return remote_id


def _local_id(remote_id: str) -> str:
    """The UUID at the end of a reference of ours; a reference of somebody else's as a whole."""
    last = remote_id.rsplit(":", 1)[-1]
    try:
        uuid.UUID(last)
    except ValueError:
        return remote_id
    return last
