"""Columns and conditions in words."""

from __future__ import annotations

import pytest

from fieldtool.asset_classes import asset_class
from fieldtool.asset_columns import (
    ColumnUnknown,
    ConditionUnfit,
    cells,
    column_title,
    columns,
    condition_from,
    condition_text,
    known_column,
    sorted_by,
)
from fieldtool.asset_query import AssetQuery, Condition
from tests.fieldtool.making import asset


def test_a_table_of_a_class_has_its_attributes_and_that_of_all_what_many_share() -> None:
    assert columns("tree")[:4] == ["number", "name", ".species", ".planting_year"]
    everything = columns(None)
    assert everything[:3] == ["class", "number", "name"]
    assert {".street", ".condition"} <= set(everything)
    assert ".species" not in everything
    assert column_title("tree", ".species") == "Baumart"
    assert column_title(None, ".street") == "Straße"
    assert column_title("tree", ".Nr. alt") == "Nr. alt"


def test_cells_say_what_a_person_reads() -> None:
    tree = asset("B 1", attributes={"height": 7.5, "condition": "dead", "Nr. alt": 3})
    shown = ["class", "number", "name", ".height", ".condition", ".Nr. alt", ".street"]
    assert cells(tree, asset_class("tree"), shown) == ("Baum", "B 1", "–", "7,5 m", "abgestorben", "3", "–")
    assert cells(asset(asset_class="ufo"), None, ["class"]) == ("ufo",)


@pytest.mark.parametrize(
    ("words", "condition", "text"),
    [
        ("street=Ruhrstraße", Condition(".street", "equals", ("Ruhrstraße",)), "Straße: Ruhrstraße"),
        ("Straße~ruhr", Condition(".street", "contains", ("ruhr",)), "Straße enthält „ruhr“"),
        ("height=5..9,5", Condition(".height", "between", (5, 9.5)), "Höhe 5 m bis 9,5 m"),
        ("height=..9", Condition(".height", "between", (None, 9)), "Höhe bis 9 m"),
        ("planting_year=1990..", Condition(".planting_year", "between", (1990, None)), "Pflanzjahr ab 1990"),
        ("condition=geschädigt", Condition(".condition", "equals", ("damaged",)), "Zustand: geschädigt"),
        ("condition=", Condition(".condition", "empty"), "Zustand fehlt"),
        ("number=B 1", Condition("number", "equals", ("B 1",)), "Nummer: B 1"),
        (".Nr. alt=3,5", Condition(".Nr. alt", "equals", (3.5,)), "Nr. alt: 3,5"),
    ],
)
def test_conditions_as_people_write_them(words: str, condition: Condition, text: str) -> None:
    assert condition_from("tree", words) == condition
    assert condition_text("tree", condition) == text


def test_what_is_no_condition() -> None:
    assert condition_from("tree", "street") is None
    with pytest.raises(ColumnUnknown) as unknown:
        condition_from("tree", "haight=5")
    assert "height" in unknown.value.known
    with pytest.raises(ConditionUnfit) as unfit:
        condition_from("tree", "height=hoch")
    assert (unfit.value.column, unfit.value.value) == ("Höhe", "hoch")
    with pytest.raises(ConditionUnfit):
        condition_from("tree", "street~")


def test_choices_are_sorted_as_their_class_lists_them() -> None:
    query = sorted_by(AssetQuery(asset_class="tree"), ".condition", descending=True)
    assert (query.sort, query.descending, query.ranks[0]) == (".condition", True, "good")
    titles = [asset_class(one).title() for one in sorted_by(AssetQuery(), "class").ranks]
    assert titles == sorted(titles)
    assert known_column(None, "class") == "class"
