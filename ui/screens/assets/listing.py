"""What the list shows. No Qt: it runs in the thread of the database lane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from fieldtool.asset import Asset
from fieldtool.asset_classes import AssetClass, class_ids
from fieldtool.asset_columns import attribute_of, cells, column_title, columns, condition_text, sorted_by
from fieldtool.asset_facts import FIRST, attribute_text, class_title, known_class
from fieldtool.asset_query import CLASS, NAME, NUMBER, AssetQuery, Condition, Scalar, attribute_key
from fieldtool.naming import ENTITIES, counted
from fieldtool.profile import Profile
from fieldtool.store import Store
from fieldtool.store.asset_order import Position, Seqs
from fieldtool.texts import _, current_language, thousands
from ui.screens.assets.content import BESIDE
from ui.screens.assets.kept import Look, read_look
from ui.widgets.big_table import PAGE
from ui.widgets.table import Row

VALUES, DEVICES = "values", "devices"
"""Columns that nothing is sorted by: the first values, and what is mounted."""
PART = 50_000
FIRST_ATTRIBUTES = 4


@dataclass(frozen=True, slots=True)
class Question:
    """`asset_class` is empty for all; without a `look` as this person looked at that class last."""

    text: str = ""
    asset_class: str = ""
    conditions: tuple[Condition, ...] = ()
    look: Look | None = None

    def query(self, look: Look) -> AssetQuery:
        query = AssetQuery(
            asset_class=self.asset_class or None, text=self.text.strip() or None, conditions=self.conditions
        )
        return sorted_by(query, look.sort or None, descending=look.descending)


@dataclass(frozen=True, slots=True)
class ClassCount:
    id: str
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """`choices` by stored value, where the attribute has them."""

    column: str
    title: str
    sortable: bool
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The first rows at once; `seqs` are the keys of all, in order, as far as they are known: `rest` says
    where they go on."""

    question: Question
    look: Look
    query: AssetQuery
    shown: tuple[str, ...]
    titles: tuple[str, ...]
    chips: tuple[str, ...]
    rows: tuple[Row, ...]
    count: int
    seqs: Seqs
    rest: Position | None
    classes: tuple[ClassCount, ...]
    stored: int


@dataclass(frozen=True, slots=True)
class GroupLine:
    text: str
    count: int
    condition: Condition


def find(profile: Profile, question: Question) -> Found:
    store = profile.store
    look = question.look or read_look(profile.directory, profile.actor.id, question.asset_class)
    look, shown = _usable(question.asset_class, look)
    query = question.query(look)
    if query.narrowed:
        seqs, rest = store.asset_seqs(query), None
        count, first = len(seqs), [asset for _seq, asset in store.assets_at(seqs[:PAGE])]
    else:
        page = store.asset_page(query, limit=PAGE)
        seqs, rest, first = page.seqs, page.last, list(page.assets)
        count = store.count(Asset, question.asset_class)
    return Found(
        question=question,
        look=look,
        query=query,
        shown=shown,
        titles=tuple(_title(question.asset_class or None, one) for one in shown),
        chips=tuple(condition_text(query.asset_class, one) for one in question.conditions),
        rows=lines(store, first, shown),
        count=count,
        seqs=seqs,
        rest=rest,
        classes=_classes(store),
        stored=store.count(Asset),
    )


def _usable(asset_class: str, look: Look) -> tuple[Look, tuple[str, ...]]:
    """Without the columns that are not there any more. Nobody has chosen any: then no class is looked at."""
    if look == Look():
        return look, begun_with(asset_class)
    known = columns(asset_class or None)
    shown = tuple(one for one in look.columns if one in {*known, VALUES, DEVICES})
    if look.sort not in known:
        look = replace(look, sort="")
    return look, shown or begun_with(asset_class)


def _title(name: str | None, column: str) -> str:
    if column in (VALUES, DEVICES):
        return _("Attributes") if column == VALUES else _("Devices")
    return _("No.") if column == NUMBER else column_title(name, column)


def more_seqs(profile: Profile, query: AssetQuery, after: Position) -> tuple[Seqs, Position | None]:
    return profile.store.asset_seqs_part(query, after, PART)


def page(profile: Profile, seqs: Sequence[int], shown: Sequence[str]) -> tuple[Row, ...]:
    """A row for each key: one that is gone meanwhile says so, until the list is asked again."""
    store = profile.store
    found = dict(store.assets_at(seqs))
    there = [seq for seq in seqs if seq in found]
    rows = dict(zip(there, lines(store, [found[seq] for seq in there], shown), strict=True))
    gone = Row("", (_("deleted"), *("" for _column in shown[1:])))
    return tuple(rows.get(seq, gone) for seq in seqs)


