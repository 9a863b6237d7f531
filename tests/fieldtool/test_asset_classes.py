from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fieldtool.asset_classes import (
    FOLDER,
    BrokenClass,
    UnknownAssetClass,
    asset_class,
    broken_classes,
    class_ids,
    read_class,
)
from fieldtool.explain import explain

NEEDED = {
    "tree",
    "street_light",
    "bin",
    "parking_bay",
    "water_gauge",
    "room",
    "bridge",
    "gateway",
    "sensor_mast",
}


def test_every_class_the_cities_need_is_there_and_sound() -> None:
    assert set(class_ids()) >= NEEDED
    assert broken_classes() == []


@pytest.mark.parametrize("name", class_ids())
def test_a_class_speaks_both_languages_and_maps_each_attribute_once(name: str) -> None:
    kind = asset_class(name)
    assert set(kind.label) == {"de", "en"}
    mapped = [attribute.fiware for attribute in kind.attributes if attribute.fiware is not None]
    assert len(mapped) == len(set(mapped))
    if not kind.fiware_verified:
        certain = {attribute.fiware for attribute in kind.attributes if attribute.fiware_verified} - {None}
        assert certain <= {"areaServed"}, "an attribute of a type nobody publishes can't be established"


@pytest.mark.parametrize(
    ("name", "fiware"),
    [
        ("street_light", "Streetlight"),
        ("bin", "WasteContainer"),
        ("parking_bay", "ParkingSpot"),
        ("building", "Building"),
    ],
)
def test_the_types_of_smart_data_models_are_taken_where_there_are(name: str, fiware: str) -> None:
    """../shared/data/ngsi holds a published example of each."""
    assert (asset_class(name).fiware_type, asset_class(name).fiware_verified) == (fiware, True)


def test_an_unknown_class_names_the_known_ones() -> None:
    with pytest.raises(UnknownAssetClass) as caught:
        asset_class("lamp")
    assert "street_light" in explain(caught.value).advice


TREE: dict[str, tuple[str, str, str]] = {
    "a type nobody knows": ("type: text", "type: colour", "attributes.0.type"),
    "a missing label": ("label: {de: Baum, en: Tree}", "label: {de: Baum}", "label"),
    "another id": ("id: tree", "id: bush", "id"),
    "a name nobody knows": ("number_unique: false", "number_unique: false\ncolour: red", "$"),
    "a doubled key": ("key: planting_year", "key: species", "attributes.species"),
    "a range upside down": ("minimum: 1500", "minimum: 2500", "attributes.planting_year"),
    "choices of a text": ("type: choice", "type: text", "attributes.condition"),
    "a reserved key": ("key: species", "key: number", "attributes.0.key"),
    "an unverified yes as text": ("unverified: true}\nattr", "unverified: yes}\nattr", "fiware.unverified"),
    "no YAML": ("id: tree", "id: [tree", "Zeile 3"),
    "a doubled name": ("id: tree", "id: tree\nid: tree", "Zeile 3"),
}


@pytest.mark.parametrize("change", TREE)
def test_a_broken_class_names_file_place_and_reason(tmp_path: Path, change: str) -> None:
    before, after, key = TREE[change]
    text = (FOLDER / "tree.yaml").read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / "tree.yaml"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(BrokenClass) as caught:
        read_class(path)
    assert (caught.value.file, caught.value.key) == ("tree.yaml", key)
    assert caught.value.reason


@pytest.mark.parametrize(
    ("name", "attributes", "wrong"),
    [
        ("tree", {"species": "Eiche", "planting_year": 1998, "height": 12.5}, set()),
        ("tree", {"planting_year": "1998"}, {"planting_year"}),
        ("tree", {"planting_year": True}, {"planting_year"}),
        ("tree", {"planting_year": 998}, {"planting_year"}),
        ("tree", {"height": float("nan")}, {"height"}),
        ("tree", {"height": 600}, {"height"}),
        ("tree", {"condition": "prima"}, {"condition"}),
        ("tree", {"a key of a list": "stays"}, set()),
        ("street_light", {"in_service_since": "2019-02-30"}, {"in_service_since"}),
        ("street_light", {"in_service_since": "2019-02-28"}, set()),
        ("water_gauge", {}, {"water_body"}),
        ("water_gauge", {"water_body": ""}, {"water_body"}),
    ],
)
def test_values_are_checked_against_their_class(
    name: str, attributes: dict[str, Any], wrong: set[str]
) -> None:
    assert set(asset_class(name).problems(attributes)) == wrong
