"""The history of a record in words: who did what when, and what the platforms said to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import cast

from fieldtool.asset import Asset
from fieldtool.asset_facts import attribute_text, attribute_title, class_title, known_class
from fieldtool.jsontypes import Json
from fieldtool.naming import record_text
from fieldtool.operation import Change, DeliveryState, EntityName, HistoryEntry, Operation, TargetOutcome
from fieldtool.store import Store
from fieldtool.sync.report import reason_text
from fieldtool.texts import _, local_time
from fieldtool.titles import ACTIONS, DELIVERY_STATES, KINDS, field_title, kind_title, value_text

REFERENCES: dict[str, EntityName] = {
    "asset_id": "asset",
    "parent_id": "asset",
    "device_id": "device",
    "datastream_id": "datastream",
    "ticket_id": "ticket",
}
SAYS_ALL = {
    "asset.create": "create",
    "asset.edit": "update",
    "asset.delete": "delete",
    "asset.note": "create",
}
"""Kinds whose title says what was done to the record."""
SPOKEN: tuple[EntityName, ...] = ("ticket_event", "asset_note")
"""What these say is told as it was said."""
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class FieldChange:
    title: str
    before: str
    after: str

    def text(self) -> str:
        shown = self.after if self.before == NOTHING else f"{self.before} → {self.after}"
        return f"{self.title}: {shown}"


@dataclass(frozen=True, slots=True)
class TargetWord:
    state: DeliveryState
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One operation. `notes` are what was said, the reason and the operator; `restorable` is false where it
    deleted the record or left it as it was."""

    id: str
    at: str
    who: str
    what: str
    notes: tuple[str, ...]
    fields: tuple[FieldChange, ...]
    targets: tuple[TargetWord, ...]
    restorable: bool


@dataclass(frozen=True, slots=True)
class Retelling:
    """The newest of `total` operations, newest first."""

    entries: tuple[Told, ...]
    total: int


def newest(store: Store, entity_id: str, count: int) -> Retelling:
    groups = [list(group) for _id, group in groupby(store.history(entity_id), _operation)]
    return Retelling(tuple(told(store, entity_id, group) for group in reversed(groups[-count:])), len(groups))


def told(store: Store, entity_id: str, entries: Sequence[HistoryEntry]) -> Told:
    """All that one operation did to the record and to what belongs to it."""
    main = next((entry for entry in entries if entry.change.entity_id == entity_id), entries[0])
    operation, actor = main.operation, main.actor
    return Told(
        id=operation.id,
        at=local_time(operation.at),
        who=f"{actor.name} ({actor.sign})",
        what=_what(operation.kind, main.change),
        notes=(*_said(entries), *_notes(operation)),
        fields=tuple(
            field
            for entry in entries
            if entry.change.entity not in SPOKEN
            for field in field_changes(store, entry.change)
        ),
        targets=tuple(dict.fromkeys(_target(outcome) for entry in entries for outcome in entry.targets)),
        restorable=main.change.action != "delete" and main.change.entity_id == entity_id,
    )


def _operation(entry: HistoryEntry) -> str:
    return entry.operation.id


def _what(kind: str, change: Change) -> str:
    action = _(ACTIONS[change.action])
    if kind not in KINDS:
        return action
    if kind.startswith("ticket.") or SAYS_ALL.get(kind) == change.action:
        return kind_title(kind)
    return f"{kind_title(kind)} ({action})"


def _said(entries: Sequence[HistoryEntry]) -> Iterator[str]:
    for entry in entries:
        event = entry.change.after
        if entry.change.entity == "asset_note" and event is not None:
            yield str(event.get("text"))
        if entry.change.entity == "ticket_event" and event is not None and event.get("text"):
            yield f"{value_text('kind', event.get('kind'))}: {value_text('text', event.get('text'))}"


def _notes(operation: Operation) -> Iterator[str]:
    if operation.reason:
        yield _("Reason: {reason}").format(reason=operation.reason)
    if operation.operator:
        yield _("Operator: {operator}").format(operator=operation.operator)


def field_changes(store: Store, change: Change) -> Iterator[FieldChange]:
    before, after = change.before or {}, change.after or {}
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if name == "attributes" and change.entity == "asset":
            yield from _attributes(_class_of(store, change), _object(old), _object(new))
        else:
            texts = _value(store, name, old), _value(store, name, new)
            if texts[0] != texts[1]:
                yield FieldChange(field_title(name), *texts)


def _attributes(name: str, old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[FieldChange]:
    kind = known_class(name)
    for key in {**old, **new}:
        if old.get(key) != new.get(key):
            texts = attribute_text(kind, key, old.get(key)), attribute_text(kind, key, new.get(key))
            yield FieldChange(attribute_title(kind, key), *texts)


def _class_of(store: Store, change: Change) -> str:
    fields = change.after or change.before or {}
    if "asset_class" in fields:
        return str(fields["asset_class"])
    asset = store.find(Asset, change.entity_id)
    gone = None if asset is not None else store.deleted(change.entity_id)
    return asset.asset_class if asset is not None else str((gone or {}).get("asset_class"))


def _object(value: Json) -> Mapping[str, Json]:
    return cast("Mapping[str, Json]", value) if isinstance(value, dict) else {}


def _value(store: Store, name: str, value: Json) -> str:
    if name in REFERENCES and isinstance(value, str):
        return record_text(store, REFERENCES[name], value)
    if name == "asset_class" and isinstance(value, str):
        return class_title(value)
    return value_text(name, value)


def _target(outcome: TargetOutcome) -> TargetWord:
    at = f", {local_time(outcome.at)}" if outcome.at is not None else ""
    reason = f" ({reason_text(outcome.reason)})" if outcome.reason else ""
    return TargetWord(outcome.state, f"{outcome.target}: {_(DELIVERY_STATES[outcome.state])}{reason}{at}")
