"""The 21 published examples of shared/data/ngsi (FIWARE data models 2019, CC BY 4.0).

Nine of them say they are normalized NGSI-LD and are not; each is refused for its own reason.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fieldtool.training.process import ENTITIES, Running, stored

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "ngsi"
LD = "application/ld+json"

# A Relationship's object is one URI (4.5.3; an array came with V1.8.1 and few brokers take it).
# A typed DateTime is UTC with a trailing Z (4.6.3).
REFUSED = {
    "Building": "occupier.object: an array",
    "Device": "controlledAsset.object: an array",
    "Garden": "refRecord.object: an array",
    "KeyPerformanceIndicator": "dateNextCalculation.value: '2016-07-31Z' is no DateTime",
    "OnStreetParking": "refParkingGroup.object: an array",
    "Open311_ServiceRequest": "updated_datetime.value: '2010-04-14T06:37:38-08:00' is no DateTime",
    "StreetlightControlCabinet": "refStreetlightGroup.object: an array",
    "WasteContainer": "refDevice.object: an array",
    "WasteContainerIsle": "refWasteContainer.object: an array",
}
TAKEN = [
    *("AirQualityObserved", "Alert", "EVChargingStation", "NoiseLevelObserved", "OffStreetParking"),
    *("Open311_ServiceType", "ParkingSpot", "Streetlight", "StreetlightGroup", "TrafficFlowObserved"),
    *("WaterQualityObserved", "WeatherObserved"),
]


def example(name: str) -> bytes:
    path = FOLDER / f"{name}_normalized-ld.jsonld"
    if not path.is_file():
        pytest.skip(f"{FOLDER} is not there")
    return path.read_bytes()


def test_none_is_left_out() -> None:
    if not FOLDER.is_dir():
        pytest.skip(f"{FOLDER} is not there")
    names = {path.name.removesuffix("_normalized-ld.jsonld") for path in FOLDER.iterdir()}
    assert names == {*REFUSED, *TAKEN}
    assert (len(REFUSED), len(TAKEN)) == (9, 12)


@pytest.mark.parametrize("name", TAKEN)
def test_valid_ones(platform: Running, name: str) -> None:
    """They come back as they were, but for createdAt and modifiedAt, which are the broker's (5.2.2)."""
    raw = example(name)
    answer = platform.ask("POST", ENTITIES, raw, Content_Type=LD)
    assert (answer.status, answer.raw) == (201, b"")
    entity = json.loads(raw)
    expected = {key: value for key, value in entity.items() if key not in ("createdAt", "modifiedAt")}
    assert stored(platform, entity["id"], Accept=LD) == expected


@pytest.mark.parametrize("name", REFUSED)
def test_invalid_ones(platform: Running, name: str) -> None:
    raw = example(name)
    answer = platform.ask("POST", ENTITIES, raw, Content_Type=LD)
    assert (answer.status, answer.error) == (400, "BadRequestData")
    assert answer.json["detail"].startswith(REFUSED[name])
    assert platform.ask("GET", f"{ENTITIES}/{json.loads(raw)['id']}").status == 404


@pytest.mark.parametrize("name", [name for name in REFUSED if "array" in REFUSED[name]])
def test_an_array_as_instances_is_taken(platform: Running, name: str) -> None:
    """4.5.5: the same said right, each target an instance with a datasetId."""
    entity = json.loads(example(name))
    for key, attribute in entity.items():
        if isinstance(attribute, dict) and isinstance(attribute.get("object"), list):
            entity[key] = [
                {"type": "Relationship", "object": target, "datasetId": f"urn:x:{index}"}
                for index, target in enumerate(attribute["object"])
            ]
    answer = platform.ask("POST", ENTITIES, entity, Content_Type=LD)
    assert answer.status == 201, answer.raw
