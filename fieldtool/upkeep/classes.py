"""The classes of a profile: changed together with the rows that have them, in one operation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fieldtool import asset_classes, class_library
from fieldtool.asset import Asset
from fieldtool.class_changes import ClassChange, definition_of
from fieldtool.class_definition import ClassDefinition
from fieldtool.class_migration import ValueRemark, migrated, touched_keys
from fieldtool.journal import Recorder, operation
from fieldtool.policy import require
from fieldtool.profile import Profile
from fieldtool.store import Store
from fieldtool.store.errors import StaleVersion

KIND = "class.change"
STEP = 500
Tell = Callable[[int], object]
"""Told how many rows are done, now and then; may raise, and then nothing of it was done."""


@dataclass(frozen=True, slots=True)
class RowRemark:
    asset_id: str
    remark: ValueRemark


@dataclass(frozen=True, slots=True)
class Migration:
    """How many rows of the class change their values, and what a person should look at."""

    rows: int
    changed: int
    remarks: tuple[RowRemark, ...]


def definition_in_use(store: Store, class_id: str) -> dict[str, Any]:
    """Raises UnknownAssetClass, BrokenClass."""
    own = store.find(ClassDefinition, class_id)
    return dict(own.definition) if own is not None else asset_classes.shipped_definition(class_id)


def silent(_done: int) -> None:
    return


def preview(store: Store, change: ClassChange, tell: Tell = silent) -> Migration:
    rows, changed, remarks = 0, 0, list[RowRemark]()
    for asset in store.assets(asset_class=change.class_id):
        if rows % STEP == 0:
            tell(rows)
        rows += 1
        values, found = migrated(asset.attributes, change)
        changed += values != dict(asset.attributes)
        remarks += [RowRemark(asset.id, remark) for remark in found]
    return Migration(rows, changed, tuple(remarks))


def apply(profile: Profile, change: ClassChange, reason: str | None = None, tell: Tell = silent) -> Migration:
    """The definition and every row it touches, or nothing. Raises NotAllowed, and StaleVersion where the
    class is not as it was before the change any more."""
    require(profile.actor, "class.change")
    store = profile.store
    require_unmoved(store, change)
    changed, remarks = 0, list[RowRemark]()
    with operation(store, profile.actor, KIND, reason=reason or None) as recorder:
        _record(store, recorder, change)
        for number, asset in enumerate(_touched(store, change)):
            if number % STEP == 0:
                tell(number)
            values, found = migrated(asset.attributes, change)
            changed += recorder.update(asset, attributes=values).version != asset.version
            remarks += [RowRemark(asset.id, remark) for remark in found]
    class_library.use(store.class_definitions())
    return Migration(store.count(Asset, change.class_id), changed, tuple(remarks))


def require_unmoved(store: Store, change: ClassChange) -> None:
    """Raises StaleVersion where the class is not as it was before the change."""
    own = store.find(ClassDefinition, change.class_id)
    shipped = change.class_id in asset_classes.shipped_ids()
    there = definition_in_use(store, change.class_id) if own is not None or shipped else None
    wanted = None if change.before is None else definition_of(change.before)
    if json.dumps(there, sort_keys=True) != json.dumps(wanted, sort_keys=True):
        raise StaleVersion("class_definition", change.class_id, 0, 0 if own is None else own.version)


def _record(store: Store, recorder: Recorder, change: ClassChange) -> None:
    own = store.find(ClassDefinition, change.class_id)
    if change.after is None:
        if own is not None:
            recorder.delete(own)
        return
    definition, moved = definition_of(change.after), dict(change.moved)
    if own is None:
        recorder.create(ClassDefinition(id=change.class_id, definition=definition, moved=moved))
    else:
        recorder.update(own, definition=definition, moved=moved)


def _touched(store: Store, change: ClassChange) -> Iterator[Asset]:
    keys = touched_keys(change)
    for asset in store.assets(asset_class=change.class_id):
        if keys & asset.attributes.keys():
            yield asset
