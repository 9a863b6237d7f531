from __future__ import annotations

import json
from typing import Any

import pytest

from fieldtool.asset_classes import BrokenClass, class_of, shipped_definition
from fieldtool.class_changes import (
    ChangeRefused,
    add_attribute,
    add_class,
    change_choices,
    change_class,
    change_of,
    change_type,
    definition_of,
    rename_attribute,
    retire_attribute,
)
from fieldtool.class_library import classes_of, shipped_classes
from fieldtool.class_migration import migrated, restored, touched_keys
from fieldtool.explain import explain
from fieldtool.jsontypes import Json

TREE = shipped_definition("tree")
ROT = {"key": "rot", "type": "boolean", "label": {"de": "Fäule", "en": "Rot"}, "release": "internal"}
GRADES = {
    "good": {"de": "gut", "en": "good"},
    "felled": {"de": "gefällt", "en": "felled"},
}
HIVE: dict[str, Any] = {
    "id": "hive",
    "label": {"de": "Bienenstock", "en": "Hive"},
    "number_unique": True,
    "geometry": {"kinds": ["Point"], "required": False},
    "fiware": {"type": "Hive", "unverified": True},
    "parents": ["green_area"],
    "attributes": [
        {"key": "boxes", "type": "integer", "label": {"de": "Zargen", "en": "Boxes"}, "release": "open"}
    ],
}


def after(change: Any) -> dict[str, Any]:
    assert change.after is not None
    return definition_of(change.after)


def values(attributes: dict[str, Json], change: Any) -> dict[str, Json]:
    found, remarks = migrated(attributes, change)
    assert remarks == ()
    assert restored(found, attributes, change) == (attributes, ())
    return found


def test_a_class_of_the_profile_stands_beside_the_shipped_ones() -> None:
    known = shipped_classes()
    change = add_class(HIVE, known)
    assert (change.class_id, change.before) == ("hive", None)
    library = classes_of(known, {"hive": after(change)})
    assert list(library) == sorted({*known, "hive"})
    assert library["hive"].may_be_part_of("green_area")
    assert library["tree"] is known["tree"]


def test_a_changed_definition_stands_in_place_of_the_shipped_one() -> None:
    change = add_attribute(TREE, ROT)
    library = classes_of(shipped_classes(), {"tree": after(change)})
    assert library["tree"].attribute("rot") is not None
    assert library["tree"].attribute("species") is not None


@pytest.mark.parametrize(
    ("parents", "key"),
    [(["greenhouse"], "parents"), (["hive"], "parents"), (["green_area", "hive"], "parents")],
)
def test_a_class_is_part_of_classes_that_exist_and_never_of_itself(parents: list[str], key: str) -> None:
    with pytest.raises(BrokenClass) as caught:
        add_class({**HIVE, "parents": parents}, shipped_classes())
    assert (caught.value.file, caught.value.key) == ("hive", key)


def test_classes_that_would_be_part_of_each_other_are_no_library() -> None:
    known = shipped_classes()
    area = shipped_definition("green_area")
    with pytest.raises(BrokenClass) as caught:
        change_class(area, {**area, "parents": ["tree"]}, known)
    assert caught.value.key == "parents"
    with pytest.raises(BrokenClass):
        classes_of(known, {"green_area": {**area, "parents": ["tree"]}})


def test_a_definition_under_another_id_is_refused() -> None:
    with pytest.raises(BrokenClass) as caught:
        classes_of(shipped_classes(), {"wasp": HIVE})
    assert (caught.value.file, caught.value.key) == ("wasp", "id")


def test_a_new_attribute_takes_what_a_list_has_left_under_its_key() -> None:
    change = add_attribute(TREE, ROT)
    assert values({"rot": "ja", "species": "Eiche"}, change) == {"rot": True, "species": "Eiche"}
    found, remarks = migrated({"rot": "am Stamm"}, change)
    assert found == {"rot_source": "am Stamm"}
    assert [(one.key, one.value) for one in remarks] == [("rot_source", "am Stamm")]


def test_values_move_with_the_name_of_their_attribute() -> None:
    change = rename_attribute(TREE, "height", "tree_height")
    assert class_of(after(change), "tree").attribute("tree_height") is not None
    assert values({"height": 12.5}, change) == {"tree_height": 12.5}
    assert values({"height_source": "ca. 12"}, change) == {"tree_height_source": "ca. 12"}


def test_what_stands_where_a_value_moves_to_is_kept() -> None:
    change = rename_attribute(TREE, "height", "tree_height")
    row: dict[str, Json] = {"height": 12.5, "tree_height": "hoch", "tree_height_source": 7}
    found, remarks = migrated(row, change)
    assert found == {"tree_height": 12.5, "tree_height_source_2": "hoch", "tree_height_source": 7}
    assert [one.value for one in remarks] == ["hoch"]
    both: dict[str, Json] = {"height_source": "ca. 12", "tree_height_source": "hoch"}
    assert migrated(both, change)[0] == {"tree_height_source": "ca. 12", "tree_height_source_2": "hoch"}


def test_two_attributes_may_exchange_their_names() -> None:
    exchanged = {"height": "crown_diameter", "crown_diameter": "height"}
    attributes = [{**entry, "key": exchanged.get(entry["key"], entry["key"])} for entry in TREE["attributes"]]
    change = change_class(TREE, {**TREE, "attributes": attributes}, shipped_classes(), exchanged)
    assert values({"height": 12.5, "crown_diameter": 8}, change) == {"height": 8, "crown_diameter": 12.5}


