"""Earlier states of assets: any of them can be restored, and an operation can be undone."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from fieldtool.asset import Asset
from fieldtool.entities import Fields, from_fields
from fieldtool.journal import Recorder, operation
from fieldtool.jsontypes import Json
from fieldtool.naming import asset_text
from fieldtool.operation import Change
from fieldtool.policy import require
from fieldtool.profile import Profile
from fieldtool.store import Store
from fieldtool.upkeep.changing import check
from fieldtool.upkeep.errors import NothingToUndo, OperationUnknown


@dataclass(frozen=True, slots=True)
class Undone:
    """`kept` says, by asset, which fields stayed because somebody changed them since."""

    changed: int
    kept: tuple[tuple[str, tuple[str, ...]], ...]


def state_after(store: Store, asset_id: str, operation_id: str) -> Fields | None:
    """All fields as they were once that operation had been done; None where it deleted the asset. Raises
    OperationUnknown."""
    fields: dict[str, Json] | None = {}
    found = False
    for entry in store.history(asset_id):
        if found and entry.operation.id != operation_id:
            break
        change = entry.change
        if change.entity_id != asset_id:
            continue
        fields = None if change.action == "delete" else {**(fields or {}), **(change.after or {})}
        found = found or entry.operation.id == operation_id
    if not found:
        raise OperationUnknown(operation_id)
    return fields


def restore(profile: Profile, asset_id: str, operation_id: str, reason: str | None = None) -> Asset:
    """Also of a deleted asset, under its own id. Raises OperationUnknown, NotAllowed, StaleVersion,
    NothingToUndo where it is as it was, and what `changing.check` raises."""
    require(profile.actor, "asset.restore")
    wanted = state_after(profile.store, asset_id, operation_id)
    if wanted is None:
        raise NothingToUndo(operation_id)
    current = profile.store.find(Asset, asset_id)
    with operation(profile.store, profile.actor, "asset.restore", reason=reason or None) as recorder:
        return _to(profile.store, recorder, current, asset_id, wanted, operation_id)


def _to(
    store: Store, recorder: Recorder, current: Asset | None, asset_id: str, wanted: Fields, operation_id: str
) -> Asset:
    if current is None:
        again = from_fields(Asset, asset_id, wanted, 0)
        check(store, again, None)
        return recorder.create(again)
    changes = {name: value for name, value in wanted.items() if getattr(current, name) != value}
    if not changes:
        raise NothingToUndo(operation_id)
    check(store, dataclasses.replace(current, **cast("dict[str, Any]", changes)), current)
    return recorder.update(current, **changes)


def undo(profile: Profile, operation_id: str, reason: str | None = None) -> Undone:
    """Takes back what one operation did to assets, in one operation: fields that are still as it left them,
    down to the single attribute. Raises OperationUnknown, NothingToUndo."""
    require(profile.actor, "asset.restore")
    changes = [one for one in profile.store.changes_of(operation_id) if one.entity == "asset"]
    if not changes:
        raise OperationUnknown(operation_id)
    changed, kept = 0, list[tuple[str, tuple[str, ...]]]()
    with operation(profile.store, profile.actor, "asset.undo", reason=reason or None) as recorder:
        for change in reversed(changes):
            done, left = _taken_back(profile.store, recorder, change)
            changed += done
            if left:
                kept.append(left)
        if not changed and not kept:
            raise NothingToUndo(operation_id)
    return Undone(changed, tuple(kept))


def _taken_back(
    store: Store, recorder: Recorder, change: Change
) -> tuple[bool, tuple[str, tuple[str, ...]] | None]:
    current = store.find(Asset, change.entity_id)
    if change.action == "delete":
        if current is None and change.before is not None:
            recorder.create(from_fields(Asset, change.entity_id, change.before, 0))
            return True, None
        return False, None
    if current is None:
        return False, None
    if change.action == "create":
        if current.version == 1 and not _has_parts(store, current):
            recorder.delete(current)
            return True, None
        return False, (asset_text(current), ("id",))
    fields, left = _inverse(current, change.before or {}, change.after or {})
    if fields:
        check(store, dataclasses.replace(current, **fields), current)
        recorder.update(current, **fields)
    return bool(fields), (asset_text(current), left) if left else None


def _has_parts(store: Store, asset: Asset) -> bool:
    users = (store.parts(asset.id), store.devices(asset_id=asset.id), store.tickets(asset_id=asset.id))
    return any(next(iter(found), None) is not None for found in users)


def _inverse(
    current: Asset, before: Mapping[str, Json], after: Mapping[str, Json]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    fields: dict[str, Any] = {}
    left: list[str] = []
    for name in before:
        if name == "attributes":
            attributes, kept = _inverse_attributes(current.attributes, _object(before), _object(after))
            left += kept
            if attributes != dict(current.attributes):
                fields[name] = attributes
        elif getattr(current, name) == after.get(name):
            fields[name] = before[name]
        elif getattr(current, name) != before[name]:
            left.append(name)
    return fields, tuple(left)


def _inverse_attributes(
    current: Mapping[str, Json], before: Mapping[str, Json], after: Mapping[str, Json]
) -> tuple[dict[str, Json], list[str]]:
    wanted, left = dict(current), []
    for key in {**before, **after}:
        old, new = before.get(key), after.get(key)
        if (old, key in before) == (new, key in after) or current.get(key) == old:
            continue
        if current.get(key) != new:
            left.append(key)
        elif key in before:
            wanted[key] = old
        else:
            del wanted[key]
    return wanted, left


def _object(fields: Mapping[str, Json]) -> Mapping[str, Json]:
    return cast("Mapping[str, Json]", fields.get("attributes") or {})
