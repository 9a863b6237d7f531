"""The entities of the journal and their fields as plain JSON.

Times are ISO 8601 in UTC with microseconds and Z, so that texts sort as the times do.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Literal, TypeVar, cast
from uuid import uuid4

import orjson

from fieldtool.asset import Asset
from fieldtool.asset_note import AssetNote
from fieldtool.class_definition import ClassDefinition
from fieldtool.commissioning.record import Commissioning
from fieldtool.device import Device
from fieldtool.jsontypes import Json
from fieldtool.observation import Datastream, Observation
from fieldtool.operation import EntityName
from fieldtool.registration import Registration
from fieldtool.ticket import Ticket, TicketEvent

Entity = (
    Asset
    | Device
    | Datastream
    | Observation
    | Ticket
    | TicketEvent
    | Commissioning
    | Registration
    | ClassDefinition
    | AssetNote
)
E = TypeVar("E", bound=Entity)
Fields = dict[str, Json]
Columns = Mapping[str, Sequence[Any]]
"""Many records of one type, field by field: all fields but id and version, equally long."""

ENTITY_TYPES: Mapping[EntityName, type[Entity]] = MappingProxyType(
    {
        "asset": Asset,
        "device": Device,
        "datastream": Datastream,
        "observation": Observation,
        "ticket": Ticket,
        "ticket_event": TicketEvent,
        "commissioning": Commissioning,
        "registration": Registration,
        "class_definition": ClassDefinition,
        "asset_note": AssetNote,
    }
)
_NAMES: Mapping[type[object], EntityName] = {kind: name for name, kind in ENTITY_TYPES.items()}


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """`kind` "json" is a mapping, everything else one value."""

    name: str
    kind: Literal["plain", "json", "time", "date"]


def entity_name(kind: type[object]) -> EntityName:
    return _NAMES[kind]


def fields_of(kind: type[object]) -> tuple[Field, ...]:
    """All fields without id and version, in the order of the dataclass."""
    return _FIELDS[kind]


def _field_kind(annotation: str) -> Literal["plain", "json", "time", "date"]:
    for start, kind in (("Mapping[", "json"), ("datetime", "time"), ("date", "date")):
        if annotation.startswith(start):
            return cast(Literal["json", "time", "date"], kind)
    return "plain"


_FIELDS: Mapping[type[object], tuple[Field, ...]] = {
    kind: tuple(
        Field(field.name, _field_kind(str(field.type)))
        for field in dataclasses.fields(kind)
        if field.name not in ("id", "version")
    )
    for kind in ENTITY_TYPES.values()
}


def time_text(value: datetime) -> str:
    """Raises ValueError for a time without a zone."""
    if value.tzinfo is None:
        raise ValueError(f"a time without a zone: {value}")
    return value.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def parse_time(text: str) -> datetime:
    return datetime.fromisoformat(text)


_EXACT = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS
_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def json_text(value: object) -> str:
    """Raises ValueError for NaN and infinity."""
    try:
        text = orjson.dumps(value, option=_EXACT)
    except TypeError:  # whole numbers beyond 64 bits, keys that are no text
        return _JSON.encode(value)
    # It writes null for NaN and infinity, without a word.
    exact = b"null" not in text or orjson.loads(text) == value
    return text.decode() if exact else _JSON.encode(value)


def json_texts(values: Sequence[object]) -> list[str]:
    """`json_text` of each, made at once and parted at a boundary that no value holds: a piece of memory
    for each takes ten times as long."""
    if not values:
        return []
    boundary = uuid4().hex
    parted = [boundary] * (2 * len(values) - 1)
    parted[::2] = cast("list[str]", values)
    try:
        texts = orjson.dumps(parted, option=_EXACT)
    except TypeError:
        return [json_text(value) for value in values]
    if b"null" in texts:
        return [json_text(value) for value in values]
    return texts[1:-1].decode().split(f',"{boundary}",')


def plain_json(value: Mapping[str, Json]) -> Fields:
    """As it comes back from the database: dicts, and lists instead of tuples."""
    return cast(Fields, json.loads(json_text(dict(value))))


_ENCODERS: Mapping[str, Callable[[Any], Json]] = {
    "json": dict,
    "time": time_text,
    "date": date.isoformat,
}
_READING: Mapping[
    type[object],
    tuple[
        tuple[str, ...], Callable[[object], tuple[Any, ...]], tuple[tuple[str, Callable[[Any], Json]], ...]
    ],
] = {
    kind: (
        tuple(field.name for field in fields),
        attrgetter(*(field.name for field in fields)),
        tuple((field.name, _ENCODERS[field.kind]) for field in fields if field.kind != "plain"),
    )
    for kind, fields in _FIELDS.items()
}
"""Per entity: the names of its fields, how they are read at once, and those that are not plain."""

_DECODERS: Mapping[str, Callable[[Any], object]] = {
    "time": parse_time,
    "date": date.fromisoformat,
}


def to_fields(entity: Entity) -> Fields:
    names, read, encoded = _READING[type(entity)]
    fields: Fields = dict(zip(names, read(entity), strict=True))
    for name, encode in encoded:
        value = fields[name]
        if value is not None:
            fields[name] = encode(value)
    return fields


def to_columns(kind: type[object], entities: Sequence[Entity]) -> Columns:
    """`entities` are all of that type."""
    names, read, encoded = _READING[kind]
    columns: dict[str, Sequence[Any]] = dict(zip(names, zip(*map(read, entities), strict=True), strict=True))
    for name, encode in encoded:
        columns[name] = [None if value is None else encode(value) for value in columns[name]]
    return columns


def field_value(kind: type[object], name: str, value: object) -> Json:
    """One field's value as JSON. Raises KeyError for a field that the entity does not have."""
    field = next((field for field in fields_of(kind) if field.name == name), None)
    if field is None:
        raise KeyError(name)
    if value is None or field.kind == "plain":
        return cast(Json, value)
    if field.kind == "json":
        return plain_json(cast("Mapping[str, Json]", value))
    return _ENCODERS[field.kind](value)


def from_fields(kind: type[E], id: str, fields: Mapping[str, Json], version: int) -> E:  # noqa: A002
    """Fields that are missing take their default; raises TypeError for one that has none."""
    values: dict[str, object] = {"id": id, "version": version}
    for field in fields_of(kind):
        if field.name not in fields:
            continue
        value: object = fields[field.name]
        if value is not None and field.kind in _DECODERS:
            value = _DECODERS[field.kind](value)
        values[field.name] = value
    return kind(**cast(Any, values))
