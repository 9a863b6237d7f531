from __future__ import annotations

import hashlib
import json
import resource
from pathlib import Path
from typing import Any

import pytest

from fieldtool.cli import main
from fieldtool.open_data import dataset_page
from fieldtool.schemas import violation
from tests.fieldtool.training.process import Running

LAMPS = "uebung-strassenbeleuchtung"


class Line:
    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys

    def __call__(self, *arguments: str, status: int = 0) -> Any:
        assert main(["--profile", str(self.folder / "p"), "open-data", *arguments, "--json"]) == status
        document = json.loads(self.capsys.readouterr().out)
        if status == 0:
            assert violation(document, "open-data") is None
        return document


@pytest.fixture
def line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Line:
    return Line(tmp_path, capsys)


def test_search_then_fetch_then_import(line: Line, platform: Running, tmp_path: Path) -> None:
    portal = f"{platform.told['url']}/opendatasoft"
    found = line("search", "Licht", "--portal", portal)
    assert [one["id"] for one in found["datasets"]] == [LAMPS]

    told = line("fetch", LAMPS, "--portal", portal, "--into", str(tmp_path))
    file = Path(told["file"])
    assert file == tmp_path / f"{LAMPS}.geojson"
    source = told["source"]
    assert source == json.loads(Path(told["source_file"]).read_text(encoding="utf-8"))
    assert source["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (source["portal"], source["dataset"]) == (portal, LAMPS)
    assert "Zero" in source["licence"]

    arguments = ["--profile", str(tmp_path / "p"), "import", str(file), "--class", "luminaire", "--dry-run"]
    assert main([*arguments, "--json"]) == 0
    assert json.loads(line.capsys.readouterr().out)["crs"]


@pytest.mark.parametrize("form", ["csv", "geojson"])
def test_by_the_page_and_in_a_format(line: Line, platform: Running, tmp_path: Path, form: str) -> None:
    page = f"{platform.told['url']}/ckan/dataset/uebung-baumkataster"
    file = tmp_path / f"Bäume.{form}"
    assert line("fetch", page, "--format", form, "--into", str(file))["file"] == str(file)
    assert file.stat().st_size > 1000


def test_by_the_files_own_address(line: Line, platform: Running, tmp_path: Path) -> None:
    url = f"{platform.told['url']}/ckan/dataset/uebung-baumkataster/resource/csv/download"
    told = line("fetch", url, "--into", str(tmp_path / "b.csv"))
    assert told["source"]["dataset"] is None
    assert told["source"]["modified"].startswith("Mon, 05 Oct")


def test_what_is_there_stays(line: Line, platform: Running, tmp_path: Path) -> None:
    file = tmp_path / "mine.geojson"
    file.write_text("mine", encoding="utf-8")
    asked = ["fetch", LAMPS, "--portal", f"{platform.told['url']}/opendatasoft", "--into", str(file)]
    assert line(*asked, status=1)["error"]["code"] == "export_target_exists"
    assert file.read_text(encoding="utf-8") == "mine"
    line(*asked, "--force")
    assert file.stat().st_size > 1000


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"fault": "cut", "bytes": 900}, "source_unreachable"),
        ({"fault": "html"}, "source_unusable"),
        ({"fault": "status", "status": 429}, "source_busy"),
    ],
)
def test_a_fault_leaves_nothing_behind(
    line: Line, platform: Running, tmp_path: Path, fault: dict[str, Any], code: str
) -> None:
    platform.faults({"match": {"path": "*/exports/*"}, **fault})
    into = tmp_path / "into"
    into.mkdir()
    portal = f"{platform.told['url']}/opendatasoft"
    told = line("fetch", LAMPS, "--portal", portal, "--into", str(into), status=1)
    assert told["error"]["code"] == code
    assert list(into.iterdir()) == []


def test_a_full_disk(line: Line, platform: Running, tmp_path: Path) -> None:
    asked = ["fetch", LAMPS, "--portal", f"{platform.told['url']}/opendatasoft", "--into"]
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, before[1]))
    try:
        told = line(*asked, str(tmp_path / "x.geojson"), status=1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert told["error"]["code"] == "disk_full"
    assert list(tmp_path.iterdir()) == []
    told = line(*asked, "/proc/x.geojson", status=1)
    assert told["error"]["code"] == "target_not_written"


def test_a_format_that_is_not_offered(line: Line, platform: Running) -> None:
    portal = f"{platform.told['url']}/opendatasoft"
    told = line("fetch", "uebung-veranstaltungen", "--portal", portal, "--format", "shp", status=1)
    assert told["error"]["code"] == "format_not_offered"
    assert "csv" in told["error"]["advice"]


def test_in_german(platform: Running, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    portal = f"{platform.told['url']}/opendatasoft"
    assert main(["open-data", "search", "Licht", "--portal", portal]) == 0
    told = capsys.readouterr().out
    assert "240 Datensätze" in told
    assert "1 von 1 Datensätzen" in told
    assert main(["open-data", "fetch", LAMPS, "--portal", portal, "--into", str(tmp_path)]) == 0
    assert "Lizenz: Datenlizenz Deutschland" in capsys.readouterr().out


def test_which_addresses_name_a_dataset() -> None:
    assert dataset_page("https://h.example.org/explore/dataset/abc/table/") == (
        "https://h.example.org",
        "abc",
    )
    assert dataset_page("https://h.example.org/d/dataset/b%C3%A4um?x=1") == (
        "https://h.example.org/d",
        "bäum",
    )
    assert dataset_page("https://h.example.org/dataset/a/resource/b/download/x.csv") is None
    assert dataset_page("https://h.example.org/x.csv") is None
    assert dataset_page("abc") is None
