"""The whole workflow against the simulated probe: bytes on a pty, in a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.errors import (
    DeviceBusy,
    DeviceLocked,
    JoinFailed,
    NoFix,
    NoReply,
    ParameterRefused,
    PortLost,
    UnreadableReply,
    WriteNotKept,
    WrongPassword,
)
from fieldtool.commissioning.errors import (
    AlreadyCommissioned,
    AssetAmbiguous,
    AssetNotFound,
    KeyNotInFile,
    LabelWithoutDevEui,
    NoAppKey,
    OtherDevice,
    ReadingImplausible,
    ReadingStuck,
    SettingOutOfRange,
    TooFarFromAsset,
    UnknownSetting,
)
from fieldtool.commissioning.record import STEPS
from fieldtool.device import Device
from fieldtool.errors import ExpectedError
from tests.fieldtool.commissioning.bench import (
    DEV_EUI,
    FACTORY_KEY,
    JOIN_EUI,
    KEYED_LABEL,
    LABEL,
    LABEL_KEY,
    LAT,
    LON,
    OTHER_EUI,
    Bench,
    bench,
    plant,
    receiver,
    wait_for,
)


def device_of(made: Bench) -> Device:
    with made.profile() as profile:
        (device,) = profile.store.devices(dev_eui=DEV_EUI, limit=2)
        return device


def key_of(made: Bench) -> str:
    with made.profile() as profile:
        return profile.vault.get(f"device/{DEV_EUI}/app_key").reveal()


def observation_count(made: Bench) -> int:
    with made.profile() as profile:
        return len(list(profile.store.observations(limit=1000)))


def test_a_sensor_from_its_label_to_the_finish(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        record = made.commission()
        assert made.done() == list(STEPS)
        assert record.state == "finished"
        device = device_of(made)
        assert device.state == "in_service"
        assert device.join_eui == JOIN_EUI
        assert device.settings["interval"] == "900"
        assert device.geometry == {"type": "Point", "coordinates": [LON, LAT]}
        assert device.asset_id is not None
        assert observation_count(made) == 12
        memory = made.memory()
        assert memory["app_key"] == key_of(made) != FACTORY_KEY
        assert memory["join_eui"] == JOIN_EUI
        report = (tmp_path / "profile" / "reports" / f"commissioning-{record.id}.html").read_text("utf-8")
        assert DEV_EUI in report
        assert "D-4711" in report
        assert key_of(made) not in report.lower()
        assert key_of(made) not in "".join(made.traced).lower().replace(" ", "")


def test_a_finished_commissioning_is_not_done_twice(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        first = made.commission()
        with made.profile() as profile:
            before = profile.store.operation_count()
        again = made.commission()
        assert again == first
        assert {event for _, event in made.heard} == {"held"}
        with made.profile() as profile:
            assert profile.store.operation_count() == before
        with pytest.raises(AlreadyCommissioned):
            made.commission(settings={"interval": 600})
        anew = made.commission(settings={"interval": 600}, again=True)
        assert anew.id != first.id
        assert device_of(made).settings["interval"] == "600"


def test_the_label_of_another_device_stops_before_anything_is_written(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        before = made.memory() if (tmp_path / "memory.json").exists() else None
        with pytest.raises(OtherDevice) as caught:
            made.commission(label=LABEL.replace(DEV_EUI.upper(), OTHER_EUI.upper()))
        assert (caught.value.label, caught.value.found) == (OTHER_EUI, DEV_EUI)
        assert (made.memory() if (tmp_path / "memory.json").exists() else None) == before


def test_a_label_without_dev_eui(tmp_path: Path) -> None:
    with bench(tmp_path) as made, pytest.raises((LabelWithoutDevEui, ExpectedError)) as caught:
        made.commission(label='{"serial": "LSE4711"}')
    assert made.heard == []
    assert caught.value is not None


def test_a_wrong_and_a_missing_password(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        with pytest.raises(WrongPassword):
            made.commission(password="000000")
        with pytest.raises((DeviceLocked, WrongPassword)):
            made.commission(password=None)
        assert made.commission().state == "finished"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"on": "AT+TDC=9", "do": "param_error"}, ParameterRefused),
        ({"on": "AT+TDC=9", "do": "busy"}, DeviceBusy),
        ({"on": "AT+TDC=9", "do": "silence"}, NoReply),
        ({"on": "AT+TDC=9", "do": "garbage"}, (UnreadableReply, NoReply)),
        ({"on": "AT+TDC=9", "do": "half_line"}, (UnreadableReply, NoReply)),
        ({"on": "AT+TDC=9", "do": "ignore_write"}, WriteNotKept),
        ({"on": "AT+TDC=9", "do": "pull", "plug_again_s": 0.5}, PortLost),
        ({"on": "AT+TDC=9", "do": "pull_after_bytes", "bytes": 2, "plug_again_s": 0.5}, PortLost),
        ({"on": "AT+APPKEY=", "nth": 2, "do": "pull", "plug_again_s": 0.5}, PortLost),
    ],
)
def test_a_fault_while_writing_is_named_and_the_repeat_finishes(
    tmp_path: Path, fault: dict[str, object], error: type[ExpectedError]
) -> None:
    with bench(tmp_path, fault) as made:
        with pytest.raises(error):
            made.commission()
        assert made.heard[-1] == ("write", "failed")
        wait_for(tmp_path / "probe")
        record = made.commission()
        assert record.state == "finished"
        assert made.done()[0] == "write"
        step = record.steps["write"]
        assert isinstance(step, dict)
        assert step["unchanged"]
        assert made.memory()["app_key"] == key_of(made)
        assert observation_count(made) == 12


def test_a_lost_answer_of_a_write_is_found_by_looking(tmp_path: Path) -> None:
    with bench(tmp_path, {"on": "AT+APPEUI=A8", "do": "no_answer"}) as made:
        with pytest.raises(NoReply):
            made.commission()
        record = made.commission()
        step = record.steps["write"]
        assert isinstance(step, dict)
        assert "join_eui" in step["unchanged"]


def test_a_plan_corrected_half_way_is_written_again(tmp_path: Path) -> None:
    with bench(tmp_path, join={"result": "failed", "seconds": 0.1}) as made:
        with pytest.raises(JoinFailed):
            made.commission(join={"seconds": 1})
        key = key_of(made)
        record = made.commission(settings={"interval": 960}, join={"skip": "kein Gateway in Reichweite"})
        assert record.state == "finished"
        assert "plan" in made.done()
        assert device_of(made).settings["interval"] == "960"
        assert key_of(made) == key == made.memory()["app_key"]
        step = record.steps["join"]
        assert isinstance(step, dict)
        assert step["state"] == "skipped"
        assert step["reason"] == "kein Gateway in Reichweite"


@pytest.mark.parametrize(
    "changes",
    [{"settings": {"interval": 1}}, {"settings": {"interval": 99999999}}, {"settings": {"colour": 1}}],
)
def test_a_plan_out_of_range_never_reaches_the_device(tmp_path: Path, changes: dict[str, object]) -> None:
    with bench(tmp_path) as made, pytest.raises((SettingOutOfRange, UnknownSetting)):
        made.commission(**changes)
    assert made.traced == []


def test_a_reading_out_of_range_needs_a_reason(tmp_path: Path) -> None:
    fault = {"on": "AT+GETSENSORVALUE", "every": 1, "do": "out_of_range"}
    with bench(tmp_path, fault) as made:
        with pytest.raises(ReadingImplausible):
            made.commission()
        assert observation_count(made) == 0
        record = made.commission(readings={"accept": "Sonde liegt noch im Eimer"})
        assert record.state == "finished"
        with made.profile() as profile:
            assert {o.quality for o in profile.store.observations(limit=100)} == {"implausible"}


def test_a_stuck_probe_is_noticed(tmp_path: Path) -> None:
    with (
        bench(tmp_path, {"on": "AT+GETSENSORVALUE", "do": "stuck_reading"}) as made,
        pytest.raises(ReadingStuck),
    ):
        made.commission(readings={"count": 5})


def test_the_key_from_the_label(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        made.commission(label=KEYED_LABEL, app_key={"source": "label"})
        assert key_of(made) == made.memory()["app_key"] == LABEL_KEY


def test_a_label_without_a_key(tmp_path: Path) -> None:
    with bench(tmp_path) as made, pytest.raises(NoAppKey):
        made.commission(app_key={"source": "label"})


def test_the_key_the_device_came_with(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        made.commission(app_key={"source": "device"})
        assert key_of(made) == FACTORY_KEY


def test_the_key_from_the_makers_file(tmp_path: Path) -> None:
    list_ = tmp_path / "keys.csv"
    spaced = " ".join(LABEL_KEY[i : i + 2] for i in range(0, 32, 2)).upper()
    list_.write_text(f"SN;DevEUI;AppEUI;AppKey\nx;{OTHER_EUI};{JOIN_EUI};{FACTORY_KEY}\n", encoding="utf-8")
    with bench(tmp_path) as made:
        with pytest.raises(KeyNotInFile):
            made.commission(app_key={"source": "file", "path": "keys.csv"})
        with list_.open("a", encoding="utf-8") as stream:
            stream.write(f"y;{DEV_EUI.upper()};{JOIN_EUI};{spaced}\n")
        made.commission(app_key={"source": "file", "path": "keys.csv"})
        assert key_of(made) == made.memory()["app_key"] == LABEL_KEY


def test_placed_by_gnss(tmp_path: Path) -> None:
    with bench(tmp_path) as made, receiver(tmp_path) as port:
        made.commission(position={"gnss_port": port, "fixes": 5, "seconds": 20})
        device = device_of(made)
        assert device.geometry is not None
        lon, lat = device.geometry["coordinates"]  # type: ignore[misc]
        assert lon == pytest.approx(LON, abs=2e-4)
        assert lat == pytest.approx(LAT, abs=1e-4)
        assert device.accuracy_m is not None


@pytest.mark.parametrize("state", ["no_fix", "null_island", "bad_checksums", "silence"])
def test_without_a_fix_the_position_can_be_given_by_hand(tmp_path: Path, state: str) -> None:
    with bench(tmp_path) as made, receiver(tmp_path, phases=[{"state": state}]) as port:
        with pytest.raises(NoFix):
            made.commission(position={"gnss_port": port, "fixes": 3, "seconds": 1.5})
        assert made.heard[-1] == ("place", "failed")
        assert made.commission().state == "finished"
        assert observation_count(made) == 12


def test_the_wrong_tree(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        with made.profile() as profile:
            plant(profile, "D-0001", LON + 0.01, LAT)
            plant(profile, "D-0002", LON, LAT)
            plant(profile, "D-0002", LON, LAT)
        with pytest.raises(AssetNotFound):
            made.commission(asset={"class": "tree", "number": "D-9999"})
        with pytest.raises(AssetAmbiguous):
            made.commission(asset={"class": "tree", "number": "D-0002"})
        with pytest.raises(TooFarFromAsset) as caught:
            made.commission(asset={"class": "tree", "number": "D-0001"})
        assert caught.value.distance_m == pytest.approx(694, abs=3)
        far = {"class": "tree", "number": "D-0001", "accept_distance": "Baum ist umgepflanzt"}
        assert made.commission(asset=far).state == "finished"


def test_every_outcome_is_an_operation_of_its_own(tmp_path: Path) -> None:
    with bench(tmp_path, {"on": "AT+TDC=9", "do": "busy"}) as made:
        with pytest.raises(DeviceBusy):
            made.commission()
        record = made.commission()
        with made.profile() as profile:
            kinds = [entry.operation.kind for entry in profile.store.history(record.id)]
        expected = [f"commissioning.{name}" for name in STEPS]
        expected.insert(expected.index("commissioning.write"), "commissioning.write")
        assert kinds == expected
