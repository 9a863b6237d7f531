"""Any change of any class on any row: nothing is lost, and undone it is as it was."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fieldtool.asset_classes import AssetAttribute, BrokenClass, class_of
from fieldtool.class_changes import (
    ChangeRefused,
    ClassChange,
    add_attribute,
    change_choices,
    change_class,
    change_type,
    definition_of,
    rename_attribute,
    retire_attribute,
)
from fieldtool.class_migration import migrated, restored, touched_keys
from fieldtool.imports.cells import converted
from fieldtool.jsontypes import Json

KEYS = ("a", "b", "c", "d")
TYPES = ("text", "integer", "number", "boolean", "date", "choice")
SLOTS = tuple(key + suffix for key in KEYS for suffix in ("", "_source", "_source_2"))
WORDS = ("rot", "blau", "Rot", "12", "12,5", " 7 m", "ja", "-", "unbekannt", "", " ", "2024-02-29")

words = st.sampled_from(WORDS)
numbers = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False))
scalars = st.one_of(words, words, st.text(max_size=4), numbers, st.booleans(), st.none())
values = st.one_of(scalars, st.lists(words, max_size=2))
rows = st.fixed_dictionaries({}, optional=dict.fromkeys(SLOTS, values))
choices = st.dictionaries(
    st.sampled_from(["rot", "blau", "one"]),
    words.filter(bool).map(lambda word: {"de": word, "en": "x" + word}),
    min_size=1,
)


@st.composite
def entries(draw: st.DrawFn, key: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(TYPES))
    entry: dict[str, Any] = {
        "key": key,
        "type": kind,
        "label": {"de": key, "en": key},
        "release": "open",
    }
    if kind == "choice":
        entry["choices"] = draw(choices)
    return entry


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Any]:
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True))
    return {
        "id": "thing",
        "label": {"de": "Ding", "en": "Thing"},
        "number_unique": False,
        "geometry": {"kinds": ["Point"], "required": False},
        "fiware": {"type": "Thing", "unverified": True},
        "attributes": [draw(entries(key)) for key in keys],
    }


@st.composite
def changes(draw: st.DrawFn, definition: dict[str, Any]) -> ClassChange | None:
    """None where the change drawn is refused."""
    held = [entry["key"] for entry in definition["attributes"]]
    key = draw(st.sampled_from(held))
    try:
        match draw(st.sampled_from(["add", "rename", "type", "choices", "retire", "turn"])):
            case "add":
                return add_attribute(definition, draw(entries(draw(st.sampled_from(KEYS)))))
            case "rename":
                return rename_attribute(definition, key, draw(st.sampled_from(KEYS)))
            case "type":
                kind = draw(st.sampled_from(TYPES))
                return change_type(definition, key, kind, draw(choices) if kind == "choice" else None)
            case "choices":
                return change_choices(definition, key, draw(choices))
            case "retire":
                return retire_attribute(definition, key)
            case _:
                turned = dict(zip(held, held[1:] + held[:1], strict=True))
                moved = [{**entry, "key": turned[entry["key"]]} for entry in definition["attributes"]]
                return change_class(definition, {**definition, "attributes": moved}, {}, turned)
    except (BrokenClass, ChangeRefused):
        return None


@st.composite
def histories(draw: st.DrawFn) -> list[ClassChange]:
    definition = draw(definitions())
    found = []
    for _step in range(draw(st.integers(1, 4))):
        change = draw(changes(definition))
        if change is not None:
            found.append(change)
            definition = definition_of(change.after or "")
    return found


def said(row: dict[str, Json]) -> list[Json]:
    return [
        value
        for value in row.values()
        if value is not None and not (isinstance(value, str) and not value.strip())
    ]


def attributes_of(text: str | None) -> list[AssetAttribute]:
    return [] if text is None else list(class_of(definition_of(text), "thing").attributes)


def readings(value: Json, change: ClassChange) -> list[str]:
    """What the value may be afterwards: itself, or as one of the attributes reads it."""
    labels = [
        attribute.choices[value]["de"]
        for attribute in attributes_of(change.before)
        if attribute.choices is not None and isinstance(value, str) and value in attribute.choices
    ]
    found: list[Json] = [value]
    if isinstance(value, list):
        return [json.dumps(value)]
    for attribute in attributes_of(change.after):
        for told in (value, *labels):
            try:
                found.append(converted(attribute, told))
            except ValueError:
                continue
    return [json.dumps(one) for one in found]


@settings(deadline=None)
@given(histories(), rows)
def test_no_value_is_ever_dropped(history: list[ClassChange], row: dict[str, Json]) -> None:
    for change in history:
        after, remarks = migrated(row, change)
        left = [json.dumps(value) for value in said(after)]
        assert len(left) == len(said(row))
        for value in said(row):
            assert set(readings(value, change)) & set(left), (value, after)
        for remark in remarks:
            assert json.dumps(after[remark.key]) == json.dumps(remark.value)
            assert remark.reason
        if not touched_keys(change) & set(row):
            assert (after, remarks) == (row, ())
        row = after


@settings(deadline=None)
@given(histories(), rows)
def test_undone_a_row_is_exactly_as_it_was(history: list[ClassChange], row: dict[str, Json]) -> None:
    states = [row]
    for change in history:
        states.append(migrated(states[-1], change)[0])
    now = states.pop()
    for change in reversed(history):
        before = states.pop()
        now, remarks = restored(now, before, change)
        assert remarks == ()
        assert json.dumps(now, sort_keys=True) == json.dumps(before, sort_keys=True)


@settings(deadline=None)
@given(histories(), rows, rows)
def test_what_somebody_edited_since_outlives_the_undoing(
    history: list[ClassChange], row: dict[str, Json], edits: dict[str, Json]
) -> None:
    for change in history[:1]:
        now = migrated(row, change)[0] | edits
        after, _remarks = restored(now, row, change)
        back = change.inverse()
        for value in said(edits):
            left = {json.dumps(one) for one in said(after)}
            assert set(readings(value, back)) & left, (value, after)


@settings(deadline=None)
@given(histories())
def test_a_change_and_its_inverse_are_sound(history: list[ClassChange]) -> None:
    for change in history:
        assert change.inverse().inverse() == change
        assert attributes_of(change.inverse().after)
