"""How good the records of a class are: what is missing, what cannot be, what nobody touched for long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from fieldtool.asset import Asset
from fieldtool.asset_classes import AssetClass, asset_class
from fieldtool.imports.records import KEPT_SUFFIX
from fieldtool.jsontypes import Json
from fieldtool.store import Store
from fieldtool.texts import _
from fieldtool.upkeep.doubts import Doubt

PLACE = "geometry"
NUMBER = "number"
RECORD = ""
"""The key of what is about the whole record."""
STEP = 500
Tell = Callable[[int], object]
"""Told how many assets were looked at, now and then; may raise to end it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldQuality:
    """`filled` of the class's `assets`; `required` says that the class wants it."""

    key: str
    title: str
    required: bool
    filled: int
    unfit: int
    implausible: int
    double: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassQuality:
    """`complete` have all that the class requires and nothing that is unfit; `untouched` were last changed,
    by whatever operation, before the day that was asked about."""

    class_id: str
    assets: int
    complete: int
    untouched: int | None
    fields: tuple[FieldQuality, ...]


@dataclass(frozen=True, slots=True)
class WorkItem:
    asset: Asset
    key: str
    doubt: Doubt


def silent(_done: int) -> None:
    return


def class_quality(
    store: Store, class_id: str, before: datetime | None = None, tell: Tell = silent
) -> ClassQuality:
    """One reading of the class's assets. Raises UnknownAssetClass."""
    kind = asset_class(class_id)
    found: Counter[tuple[str, Doubt]] = Counter()
    filled: Counter[str] = Counter()
    assets = complete = 0
    numbers = _doubles(store, kind)
    for asset in store.assets(asset_class=class_id):
        if assets % STEP == 0:
            tell(assets)
        assets += 1
        doubts = list(_doubts(kind, asset, numbers))
        found.update(doubts)
        filled.update(_filled(asset))
        complete += not any(doubt in ("unfit", "double") or _is_wanted(kind, key) for key, doubt in doubts)
    return ClassQuality(
        class_id=class_id,
        assets=assets,
        complete=complete,
        untouched=None if before is None else store.untouched_since(class_id, before),
        fields=tuple(
            FieldQuality(
                key=key,
                title=title,
                required=_is_wanted(kind, key),
                filled=filled[key],
                unfit=found[key, "unfit"],
                implausible=found[key, "implausible"],
                double=found[key, "double"],
            )
            for key, title in _fields(kind)
        ),
    )


def work_list(
    store: Store,
    class_id: str,
    key: str | None = None,
    doubt: Doubt | None = None,
    before: datetime | None = None,
    tell: Tell = silent,
) -> Iterator[WorkItem]:
    """What is to be looked at, in the order of the assets; what is merely empty only where it is asked for by
    its key, or where the class requires it. With `before` also what was last changed before that."""
    kind = asset_class(class_id)
    numbers = _doubles(store, kind)
    old = frozenset[str]() if before is None else frozenset(store.untouched(class_id, before))
    for number, asset in enumerate(store.assets(asset_class=class_id)):
        if number % STEP == 0:
            tell(number)
        if asset.id in old and key in (None, RECORD) and doubt in (None, "old"):
            yield WorkItem(asset, RECORD, "old")
        for found, what in _doubts(kind, asset, numbers):
            asked = found == key if key is not None else what != "missing" or _is_wanted(kind, found)
            if asked and doubt in (None, what):
                yield WorkItem(asset, found, what)


def _fields(kind: AssetClass) -> Iterator[tuple[str, str]]:
    yield NUMBER, _("Asset number")
    yield PLACE, _("Place")
    yield from ((attribute.key, attribute.title()) for attribute in kind.shown)


def _is_wanted(kind: AssetClass, key: str) -> bool:
    attribute = kind.attribute(key)
    if attribute is None:
        return (key == PLACE and kind.geometry_required) or (key == NUMBER and kind.number_unique)
    return attribute.required


def _filled(asset: Asset) -> Iterator[str]:
    yield from (key for key, value in asset.attributes.items() if not _is_empty(value))
    if asset.geometry is not None:
        yield PLACE
    if asset.number:
        yield NUMBER


def _doubts(kind: AssetClass, asset: Asset, doubles: frozenset[str]) -> Iterator[tuple[str, Doubt]]:
    if not asset.number:
        yield NUMBER, "missing"
    elif asset.number in doubles:
        yield NUMBER, "double"
    if asset.geometry is None:
        yield PLACE, "missing"
    for attribute in kind.shown:
        value = asset.attributes.get(attribute.key)
        if not _is_empty(value):
            if attribute.mismatch(value) is not None:
                yield attribute.key, "unfit"
            elif attribute.problem(value) is not None:
                yield attribute.key, "implausible"
        elif attribute.key + KEPT_SUFFIX in asset.attributes:
            yield attribute.key, "unfit"
        else:
            yield attribute.key, "missing"


def _doubles(store: Store, kind: AssetClass) -> frozenset[str]:
    return frozenset(store.double_numbers(kind.id)) if kind.number_unique else frozenset()


def _is_empty(value: Json) -> bool:
    return value is None or value == ""
