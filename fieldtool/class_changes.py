"""Changes of an asset class, as data: its definition before and after.

What becomes of the values that are there is told by fieldtool.class_migration. Every function gives the
change and changes nothing; each raises ChangeRefused for what would lose something, and BrokenClass for what
is no class. Definitions are what a file of resources/classes says (schema asset_class).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fieldtool.asset_classes import AssetClass, Label, ValueType, class_of
from fieldtool.class_library import check_parents
from fieldtool.errors import CoreError
from fieldtool.jsontypes import Json
from fieldtool.texts import _

Definition = Mapping[str, Any]


@dataclass(eq=False)
class ChangeRefused(CoreError):
    """`key` is the attribute, or what of the class it is about."""

    class_id: str
    key: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassChange:
    """`before` and `after` are definitions as JSON, in the order of their files, None where there is no
    class; `moved`: attribute key before, key after."""

    class_id: str
    before: str | None
    after: str | None
    moved: tuple[tuple[str, str], ...] = ()

    def inverse(self) -> ClassChange:
        back = tuple((new, old) for old, new in self.moved)
        return ClassChange(class_id=self.class_id, before=self.after, after=self.before, moved=back)

    def fields(self) -> dict[str, Json]:
        """For the journal; `change_of` reads it."""
        return {
            "class_id": self.class_id,
            "before": self.before,
            "after": self.after,
            "moved": [list(pair) for pair in self.moved],
        }


def change_of(fields: Mapping[str, Any]) -> ClassChange:
    return ClassChange(
        class_id=fields["class_id"],
        before=fields["before"],
        after=fields["after"],
        moved=tuple((old, new) for old, new in fields["moved"]),
    )


def definition_of(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


def add_class(definition: Definition, known: Mapping[str, AssetClass]) -> ClassChange:
    """`known` are the classes in use."""
    kind = class_of(definition, str(definition.get("id", "")))
    if kind.id in known:
        raise ChangeRefused(kind.id, "id", _("there is a class of this name already"))
    check_parents(kind, known)
    return ClassChange(class_id=kind.id, before=None, after=_text(definition))


def change_class(
    before: Definition,
    after: Definition,
    known: Mapping[str, AssetClass],
    moved: Mapping[str, str] | None = None,
) -> ClassChange:
    """Anything at once, as a form gives it; `moved` are attribute keys that have a new name."""
    change = _change(before, after, moved or {})
    check_parents(class_of(after, change.class_id), known)
    return change


def add_attribute(definition: Definition, entry: Mapping[str, Any]) -> ClassChange:
    """Values that rows hold under its key already become its own."""
    return _change(definition, {**definition, "attributes": [*definition["attributes"], dict(entry)]})


def rename_attribute(definition: Definition, key: str, new_key: str) -> ClassChange:
    return _change(definition, _with(definition, key, {"key": new_key}), {key: new_key})


def change_type(
    definition: Definition, key: str, new_type: ValueType, choices: Mapping[str, Label] | None = None
) -> ClassChange:
    """`choices` for a choice, and only for one; a default of the old type is left out."""
    return _change(
        definition, _with(definition, key, {"type": new_type, "choices": choices, "default": None})
    )


def change_choices(definition: Definition, key: str, choices: Mapping[str, Label]) -> ClassChange:
    """A value whose choice is gone stays where it is."""
    default = _entry(definition, key).get("default")
    kept = default if default in choices else None
    return _change(definition, _with(definition, key, {"choices": choices, "default": kept}))


def retire_attribute(definition: Definition, key: str, *, retired: bool = True) -> ClassChange:
    return _change(definition, _with(definition, key, {"retired": retired or None}))


def _change(before: Definition, after: Definition, moved: Mapping[str, str] | None = None) -> ClassChange:
    moved = {old: new for old, new in (moved or {}).items() if old != new}
    class_id = str(before["id"])
    if after.get("id") != class_id:
        raise ChangeRefused(class_id, "id", _("a class keeps its id"))
    kind = class_of(after, class_id)
    for entry in before["attributes"]:
        _refuse_loss(class_id, entry, kind, moved)
    for old in moved:
        _entry(before, old)
    return ClassChange(
        class_id=class_id, before=_text(before), after=_text(after), moved=tuple(sorted(moved.items()))
    )


def _refuse_loss(class_id: str, entry: Mapping[str, Any], kind: AssetClass, moved: Mapping[str, str]) -> None:
    attribute = kind.attribute(moved.get(entry["key"], entry["key"]))
    if attribute is None:
        raise ChangeRefused(class_id, entry["key"], _("an attribute is retired, never taken away"))
    if entry.get("unit") not in (None, attribute.unit):
        reason = _("its figures would mean something else: retire it and add one with the new unit")
        raise ChangeRefused(class_id, entry["key"], reason)


def _entry(definition: Definition, key: str) -> dict[str, Any]:
    for entry in definition["attributes"]:
        if entry["key"] == key:
            found: dict[str, Any] = entry
            return found
    raise ChangeRefused(str(definition["id"]), key, _("the class has no such attribute"))


def _with(definition: Definition, key: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The definition with these values of one attribute; None takes one out."""
    old = _entry(definition, key)
    new = {name: value for name, value in {**old, **values}.items() if value is not None}
    attributes = [new if entry is old else entry for entry in definition["attributes"]]
    return {**definition, "attributes": attributes}


def _text(definition: Definition) -> str:
    """The order of attributes and choices is the one people see: it stays."""
    return json.dumps(dict(definition), ensure_ascii=False)
