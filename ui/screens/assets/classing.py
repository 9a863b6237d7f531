"""What the pages of the classes show and do. No Qt: it runs in the threads of the lanes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fieldtool import class_changes
from fieldtool.asset import Asset
from fieldtool.asset_classes import AssetAttribute, AssetClass, asset_class, class_ids, class_of
from fieldtool.asset_facts import YEAR, attribute_title, class_title
from fieldtool.class_changes import ClassChange, definition_of
from fieldtool.naming import asset_text
from fieldtool.profile import Profile
from fieldtool.texts import N_, _, thousands
from fieldtool.titles import value_text
from fieldtool.units import printed
from fieldtool.upkeep import class_entry, classes
from fieldtool.upkeep.class_entry import TypedAttribute, TypedClass
from fieldtool.upkeep.classes import Migration

LISTED = 20
TYPES = {
    "text": N_("text"),
    "integer": N_("whole number"),
    "number": N_("decimal figure"),
    "boolean": N_("yes or no"),
    "date": N_("calendar day"),
    "choice": N_("one of a list"),
}
RELEASES = {
    "open": N_("open to everyone"),
    "internal": N_("internal"),
    "protected": N_("protected"),
}
SHAPES = {
    "point": N_("points"),
    "line": N_("lines"),
    "area": N_("areas"),
    "any": N_("points, lines and areas"),
}
Say = Callable[[str], object]
Wanted = Callable[[Profile], ClassChange]


@dataclass(frozen=True, slots=True)
class ClassLine:
    id: str
    title: str
    attributes: int
    assets: int
    own: bool


@dataclass(frozen=True, slots=True)
class ClassShown:
    kind: AssetClass
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a change would do, in words."""

    change: ClassChange
    facts: tuple[str, ...]
    remarks: tuple[tuple[str, str, str, str], ...]
    more: int


def every_class(profile: Profile) -> tuple[ClassLine, ...]:
    own = {one.id for one in profile.store.class_definitions()}
    lines = [
        ClassLine(
            name,
            class_title(name),
            len(asset_class(name).shown),
            profile.store.count(Asset, name),
            name in own,
        )
        for name in class_ids()
    ]
    return tuple(sorted(lines, key=lambda one: one.title.casefold()))


def one_class(profile: Profile, class_id: str) -> ClassShown:
    """Raises UnknownAssetClass, BrokenClass."""
    kind = asset_class(class_id)
    parents = ", ".join(class_title(name) for name in kind.parents) or "–"
    return ClassShown(
        kind,
        (
            (_("Key"), kind.id),
            (_("Asset count"), thousands(profile.store.count(Asset, class_id))),
            (_("Every number only once"), _("yes") if kind.number_unique else _("no")),
            (_("Can be part of"), parents),
            ("FIWARE", kind.fiware_type),
        ),
    )


def attribute_cells(attribute: AssetAttribute) -> tuple[str, ...]:
    kind = _(TYPES[attribute.type])
    if attribute.unit not in (None, YEAR):
        kind += f" ({printed(attribute.unit or '')})"
    elif attribute.choices is not None:
        kind += f" ({thousands(len(attribute.choices))})"
    state = _("retired") if attribute.retired else _("wanted") if attribute.required else "–"
    return attribute.title(), kind, _(RELEASES[attribute.release]), state


def with_attribute(class_id: str, typed: TypedAttribute) -> Wanted:
    """A new one, or one that is there already under its key."""

    def change(profile: Profile) -> ClassChange:
        before = classes.definition_in_use(profile.store, class_id)
        old = {one["key"]: one for one in before["attributes"]}
        entry = class_entry.attribute_entry(typed, tuple(old), old.get(typed.key))
        return class_changes.change_class(before, class_entry.with_entry(before, entry), _known())

    return change


def with_retired(class_id: str, key: str, *, retired: bool) -> Wanted:
    def change(profile: Profile) -> ClassChange:
        before = classes.definition_in_use(profile.store, class_id)
        return class_changes.retire_attribute(before, key, retired=retired)

    return change


def with_class(typed: TypedClass) -> Wanted:
    def change(_profile: Profile) -> ClassChange:
        known = _known()
        return class_changes.add_class(class_entry.class_definition(typed, tuple(known)), known)

    return change


def _known() -> dict[str, AssetClass]:
    return {name: asset_class(name) for name in class_ids()}


def preview(profile: Profile, wanted: Wanted, say: Say) -> Shown:
    """Raises ValuesInvalid, ChangeRefused, BrokenClass."""
    change = wanted(profile)
    told = _("{count} looked at …")
    found = classes.preview(profile.store, change, lambda done: say(told.format(count=thousands(done))))
    return Shown(
        change, tuple(_facts(change, found)), _remarks(profile, change, found), len(found.remarks) - LISTED
    )


def _facts(change: ClassChange, found: Migration) -> list[str]:
    if change.before is None:
        facts = [_("A new class comes into being.")]
    elif change.before == change.after:
        facts = [_("Nothing is different from now.")]
    else:
        facts = [_("{count} assets have this class.").format(count=thousands(found.rows))]
    if found.changed:
        told = _("{count} of them take other values; nothing is lost.")
        facts.append(told.format(count=thousands(found.changed)))
    elif found.rows:
        facts.append(_("Their values stay as they are."))
    if found.remarks:
        told = _("{count} values do not fit: they are kept and can be looked at.")
        facts.append(told.format(count=thousands(len(found.remarks))))
    return facts


def _remarks(
    profile: Profile, change: ClassChange, found: Migration
) -> tuple[tuple[str, str, str, str], ...]:
    kind = None
    if change.after is not None:
        kind = class_of(definition_of(change.after), change.class_id)
    rows = []
    for one in found.remarks[:LISTED]:
        asset = profile.store.get(Asset, one.asset_id)
        title = attribute_title(kind, one.remark.key)
        rows.append((asset_text(asset), title, value_text("", one.remark.value), one.remark.reason))
    return tuple(rows)


def apply(profile: Profile, shown: Shown, reason: str, say: Say) -> Migration:
    """Raises NotAllowed, StaleVersion."""
    told = _("{count} assets migrated …")
    return classes.apply(profile, shown.change, reason, lambda done: say(told.format(count=thousands(done))))
