from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtool.asset_classes import AssetAttribute, asset_class
from fieldtool.jsontypes import Json
from fieldtool.upkeep.entry import Entry, shown, typed


def attribute(key: str) -> AssetAttribute:
    found = asset_class("street_light").attribute(key)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("lantern_height", "7,5", 7.5),
        ("lantern_height", "7.5 m", 7.5),
        ("lantern_height", "", None),
        ("lamp", "LED", "led"),
        ("lamp", "led", "led"),
        ("in_service_since", "1.4.2019", "2019-04-01"),
        ("circuit", " 007 ", "007"),
    ],
)
def test_typed(key: str, text: str, value: Json) -> None:
    assert typed(attribute(key), text) == Entry(value)


@pytest.mark.parametrize(
    ("key", "text"),
    [("lantern_height", "hoch"), ("lamp", "Kerze"), ("in_service_since", "30.2.2019")],
)
def test_what_does_not_fit_stays_as_it_was_typed(key: str, text: str) -> None:
    entry = typed(attribute(key), text)
    assert (entry.value, entry.blocking) == (text, True)
    assert entry.problem


def test_the_implausible_is_a_doubt() -> None:
    entry = typed(attribute("lantern_height"), "400")
    assert (entry.value, entry.blocking) == (400, False)
    assert entry.problem


@given(st.floats(min_value=-1e12, max_value=1e12) | st.integers(-(10**15), 10**15))
def test_a_figure_comes_back_as_it_was(value: float) -> None:
    assert typed(attribute("lantern_height"), shown(attribute("lantern_height"), value)).value == value


@pytest.mark.parametrize(("key", "value"), [("in_service_since", "2019-04-01"), ("lamp", "led")])
def test_shown_and_typed_again(key: str, value: Json) -> None:
    assert typed(attribute(key), shown(attribute(key), value)).value == value