def lines(store: Store, assets: Sequence[Asset], shown: Sequence[str]) -> tuple[Row, ...]:
    kinds = {name: known_class(name) for name in {asset.asset_class for asset in assets}}
    plain = [column for column in shown if column not in (VALUES, DEVICES)]
    made = []
    for asset in assets:
        values = dict(zip(plain, cells(asset, kinds[asset.asset_class], plain), strict=True))
        if VALUES in shown:
            values[VALUES] = _first_values(asset, kinds[asset.asset_class])
        if DEVICES in shown:
            values[DEVICES] = _mounted(store, asset)
        made.append(Row(asset.id, tuple(values[column] for column in shown)))
    return tuple(made)


def _first_values(asset: Asset, kind: AssetClass | None) -> str:
    """What tells it from others at a glance."""
    known = [] if kind is None else [attribute.key for attribute in kind.shown]
    keys = [*known, *(key for key in asset.attributes if kind is None or kind.attribute(key) is None)]
    texts = (attribute_text(kind, key, asset.attributes.get(key)) for key in keys)
    return " · ".join(islice((text for text in texts if text != "–"), FIRST)) or "–"


def _mounted(store: Store, asset: Asset) -> str:
    devices = sum(1 for _device in store.devices(asset_id=asset.id, limit=BESIDE))
    return counted(devices, ENTITIES["device"]) if devices else "–"


def begun_with(asset_class: str) -> tuple[str, ...]:
    if not asset_class:
        return (CLASS, NUMBER, NAME, VALUES, DEVICES)
    return (*columns(asset_class)[: 2 + FIRST_ATTRIBUTES], DEVICES)


def choices(asset_class: str) -> tuple[ColumnChoice, ...]:
    name = asset_class or None
    offered = [_choice(name, column) for column in columns(name)]
    return (*offered, *(ColumnChoice(one, _title(name, one), sortable=False) for one in (VALUES, DEVICES)))


def _choice(name: str | None, column: str) -> ColumnChoice:
    title = _title(name, column)
    if column == CLASS:
        return ColumnChoice(column, title, sortable=True)
    attribute = attribute_of(name, column)
    values: tuple[tuple[str, str], ...] = ()
    if attribute is not None and attribute.type == "boolean":
        values = (("ja", _("yes")), ("nein", _("no")))
    elif attribute is not None and name is not None:
        values = tuple((key, label[current_language()]) for key, label in (attribute.choices or {}).items())
    return ColumnChoice(column, title, sortable=True, choices=values)


def groups(profile: Profile, query: AssetQuery, column: str) -> tuple[GroupLine, ...]:
    """The largest first."""
    found = []
    for group in profile.store.asset_groups(query, column):
        value = _value(group.example, column)
        kind = known_class(group.example.asset_class)
        if value is None or value == "":
            found.append(GroupLine(_("without a value"), group.count, Condition(column, "empty")))
        else:
            text = cells(group.example, kind, [column])[0]
            found.append(GroupLine(text, group.count, Condition(column, "equals", (value,))))
    return tuple(found)


def _value(asset: Asset, column: str) -> Scalar:
    key = attribute_key(column)
    if key is None:
        return {CLASS: asset.asset_class, NUMBER: asset.number, NAME: asset.name}[column]
    value = asset.attributes.get(key)
    return value if value is None or isinstance(value, str | int | float) else str(value)


def ids_of(profile: Profile, seqs: Sequence[int]) -> tuple[str, ...]:
    """In their order; what is gone meanwhile is left out."""
    found: list[str] = []
    for start in range(0, len(seqs), 500):
        found += [asset.id for _seq, asset in profile.store.assets_at(seqs[start : start + 500])]
    return tuple(found)


def _classes(store: Store) -> tuple[ClassCount, ...]:
    counts = [(name, count) for name in class_ids() if (count := store.count(Asset, name))]
    return tuple(
        sorted((ClassCount(name, class_title(name), count) for name, count in counts), key=_by_title)
    )


def _by_title(one: ClassCount) -> str:
    return one.title


def count_text(found: Found) -> str:
    total = found.stored
    if found.question.asset_class:
        total = next((one.count for one in found.classes if one.id == found.question.asset_class), 0)
    return _("{shown} of {total}").format(shown=thousands(found.count), total=thousands(total))
