from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from fieldtool.asset_classes import (
    CONDITION,
    FOLDER,
    BrokenClass,
    UnknownAssetClass,
    asset_class,
    broken_classes,
    class_ids,
    read_class,
    wrong_parents,
)
from fieldtool.explain import explain

NEEDED = {
    "access_point", "air_station", "bench", "bike_parking", "bin", "bridge", "building", "charging_point",
    "charging_station", "container_site", "control_cabinet", "defibrillator", "drain", "dynamic_sign",
    "emergency_call", "gateway", "green_area", "hydrant", "light_mast", "luminaire", "manhole", "meter",
    "mobility_hub", "monument", "natural_monument", "noise_station", "off_street_parking",
    "on_street_parking", "other", "parking_bay", "people_counter", "plaque", "play_equipment", "playground",
    "rain_gauge", "room", "sensor_mast", "soil_probe", "sports_facility", "station", "stop",
    "street_furniture", "street_light", "taxi_stand", "traffic_counter", "traffic_light", "traffic_sign",
    "tree", "valve", "water_gauge", "weather_station", "work_site",
}  # fmt: skip
"""facts/mission-systems.md, sections 1 and 2, and the lists of ../shared/data/assets."""

KEYS_OF_PROFILES = {
    "bin": "waste_kind capacity count serial_number collection_day street area remarks",
    "bridge": "construction_year length material load_limit condition_grade street remarks",
    "building": "use floors street remarks",
    "gateway": "operator altitude antenna_height backhaul host remarks",
    "other": "category street area remarks",
    "parking_bay": "use width length street remarks",
    "room": "building floor use area seats remarks",
    "sensor_mast": "height material power_supply street remarks",
    "street_light": "lantern_height circuit lamp power last_lamp_change in_service_since street remarks",
    "tree": "species planting_year height crown_diameter trunk_diameter trunk_girth street area condition "
    "remarks",
    "water_gauge": "water_body gauge_zero warning_level bank remarks",
}
"""Profiles hold values under these: they stay."""

AGELESS = {"room", "parking_bay", "on_street_parking", "natural_monument", "work_site"}
EXAMPLES = Path(__file__).resolve().parents[3] / "shared" / "data" / "ngsi"
FROM_THE_SCHEMA = {
    ("Building", "floorsAboveGround"),
    ("ParkingSpot", "width"),
    ("ParkingSpot", "length"),
    ("Streetlight", "dateServiceStarted"),
    ("WasteContainer", "storedWasteKind"),
    ("WasteContainer", "binCapacity"),
}
"""Verified in the schema of the model, not in its published example."""


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
        ("charging_station", "EVChargingStation"),
        ("container_site", "WasteContainerIsle"),
        ("control_cabinet", "StreetlightControlCabinet"),
        ("green_area", "Garden"),
        ("off_street_parking", "OffStreetParking"),
        ("on_street_parking", "OnStreetParking"),
    ],
)
def test_the_types_of_smart_data_models_are_taken_where_there_are(name: str, fiware: str) -> None:
    """../shared/data/ngsi holds a published example of each."""
    assert (asset_class(name).fiware_type, asset_class(name).fiware_verified) == (fiware, True)


@pytest.mark.parametrize("name", class_ids())
def test_a_verified_attribute_is_in_the_published_example(name: str) -> None:
    kind = asset_class(name)
    path = EXAMPLES / f"{kind.fiware_type}_normalized-ld.jsonld"
    if not EXAMPLES.is_dir():
        pytest.skip("../shared/data is not there")
    if not kind.fiware_verified or not path.exists():
        assert name == "room" or not kind.fiware_verified
        return
    published = set(json.loads(path.read_text(encoding="utf-8"))) | {"areaServed"}
    published |= {attribute for model, attribute in FROM_THE_SCHEMA if model == kind.fiware_type}
    sure = {attribute.fiware for attribute in kind.attributes if attribute.fiware_verified} - {None}
    assert sure <= published


@pytest.mark.parametrize("name", KEYS_OF_PROFILES)
def test_what_profiles_hold_is_still_there(name: str) -> None:
    keys = {attribute.key for attribute in asset_class(name).attributes}
    assert keys >= set(KEYS_OF_PROFILES[name].split())


