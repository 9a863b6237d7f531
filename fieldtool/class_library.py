"""The asset classes in use: those that are shipped, overlaid by those of the profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldtool.asset_classes import AssetClass, BrokenClass, asset_class, class_ids, class_of, wrong_parents
from fieldtool.texts import _


def shipped_classes() -> dict[str, AssetClass]:
    """Raises BrokenClass."""
    return {name: asset_class(name) for name in class_ids()}


def classes_of(
    shipped: Mapping[str, AssetClass], own: Mapping[str, Mapping[str, Any]]
) -> dict[str, AssetClass]:
    """By id, in their order. `own` are whole definitions (schema asset_class) by class id: one of them
    stands in place of the shipped class of its id. Raises BrokenClass."""
    found = dict(shipped)
    for name, definition in own.items():
        kind = class_of(definition, name)
        if kind.id != name:
            raise BrokenClass(name, "id", _("this is not the name of the class"))
        found[name] = kind
    for name in own:
        check_parents(found[name], found)
    return dict(sorted(found.items()))


def check_parents(kind: AssetClass, known: Mapping[str, AssetClass]) -> None:
    """Raises BrokenClass."""
    parents = {other.id: other.parents for other in known.values()} | {kind.id: kind.parents}
    wrong = wrong_parents(kind, parents)
    if wrong is not None:
        raise BrokenClass(kind.id, "parents", wrong)
