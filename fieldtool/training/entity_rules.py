"""Which entities and fragments of entities are well formed (4.5.1, 5.2.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fieldtool.training.attribute_rules import (
    SYSTEM_MEMBERS,
    Changes,
    Instances,
    checked_attribute,
    checked_changes,
)
from fieldtool.training.values import NULL, bad, is_name, is_uri

NO_ATTRIBUTES = SYSTEM_MEMBERS | {"id", "type", "@context"}


@dataclass(frozen=True)
class Entity:
    id: str
    types: list[str]
    attributes: dict[str, Instances]


def checked_entity(document: dict[str, Any]) -> Entity:
    identifier = checked_id(document.get("id"))
    if "type" not in document:
        raise bad("type: an entity has one (5.2.4)")
    attributes = {name: checked_attribute(name, given) for name, given in attributes_in(document)}
    return Entity(identifier, checked_types(document["type"]), attributes)


def checked_id(given: object) -> str:
    if not isinstance(given, str) or not is_uri(given) or given == NULL:
        raise bad(f"id: {given!r} is no URI (4.5.1)")
    return given


def checked_types(given: object) -> list[str]:
    """4.16: an entity can have several."""
    types = given if isinstance(given, list) else [given]
    if not types or not all(is_name(name) for name in types):
        raise bad(f"type: {given!r} is not a name of a type (4.6.2)")
    return list(dict.fromkeys(types))


def attributes_in(document: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(name, given) for name, given in document.items() if name not in NO_ATTRIBUTES]


def checked_fragment_changes(document: dict[str, Any]) -> dict[str, Changes]:
    return {name: checked_changes(name, given) for name, given in attributes_in(document)}


def added_types(document: dict[str, Any], identifier: str) -> list[str]:
    """What a fragment says beside its attributes: the id, if at all, is the entity's; types can be added."""
    if document.get("id", identifier) != identifier:
        raise bad(f"id: {document['id']!r} is not the entity's id {identifier}")
    return checked_types(document["type"]) if "type" in document else []
