"""Earlier states of assets: any of them can be restored."""

from __future__ import annotations

import dataclasses
from typing import Any, cast

from fieldtool.asset import Asset
from fieldtool.entities import Fields, from_fields
from fieldtool.journal import Recorder, operation
from fieldtool.jsontypes import Json
from fieldtool.policy import require
from fieldtool.profile import Profile
from fieldtool.store import Store
from fieldtool.upkeep.changing import check
from fieldtool.upkeep.errors import NothingToUndo, OperationUnknown


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
