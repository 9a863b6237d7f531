"""Making, changing and deleting an asset, each as one operation.

All raise NotAllowed before anything is written, StaleVersion where the asset has moved on since it was read,
and OperatorsMixed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from fieldtool.asset import Asset
from fieldtool.asset_classes import AssetClass
from fieldtool.asset_facts import attribute_title, class_title, known_class
from fieldtool.journal import operation
from fieldtool.jsontypes import Json
from fieldtool.naming import ENTITIES, asset_text, counted
from fieldtool.policy import require
from fieldtool.profile import Profile
from fieldtool.store import Store
from fieldtool.upkeep.errors import (
    AssetInUse,
    GeometryUnfit,
    NumberTaken,
    ParentOfOtherKind,
    ParentUnfit,
    ValuesInvalid,
)


def create(
    profile: Profile, asset: Asset, *, operator: str | None = None, reason: str | None = None
) -> Asset:
    """Values that are missing take the defaults of the class. Raises ValuesInvalid, NumberTaken,
    GeometryUnfit, ParentUnfit."""
    require(profile.actor, "asset.create")
    kind = known_class(asset.asset_class)
    if kind is not None:
        asset = dataclasses.replace(asset, attributes={**_defaults(kind), **asset.attributes})
    check(profile.store, asset, None)
    with operation(
        profile.store, profile.actor, "asset.create", reason=reason or None, operator=operator
    ) as recorder:
        return recorder.create(asset)


def change(profile: Profile, asset: Asset, changes: Mapping[str, Any], reason: str | None = None) -> Asset:
    """`changes` are fields of an asset; attributes as a whole. Raises as `create` does."""
    require(profile.actor, "asset.edit")
    wanted = dataclasses.replace(asset, **changes)
    check(profile.store, wanted, asset)
    with operation(profile.store, profile.actor, "asset.edit", reason=reason or None) as recorder:
        return recorder.update(asset, **changes)


def delete(profile: Profile, asset: Asset, reason: str | None = None) -> None:
    """Raises AssetInUse."""
    require(profile.actor, "asset.delete")
    users = _users(profile.store, asset)
    if users:
        raise AssetInUse(asset_text(asset), users)
    with operation(profile.store, profile.actor, "asset.delete", reason=reason or None) as recorder:
        recorder.delete(asset)


def with_values(asset: Asset, values: Mapping[str, Json]) -> dict[str, Json]:
    """The attributes with some of them set; None takes one away."""
    attributes = {**asset.attributes, **values}
    return {key: value for key, value in attributes.items() if value is not None or key not in values}


def check(store: Store, asset: Asset, before: Asset | None) -> None:
    """Only what the change touches: what a list brought along wrongly is no reason to refuse something else.
    Raises ValuesInvalid, NumberTaken, GeometryUnfit, ParentUnfit."""
    kind = known_class(asset.asset_class)
    if kind is None:
        return
    _check_values(kind, asset, before)
    if asset.geometry is not None and (before is None or asset.geometry != before.geometry):
        shape = str(asset.geometry["type"])
        if shape not in kind.geometry_kinds:
            raise GeometryUnfit(shape, kind.title())
    if kind.number_unique and asset.number and (before is None or asset.number != before.number):
        others = store.asset_by_number(asset.asset_class, asset.number)
        for other in others:
            if other.id != asset.id:
                raise NumberTaken(asset.number, asset_text(other))
    if asset.parent_id is not None and (before is None or asset.parent_id != before.parent_id):
        _check_parent(store, asset, kind)


def _check_values(kind: AssetClass, asset: Asset, before: Asset | None) -> None:
    known = {} if before is None else before.attributes
    problems = [
        f"{attribute_title(kind, attribute.key)}: {problem}"
        for attribute in kind.attributes
        if (value := asset.attributes.get(attribute.key)) != known.get(attribute.key)
        and (problem := attribute.mismatch(value)) is not None
    ]
    if problems:
        raise ValuesInvalid("; ".join(problems))


def _check_parent(store: Store, asset: Asset, kind: AssetClass) -> None:
    """Nor is a thing part of itself, however many steps up."""
    parent = store.get(Asset, asset.parent_id or "")
    if not kind.may_be_part_of(parent.asset_class) and known_class(parent.asset_class) is not None:
        fitting = ", ".join(class_title(name) for name in kind.parents) or "–"
        raise ParentOfOtherKind(kind.title(), asset_text(parent), fitting)
    above, seen = asset.parent_id, {asset.id}
    while above is not None:
        if above in seen:
            raise ParentUnfit(asset_text(parent))
        seen.add(above)
        above = store.get(Asset, above).parent_id


def _users(store: Store, asset: Asset) -> str:
    counts = (
        (sum(1 for _one in store.devices(asset_id=asset.id)), ENTITIES["device"]),
        (sum(1 for _one in store.tickets(asset_id=asset.id)), ENTITIES["ticket"]),
        (sum(1 for _one in store.parts(asset.id)), ENTITIES["asset"]),
    )
    return ", ".join(counted(count, entity) for count, entity in counts if count)


def _defaults(kind: AssetClass) -> dict[str, Json]:
    return {one.key: one.default for one in kind.attributes if one.default is not None}
