"""Reading what brokers and published examples really send: normalised, simplified, arrays, JSON-LD values.

ETSI GS CIM 009: attribute kinds 4.5.2 to 4.5.20, simplified form 4.5.4, several instances by `datasetId`
4.5.5, DateTime as JSON-LD value 4.6.3.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fieldtool.jsontypes import Json

CARRIERS = {
    "Property": "value",
    "GeoProperty": "value",
    "Relationship": "object",
    "LanguageProperty": "languageMap",
    "VocabProperty": "vocab",
    "JsonProperty": "json",
    "ListProperty": "valueList",
    "ListRelationship": "objectList",
}
NOT_ATTRIBUTES = ("id", "@id", "type", "@type", "@context", "createdAt", "modifiedAt", "scope")
NULL = "urn:ngsi-ld:null"


@dataclass(frozen=True, slots=True)
class Entity:
    """`attributes` are plain values by short name; `units` the unit codes of those that carry one."""

    id: str
    type: str
    attributes: Mapping[str, Json]
    units: Mapping[str, str]
    modified_at: str | None


def read_entity(document: object) -> Entity | None:
    """None where it is no entity."""
    if not isinstance(document, dict):
        return None
    identity, kind = document.get("id", document.get("@id")), _kind(document)
    if not isinstance(identity, str) or kind is None:
        return None
    attributes: dict[str, Json] = {}
    units: dict[str, str] = {}
    for name, attribute in document.items():
        if name in NOT_ATTRIBUTES:
            continue
        value = read_value(attribute)
        if value is not None:
            attributes[short_name(name)] = value
        if isinstance(attribute, dict) and isinstance(attribute.get("unitCode"), str):
            units[short_name(name)] = attribute["unitCode"]
    modified = document.get("modifiedAt")
    return Entity(identity, kind, attributes, units, modified if isinstance(modified, str) else None)


def read_value(attribute: Any) -> Json:
    """The attribute's plain value, None where it says that there is none."""
    if isinstance(attribute, list):
        return _of_list(attribute)
    if not isinstance(attribute, dict):
        return None if attribute == NULL else attribute
    carrier = CARRIERS.get(str(attribute.get("type")))
    if carrier is not None and carrier in attribute:
        return read_value(attribute[carrier])
    if "@value" in attribute:
        return read_value(attribute["@value"])
    if "type" not in attribute:
        for key in ("value", "object"):
            if key in attribute:
                return read_value(attribute[key])
    return attribute


def short_name(name: str) -> str:
    """A broker that does not know the context answers with the whole IRI."""
    return re.split(r"[/#]", name)[-1]


def _of_list(attributes: list[Any]) -> Json:
    instances = [one for one in attributes if isinstance(one, dict) and one.get("type") in CARRIERS]
    if instances:
        default = next((one for one in instances if "datasetId" not in one), instances[0])
        return read_value(default)
    return [read_value(one) for one in attributes]


def _kind(document: Mapping[str, Any]) -> str | None:
    kind = document.get("type", document.get("@type"))
    if isinstance(kind, list) and kind:
        kind = kind[0]
    return short_name(kind) if isinstance(kind, str) else None
