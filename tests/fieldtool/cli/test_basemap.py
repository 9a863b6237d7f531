from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fieldtool.cli import main
from fieldtool.schemas import violation
from tests.fieldtool.training.process import Running

AREA = ("--box", "7.44,51.50,7.50,51.53", "--zoom", "10-13")


class Line:
    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys

    def __call__(self, *arguments: str, status: int = 0) -> Any:
        assert main(["--profile", str(self.folder), "basemap", *arguments, "--json"]) == status
        document = json.loads(self.capsys.readouterr().out)
        if status == 0:
            assert violation(document, "basemap") is None
        return document


@pytest.fixture
def line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Line:
    return Line(tmp_path, capsys)


def test_from_the_capabilities_to_the_file_and_away_again(line: Line, platform: Running) -> None:
    (layer,) = line("layers", f"{platform.told['url']}/maps/wmts/1.0.0/WMTSCapabilities.xml")["layers"]
    assert layer["bulk"] == "allowed"
    said = line("fetch", layer["url"], *AREA, "--estimate")["estimate"]
    assert line("list") == {"maps": [], "unfinished": []}
    taken = line("fetch", layer["url"], *AREA, "--title", "Innen", "--attribution", "Stadt")["taken"]
    assert (taken["tiles"], taken["attribution"]) == (said["tiles"], "Stadt")
    file = Path(taken["file"])
    assert file.parent == line.folder / "maps"
    (known,) = line("list")["maps"]
    assert (known["title"], known["chosen"], known["bytes"]) == ("Innen", False, file.stat().st_size)
    assert line("delete", "Innen") == {"deleted": "Innen", "file": str(file)}
    assert not file.exists()
    assert line("list")["maps"] == []


def test_of_a_wms_and_broken_off(line: Line, platform: Running) -> None:
    url = f"{platform.told['url']}/maps/wms"
    asked = ["fetch", url, "--layer", "uebungskarte", *AREA, "--title", "W"]
    platform.faults({"match": {"path": "/maps/wms"}, "nth": 4, "fault": "status", "status": 403})
    assert line(*asked, status=1)["error"]["code"] == "source_refused"
    (begun,) = line("list")["unfinished"]
    assert begun["title"] == "W"
    platform.faults()
    assert line(*asked)["taken"]["resumed"] == 3
    assert line(*asked)["taken"]["resumed"] == 0
    line(*asked[:-1], "V")
    assert [one["title"] for one in line("list")["maps"]] == ["W", "V"]
    assert sorted(one.name for one in (line.folder / "maps").iterdir()) == ["V.mbtiles", "W.mbtiles"]


def test_what_was_begun_can_be_deleted(line: Line, platform: Running) -> None:
    platform.faults({"match": {"path": "/maps/wms"}, "fault": "status", "status": 403})
    url = f"{platform.told['url']}/maps/wms"
    line("fetch", url, "--layer", "uebungskarte", *AREA, "--title", "W", status=1)
    assert line("delete", "W")["deleted"] == "W"
    assert list((line.folder / "maps").iterdir()) == []
    assert line("delete", "W", status=1)["error"]["code"] == "base_map_unknown"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://tile.openstreetmap.org/{z}/{x}/{y}.png", "map_bulk_forbidden"),
        ("https://karten.example.org/{z}/{x}/{y}.png", "map_bulk_unconfirmed"),
        ("https://karten.example.org/", "map_service_unusable"),
    ],
)
def test_what_is_not_fetched(line: Line, url: str, code: str) -> None:
    assert line("fetch", url, *AREA, status=1)["error"]["code"] == code
    assert list(line.folder.iterdir()) == []


@pytest.mark.parametrize(
    "wrong", [("--box", "7,51,6,52"), ("--box", "x"), ("--zoom", "16-10"), ("--zoom", "x")]
)
def test_what_is_no_area(capsys: pytest.CaptureFixture[str], wrong: tuple[str, str]) -> None:
    given = {"--box": "7.44,51.50,7.50,51.53", "--zoom": "10-13", wrong[0]: wrong[1]}
    with pytest.raises(SystemExit):
        main(["basemap", "fetch", "x", *(part for pair in given.items() for part in pair)])
    assert capsys.readouterr().err


def test_in_german(platform: Running, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    start = ["--profile", str(tmp_path), "basemap"]
    url = f"{platform.told['url']}/maps/wms"
    assert main([*start, "fetch", url, "--layer", "uebungskarte", *AREA, "--estimate"]) == 0
    assert "höchstens 50.000 Kacheln" in capsys.readouterr().out
    assert main([*start, "list"]) == 0
    assert "keine Hintergrundkarte" in capsys.readouterr().out
