from __future__ import annotations

import re
from pathlib import Path

import pytest

from drivers.family import load_family
from fieldtool.catalogue import (
    FOLDER,
    BrokenProfile,
    UnknownDeviceType,
    device_profile,
    device_types,
    read_profile,
)
from fieldtool.explain import explain


def test_every_device_type_loads_and_its_family_too() -> None:
    assert {"dragino-lse01", "dragino-ldds75"} <= set(device_types())
    for name in device_types():
        profile = device_profile(name)
        assert profile.id == name
        assert load_family(profile.family).configure is not None
        for entry in profile.settings:
            assert set(entry.label) == {"de", "en"}
            assert entry.setting.read or entry.setting.write


def test_the_soil_probe() -> None:
    profile = device_profile("dragino-lse01")
    assert (profile.maker, profile.model, profile.family) == ("Dragino", "LSE01", "dragino")
    assert profile.lorawan is not None
    assert (profile.lorawan.region, profile.lorawan.device_class) == ("EU868", "A")
    assert profile.setting("dev_eui").setting.write is None
    assert profile.setting("app_key").setting.secret
    interval = profile.setting("interval")
    assert (interval.setting.factor, interval.unit, interval.default) == (1000, "s", "1200")
    moisture = profile.quantity("soil_moisture")
    assert (moisture.quantity.unit, moisture.unece, moisture.plausible) == ("%", "P1", (0, 100))
    assert [entry.quantity.name for entry in profile.quantities] == [
        "soil_moisture",
        "soil_temperature",
        "soil_conductivity",
        "battery",
    ]
    assert profile.unverified
    with pytest.raises(KeyError):
        profile.quantity("distance")
    with pytest.raises(KeyError):
        profile.setting("nonsense")


def test_an_unknown_device_type_names_the_known_ones() -> None:
    with pytest.raises(UnknownDeviceType) as caught:
        device_profile("dragino-lse02")
    assert "dragino-lse01" in caught.value.known
    assert "dragino-lse01" in explain(caught.value).advice
    with pytest.raises(UnknownDeviceType):
        device_profile("../templates/street-tree")


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = (FOLDER / "dragino-lse01.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "dragino-lse01.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("family: dragino\n", "", "family"),
        ("family: dragino", "familie: dragino", "familie"),
        ("id: dragino-lse01", "id: dragino-lse02", "id"),
        ("password: required", "password: 123456", "password"),
        ("kind: integer", "kind: number", r"settings\.3\.kind"),
        ("AT+APPEUI={value}", "AT+APPEUI=", r"settings\.1\.write"),
        ("    octets: 8\n", "", r"settings\.0\.octets"),
        ("name: join_eui", "name: dev_eui", r"settings\.1\.name"),
        ("default: 1200", "default: 5", r"settings\.4\.default"),
        ("default: 1200", "default: 9999999", r"settings\.4\.default"),
        ("plausible: [0, 100]", "plausible: [100, 0]", r"quantities\.0\.plausible"),
        ("plausible: [0, 100]", "plausible: [0]", r"quantities\.0\.plausible"),
        (r"pattern: '(?i)(?:^|[,;])(?=[^:=,;]*(?:moist", "pattern: '(", r"quantities\.0\.pattern"),
        (r"(\d+)\s*mV$", r"\d+\s*mV$", r"quantities\.3\.other_forms\.0\.pattern"),
        ("name: soil_temperature", "name: soil_moisture", r"quantities\.1\.name"),
        ("stuck_after: 3", "stuck_after: [", r"(Zeile|line) \d+"),
        ("region: EU868", "region: NO", r"lorawan\.region"),  # YAML 1.1 would make it false
    ],
)
def test_a_broken_profile_names_file_and_place(tmp_path: Path, old: str, new: str, key: str) -> None:
    path = changed(tmp_path, old, new)
    with pytest.raises(BrokenProfile) as caught:
        read_profile(path)
    assert caught.value.file == str(path)
    assert re.fullmatch(key, caught.value.key), caught.value.key
    assert caught.value.reason
    assert str(path) in explain(caught.value).message


def test_files_that_are_no_profile(tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    for data in (b"", b"just text", b"\xff\xfe\x00", b"- 1\n- 2\n", b"a: 1\na: 2\n"):
        path.write_bytes(data)
        with pytest.raises(BrokenProfile):
            read_profile(path)
    with pytest.raises(BrokenProfile):
        read_profile(tmp_path / "missing.yaml")


def test_yaml_12_leaves_words_alone(tmp_path: Path) -> None:
    path = changed(tmp_path, "de: Bodenfeuchte, en: Soil moisture", "de: On, en: NO")
    assert read_profile(path).quantity("soil_moisture").label == {"de": "On", "en": "NO"}


def test_a_serial_line_of_its_own(tmp_path: Path) -> None:
    path = changed(tmp_path, "password: required", "password: required\nserial: {baudrate: 115200}")
    serial = read_profile(path).serial
    assert serial is not None
    assert (serial.baudrate, serial.bytesize, serial.parity) == (115200, 8, "N")
