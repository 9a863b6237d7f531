"""`fieldtool quality` over a list with what lists are like."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fieldtool.cli.tickets import today
from fieldtool.schemas import violation
from fieldtool.texts import use_language
from tests.fieldtool.cli.test_asset import run

LIST = """Leuchtennummer;Lichtpunkthöhe;Leuchtmittel;Leistung W;lon;lat
L-1;7,5;LED;18;7,46;51,51
L-2;hoch;LED;18;7,461;51,511
L-3;400;Kerze;;7,462;51,512
;8;LED;18;7,463;51,513
"""


@pytest.fixture(autouse=True)
def german() -> None:
    use_language("de")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "leuchten.csv"
    path.write_text(LIST, encoding="utf-8")
    run(tmp_path / "profile", "import", str(path), "--class", "street_light")
    return tmp_path / "profile"


def rows(folder: Path, *words: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in run(folder, "--json", "quality", *words).splitlines()]
    assert [violation(row, "quality") for row in found] == [None] * len(found)
    return found


def test_what_is_missing_and_what_cannot_be(folder: Path) -> None:
    (found,) = rows(folder, "--untouched-since", (today() + timedelta(1)).isoformat())
    assert (found["class"], found["assets"], found["untouched"]) == ("street_light", 4, 4)
    fields = {one["key"]: one for one in found["fields"]}
    height, lamp, power = fields["lantern_height"], fields["lamp"], fields["power"]
    assert (height["filled"], height["unfit"], height["implausible"]) == (3, 1, 1)
    assert (lamp["filled"], lamp["unfit"]) == (3, 1)
    assert power["filled"] == 3
    assert (fields["number"]["filled"], fields["geometry"]["filled"]) == (3, 4)
    assert found["complete"] == 1
    assert rows(folder, "--untouched-since", today().isoformat())[0]["untouched"] == 0


def test_the_work_list(folder: Path) -> None:
    found = rows(folder, "--list")
    assert {(one["number"], one["key"], one["doubt"]) for one in found} == {
        ("L-2", "lantern_height", "unfit"),
        ("L-3", "lantern_height", "implausible"),
        ("L-3", "lamp", "unfit"),
        (None, "number", "missing"),
    }
    assert [one["number"] for one in rows(folder, "--list", "--attribute", "power")] == ["L-3"]
    assert len(rows(folder, "--list", "--doubt", "unfit", "--limit", "1")) == 1
    assert "Lichtpunkthöhe ist unplausibel" in run(folder, "quality", "--list")


def test_only_classes_that_have_assets(folder: Path) -> None:
    assert [one["class"] for one in rows(folder)] == ["street_light"]
    (empty,) = rows(folder, "--class", "tree")
    assert empty["assets"] == 0


def test_what_was_not_touched_since_a_day(folder: Path) -> None:
    found = rows(folder, "--list", "--doubt", "old", "--untouched-since", "01.01.2100")
    assert [(row["key"], row["doubt"]) for row in found] == [("", "old")] * 4
    assert rows(folder, "--list", "--doubt", "old", "--untouched-since", "01.01.2020") == []
    assert "lange nicht" in run(folder, "quality", "--list", "--untouched-since", "01.01.2100")