def test_values_take_the_new_type_where_they_can() -> None:
    to_number = change_type(TREE, "species", "number")
    assert values({"species": "12,5"}, to_number) == {"species": 12.5}
    assert values({"species": " "}, to_number) == {}
    for told in ("Eiche", "unbekannt", "-"):
        found, remarks = migrated({"species": told}, to_number)
        assert found == {"species_source": told}
        assert len(remarks) == 1
    to_whole = change_type(TREE, "height", "integer")
    assert values({"height": 12.0}, to_whole) == {"height": 12}
    assert migrated({"height": 12.5}, to_whole)[0] == {"height_source": 12.5}
    to_text = change_type(TREE, "height", "text")
    assert values({"height": 12.5}, to_text) == {"height": "12.5"}
    assert values({"height_source": "ca. 12"}, to_text) == {"height": "ca. 12"}


def test_a_choice_becomes_the_words_people_know() -> None:
    change = change_type(TREE, "condition", "text")
    assert values({"condition": "weakened"}, change) == {"condition": "geschwächt"}
    assert values({"condition": "prima"}, change) == {"condition": "prima"}
    back = change_type(after(change), "condition", "choice", TREE["attributes"][8]["choices"])
    assert values({"condition": "geschwächt"}, back) == {"condition": "weakened"}


def test_a_choice_that_is_taken_away_keeps_its_values_and_a_new_one_fetches_what_was_set_aside() -> None:
    change = change_choices(TREE, "condition", GRADES)
    found, remarks = migrated({"condition": "dead"}, change)
    assert found == {"condition": "dead"}
    assert [(one.key, one.value) for one in remarks] == [("condition", "dead")]
    assert values({"condition_source": "Gefällt"}, change) == {"condition": "felled"}


def test_a_retired_attribute_is_hidden_and_its_values_stay() -> None:
    change = retire_attribute(TREE, "height")
    kind = class_of(after(change), "tree")
    assert "height" not in [attribute.key for attribute in kind.shown]
    assert values({"height": 600}, change) == {"height": 600}
    assert kind.problems({"height": 600}) == {}
    assert definition_of(retire_attribute(after(change), "height", retired=False).after or "") == TREE


def test_what_was_edited_since_is_carried_back_and_the_rest_is_as_it_was() -> None:
    change = rename_attribute(TREE, "height", "tree_height")
    before: dict[str, Json] = {"height": 12.5, "species": "Eiche"}
    now: dict[str, Json] = {"tree_height": 13, "species": "Buche", "remarks": "neu"}
    assert restored(now, before, change) == ({"height": 13, "species": "Buche", "remarks": "neu"}, ())


def test_rows_without_the_keys_of_a_change_need_not_be_looked_at() -> None:
    assert touched_keys(rename_attribute(TREE, "height", "tall")) == {
        "height", "height_source", "tall", "tall_source",
    }  # fmt: skip
    assert touched_keys(retire_attribute(TREE, "height")) == frozenset()


def test_the_order_people_see_survives_the_journal() -> None:
    change = change_choices(TREE, "condition", GRADES)
    stored = json.loads(json.dumps(change.fields()))
    assert change_of(stored) == change
    assert list(definition_of(change.after or "")) == list(TREE)


def entry(**other: Any) -> dict[str, Any]:
    return {**ROT, **other}


REFUSED: dict[str, tuple[Any, str]] = {
    "an attribute of another": (lambda: rename_attribute(TREE, "boxes", "crates"), "boxes"),
    "a class that is there": (lambda: add_class({**HIVE, "id": "tree"}, shipped_classes()), "id"),
    "another id": (lambda: change_class(TREE, {**TREE, "id": "bush"}, shipped_classes()), "id"),
    "an attribute taken away": (
        lambda: change_class(TREE, {**TREE, "attributes": TREE["attributes"][1:]}, shipped_classes()),
        "species",
    ),
    "another unit": (
        lambda: change_class(
            TREE,
            {**TREE, "attributes": [{**one, "unit": "km"} for one in TREE["attributes"]]},
            shipped_classes(),
        ),
        "planting_year",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_lose_something_is_refused(name: str) -> None:
    act, key = REFUSED[name]
    with pytest.raises(ChangeRefused) as caught:
        act()
    assert caught.value.key == key
    assert explain(caught.value).advice


BROKEN: dict[str, tuple[Any, str]] = {
    "a key twice": (lambda: add_attribute(TREE, entry(key="height")), "attributes.height"),
    "a name that is taken": (lambda: rename_attribute(TREE, "species", "height"), "attributes.height"),
    "a key of the list": (lambda: add_attribute(TREE, entry(key="number")), "attributes.10.key"),
    "a key for what is kept": (lambda: add_attribute(TREE, entry(key="rot_source")), "attributes.10.key"),
    "a choice without choices": (lambda: change_type(TREE, "species", "choice"), "attributes.species"),
    "no label": (lambda: add_attribute(TREE, {"key": "rot", "type": "text"}), "attributes.10"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_class_is_refused(name: str) -> None:
    act, key = BROKEN[name]
    with pytest.raises(BrokenClass) as caught:
        act()
    assert caught.value.key == key
