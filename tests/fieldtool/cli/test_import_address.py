"""`fieldtool import ADDRESS`: a dataset of a portal is taken over, and the history says from where."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldtool.cli import main
from fieldtool.import_sources import source_text
from tests.fieldtool.training.process import Running, running

PAGE = "/opendatasoft/explore/dataset/uebung-strassenbeleuchtung/"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("training")) as started:
        yield started


def said(capsys: pytest.CaptureFixture[str], profile: Path, *words: str, status: int = 0) -> Any:
    found = main(["--profile", str(profile), "--json", *words])
    out, err = capsys.readouterr()
    assert found == status, err
    return json.loads(out.splitlines()[0])


def test_a_dataset_is_taken_over_by_its_page(
    platform: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = platform.told["url"] + PAGE
    report = said(capsys, tmp_path, "import", address)
    assert (report["class"], report["imported"]) == ("street_light", 240)
    asset = said(capsys, tmp_path, "assets", "--limit", "1")
    reason = said(capsys, tmp_path, "history", "--id", asset["id"])["reason"]
    for part in ("uebung-strassenbeleuchtung", "127.0.0.1", "Zero"):
        assert part in reason
    assert said(capsys, tmp_path, "import", address)["unchanged"] == 240


def test_a_file_by_its_own_address_and_one_that_is_not_there(
    platform: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = f"{platform.told['url']}/ckan/files/uebung-baumkataster"
    assert said(capsys, tmp_path, "import", f"{base}.geojson", "--dry-run")["imported"] > 0
    assert said(capsys, tmp_path, "import", f"{base}.pdf", status=1)["error"]["code"] == "source_missing"


def test_a_file_that_is_another_by_now_is_only_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a;b\n")
    assert source_text(path) == "a.csv"
    told = {"size": 4, "portal": "https://p.example.org", "url": "", "dataset": "d", "licence": "Zero"}
    beside = tmp_path / "a.csv.source.json"
    beside.write_text(json.dumps({**told, "fetched_at": "2026-11-23T20:00:00Z"}))
    assert source_text(path).startswith("d, p.example.org, Zero, ")
    path.write_text("a;b\n1;2\n")
    assert source_text(path) == "a.csv"
    beside.write_text("[]")
    assert source_text(path) == "a.csv"
