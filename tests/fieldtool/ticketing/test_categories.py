from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from fieldtool.asset_classes import class_ids
from fieldtool.catalogue import device_types
from fieldtool.data_files import BrokenData
from fieldtool.texts import use_language
from fieldtool.ticketing.categories import (
    FILE,
    categories,
    category,
    category_title,
    known_category,
    read_categories,
)
from fieldtool.ticketing.errors import CodeUnknown, UnknownCategory

PROPOSED = {
    "device_silent", "implausible_values", "battery", "calibration_due", "mounting", "radio_coverage",
    "lamp_failure", "charger_fault", "sign_fault", "bin_overflow", "blocked_drain", "structural_finding",
    "wrong_master_data", "citizen_report", "data_release",
}  # fmt: skip
"""facts/mission-systems.md, section 1, ticket categories."""


@pytest.fixture(autouse=True)
def german() -> None:
    use_language("de")


def test_all_proposed_kinds_are_there() -> None:
    ids = {one.id for one in categories()}
    assert ids >= PROPOSED | {"sensor_installation", "other"}
    assert category("battery").title() == "Batterie schwach oder leer"


def test_what_they_name_exists() -> None:
    for one in categories():
        assert set(one.asset_classes or ()) <= set(class_ids()), one.id
        assert set(one.device_types or ()) <= set(device_types()), one.id
        assert one.findings, one.id
        assert one.closings, one.id


def test_every_code_is_used() -> None:
    document = YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))
    for kind in ("findings", "closings"):
        used = {code for one in document["categories"] for code in one[kind]}
        assert used == set(document[kind])


@pytest.mark.parametrize("asset_class", class_ids())
def test_every_asset_has_a_category(asset_class: str) -> None:
    assert [one for one in categories() if one.fits(asset_class, None)]


def test_fitting() -> None:
    lamp = category("lamp_failure")
    assert lamp.fits("street_light", "dragino-lse01")
    assert lamp.fits(None, None)
    assert not lamp.fits("tree", None)


def test_a_platforms_own_category_is_shown_as_it_is() -> None:
    assert category_title("Wilder Müll (Klarschiff)") == "Wilder Müll (Klarschiff)"
    assert known_category("Wilder Müll (Klarschiff)") is None
    with pytest.raises(UnknownCategory) as unknown:
        category("damage")
    assert "battery" in unknown.value.known


def test_texts_of_codes() -> None:
    assert category("battery").finding_text("battery_empty") == "Batterie leer"
    assert category("battery").closing_text("battery_replaced") == "Batterie getauscht"
    with pytest.raises(CodeUnknown) as unknown:
        category("battery").finding_text("crack")
    assert (unknown.value.code, unknown.value.known.split(", ")[0]) == ("crack", "battery_empty")


def broken(folder: Path, change: Any) -> BrokenData:
    document = YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))
    change(document)
    path = folder / "categories.yaml"
    with path.open("w", encoding="utf-8") as stream:
        YAML().dump(document, stream)
    with pytest.raises(BrokenData) as caught:
        read_categories(path)
    return caught.value


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda found: found["categories"].append(found["categories"][0]), "categories.19.id"),
        (lambda found: found["categories"][1]["findings"].append("new"), "categories.1.findings"),
        (lambda found: found["categories"][2]["closings"].append("new"), "categories.2.closings"),
        (lambda found: found["categories"][3].update(priority=6), "categories.3.priority"),
        (lambda found: found["categories"][4].update(due_days=-1), "categories.4.due_days"),
        (lambda found: found["categories"][5]["label"].pop("de"), "categories.5.label"),
        (lambda found: found.pop("closings"), "$"),
    ],
)
def test_a_broken_file_names_the_place(tmp_path: Path, change: Any, key: str) -> None:
    assert broken(tmp_path, change).key == key


def test_files_that_are_no_categories(tmp_path: Path) -> None:
    with pytest.raises(BrokenData) as missing:
        read_categories(tmp_path / "none.yaml")
    assert missing.value.key == "$"
    (tmp_path / "wild.yaml").write_text("findings: {\n  a: [", encoding="utf-8")
    with pytest.raises(BrokenData) as wild:
        read_categories(tmp_path / "wild.yaml")
    assert "3" in wild.value.key or "2" in wild.value.key
    (tmp_path / "empty.yaml").write_text("", encoding="utf-8")
    with pytest.raises(BrokenData):
        read_categories(tmp_path / "empty.yaml")
