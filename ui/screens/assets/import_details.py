"""What a person looks at before a list is taken over: columns, rows with their differences, rules. No Qt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from fieldtool.asset_facts import attribute_text, attribute_title
from fieldtool.imports.choosing import was_edited
from fieldtool.imports.differences import differences, editor
from fieldtool.imports.mapping import EAST, KEEP, NAME, NORTH, NUMBER, POSITION
from fieldtool.imports.matching import Step
from fieldtool.imports.prepare import Prepared
from fieldtool.imports.rules import RULES, cleaned
from fieldtool.imports.several import Part
from fieldtool.profile import Profile
from fieldtool.texts import N_, _, thousands
from fieldtool.titles import value_text

SAMPLES = 3
SEARCHED = 200
SHOWN = 20
FIRST = 5
MOST_COLUMNS = 150
LEFT_OUT = ""
PLACES = {
    NUMBER: N_("Asset number"),
    NAME: N_("Name"),
    EAST: N_("Easting or longitude"),
    NORTH: N_("Northing or latitude"),
    POSITION: N_("Both coordinates in one cell"),
}
EDITED = "edited"
KINDS = {
    "imported": N_("New"),
    "updated": N_("Changed by the list"),
    EDITED: N_("Edited by hand since"),
    "unchanged": N_("Unchanged"),
    "merged": N_("Repeated in the list"),
    "ignored": N_("Left out"),
}
CHOOSABLE = ("imported", "updated", EDITED)


@dataclass(frozen=True, slots=True)
class Column:
    """`target` is empty where the column is left out."""

    name: str
    samples: str
    target: str


@dataclass(frozen=True, slots=True)
class Rule:
    key: str
    title: str
    did: tuple[str, ...]
    on: bool


@dataclass(frozen=True, slots=True)
class RowView:
    """`differences` and `note` are to be read; `part` counts from 0."""

    part: int
    row: int
    kind: str
    title: str
    differences: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class RowsPage:
    kind: str
    rows: tuple[RowView, ...]
    first: int
    total: int


def columns(prepared: Prepared) -> tuple[Column, ...]:
    """None of our own exports: their columns say themselves what they are."""
    if prepared.is_own:
        return ()
    return tuple(
        Column(name, _samples(prepared, name), prepared.mapping.target_of(name) or LEFT_OUT)
        for name in prepared.source.columns[:MOST_COLUMNS]
    )


def targets(prepared: Prepared) -> tuple[tuple[str, str], ...]:
    """Where a column may go: value and title."""
    return (
        (KEEP, _("keep as it is")),
        (LEFT_OUT, _("leave out")),
        *((key, _(title)) for key, title in PLACES.items()),
        *((attribute.key, attribute.title()) for attribute in prepared.kind.shown),
    )


def rules(prepared: Prepared) -> tuple[Rule, ...]:
    found = cleaned(prepared)
    return tuple(
        Rule(
            key,
            _(title),
            tuple(
                _("{column}: {count} cells, such as {before} → {after}").format(
                    column=one.column,
                    count=thousands(one.cells),
                    before=value_text("", one.before),
                    after=value_text("", one.after),
                )
                for one in found
                if one.rule == key
            ),
            key not in prepared.switched_off,
        )
        for key, title in RULES.items()
    )


def kind_of(step: Step) -> str:
    return EDITED if was_edited(step) else step.outcome


def kind_counts(parts: Sequence[Part]) -> tuple[tuple[str, int], ...]:
    counts = dict.fromkeys(KINDS, 0)
    for part in parts:
        for step in part.steps:
            kind = kind_of(step)
            if kind in counts:
                counts[kind] += 1
    return tuple((kind, count) for kind, count in counts.items() if count)


def rows_page(profile: Profile, parts: Sequence[Part], kind: str, first: int) -> RowsPage:
    """Some rows of one kind, from the place `first` on."""
    found = [
        (number, step) for number, part in enumerate(parts) for step in part.steps if kind_of(step) == kind
    ]
    rows = tuple(_row(profile, parts, number, step) for number, step in found[first : first + SHOWN])
    return RowsPage(kind, rows, first, len(found))


def _row(profile: Profile, parts: Sequence[Part], number: int, step: Step) -> RowView:
    record = step.record
    named = " · ".join(filter(None, (record.number, record.name))) or "–"
    title = _("row {row}").format(row=record.row) + f" · {named}"
    if len(parts) > 1:
        title = f"{parts[number].layer}: {title}"
    note = step.remark.reason if step.remark is not None else ""
    if was_edited(step) and step.asset is not None:
        who = editor(profile.store, step.asset.id)
        if who is not None:
            note = _("edited by {name} on {at}").format(name=who.name, at=who.at)
    told = tuple(f"{one.title}: {one.old} → {one.new}" for one in differences(step))
    if step.outcome == "imported":
        told = tuple(_said(parts[number].prepared, step))
    return RowView(number, record.row, kind_of(step), title, told, note)


def _said(prepared: Prepared, step: Step) -> Iterator[str]:
    """Of something new, the first of what is said of it."""
    attributes = islice(step.record.attributes.items(), FIRST)
    words = [
        f"{attribute_title(prepared.kind, key)}: {attribute_text(prepared.kind, key, value)}"
        for key, value in attributes
    ]
    if words:
        yield " · ".join(words)


def _samples(prepared: Prepared, column: str) -> str:
    return " · ".join(_different(prepared, column)) or "–"


def _different(prepared: Prepared, column: str) -> Iterator[str]:
    seen: set[str] = set()
    for row in prepared.source.rows[:SEARCHED]:
        value = row.values.get(column)
        if value is None or len(seen) == SAMPLES:
            continue
        text = value_text("", value)[:40]
        if text not in seen:
            seen.add(text)
            yield text