@pytest.mark.parametrize("name", class_ids())
def test_every_class_can_be_coloured_by_condition_and_age(name: str) -> None:
    kind = asset_class(name)
    condition = kind.attribute(CONDITION)
    assert name == "work_site" or (condition is not None and condition.type == "choice")
    assert bool(kind.age_keys()) != (name in AGELESS)
    for key in kind.age_keys():
        attribute = kind.attribute(key)
        assert attribute is not None
        assert attribute.type == "date" or (attribute.type, attribute.unit) == ("integer", "a")


def test_the_same_condition_means_the_same_everywhere() -> None:
    """A tree has words of its own; good and damaged are everywhere."""
    found = [kind.attribute(CONDITION) for kind in map(asset_class, class_ids())]
    scales = {tuple(one.choices or ()) for one in found if one is not None}
    assert scales == {("good", "worn", "damaged", "unusable"), ("good", "weakened", "damaged", "dead")}


@pytest.mark.parametrize("name", class_ids())
def test_german_labels_have_their_umlauts(name: str) -> None:
    kind = asset_class(name)
    labels = [kind.label["de"], *(attribute.label["de"] for attribute in kind.attributes)]
    labels += [one["de"] for attribute in kind.attributes for one in (attribute.choices or {}).values()]
    spelt_out = re.compile(r"(?i)gebaeude|strasse|hoehe|laenge|flaeche|groesse|fuer|ueber|zaehl|pruef")
    assert [label for label in labels if spelt_out.search(label)] == []


@pytest.mark.parametrize(
    ("child", "parent"),
    [
        ("luminaire", "light_mast"),
        ("street_light", "light_mast"),
        ("charging_station", "light_mast"),
        ("charging_point", "charging_station"),
        ("parking_bay", "mobility_hub"),
        ("parking_bay", "off_street_parking"),
        ("bike_parking", "mobility_hub"),
        ("dynamic_sign", "mobility_hub"),
        ("room", "building"),
        ("meter", "room"),
        ("water_gauge", "bridge"),
        ("soil_probe", "tree"),
        ("plaque", "monument"),
        ("play_equipment", "playground"),
        ("bin", "container_site"),
    ],
)
def test_a_thing_may_be_part_of_another(child: str, parent: str) -> None:
    assert asset_class(child).may_be_part_of(parent)
    assert not asset_class(parent).may_be_part_of(child)


def test_no_class_is_part_of_itself() -> None:
    assert not any(asset_class(name).may_be_part_of(name) for name in class_ids())


def test_parents_that_do_not_exist_or_come_full_circle_are_told() -> None:
    room, building = asset_class("room"), asset_class("building")
    assert wrong_parents(room, {"building": (), "room": ("building",)}) is None
    assert wrong_parents(room, {"room": ("building",)}) is not None
    assert wrong_parents(room, {"building": ("room",), "room": ("building",)}) is not None
    assert wrong_parents(building, {"building": (), "room": ("building",)}) is None


def test_a_plaque_carries_no_device() -> None:
    assert [name for name in class_ids() if not asset_class(name).mounts_devices] == ["plaque"]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("gateway", "eui-00007076ff030232"),
        ("gateway", "00007076ff03842f"),
        ("gateway", None),
        ("charging_point", "DE*ABC*E1234*1"),
        ("tree", "anything"),
    ],
)
def test_a_usual_number_gives_no_remark(name: str, number: str | None) -> None:
    assert asset_class(name).number_remark(number) is None


@pytest.mark.parametrize(("name", "number"), [("gateway", "GW 7"), ("charging_point", "7")])
def test_an_unusual_number_is_told(name: str, number: str) -> None:
    assert "wie" in (asset_class(name).number_remark(number) or "").replace("etwa", "wie")


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
    "a parent that is no name": ("parents: [", "parents: [7, ", "parents.0"),
    "a pattern that is none": (
        "number_unique: false",
        "number_unique: false\nnumber_pattern: {pattern: '(', hint: {de: x, en: x}}",
        "number_pattern.pattern",
    ),
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
