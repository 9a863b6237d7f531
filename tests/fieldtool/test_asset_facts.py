from __future__ import annotations

import pytest

from fieldtool.asset_facts import attribute_facts, attribute_text, attribute_title, first_values, known_class
from fieldtool.jsontypes import Json
from tests.fieldtool.making import asset


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("height", 12.5, "12,5 m"),
        ("planting_year", 1998, "1998"),
        ("condition", "damaged", "geschädigt"),
        ("condition", "blau", "blau"),
        ("species", "Tilia", "Tilia"),
        ("height", "hoch", "hoch"),
        ("height", 99.5, "99,5 m"),
        ("farbe", True, "ja"),
        ("farbe", None, "–"),
        ("farbe", ["a", 1], '["a",1]'),
    ],
)
def test_a_value_is_shown_as_its_class_says(key: str, value: Json, shown: str) -> None:
    assert attribute_text(known_class("tree"), key, value) == shown


def test_what_the_list_said_keeps_the_name_of_its_attribute() -> None:
    assert attribute_title(known_class("tree"), "height_source") == "Höhe, wie in der Liste"
    assert attribute_title(known_class("tree"), "extra_cells") == "weitere Zellen der Liste"
    assert attribute_title(None, "height_source") == "height_source"


def test_problems_stand_with_their_value_and_the_rest_comes_last() -> None:
    tree = asset("4711", attributes={"farbe": "grün", "height": 99.5})
    facts = attribute_facts(tree)
    assert facts[-1].text() == "grün"
    assert [fact.text() for fact in facts if fact.problem] == ["99,5 m (über dem plausiblen Wert 60)"]


def test_at_a_glance_the_first_values_and_a_dash_for_none() -> None:
    tree = asset("1", attributes={"species": "Tilia", "height": 3, "area": "Hörde", "street": "Weg"})
    assert first_values(tree) == "Tilia · 3 m · Weg"
    assert first_values(asset("1", attributes={})) == "–"
