"""`fieldtool class`: a class is changed together with the rows that have it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fieldtool.schemas import violation
from fieldtool.texts import use_language
from tests.fieldtool.cli.test_asset import LIGHT, asset, entries, run, stored


@pytest.fixture(autouse=True)
def german() -> None:
    use_language("de")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "profile"
    run(folder, "person", "--name", "Mia Muster", "--sign", "MM", "--role", "bestand")
    return folder


def command(folder: Path, *words: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(run(folder, "--json", "class", *words))
    assert violation(document, "class") is None
    return document


def code(folder: Path, *words: str) -> str:
    return str(json.loads(run(folder, "--json", "class", *words, status=1))["error"]["code"])


def written(folder: Path, definition: dict[str, Any]) -> str:
    path = folder.parent / "klasse.json"
    path.write_text(json.dumps(definition), encoding="utf-8")
    return str(path)


FOUNTAIN: dict[str, Any] = {
    "id": "fountain",
    "label": {"de": "Brunnen", "en": "Fountain"},
    "words": ["brunnen"],
    "number_unique": True,
    "geometry": {"kinds": ["Point"], "required": True},
    "fiware": {"type": "PointOfInterest", "unverified": True},
    "attributes": [
        {
            "key": "depth",
            "type": "number",
            "label": {"de": "Tiefe", "en": "Depth"},
            "unit": "m",
            "release": "open",
        }
    ],
}  # fmt: skip


def test_a_class_of_ones_own(folder: Path) -> None:
    assert command(folder, "add", written(folder, FOUNTAIN), "--dry-run")["rows"] == 0
    assert "fountain" not in {one["id"] for one in command(folder, "list")["classes"]}
    command(folder, "add", written(folder, FOUNTAIN))
    (listed,) = [one for one in command(folder, "list")["classes"] if one["own"]]
    assert (listed["id"], listed["title"]) == ("fountain", "Brunnen")
    made = asset(folder, "add", "--class", "fountain", "--place", "7.46,51.51", "--set", "depth=2,5")["asset"]
    assert made["attributes"] == {"depth": 2.5}
    assert code(folder, "add", written(folder, FOUNTAIN)) == "class_change_refused"


def test_what_a_change_does_to_the_values(folder: Path) -> None:
    made = [asset(folder, *LIGHT[:4], f"L-{n}", *LIGHT[5:], "--set", f"circuit={words}")["asset"]["id"]
            for n, words in enumerate(("12", "zwölf"))]  # fmt: skip
    definition = command(folder, "show", "street_light")["definition"]
    for attribute in definition["attributes"]:
        if attribute["key"] == "circuit":
            attribute |= {"key": "circuit_number", "type": "integer"}
    words = ("change", written(folder, definition), "--renamed", "circuit=circuit_number")
    assert command(folder, *words, "--dry-run")["changed"] == 2
    assert stored(folder, made[0])["attributes"] == {"circuit": "12"}
    done = command(folder, *words)
    assert [(one["asset"], one["value"]) for one in done["remarks"]] == [(made[1], "zwölf")]
    assert stored(folder, made[0])["attributes"] == {"circuit_number": 12}
    assert stored(folder, made[1])["attributes"] == {"circuit_number_source": "zwölf"}
    (_created, changed) = entries(folder, made[0])
    assert changed["kind"] == "class.change"
    assert command(folder, "show", "street_light")["definition"] == definition


def test_another_profile_knows_nothing_of_it(folder: Path, tmp_path: Path) -> None:
    command(folder, "add", written(folder, FOUNTAIN))
    run(tmp_path / "other", "person", "--name", "Mia Muster", "--role", "bestand")
    assert "fountain" not in {one["id"] for one in command(tmp_path / "other", "list")["classes"]}


def test_what_is_refused(folder: Path) -> None:
    broken = {**FOUNTAIN, "attributes": [{"key": "depth", "type": "deep"}]}
    assert code(folder, "add", written(folder, broken))
    definition = command(folder, "show", "street_light")["definition"]
    definition["attributes"] = definition["attributes"][1:]
    assert code(folder, "change", written(folder, definition)) == "class_change_refused"
    run(folder, "person", "--role", "technik")
    assert code(folder, "add", written(folder, FOUNTAIN)) == "not_allowed"
