"""`fieldtool find` and `fieldtool assets --similar`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldtool.cli import main
from fieldtool.schemas import violation
from fieldtool.texts import use_language
from tests.fieldtool.cli.test_asset import run

LIST = "Leuchtennummer;Bezeichnung;Straße;lon;lat\nL-007;Leuchte;Märkische Straße;7,46;51,51\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    use_language("de")
    path = tmp_path / "leuchten.csv"
    path.write_text(LIST, encoding="utf-8")
    run(tmp_path / "profile", "import", str(path), "--class", "street_light")
    return tmp_path / "profile"


def test_a_number_and_what_nothing_has(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(run(folder, "--json", "find", "L-007"))
    assert violation(found, "find") is None
    assert (found["read_as"], len(found["assets"])) == ("number", 1)
    assert found["assets"][0] in run(folder, "find", f"FT:ASSET:{found['assets'][0]}")
    assert main(["--profile", str(folder), "find", "L-008"]) == 1
    assert "L-008" in capsys.readouterr().out


def test_a_slip_is_forgiven_and_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "L-007" not in run(folder, "assets", "--search", "Merkische")
    capsys.readouterr()
    assert main(["--profile", str(folder), "assets", "--search", "Merkische", "--similar"]) == 0
    told = capsys.readouterr()
    assert "L-007" in told.out
    assert "„markische“" in told.err
