"""Both directions of the mapping. Attribute names: smart-data-models/dataModel.Device, schema.json of Device
and DeviceMeasurement; unit codes: UN/CEFACT Recommendation 20."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtool.asset_classes import asset_class, class_ids
from fieldtool.connectors.connector import Record
from fieldtool.connectors.errors import Unmappable
from fieldtool.connectors.ngsi_ld.entities import content, decode, encode, mapped
from fieldtool.connectors.ngsi_ld.models import asset_model
from fieldtool.connectors.ngsi_ld.units import COMMON_CODES
from fieldtool.connectors.ngsi_ld.values import NOT_ATTRIBUTES, read_entity, read_value
from fieldtool.jsontypes import Json

EXAMPLES = Path(__file__).parents[4] / "shared" / "data" / "ngsi"
TREE = "018f0000-0000-7000-8000-000000000001"
DEVICE = "018f0000-0000-7000-8000-000000000002"
OBSERVATION = "018f0000-0000-7000-8000-000000000003"
PLACE: dict[str, Json] = {"type": "Point", "coordinates": [7.4653, 51.5136]}


def tree(**fields: Json) -> Record:
    return Record(
        entity="asset",
        entity_id=TREE,
        fields={"asset_class": "tree", **fields},
        context={"asset_class": "tree"},
    )


def device(**fields: Json) -> Record:
    return Record(
        entity="device",
        entity_id=DEVICE,
        fields={"profile": "dragino-lse01", **fields},
        context={"observed_properties": ["soil_moisture", "soil_temperature"]},
        references={TREE: f"urn:ngsi-ld:Tree:{TREE}"},
    )


def observation(**fields: Json) -> Record:
    return Record(
        entity="observation",
        entity_id=OBSERVATION,
        fields={"datastream_id": "x", "raw": "Shutdown", "quality": "plausible", **fields},
        context={"observed_property": "soil_temperature", "unit": "Cel", "device_id": DEVICE},
        references={DEVICE: f"urn:ngsi-ld:Device:{DEVICE}"},
    )


def test_an_observation_is_a_device_measurement() -> None:
    moment = "2026-11-23T06:30:00.123456Z"
    assert encode(mapped(observation(result=12.5, phenomenon_time=moment))) == {
        "id": f"urn:ngsi-ld:DeviceMeasurement:{OBSERVATION}",
        "type": "DeviceMeasurement",
        "numValue": {"type": "Property", "value": 12.5, "unitCode": "CEL", "observedAt": moment},
        "unit": {"type": "Property", "value": "CEL"},
        "dateObserved": {"type": "Property", "value": {"@type": "DateTime", "@value": moment}},
        "outlier": {"type": "Property", "value": False},
        "controlledProperty": {"type": "Property", "value": "soil_temperature"},
        "refDevice": {"type": "Relationship", "object": f"urn:ngsi-ld:Device:{DEVICE}"},
    }


def test_a_device_is_a_device() -> None:
    entity = encode(
        mapped(
            device(
                dev_eui="a84041f1e2d3c4b5",
                serial="S1",
                firmware="v1.1.4",
                state="in_service",
                asset_id=TREE,
                geometry=PLACE,
                accuracy_m=1.8,
                settings={"interval_s": 1200},
                commissioned_at="2026-11-23T06:30:00.000000Z",
                name=None,
            )
        )
    )
    assert entity == {
        "id": f"urn:ngsi-ld:Device:{DEVICE}",
        "type": "Device",
        "category": {"type": "Property", "value": ["sensor"]},
        "controlledProperty": {"type": "Property", "value": ["soil_moisture", "soil_temperature"]},
        "refDeviceModel": {"type": "Relationship", "object": "urn:ngsi-ld:DeviceModel:dragino-lse01"},
        "devEui": {"type": "Property", "value": "a84041f1e2d3c4b5"},
        "serialNumber": {"type": "Property", "value": "S1"},
        "firmwareVersion": {"type": "Property", "value": "v1.1.4"},
        "deviceState": {"type": "Property", "value": "in_service"},
        "controlledAsset": {"type": "Relationship", "object": f"urn:ngsi-ld:Tree:{TREE}"},
        "location": {"type": "GeoProperty", "value": PLACE},
        "locationAccuracy": {"type": "Property", "value": 1.8, "unitCode": "MTR"},
        "configuration": {"type": "Property", "value": {"interval_s": 1200}},
        "dateInstalled": {
            "type": "Property",
            "value": {"@type": "DateTime", "@value": "2026-11-23T06:30:00.000000Z"},
        },
    }


def test_an_asset_goes_by_the_names_of_its_class() -> None:
    entity = encode(
        mapped(
            tree(
                number="B-17",
                geometry=PLACE,
                attributes={"height": 12.5, "Pflegestufe ü": "2", "area": "Mitte"},
            )
        )
    )
    assert entity == {
        "id": f"urn:ngsi-ld:Tree:{TREE}",
        "type": "Tree",
        "assetClass": {"type": "Property", "value": "tree"},
        "alternateName": {"type": "Property", "value": "B-17"},
        "location": {"type": "GeoProperty", "value": PLACE},
        "height": {"type": "Property", "value": 12.5, "unitCode": "MTR"},
        "areaServed": {"type": "Property", "value": "Mitte"},
        "additionalAttributes": {"type": "Property", "value": {"Pflegestufe ü": "2"}},
    }


@pytest.mark.parametrize("name", class_ids())
def test_every_class_gives_each_field_a_name_of_its_own(name: str) -> None:
    model = asset_model(asset_class(name))
    names = [term.name for term in model.terms]
    assert len(set(names)) == len(names)
    assert all(part.isascii() and part.isidentifier() for part in names)
    assert not set(names) & set(NOT_ATTRIBUTES)


def test_every_unit_of_a_class_has_a_code() -> None:
    units = {a.unit for name in class_ids() for a in asset_class(name).attributes if a.unit is not None}
    assert units <= set(COMMON_CODES)


def test_what_the_target_cannot_be_told_is_named() -> None:
    with pytest.raises(Unmappable) as caught:
        encode(mapped(device(asset_id="018f0000-0000-7000-8000-00000000ffff")))
    assert (caught.value.reason, caught.value.detail) == ("reference_missing", "asset_id")
    with pytest.raises(Unmappable) as caught:
        mapped(Record(entity="asset", entity_id=TREE, context={"asset_class": "unicorn"}))
    assert caught.value.reason == "class_unknown"


values = st.one_of(st.text(max_size=8), st.integers(-(10**6), 10**6), st.floats(-1e6, 1e6), st.booleans())
moments = st.datetimes().map(lambda moment: moment.isoformat(timespec="microseconds") + "Z")
uuids = st.uuids().map(str)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "number": st.text(max_size=8),
            "name": st.text(max_size=8),
            "geometry": st.just(PLACE),
            "attributes": st.dictionaries(
                st.sampled_from(["species", "height", "Wert ü", "category"]), values
            ),
        },
    )
)
def test_an_asset_comes_back_as_it_went(fields: dict[str, Any]) -> None:
    one = mapped(tree(**fields))
    back = read_entity(json.loads(json.dumps(encode(one))))
    assert back is not None
    assert decode(one, back) == content(one)


@given(st.floats(-1e9, 1e9), moments, st.sampled_from(["plausible", "implausible"]))
def test_an_observation_comes_back_as_it_went(result: float, moment: str, quality: str) -> None:
    one = mapped(observation(result=result, phenomenon_time=moment, quality=quality))
    back = read_entity(json.loads(json.dumps(encode(one))))
    assert back is not None
    assert decode(one, back) == content(one)
    assert content(one)["phenomenon_time"] == moment


@pytest.mark.parametrize(
    ("wire", "value"),
    [
        ({"type": "Property", "value": 3.3}, 3.3),
        (3.3, 3.3),
        ({"value": 3.3, "unitCode": "CEL"}, 3.3),
        (
            {"type": "Property", "value": {"@type": "DateTime", "@value": "2014-09-11T11:00:00Z"}},
            "2014-09-11T11:00:00Z",
        ),
        ({"@type": "DateTime", "@value": "2014-09-11T11:00:00Z"}, "2014-09-11T11:00:00Z"),
        ({"type": "Relationship", "object": ["urn:a", "urn:b"]}, ["urn:a", "urn:b"]),
        ({"object": "urn:a"}, "urn:a"),
        ({"type": "GeoProperty", "value": PLACE}, PLACE),
        (PLACE, PLACE),
        (
            {"type": "PostalAddress", "addressLocality": "Schwerte"},
            {"type": "PostalAddress", "addressLocality": "Schwerte"},
        ),
        (
            [{"type": "Property", "value": 1, "datasetId": "urn:x"}, {"type": "Property", "value": 2}],
            2,
        ),
        ([{"type": "Property", "value": 1, "datasetId": "urn:x"}], 1),
        (["underground"], ["underground"]),
        ({"type": "LanguageProperty", "languageMap": {"de": "Baum"}}, {"de": "Baum"}),
        ({"type": "VocabProperty", "vocab": "x"}, "x"),
        ({"type": "Property", "value": "urn:ngsi-ld:null"}, None),
    ],
)
def test_every_form_of_an_attribute_is_read(wire: Any, value: Json) -> None:
    assert read_value(wire) == value


def test_an_entity_in_the_words_of_another_context_is_read_by_its_short_names() -> None:
    entity = read_entity(
        {
            "@id": "urn:ngsi-ld:Device:1",
            "@type": ["https://uri.fiware.org/ns/data-models#Device"],
            "https://uri.fiware.org/ns/data-models#serialNumber": {"type": "Property", "value": "S1"},
            "https://uri.etsi.org/ngsi-ld/default-context/devEui": "a84041f1e2d3c4b5",
        }
    )
    assert entity is not None
    assert (entity.type, entity.attributes) == (
        "Device",
        {"serialNumber": "S1", "devEui": "a84041f1e2d3c4b5"},
    )


def test_what_is_no_entity_is_not_taken_for_one() -> None:
    assert read_entity({"error": "x"}) is None
    assert read_entity(["urn:x"]) is None
    assert read_entity({"id": "urn:x", "type": 7}) is None


def examples() -> list[Path]:
    if not EXAMPLES.is_dir():
        pytest.skip("../shared/data is not there")
    return sorted(EXAMPLES.glob("*.jsonld"))


def test_all_published_examples_are_read() -> None:
    found = examples()
    assert len(found) == 21
    for path in found:
        document = json.loads(path.read_text(encoding="utf-8"))
        entity = read_entity(document)
        assert entity is not None, path.name
        assert entity.id == document["id"]
        assert set(entity.attributes) == set(document) - set(NOT_ATTRIBUTES), path.name
        assert not [
            name
            for name, value in entity.attributes.items()
            if isinstance(value, dict) and value.get("type") in ("Property", "GeoProperty", "Relationship")
        ], path.name


def test_the_published_device_is_read_with_its_values() -> None:
    examples()
    document = json.loads((EXAMPLES / "Device_normalized-ld.jsonld").read_text(encoding="utf-8"))
    entity = read_entity(document)
    assert entity is not None
    found = decode(mapped(Record(entity="device", entity_id="x")), entity)
    assert found == {
        "profile": "urn:ngsi-ld:DeviceModel:myDevice-wastecontainer-sensor-345".removeprefix(
            "urn:ngsi-ld:DeviceModel:"
        ),
        "serial": "9845A",
        "state": "ok",
        "asset_id": "urn:ngsi-ld::wastecontainer-Osuna-100",
    }
    document["serialNumber"]["value"] = "9845B"
    flipped = read_entity(document)
    assert flipped is not None
    assert decode(mapped(Record(entity="device", entity_id="x")), flipped)["serial"] == "9845B"
