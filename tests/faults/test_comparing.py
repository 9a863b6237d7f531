"""The fault run's judgement must be able to fail: each test spoils one side of an undisturbed run."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.secret import Secret
from fieldtool.device import Device
from fieldtool.journal import operation
from fieldtool.profile import open_profile
from tests.faults.comparing import differences
from tests.faults.running import Tally, one_run_in
from tests.faults.world import World, world


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("faults") / "run") as made:
        tally = Tally()
        one_run_in(made, random.Random(1), 0, tally)
        assert tally.failures == []
        yield made


def test_an_undisturbed_run_has_no_difference(made: World) -> None:
    assert differences(made) == []


@pytest.mark.parametrize("kind", ["Device", "DeviceMeasurement", "Tree"])
def test_a_record_lost_or_doubled_there_is_noticed(made: World, kind: str) -> None:
    entity = made.platform.entities(kind)[0]
    path = f"/ngsi-ld/v1/entities/{entity['id']}"
    assert made.platform.ask("DELETE", path)[0] == 204
    assert differences(made) != []
    assert made.platform.ask("POST", "/ngsi-ld/v1/entities", entity)[0] == 201
    assert differences(made) == []
    twin = {**entity, "id": entity["id"][:-1] + ("0" if entity["id"][-1] != "0" else "1")}
    assert made.platform.ask("POST", "/ngsi-ld/v1/entities", twin)[0] == 201
    assert differences(made) != []
    assert made.platform.ask("DELETE", f"/ngsi-ld/v1/entities/{twin['id']}")[0] == 204
    assert differences(made) == []


def test_a_changed_value_there_is_noticed(made: World) -> None:
    entity = made.platform.entities("DeviceMeasurement")[0]
    path = f"/ngsi-ld/v1/entities/{entity['id']}/attrs"
    assert made.platform.ask("PATCH", path, {"numValue": {**entity["numValue"], "value": -99}})[0] == 204
    assert len(differences(made)) == 1
    assert made.platform.ask("PATCH", path, {"numValue": entity["numValue"]})[0] == 204


def test_an_operation_that_never_left_is_noticed(made: World) -> None:
    with open_profile(made.profile, write=True, passphrase=Secret(made.passphrase)) as profile:
        (device,) = profile.store.devices(limit=2)
        with operation(profile.store, profile.actor, "device.update") as recorder:
            recorder.update(device, name="umbenannt")
        assert profile.store.get(Device, device.id).name == "umbenannt"
    assert any("pending 1" in text for text in differences(made))


def test_another_key_in_the_probe_is_noticed(made: World) -> None:
    memory: Path = made.folder / "probe-memory.json"
    text = memory.read_text(encoding="utf-8")
    memory.write_text(text.replace('"interval_ms": "1800000"', '"interval_ms": "600000"'), encoding="utf-8")
    assert any("interval_ms" in found for found in differences(made))
    memory.write_text(text, encoding="utf-8")
