"""The asset classes in use: those that are shipped, overlaid by those of the profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fieldtool import asset_classes
from fieldtool.asset_classes import (
    AssetClass,
    BrokenClass,
    class_of,
    shipped_class,
    shipped_ids,
    wrong_parents,
)
from fieldtool.class_definition import ClassDefinition
from fieldtool.texts import _


def shipped_classes() -> dict[str, AssetClass]:
    """Raises BrokenClass."""
    return {name: shipped_class(name) for name in shipped_ids()}


def use(definitions: Iterable[ClassDefinition]) -> tuple[BrokenClass, ...]:
    """From now on this process knows these classes of its profile. One that is broken is not known: its
    assets are kept and shown all the same."""
    own, broken = dict[str, AssetClass](), list[BrokenClass]()
    for one in definitions:
        try:
            own[one.id] = class_of(one.definition, one.id)
        except BrokenClass as error:
            broken.append(error)
    asset_classes.use(own)
    return tuple(broken)


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
