"""Taking back what one operation did: looked at first; what somebody changed since stays."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from fieldtool.asset import Asset
from fieldtool.asset_facts import attribute_title, known_class
from fieldtool.entities import Fields, field_value, from_fields
from fieldtool.history_texts import field_changes
from fieldtool.ids import OperationId
from fieldtool.journal import Recorder, operation
from fieldtool.jsontypes import Json
from fieldtool.naming import asset_text
from fieldtool.operation import Change, Operation
from fieldtool.policy import require
from fieldtool.profile import Profile
from fieldtool.store import Store
from fieldtool.texts import _
from fieldtool.titles import field_title
from fieldtool.upkeep import class_undoing
from fieldtool.upkeep.changing import check
from fieldtool.upkeep.class_undoing import CLASS
from fieldtool.upkeep.errors import NothingToUndo, OperationUnknown

KIND = "asset.undo"
UNDOABLE = (
    "asset.import",
    "asset.create",
    "asset.edit",
    "asset.delete",
    "asset.restore",
    "asset.bulk",
    KIND,
    "class.change",
    class_undoing.KIND,
)
EXAMPLES = 20
STEP = 200
WHOLE = "id"
"""Stands for the asset itself: it was made by the operation and changed since, or others belong to it."""

Tell = Callable[[int], object]
"""Told how many records are done, now and then; may raise, and then nothing of it was done."""


@dataclass(frozen=True, slots=True)
class Undone:
    """`kept` says, by asset, which fields stayed because somebody changed them since."""

    changed: int
    kept: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would happen; `examples` are an asset and what becomes of it, `kept` an asset and what stays."""

    undone: Undone
    examples: tuple[tuple[str, str], ...]
    kept: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Recent:
    """`first` is the first record it changed."""

    operation: Operation
    changes: int
    first: Change


@dataclass(frozen=True, slots=True)
class Step:
    """What taking one change back means: the asset comes again, goes, or gets `fields`; `left` stay."""

    title: str = ""
    current: Asset | None = None
    again: Asset | None = None
    goes: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict)
    left: tuple[str, ...] = ()

    @property
    def does_something(self) -> bool:
        return self.again is not None or self.goes or bool(self.fields)


NOTHING = Step()


def silent(_done: int) -> None:
    return


def recent(store: Store, actor_id: str, count: int) -> list[Recent]:
    """What this person did last and could take back, the newest first."""
    return [Recent(*found) for found in store.operations_of(actor_id, UNDOABLE, count)]


def preview(store: Store, operation_id: str, tell: Tell = silent) -> Outlook:
    """Raises OperationUnknown, NothingToUndo, what `changing.check` raises, and of a class StaleVersion and
    AssetInUse."""
    changes = _changes(store, operation_id)
    if any(one.entity == CLASS for one in changes):
        told = class_undoing.preview(store, changes, tell)
        return Outlook(Undone(told.changed, ()), told.examples)
    changed, kept = 0, list[Step]()
    examples: list[tuple[str, str]] = []
    for number, change in enumerate(reversed(changes)):
        if number % STEP == 0:
            tell(number)
        step = _step(store, change)
        if step.fields and step.current is not None:
            check(store, dataclasses.replace(step.current, **step.fields), step.current)
        changed += step.does_something
        if step.left:
            kept.append(step)
        if step.does_something and len(examples) < EXAMPLES:
            examples.append((step.title, _words(store, step)))
    if not changed and not kept:
        raise NothingToUndo(operation_id)
    return Outlook(
        Undone(changed, tuple((step.title, step.left) for step in kept)),
        tuple(examples),
        tuple((step.title, ", ".join(_titles(step))) for step in kept[:EXAMPLES]),
    )


def undo(profile: Profile, operation_id: str, reason: str | None = None, tell: Tell = silent) -> Undone:
    """Takes back what one operation did to assets, or to a class and its assets: fields that are still as it
    left them, down to the single attribute. Raises NotAllowed, and what `preview` raises."""
    require(profile.actor, "asset.restore")
    changes = _changes(profile.store, operation_id)
    if any(one.entity == CLASS for one in changes):
        return Undone(class_undoing.undo(profile, changes, reason, tell), ())
    changed, kept = 0, list[tuple[str, tuple[str, ...]]]()
    with operation(profile.store, profile.actor, KIND, reason=reason or None) as recorder:
        for number, change in enumerate(reversed(changes)):
            if number % STEP == 0:
                tell(number)
            step = _step(profile.store, change)
            _carry_out(profile.store, recorder, step)
            changed += step.does_something
            if step.left:
                kept.append((step.title, step.left))
        if not changed and not kept:
            raise NothingToUndo(operation_id)
    return Undone(changed, tuple(kept))


def _changes(store: Store, operation_id: str) -> Sequence[Change]:
    found = [one for one in store.changes_of(operation_id) if one.entity in ("asset", CLASS)]
    if not found:
        raise OperationUnknown(operation_id)
    return found


def _step(store: Store, change: Change) -> Step:
    current = store.find(Asset, change.entity_id)
    if change.action == "delete":
        if current is None and change.before is not None:
            again = from_fields(Asset, change.entity_id, change.before, 0)
            return Step(asset_text(again), again=again)
        return NOTHING
    if current is None:
        return NOTHING
    title = asset_text(current)
    if change.action == "create":
        if current.version == 1 and not _has_parts(store, current):
            return Step(title, current, goes=True)
        return Step(title, current, left=(WHOLE,))
    fields, left = _inverse(current, change.before or {}, change.after or {})
    return Step(title, current, fields=fields, left=left)


def _carry_out(store: Store, recorder: Recorder, step: Step) -> None:
    if step.again is not None:
        recorder.create(step.again)
    elif step.current is not None and step.goes:
        recorder.delete(step.current)
    elif step.current is not None and step.fields:
        check(store, dataclasses.replace(step.current, **step.fields), step.current)
        recorder.update(step.current, **step.fields)


def _titles(step: Step) -> tuple[str, ...]:
    kind = None if step.current is None else known_class(step.current.asset_class)
    own = {name.name for name in dataclasses.fields(Asset)}
    return tuple(
        _("the asset itself")
        if key == WHOLE
        else field_title(key)
        if key in own
        else attribute_title(kind, key)
        for key in step.left
    )


def _words(store: Store, step: Step) -> str:
    if step.again is not None:
        return _("comes back")
    if step.current is None or step.goes:
        return _("is deleted")
    before: Fields = {name: field_value(Asset, name, getattr(step.current, name)) for name in step.fields}
    after: Fields = {name: field_value(Asset, name, value) for name, value in step.fields.items()}
    change = Change(OperationId(""), 0, "asset", step.current.id, "update", None, before, after)
    return "; ".join(one.text() for one in field_changes(store, change))


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
