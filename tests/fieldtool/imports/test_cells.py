from __future__ import annotations

from typing import Any

import pytest

from fieldtool.asset_classes import AssetAttribute, asset_class
from fieldtool.imports.cells import converted, number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("52,113735", 52.113735),
        ("6074829,98525275", 6074829.98525275),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("6.074.829", 6074829.0),
        ("5 702 745", 5702745.0),
        ("-3", -3.0),
        ("0047", 47.0),
        ("1e3", 1000.0),
        (7, 7.0),
    ],
)
def test_numbers_with_either_sign(text: Any, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    "text", ["", "siehe Plan", "60-80", "1,2,3.4.5x", "nan", "NaN", "inf", True, None, "12 m"]
)
def test_what_is_no_number(text: Any) -> None:
    assert number(text) is None


def attribute(kind: str, key: str) -> AssetAttribute:
    found = asset_class(kind).attribute(key)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("kind", "key", "cell", "value"),
    [
        ("tree", "trunk_diameter", "38 cm", 38.0),
        ("tree", "height", "14,5 m", 14.5),
        ("tree", "planting_year", "1998", 1998),
        ("tree", "planting_year", 1998.0, 1998),
        ("tree", "condition", "Geschwächt", "weakened"),
        ("tree", "species", "0815", "0815"),
        ("tree", "height", "k.A.", None),
        ("street_light", "in_service_since", "1.4.2019", "2019-04-01"),
        ("street_light", "in_service_since", "2019-04-01T00:00:00Z", "2019-04-01"),
    ],
)
def test_a_cell_becomes_what_its_attribute_wants(kind: str, key: str, cell: Any, value: Any) -> None:
    assert converted(attribute(kind, key), cell) == value


@pytest.mark.parametrize(
    ("kind", "key", "cell"),
    [
        ("tree", "planting_year", "um 1900"),
        ("tree", "planting_year", "1998,5"),
        ("tree", "height", "70 - 80 cm:"),
        ("tree", "condition", "prima"),
        ("street_light", "in_service_since", "bis April 2019"),
        ("street_light", "in_service_since", "31.2.2019"),
    ],
)
def test_what_an_attribute_does_not_take(kind: str, key: str, cell: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the value itself is the message
        converted(attribute(kind, key), cell)
