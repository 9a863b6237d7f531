"""The same change for many assets: shown first, then done in one operation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from fieldtool.asset import Asset
from fieldtool.asset_classes import AssetClass
from fieldtool.asset_facts import attribute_text, attribute_title, known_class
from fieldtool.journal import operation
from fieldtool.jsontypes import Json
from fieldtool.naming import asset_text
from fieldtool.policy import require
from fieldtool.profile import Profile
from fieldtool.store import Store
from fieldtool.store.errors import StaleVersion
from fieldtool.upkeep.changing import with_values
from fieldtool.upkeep.errors import AttributeUnknown, ValuesInvalid

EXAMPLES = 20
KIND = "asset.bulk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which assets: those of `ids`, else of the query. `where` are attributes and what they must be; None:
    nothing is known there."""

    asset_class: str
    ids: tuple[str, ...] = ()
    search: str | None = None
    bbox: tuple[float, float, float, float] | None = None
    where: Mapping[str, Json] | None = None


@dataclass(frozen=True, slots=True)
class Example:
    asset: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Preview:
    """`versions` by id are those that were looked at: what has moved on since is refused."""

    versions: Mapping[str, int]
    unchanged: int
    examples: tuple[Example, ...]


def preview(store: Store, selection: Selection, values: Mapping[str, Json]) -> Preview:
    """Raises AttributeUnknown, ValuesInvalid."""
    kind = _checked(selection.asset_class, values)
    versions: dict[str, int] = {}
    examples: list[Example] = []
    unchanged = 0
    for asset in selected(store, selection):
        if with_values(asset, values) == dict(asset.attributes):
            unchanged += 1
            continue
        versions[asset.id] = asset.version
        if len(examples) < EXAMPLES:
            examples.append(_example(kind, asset, values))
    return Preview(versions, unchanged, tuple(examples))


def apply(
    profile: Profile, seen: Preview, asset_class: str, values: Mapping[str, Json], reason: str | None = None
) -> int:
    """How many were changed. All or nothing. Raises StaleVersion where one has moved on since the preview,
    NotFound, NotAllowed, AttributeUnknown, ValuesInvalid."""
    require(profile.actor, "asset.bulk")
    _checked(asset_class, values)
    store = profile.store
    with operation(store, profile.actor, KIND, reason=reason or None) as recorder:
        for asset_id, version in seen.versions.items():
            asset = store.get(Asset, asset_id)
            if asset.version != version:
                raise StaleVersion("asset", asset_id, version, asset.version)
            recorder.update(asset, attributes=with_values(asset, values))
    return len(seen.versions)


def selected(store: Store, selection: Selection) -> Iterator[Asset]:
    if selection.ids:
        found: Iterable[Asset] = (store.get(Asset, asset_id) for asset_id in selection.ids)
    else:
        found = store.assets(asset_class=selection.asset_class, search=selection.search, bbox=selection.bbox)
    for asset in found:
        if asset.asset_class == selection.asset_class and _fits(asset, selection.where or {}):
            yield asset


def _fits(asset: Asset, where: Mapping[str, Json]) -> bool:
    return all(asset.attributes.get(key) == value for key, value in where.items())


def _checked(asset_class: str, values: Mapping[str, Json]) -> AssetClass:
    kind = known_class(asset_class)
    if kind is None:
        raise AttributeUnknown(next(iter(values), ""), "–")
    problems: list[str] = []
    for key, value in values.items():
        attribute = kind.attribute(key)
        if attribute is None:
            raise AttributeUnknown(key, ", ".join(one.key for one in kind.attributes))
        if (problem := attribute.mismatch(value)) is not None:
            problems.append(f"{attribute.title()}: {problem}")
    if problems:
        raise ValuesInvalid("; ".join(problems))
    return kind


def _example(kind: AssetClass, asset: Asset, values: Mapping[str, Json]) -> Example:
    return Example(
        asset_text(asset), _texts(kind, asset.attributes, tuple(values)), _texts(kind, values, tuple(values))
    )


def _texts(kind: AssetClass, values: Mapping[str, Json], keys: Sequence[str]) -> str:
    shown = (f"{attribute_title(kind, key)}: {attribute_text(kind, key, values.get(key))}" for key in keys)
    return "; ".join(islice(shown, EXAMPLES))
