"""What a change of a class does to the values of its assets: no value is ever dropped. Pure.

A value that does not fit any more is kept beside its attribute, under key + KEPT_SUFFIX, as an import keeps
what it can't read; one that fits again takes its place. A value whose choice was taken away stays.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fieldtool.asset_classes import NOT_OF_TYPE, AssetAttribute, AssetClass, class_of
from fieldtool.class_changes import ClassChange, definition_of
from fieldtool.imports.cells import converted
from fieldtool.imports.records import KEPT_SUFFIX
from fieldtool.jsontypes import Json
from fieldtool.texts import _

Attributes = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class ValueRemark:
    """`key` is where the value is now; `reason` in the person's language."""

    key: str
    value: Json
    reason: str


def migrated(attributes: Attributes, change: ClassChange) -> tuple[dict[str, Json], tuple[ValueRemark, ...]]:
    """The values after the change, and what a person should look at."""
    row = _Row(dict(attributes), [])
    plan = _plan(change)
    row.move(plan.moved)
    for before, after in plan.reviewed:
        row.review(before, after)
    return row.values, tuple(row.remarks)


def restored(
    now: Attributes, before: Attributes, change: ClassChange
) -> tuple[dict[str, Json], tuple[ValueRemark, ...]]:
    """The change undone for a row: `before` are its values from before the change, from the journal. What
    nobody has edited since is exactly as it was; what somebody has is migrated back."""
    after, _remarks = migrated(before, change)
    touched = {key for key in {*before, *after} if not _same(before, after, key)}
    if all(_same(now, after, key) for key in touched):
        others = {key: value for key, value in now.items() if key not in touched}
        return others | {key: before[key] for key in touched if key in before}, ()
    return migrated(now, change.inverse())


def touched_keys(change: ClassChange) -> frozenset[str]:
    """A row that holds none of these stays as it is."""
    plan = _plan(change)
    keys = {key for pair in plan.moved.items() for key in pair}
    keys |= {after.key for _before, after in plan.reviewed}
    return frozenset(keys | {key + KEPT_SUFFIX for key in keys})


@dataclass(frozen=True, slots=True)
class _Plan:
    """`reviewed`: attributes whose values may not fit any more, and what they were before, if anything."""

    moved: Mapping[str, str]
    reviewed: tuple[tuple[AssetAttribute | None, AssetAttribute], ...]


@functools.lru_cache(maxsize=16)
def _plan(change: ClassChange) -> _Plan:
    moved = dict(change.moved)
    if change.after is None:
        return _Plan(moved, ())
    after = class_of(definition_of(change.after), change.class_id)
    before = None if change.before is None else class_of(definition_of(change.before), change.class_id)
    return _Plan(moved, tuple(_reviewed(before, after, moved)))


def _reviewed(
    before: AssetClass | None, after: AssetClass, moved: Mapping[str, str]
) -> Iterator[tuple[AssetAttribute | None, AssetAttribute]]:
    origins = {new: old for old, new in moved.items()}
    for attribute in after.attributes:
        origin = origins.get(attribute.key, attribute.key)
        gone = origin == attribute.key and origin in moved
        was = None if before is None or gone else before.attribute(origin)
        renamed = origin != attribute.key
        if was is None or renamed or was.type != attribute.type or _choices(was) != _choices(attribute):
            yield was, attribute


def _choices(attribute: AssetAttribute) -> frozenset[str]:
    return frozenset(attribute.choices or ())


@dataclass(frozen=True, slots=True)
class _Row:
    values: dict[str, Json]
    remarks: list[ValueRemark]

    def move(self, moved: Mapping[str, str]) -> None:
        """All at once: two attributes may exchange their names. What is kept goes first, so that what has
        to make room finds the place that stays free."""
        found = [
            (new + suffix, self.values.pop(old + suffix))
            for suffix in (KEPT_SUFFIX, "")
            for old, new in moved.items()
            if old + suffix in self.values
        ]
        for key, value in found:
            if value is None:
                continue
            if self.values.get(key) is not None:
                self.set_aside(key, _("another attribute has this name now"))
            self.values[key] = value

    def review(self, was: AssetAttribute | None, attribute: AssetAttribute) -> None:
        key = attribute.key
        value = self.values.get(key)
        if value is not None:
            self._fit(was, attribute, value)
        kept = self.values.get(key + KEPT_SUFFIX)
        if kept is not None and self.values.get(key) is None:
            fitting = _fitting(None, attribute, kept)
            if fitting is not None:
                del self.values[key + KEPT_SUFFIX]
                self.values[key] = fitting
                self.remarks[:] = [one for one in self.remarks if one.key != key + KEPT_SUFFIX]

    def _fit(self, was: AssetAttribute | None, attribute: AssetAttribute, value: Json) -> None:
        reason = _(NOT_OF_TYPE[attribute.type])
        same = was is not None and was.type == attribute.type
        if same and attribute.choices is not None:
            if not attribute.has_type(value):
                self.remarks.append(ValueRemark(attribute.key, value, reason))
        elif isinstance(value, str) and not value.strip() and attribute.type != "text":
            del self.values[attribute.key]
        elif (fitting := _fitting(was, attribute, value)) is not None:
            self.values[attribute.key] = fitting
        elif not same:
            self.set_aside(attribute.key, reason)

    def set_aside(self, key: str, reason: str) -> None:
        base = free = key if key.endswith(KEPT_SUFFIX) else key + KEPT_SUFFIX
        count = 2
        while free in self.values:
            free = f"{base}_{count}"
            count += 1
        self.values[free] = value = self.values.pop(key)
        self.remarks.append(ValueRemark(free, value, reason))


def _fitting(was: AssetAttribute | None, attribute: AssetAttribute, value: Json) -> Json:
    """None where it does not fit: also a text that says there is no value is kept, not dropped."""
    if isinstance(value, list | dict):
        return None
    told = value
    if was is not None and was.choices is not None and attribute.type != "choice" and isinstance(value, str):
        told = was.choices[value]["de"] if value in was.choices else value
    if told == value and attribute.has_type(value):
        return value
    try:
        return converted(attribute, told)
    except ValueError:
        return None


def _same(one: Attributes, other: Attributes, key: str) -> bool:
    """As JSON: 1 is not true."""
    if key not in one or key not in other:
        return key not in one and key not in other
    return json.dumps(one[key], sort_keys=True) == json.dumps(other[key], sort_keys=True)
