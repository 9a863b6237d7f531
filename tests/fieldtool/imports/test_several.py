"""All lists of one file: together or not at all."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from fieldtool.asset import Asset
from fieldtool.imports.matching import Step
from fieldtool.imports.prepare import Wish
from fieldtool.imports.several import ALL, compare_parts, prepare_parts, write_parts
from fieldtool.journal import StaleVersion, operation
from fieldtool.profile import Profile, open_profile
from tests.fieldtool.imports.lists import LIGHTS


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    with open_profile(tmp_path / "profile", write=True) as opened:
        yield opened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "bestand.xlsx"
    book = openpyxl.Workbook()
    lights = book.create_sheet("Leuchten", 0)
    lights.append(["Mastnummer", "Leuchtmittel", "Lichtpunkthöhe", "lon", "lat"])
    for number in range(4):
        lights.append([f"L{number}", "LED", 8, 7.45 + number / 1000, 51.52])
    trees = book.create_sheet("Bäume", 1)
    trees.append(["Baumnummer", "Baumart", "lon", "lat"])
    trees.append(["B1", "Linde", 7.45, 51.51])
    trees.append(["B2", "Eiche", 7.46, 51.51])
    book.create_sheet("Legende").append(["Stand 2026"])
    del book["Sheet"]
    book.save(found)
    return found


def test_every_sheet_with_a_list_and_no_legend(profile: Profile, path: Path) -> None:
    parts = compare_parts(prepare_parts(Wish(path=path, layer=ALL)), profile.store)
    assert [(part.layer, part.prepared.kind.id) for part in parts] == [
        ("Leuchten", "street_light"),
        ("Bäume", "tree"),
    ]
    write_parts(profile.store, profile.actor, parts)
    assert profile.store.count(Asset) == 6
    assert profile.store.operation_count() == 1


def test_a_list_alone_is_read_as_ever(tmp_path: Path) -> None:
    path = tmp_path / "leuchten.csv"
    path.write_text(LIGHTS, encoding="utf-8")
    assert [layer for layer, _prepared in prepare_parts(Wish(path=path, layer=ALL))] == [None]


def test_when_the_second_list_fails_nothing_of_the_first_is_there(profile: Profile, path: Path) -> None:
    parts = compare_parts(prepare_parts(Wish(path=path, layer=ALL)), profile.store)
    write_parts(profile.store, profile.actor, parts[1:])
    (stored,) = profile.store.asset_by_number("tree", "B1")
    with operation(profile.store, profile.actor, "asset.edit") as recorder:
        recorder.update(stored, name="inzwischen")
    stale = Step(parts[1].steps[0].record, "updated", stored, {"name": "anders"})
    with pytest.raises(StaleVersion):
        write_parts(profile.store, profile.actor, [parts[0], replace(parts[1], steps=[stale])])
    assert profile.store.count(Asset) == 2
    assert profile.store.operation_count() == 2


def test_a_full_disk_leaves_no_report_and_no_mapping(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk."""
    path = tmp_path / "baeume.csv"
    rows = (f"{n:05};{7.4 + n / 1e5:.5f};51.5;Linde" for n in range(6000))
    path.write_text("Baumnummer;lon;lat;Baumart\n" + "\n".join(rows) + "\n", encoding="utf-8")
    report = tmp_path / "bericht.csv"
    command = f"ulimit -f 16; exec {sys.executable} -m fieldtool --profile {tmp_path / 'p'} --json import"
    done = subprocess.run(
        ["bash", "-c", f"{command} {path} --dry-run --report {report}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["error"]["code"] == "disk_full"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["baeume.csv"]
