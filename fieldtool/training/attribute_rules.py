"""Which attributes are well formed, in the normalized representation (4.5.2, 4.5.3, 4.5.5, 4.5.18).

Inside the platform an attribute is its instances by their datasetId, "" for the default one. None in place
of an instance says: delete it.
"""

from __future__ import annotations

from typing import Any

from fieldtool.training.values import (
    NULL,
    bad,
    check_typed,
    geometry,
    holds_null,
    is_date_time,
    is_name,
    is_uri,
)

Instance = dict[str, Any]
Instances = dict[str, Instance]
Changes = dict[str, Instance | None]

VALUE_MEMBERS = {
    "Property": "value",
    "GeoProperty": "value",
    "Relationship": "object",
    "LanguageProperty": "languageMap",
}
# 4.5.2.2, 4.5.3.2: members of other kinds of attributes, and such as only a broker writes.
FOREIGN_MEMBERS = {"value", "object", "languageMap", "json", "vocab", "valueList", "objectList"} | {
    *("entity", "entityList", "entityIdSealed", "entityTypeSealed"),
    *("previousValue", "previousObject", "previousLanguageMap"),
}
# 5.2.2: read only, made by the broker; what a client sends in them is ignored.
SYSTEM_MEMBERS = {"createdAt", "modifiedAt", "deletedAt", "instanceId"}
# 4.5.1: terms of the core @context that are no attributes.
RESERVED_NAMES = {"datasetId", "instanceId", "observedAt", "unitCode", "valueType", "objectType", "deletedAt"}
GEO_NAMES = {"location", "observationSpace", "operationSpace"}  # 4.7.1


def checked_attribute(name: str, given: object) -> Instances:
    return {dataset: checked_instance(name, instance) for dataset, instance in instances(name, given)}


def checked_changes(name: str, given: object) -> Changes:
    """As `checked_attribute`, and an NGSI-LD Null as value deletes (5.5.8)."""
    return {
        dataset: None if is_null(instance) else checked_instance(name, instance)
        for dataset, instance in instances(name, given)
    }


def instances(name: str, given: object) -> list[tuple[str, Instance]]:
    """4.5.5: an attribute, or an array of its instances, each with a datasetId of its own."""
    if not is_name(name) or name in RESERVED_NAMES:
        raise bad(f"{name}: not a name for an attribute (4.6.2, 4.5.1)")
    found: dict[str, Instance] = {}
    for instance in given if isinstance(given, list) and given else [given]:
        if not isinstance(instance, dict):
            raise bad(f"{name}: an attribute is a JSON object with a type (normalized representation, 4.5.1)")
        dataset = instance.get("datasetId", "@none")
        if dataset == NULL or (dataset != "@none" and not is_uri(dataset)):
            raise bad(f"{name}.datasetId: {dataset!r} is no URI")
        key = "" if dataset == "@none" else str(dataset)
        if key in found:
            raise bad(f"{name}: two instances with the same datasetId (4.5.5)")
        found[key] = instance
    return list(found.items())


def is_null(instance: Instance) -> bool:
    values = [instance[member] for member in set(VALUE_MEMBERS.values()) if member in instance]
    return bool(values) and all(value in (NULL, {"@none": NULL}) for value in values)


def checked_instance(place: str, given: Instance) -> Instance:
    kind = given.get("type")
    if kind not in VALUE_MEMBERS:
        raise bad(f"{place}.type: {kind!r} is none of {', '.join(VALUE_MEMBERS)}")
    if place in GEO_NAMES and kind != "GeoProperty":
        raise bad(f"{place}: is a GeoProperty (4.7.1)")
    member = VALUE_MEMBERS[kind]
    if given.get(member) is None:
        raise bad(f"{place}: a {kind} needs '{member}' (4.2.2)")
    kept = {key: value for key, value in given.items() if key not in SYSTEM_MEMBERS}
    if kept.get("datasetId") == "@none":
        del kept["datasetId"]
    kept[member] = _checked_value(place, kind, given[member])
    return {key: _checked_member(place, kind, key, value, member) for key, value in kept.items()}


def _checked_value(place: str, kind: str, value: object) -> object:
    if holds_null(value):
        raise bad(f"{place}: {NULL} stands for a deletion and can't be stored (5.5.4)")
    if kind == "GeoProperty":
        return geometry(f"{place}.value", value)
    if kind == "Relationship":
        _check_object(place, value)
    elif kind == "LanguageProperty":
        _check_language_map(place, value)
    else:
        check_typed(f"{place}.value", value)
    return value


def _check_object(place: str, value: object) -> None:
    # Up to V1.7.1 one URI (4.5.3, 5.2.6). V1.8.1 allows an array too, but brokers in use refuse or mangle
    # it (Stellio issue 1202), so a client accepted here is accepted by all.
    if isinstance(value, list):
        raise bad(
            f"{place}.object: an array; a Relationship has one URI, several are instances with a datasetId"
        )
    if not is_uri(value):
        raise bad(f"{place}.object: {value!r} is no URI")


def _check_language_map(place: str, value: object) -> None:
    """4.6.5, table 5.2.32-1."""
    if not isinstance(value, dict) or not all(value):
        raise bad(f"{place}.languageMap: an object of language tags and texts")
    for texts in value.values():
        if not all(isinstance(text, str) for text in (texts if isinstance(texts, list) else [texts])):
            raise bad(f"{place}.languageMap: values are texts or arrays of texts")


def _checked_member(place: str, kind: str, key: str, value: object, member: str) -> object:
    if key in ("type", member):
        return value
    where = f"{place}.{key}"
    if key in FOREIGN_MEMBERS or (key == "unitCode" and kind != "Property"):
        raise bad(f"{where}: not in a {kind} (4.5.2.2, 4.5.3.2)")
    if key == "observedAt":
        if not is_date_time(value):
            raise bad(f"{where}: {value!r} is no DateTime (4.8, 4.6.3: UTC with a trailing Z, no offset)")
        return value
    if key in ("unitCode", "valueType", "objectType", "datasetId"):
        if not isinstance(value, str) or not value:
            raise bad(f"{where}: a text")
        return value
    if key == "@context":
        raise bad(f"{where}: no @context inside of an attribute (4.5.1)")
    return as_written(checked_attribute(key, value))


def as_written(attribute: Instances) -> Instance | list[Instance]:
    """One instance as an object, several as an array."""
    several = list(attribute.values())
    return several[0] if len(several) == 1 else several
