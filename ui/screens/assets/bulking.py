"""What the page for many assets at once asks and does. No Qt: it runs in the threads of the lanes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from fieldtool.asset import Asset
from fieldtool.asset_classes import AssetClass, class_ids
from fieldtool.asset_facts import class_title
from fieldtool.jsontypes import Json
from fieldtool.profile import Profile
from fieldtool.texts import N_, _, thousands
from fieldtool.upkeep import bulk, undoing
from fieldtool.upkeep.bulk import Applied, Preview, Selection
from fieldtool.upkeep.undoing import Undone

Manner = Literal["set", "fill", "replace", "clear"]
MANNERS: dict[Manner, str] = {
    "set": N_("set it everywhere"),
    "fill": N_("set it only where nothing is known"),
    "replace": N_("replace one value by another"),
    "clear": N_("take the value away"),
}
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class ClassOption:
    id: str
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class Change:
    """One attribute: to `value`, where `before` holds, if that matters."""

    key: str
    manner: Manner
    value: Json = None
    before: Json = None

    def values(self) -> dict[str, Json]:
        return {self.key: None if self.manner == "clear" else self.value}

    def where(self) -> Mapping[str, Json] | None:
        match self.manner:
            case "fill":
                return {self.key: None}
            case "replace":
                return {self.key: self.before}
        return None


@dataclass(frozen=True, slots=True)
class Shown:
    """What would happen, in words."""

    asset_class: str
    change: Change
    seen: Preview
    counts: tuple[str, ...]
    examples: tuple[tuple[str, str, str], ...]
    more: int

    @property
    def count(self) -> int:
        return len(self.seen.versions)


def options(profile: Profile, selection: Selection | None) -> tuple[ClassOption, ...]:
    """The classes that have assets, of a selection those that are in it."""
    store = profile.store
    if selection is not None and selection.ids:
        found = (store.find(Asset, one) for one in selection.ids)
        counts = Counter(asset.asset_class for asset in found if asset is not None)
    else:
        counts = Counter({name: store.count(Asset, name) for name in class_ids()})
    known = [ClassOption(name, class_title(name), counts[name]) for name in class_ids() if counts[name]]
    return tuple(sorted(known, key=lambda one: one.title.casefold()))


def doubt(kind: AssetClass, change: Change) -> str:
    """What the person should know before; empty where nothing."""
    attribute = kind.attribute(change.key)
    if attribute is None:
        return ""
    if change.manner == "clear":
        wanted = _("The class wants a value here: these assets will count as incomplete.")
        return wanted if attribute.required else ""
    problem = attribute.problem(change.value)
    return "" if problem is None else f"{attribute.title()}: {problem}"


def preview(profile: Profile, selection: Selection, change: Change, say: Say) -> Shown:
    """Raises AttributeUnknown, ValuesInvalid."""
    wanted = replace(selection, where=change.where())
    told = _("{count} looked at …")
    seen = bulk.preview(
        profile.store, wanted, change.values(), lambda done: say(told.format(count=thousands(done)))
    )
    examples = tuple((one.asset, one.before, one.after) for one in seen.examples)
    counts = tuple(_counts(seen))
    return Shown(selection.asset_class, change, seen, counts, examples, len(seen.versions) - len(examples))


def _counts(seen: Preview) -> list[str]:
    counted = (
        (len(seen.versions), _("{count} will be changed")),
        (seen.unchanged, _("{count} say so already")),
        (seen.unfitting, _("{count} stay: they say something else")),
        (seen.elsewhere, _("{count} stay: they are of another class")),
        (seen.gone, _("{count} are not there any more")),
    )
    return [words.format(count=thousands(count)) for count, words in counted if count]


def apply(profile: Profile, shown: Shown, reason: str, say: Say) -> Applied:
    """Raises StaleVersion, NotFound, NotAllowed."""
    total = thousands(shown.count)
    told = _("{count} of {total} changed …")
    return bulk.apply(
        profile,
        shown.seen,
        shown.asset_class,
        shown.change.values(),
        reason,
        lambda done: say(told.format(count=thousands(done), total=total)),
    )


def take_back(profile: Profile, applied: Applied) -> Undone:
    return undoing.undo(profile, applied.operation_id)
