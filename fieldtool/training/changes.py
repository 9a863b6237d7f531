"""What becomes of an entity's attributes: append, update, merge, replace. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fieldtool.training.attribute_rules import (
    SYSTEM_MEMBERS,
    Changes,
    Instance,
    Instances,
    checked_instance,
    instances,
    is_null,
)
from fieldtool.training.values import NULL

Attributes = dict[str, Instances]


@dataclass(frozen=True)
class Changed:
    """`not_updated` is the reason by the attribute's name."""

    attributes: Attributes
    updated: list[str]
    not_updated: dict[str, str]

    def result(self) -> dict[str, Any]:
        """UpdateResult, 5.2.18."""
        return {
            "updated": self.updated,
            "notUpdated": [{"attributeName": n, "reason": r} for n, r in self.not_updated.items()],
        }


def append(before: Attributes, given: dict[str, Changes], now: str, *, overwrite: bool) -> Changed:
    """5.6.3: what is new is added, what is there is replaced unless the caller forbids it."""
    after, updated, refused = dict(before), [], {}
    for name, changes in given.items():
        if not overwrite and set(changes) & set(before.get(name, {})):
            refused[name] = "it exists, and noOverwrite was asked for"
            continue
        after[name] = _replaced(before.get(name, {}), changes, now)
        updated.append(name)
    return Changed(without_empty(after), updated, refused)


def update(before: Attributes, given: dict[str, Changes], now: str) -> Changed:
    """5.6.2, 5.5.8: the whole instance is replaced (a unitCode not given again is gone); what is not there
    is not made; a null deletes; an instance with a new datasetId is added."""
    after, updated, refused = dict(before), [], {}
    for name, changes in given.items():
        if name not in before:
            refused[name] = "the entity has no such attribute"
            continue
        after[name] = _replaced(before[name], changes, now)
        updated.append(name)
    return Changed(without_empty(after), updated, refused)


def merge(before: Attributes, given: dict[str, Any], now: str) -> Attributes:
    """5.6.17, 5.5.12: member by member as RFC 7396, also into a value that is an object; a null deletes.

    Raises Refused where the outcome would not be well formed.
    """
    after = dict(before)
    for name, fragment in given.items():
        if fragment == NULL:
            after.pop(name, None)
            continue
        merged = dict(before.get(name, {}))
        for dataset, instance in instances(name, fragment):
            if is_null(instance):
                merged.pop(dataset, None)
                continue
            old = before.get(name, {}).get(dataset)
            whole = checked_instance(name, _patched(old, instance) if old else instance)
            merged[dataset] = stamped(whole, old, now)
        after[name] = merged
    return without_empty(after)


def new(attributes: Attributes, now: str) -> Attributes:
    return {
        name: {dataset: stamped(instance, None, now) for dataset, instance in attribute.items()}
        for name, attribute in attributes.items()
    }


def stamped(instance: Instance, old: Instance | None, now: str) -> Instance:
    return {**instance, "createdAt": old["createdAt"] if old else now, "modifiedAt": now}


def without_empty(attributes: Attributes) -> Attributes:
    return {name: attribute for name, attribute in attributes.items() if attribute}


def _replaced(before: Instances, changes: Changes, now: str) -> Instances:
    after = dict(before)
    for dataset, instance in changes.items():
        if instance is None:
            after.pop(dataset, None)
        else:
            after[dataset] = stamped(instance, before.get(dataset), now)
    return after


def _patched(old: Instance, patch: Instance) -> Instance:
    merged = {key: value for key, value in old.items() if key not in SYSTEM_MEMBERS}
    for key, value in patch.items():
        if value == NULL:
            merged.pop(key, None)
        elif isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = _patched(merged[key], value)
        else:
            merged[key] = value
    return merged
