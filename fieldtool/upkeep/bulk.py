"""The same change for many assets: shown first, then done in one operation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from fieldtool.asset import Asset
from fieldtool.asset_classes import AssetClass
from fieldtool.asset_facts import attribute_text, attribute_title, known_class
from fieldtool.ids import OperationId
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
STEP = 500
"""After so many assets it is said how far it is."""
KIND = "asset.bulk"

Tell = Callable[[int], object]
"""Told how many are done; may raise, and then nothing of it was done."""
Found = Callable[[Store], Iterable[Asset]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which assets of the class: those of `ids`, else what `found` finds, else those of the query. `where`
    are attributes and what they must be; None: nothing is known there."""

    asset_class: str
    ids: tuple[str, ...] = ()
    found: Found | None = None
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
    """`versions` by id are those that were looked at: what has moved on since is refused. Left alone are
    those that say so already (`unchanged`), that `where` does not fit (`unfitting`), that are of another
    class (`elsewhere`) or deleted (`gone`)."""

    versions: Mapping[str, int]
    unchanged: int
    examples: tuple[Example, ...]
    unfitting: int = 0
    elsewhere: int = 0
    gone: int = 0


@dataclass(frozen=True, slots=True)
class Applied:
    operation_id: OperationId
    changed: int


def silent(_done: int) -> None:
    return


def preview(store: Store, selection: Selection, values: Mapping[str, Json], tell: Tell = silent) -> Preview:
    """Raises AttributeUnknown, ValuesInvalid."""
    kind = _checked(selection.asset_class, values)
    where = selection.where or {}
    versions: dict[str, int] = {}
    examples: list[Example] = []
    unchanged = unfitting = elsewhere = gone = 0
    for number, asset in enumerate(_candidates(store, selection)):
        if number % STEP == 0:
            tell(number)
        if asset is None:
            gone += 1
        elif asset.asset_class != selection.asset_class:
            elsewhere += 1
        elif not _fits(asset, where):
            unfitting += 1
        elif with_values(asset, values) == dict(asset.attributes):
            unchanged += 1
        else:
            versions[asset.id] = asset.version
            if len(examples) < EXAMPLES:
                examples.append(_example(kind, asset, values))
    return Preview(versions, unchanged, tuple(examples), unfitting, elsewhere, gone)


def apply(
    profile: Profile,
    seen: Preview,
    asset_class: str,
    values: Mapping[str, Json],
    reason: str | None = None,
    tell: Tell = silent,
) -> Applied:
    """All or nothing. Raises StaleVersion where one has moved on since the preview, NotFound, NotAllowed,
    AttributeUnknown, ValuesInvalid."""
    require(profile.actor, "asset.bulk")
    _checked(asset_class, values)
    store = profile.store
    with operation(store, profile.actor, KIND, reason=reason or None) as recorder:
        for number, (asset_id, version) in enumerate(seen.versions.items()):
            if number % STEP == 0:
                tell(number)
            asset = store.get(Asset, asset_id)
            if asset.version != version:
                raise StaleVersion("asset", asset_id, version, asset.version)
            recorder.update(asset, attributes=with_values(asset, values))
    return Applied(recorder.operation_id, len(seen.versions))


def selected(store: Store, selection: Selection) -> Iterator[Asset]:
    for asset in _candidates(store, selection):
        if (
            asset is not None
            and asset.asset_class == selection.asset_class
            and _fits(asset, selection.where or {})
        ):
            yield asset


def _candidates(store: Store, selection: Selection) -> Iterator[Asset | None]:
    """None for one that is not there any more."""
    if selection.ids:
        yield from (store.find(Asset, asset_id) for asset_id in selection.ids)
    elif selection.found is not None:
        yield from selection.found(store)
    else:
        yield from store.assets(
            asset_class=selection.asset_class, search=selection.search, bbox=selection.bbox
        )


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
