from __future__ import annotations

from typing import Any

import pytest

from fieldtool.asset_classes import asset_class, class_ids, class_of, shipped_definition
from fieldtool.class_changes import add_class
from fieldtool.class_library import shipped_classes
from fieldtool.upkeep.class_entry import (
    TypedAttribute,
    TypedChoice,
    TypedClass,
    attribute_entry,
    class_definition,
    key_of,
    typed_attribute,
    with_entry,
)
from fieldtool.upkeep.errors import ValuesInvalid


@pytest.mark.parametrize(
    ("words", "taken", "key"),
    [
        ("Fäule am Stamm", (), "faeule_am_stamm"),
        ("Größe (m²)", (), "groesse_m2"),
        ("2. Prüfung", (), "value_2_pruefung"),
        ("Nom café", (), "nom_cafe"),
        ("Number", (), "number_value"),
        ("Data source", (), "data_source_value"),
        ("???", (), "value"),
        ("Rot", ("rot", "rot_2"), "rot_3"),
    ],
)
def test_a_key_is_made_of_what_people_call_it(words: str, taken: tuple[str, ...], key: str) -> None:
    assert key_of(words, taken) == key


@pytest.mark.parametrize("class_id", sorted(class_ids()))
def test_a_form_gives_back_what_it_was_shown(class_id: str) -> None:
    """Every attribute of every shipped class."""
    definition = shipped_definition(class_id)
    for entry, attribute in zip(definition["attributes"], asset_class(class_id).attributes, strict=True):
        assert attribute_entry(typed_attribute(attribute), (), entry) == entry


def test_a_new_attribute_of_each_kind() -> None:
    tree = shipped_definition("tree")
    for wanted in (
        TypedAttribute(
            de="Schiefstand", type="number", unit="deg", minimum="0", maximum="45,5", default="1,5"
        ),
        TypedAttribute(de="Stämme", type="integer", unit="", default="1", required=True),
        TypedAttribute(de="Fäule", type="boolean", default="nein"),
        TypedAttribute(de="Gefällt am", type="date", release="protected"),
        TypedAttribute(de="Pate", type="text", words="pate, baumpate, pate"),
        TypedAttribute(
            de="Krone",
            type="choice",
            choices=(TypedChoice("", "voll"), TypedChoice("", "licht", "sparse"), TypedChoice("", "  ")),
            default="licht",
            fiware="crownState",
        ),
    ):
        tree = with_entry(tree, attribute_entry(wanted, [one["key"] for one in tree["attributes"]]))
    kind = class_of(tree, "tree")
    lean, stems, rot, felled, patron, crown = kind.attributes[-6:]
    assert (lean.key, lean.minimum, lean.maximum, lean.default) == ("schiefstand", 0, 45.5, 1.5)
    assert (stems.required, stems.default) == (True, 1)
    assert rot.default is False
    assert felled.release == "protected"
    assert patron.words == ("pate", "baumpate")
    assert dict(crown.choices or {}) == {
        "voll": {"de": "voll", "en": "voll"},
        "sparse": {"de": "licht", "en": "sparse"},
    }
    assert (crown.default, crown.fiware, crown.fiware_verified) == ("sparse", "crownState", False)


@pytest.mark.parametrize(
    "wanted",
    [
        TypedAttribute(de="  ", type="text"),
        TypedAttribute(de="Höhe", type="number", minimum="hoch"),
        TypedAttribute(de="Höhe", type="number", default="hoch"),
        TypedAttribute(de="Höhe", type="number", maximum="10", default="11"),
        TypedAttribute(de="Zustand", type="choice"),
        TypedAttribute(de="Zustand", type="choice", choices=(TypedChoice("", "gut"), TypedChoice("", "Gut"))),
        TypedAttribute(de="Zustand", type="choice", choices=(TypedChoice("", "gut"),), default="schlecht"),
        TypedAttribute(de="Zustand", type="text", fiware="no such name"),
    ],
)
def test_what_cannot_be_an_attribute(wanted: TypedAttribute) -> None:
    with pytest.raises(ValuesInvalid):
        attribute_entry(wanted)


def test_a_value_that_is_called_otherwise_keeps_its_key() -> None:
    choices = (TypedChoice("good", "sehr gut", "very good"), TypedChoice("", "neu", "new"))
    entry = attribute_entry(TypedAttribute(key="condition", de="Zustand", type="choice", choices=choices))
    assert list(entry["choices"]) == ["good", "new"]


def test_a_new_class_can_be_used_at_once() -> None:
    known = shipped_classes()
    made: dict[str, Any] = class_definition(
        TypedClass(de="Öffentlicher Brunnen", shape="area", parents=("green_area",)), tuple(known)
    )
    change = add_class(made, known)
    kind = class_of(made, change.class_id)
    assert (kind.id, kind.title()) == ("oeffentlicher_brunnen", "Öffentlicher Brunnen")
    assert kind.geometry_kinds == ("Polygon", "MultiPolygon")
    assert kind.attribute("condition") is not None
    assert class_definition(TypedClass(de="Baum", en="tree"), tuple(known))["id"] == "tree_2"
