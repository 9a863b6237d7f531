"""`fieldtool asset`: every change of the records without a window."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from fieldtool import cli
from fieldtool.schemas import violation
from fieldtool.texts import use_language

LIGHT = ("add", "--class", "street_light", "--number", "L-1", "--place", "7.46,51.51")


@pytest.fixture(autouse=True)
def german() -> None:
    use_language("de")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "profile"
    run(folder, "person", "--name", "Mia Muster", "--sign", "MM", "--role", "bestand")
    return folder


def run(folder: Path, *words: str, status: int = 0) -> str:
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        patch.setattr("sys.stderr", io.StringIO())
        assert cli.main(["--profile", str(folder), *words]) == status, out.getvalue()
    return out.getvalue()


def asset(folder: Path, *words: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(run(folder, "--json", "asset", *words))
    assert violation(document, "asset") is None
    return document


def code(folder: Path, *words: str) -> str:
    return str(json.loads(run(folder, "--json", "asset", *words, status=1))["error"]["code"])


def stored(folder: Path, asset_id: str) -> dict[str, Any]:
    return dict(json.loads(run(folder, "--json", "assets", "--id", asset_id)))


def entries(folder: Path, asset_id: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(folder, "--json", "history", "--id", asset_id).splitlines()]


def test_entered_edited_and_restored(folder: Path) -> None:
    made = asset(folder, *LIGHT, "--set", "lantern_height=7,5")["asset"]
    assert made["attributes"]["lantern_height"] == 7.5
    edited = asset(folder, "edit", made["id"], "--name", "Am Ostpark", "--set", "lamp=LED", "--reason", "neu")
    assert edited["asset"]["attributes"] == {**made["attributes"], "lamp": "led"}
    emptied = asset(folder, "edit", made["id"], "--set", "lantern_height=", "--name", "")["asset"]
    assert (emptied["name"], "lantern_height" in emptied["attributes"]) == (None, False)
    first = entries(folder, made["id"])[0]
    asset(folder, "restore", made["id"], first["operation_id"])
    assert stored(folder, made["id"])["attributes"] == made["attributes"]


def test_many_at_once_first_as_a_dry_run(folder: Path) -> None:
    ids = [asset(folder, *LIGHT[:4], f"L-{index}", *LIGHT[5:])["asset"]["id"] for index in range(3)]
    words = ("bulk", "--class", "street_light", "--search", "L", "--set", "lamp=LED")
    assert asset(folder, *words, "--dry-run")["changed"] == 3
    assert "lamp" not in stored(folder, ids[0])["attributes"]
    assert asset(folder, *words)["changed"] == 3
    assert asset(folder, *words, "--where", "lamp=led") == {
        "asset": None, "changed": 0, "unchanged": 3, "kept": [],
    }  # fmt: skip
    taken_back = asset(folder, "undo", entries(folder, ids[0])[-1]["operation_id"])
    assert (taken_back["changed"], taken_back["kept"]) == (3, [])
    assert "lamp" not in stored(folder, ids[0])["attributes"]


def test_deleted_and_undone(folder: Path) -> None:
    made = asset(folder, *LIGHT)["asset"]
    asset(folder, "delete", made["id"])
    assert run(folder, "--json", "assets") == ""
    asset(folder, "undo", entries(folder, made["id"])[-1]["operation_id"])
    assert stored(folder, made["id"])["number"] == "L-1"


def test_what_is_refused(folder: Path) -> None:
    made = asset(folder, *LIGHT)["asset"]["id"]
    assert code(folder, *LIGHT) == "number_taken"
    assert code(folder, "edit", made, "--set", "lamp=Kerze") == "values_invalid"
    assert code(folder, "edit", made, "--set", "colour=red") == "attribute_unknown"
    assert code(folder, "undo", "nothing") == "operation_unknown"
    assert code(folder, "restore", made, "nothing") == "operation_unknown"
    with pytest.raises(SystemExit) as ended:
        run(folder, "asset", "edit", made, "--set", "lamp")
    assert ended.value.code == 2
    run(folder, "person", "--role", "technik")
    assert code(folder, "delete", made) == "not_allowed"


def test_a_note_is_told_word_for_word(folder: Path) -> None:
    made = asset(folder, *LIGHT)["asset"]
    noted = asset(folder, "note", made["id"], "Mast steht schief, Foto folgt")
    assert (noted["asset"]["version"], noted["changed"]) == (made["version"], 1)
    told = entries(folder, made["id"])
    assert [violation(row, "history") for row in told] == [None, None]
    assert (told[-1]["entity"], told[-1]["after"]["text"]) == ("asset_note", "Mast steht schief, Foto folgt")
    assert "Mast steht schief, Foto folgt" in run(folder, "history", "--id", made["id"])
    assert code(folder, "note", made["id"], "  ") == "note_empty"
