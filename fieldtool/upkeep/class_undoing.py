"""A change of a class taken back, together with what it did to the rows: what nobody edited since is exactly
as it was, what somebody edited is migrated back. No value is dropped."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from fieldtool import asset_classes, class_library
from fieldtool.asset import Asset
from fieldtool.asset_facts import class_title
from fieldtool.class_changes import ClassChange
from fieldtool.class_definition import ClassDefinition
from fieldtool.class_migration import migrated, restored
from fieldtool.journal import operation
from fieldtool.jsontypes import Json
from fieldtool.naming import ENTITIES, asset_text, counted
from fieldtool.operation import Change, EntityName
from fieldtool.policy import require
from fieldtool.profile import Profile
from fieldtool.store import Store
from fieldtool.texts import _
from fieldtool.upkeep.classes import require_unmoved
from fieldtool.upkeep.errors import AssetInUse
from fieldtool.upkeep.restoring import state_after

KIND = "class.undo"
CLASS: EntityName = "class_definition"
EXAMPLES = 20
STEP = 500

Tell = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class ClassOutlook:
    changed: int
    examples: tuple[tuple[str, str], ...]


def preview(store: Store, changes: Sequence[Change], tell: Tell) -> ClassOutlook:
    """Raises StaleVersion where the class was changed again since, AssetInUse."""
    change = _taken(store, changes)
    changed, examples = 0, [(class_title(change.class_id), _("is defined as it was before"))]
    for number, (asset, values) in enumerate(_rows(store, change, changes)):
        if number % STEP == 0:
            tell(number)
        if values != dict(asset.attributes):
            changed += 1
            if len(examples) < EXAMPLES:
                examples.append((asset_text(asset), _("gets its earlier values")))
    return ClassOutlook(changed, tuple(examples))


def undo(profile: Profile, changes: Sequence[Change], reason: str | None, tell: Tell) -> int:
    """How many assets are changed by it. Raises NotAllowed, StaleVersion, AssetInUse."""
    require(profile.actor, "class.change")
    store = profile.store
    change = _taken(store, changes)
    own = store.find(ClassDefinition, change.class_id)
    first = next(one for one in changes if one.entity == CLASS)
    changed = 0
    with operation(store, profile.actor, KIND, reason=reason or None) as recorder:
        if first.action == "create" and own is not None:
            recorder.delete(own)
        else:
            definition = json.loads(change.before or "{}")
            moved = {new: old for old, new in change.moved}
            made = ClassDefinition(id=change.class_id, definition=definition, moved=moved)
            if own is None:
                recorder.create(made)
            else:
                recorder.update(own, definition=definition, moved=moved)
        for number, (asset, values) in enumerate(_rows(store, change, changes)):
            if number % STEP == 0:
                tell(number)
            changed += recorder.update(asset, attributes=values).version != asset.version
    class_library.use(store.class_definitions())
    return changed


def _taken(store: Store, changes: Sequence[Change]) -> ClassChange:
    """The change as it was done. Raises StaleVersion, AssetInUse where the class would be gone and has
    assets."""
    change = _change(store, next(one for one in changes if one.entity == CLASS))
    require_unmoved(store, change.inverse())
    count = store.count(Asset, change.class_id)
    if change.before is None and count:
        raise AssetInUse(class_title(change.class_id), counted(count, ENTITIES["asset"]))
    return change


def _change(store: Store, done: Change) -> ClassChange:
    after = state_after(store, done.entity_id, done.operation_id) or {}
    before = None if done.before is None else done.before.get("definition", after.get("definition"))
    if done.action == "create" and done.entity_id in asset_classes.shipped_ids():
        before = cast("Json", asset_classes.shipped_definition(done.entity_id))
    moved = cast("Mapping[str, str]", after.get("moved") or {}) if done.action != "delete" else {}
    return ClassChange(
        class_id=done.entity_id,
        before=_text(before),
        after=_text(after.get("definition")),
        moved=tuple(sorted(moved.items())),
    )


def _text(definition: Json) -> str | None:
    return None if definition is None else json.dumps(definition, ensure_ascii=False)


def _rows(
    store: Store, change: ClassChange, changes: Sequence[Change]
) -> Iterator[tuple[Asset, dict[str, Any]]]:
    """Each asset of the class that was changed by it, or made since, and its values from before."""
    done = {one.entity_id: one for one in changes if one.entity == "asset" and one.before is not None}
    inverse = change.inverse()
    for asset in store.assets(asset_class=change.class_id):
        was = done.get(asset.id)
        if was is None:
            values, _remarks = migrated(asset.attributes, inverse)
        else:
            before = cast("Mapping[str, Json]", (was.before or {}).get("attributes") or {})
            values, _remarks = restored(asset.attributes, before, change)
        yield asset, values
