"""What a newer list would change in a known thing, field by field, and who changed it by hand since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fieldtool.asset_facts import attribute_text, attribute_title, known_class
from fieldtool.imports.choosing import was_edited
from fieldtool.imports.matching import Step, difference
from fieldtool.store import Store
from fieldtool.texts import local_time
from fieldtool.titles import field_title, value_text

IMPORTED = "asset.import"


@dataclass(frozen=True, slots=True)
class Difference:
    """`key` is the field or the attribute, `old` and `new` as a person reads them."""

    key: str
    title: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Editor:
    """Who changed it last, since a list did; `at` in the person's time."""

    name: str
    at: str


def differences(step: Step) -> tuple[Difference, ...]:
    if step.asset is None:
        return ()
    changes = difference(step.record, step.asset) if was_edited(step) else step.changes
    return tuple(_differences(step, changes))


def editor(store: Store, asset_id: str) -> Editor | None:
    """None where the last to change it was a list."""
    if store.last_kind(asset_id) in (None, IMPORTED):
        return None
    *_before, last = store.history(asset_id)
    return Editor(last.actor.name, local_time(last.operation.at))


def _differences(step: Step, changes: Mapping[str, Any]) -> Iterator[Difference]:
    asset = step.asset
    if asset is None:
        return
    kind = known_class(asset.asset_class)
    for name, new in changes.items():
        old = getattr(asset, name)
        if name == "attributes":
            for key in {**old, **new}:
                if old.get(key) != new.get(key):
                    yield Difference(
                        key,
                        attribute_title(kind, key),
                        attribute_text(kind, key, old.get(key)),
                        attribute_text(kind, key, new.get(key)),
                    )
        else:
            yield Difference(name, field_title(name), value_text(name, old), value_text(name, new))
