from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from drivers.family import family_names
from fieldtool.catalogue import device_types
from fieldtool.cli import main
from fieldtool.profile_folder import DATABASE
from fieldtool.schemas import violation
from fieldtool.texts import RESOURCES

TOP = Path(__file__).resolve().parents[3]
TREES = RESOURCES / "demo" / "strassenbaeume.geojson"
IMPORT_FORMATS = ["csv", "geojson", "geopackage", "gml", "gzip", "kml", "shapefile", "workbook", "zip"]


def doctor(profile: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    status = main(["doctor", "--profile", str(profile), "--json"])
    document = json.loads(capsys.readouterr().out)
    assert violation(document, "doctor") is None
    return status, document


def test_everything_here_loads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, document = doctor(tmp_path / "none", capsys)
    assert document["broken"] == []
    assert (status, document["ok"], document["profile"]) == (0, True, None)
    assert document["families"] == family_names()
    assert document["device_types"] == device_types()
    assert document["import_formats"] == IMPORT_FORMATS
    assert {"import", "doctor", "schema"} <= set(document["commands"])
    assert document["sqlite"] == {"fts5": True, "rtree": True}
    assert not (tmp_path / "none").exists()


def test_the_profile_is_looked_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", str(TREES), "--profile", str(tmp_path)])
    capsys.readouterr()
    status, document = doctor(tmp_path, capsys)
    assert status == 0
    assert (document["profile"]["assets"], document["profile"]["pending"]) == (12, 0)
    assert document["profile"]["schema"] >= 1


def test_german_lines_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--profile", str(tmp_path / "none")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Fieldtool 0.")
    assert f"Importformate: {', '.join(IMPORT_FORMATS)}" in lines
    assert lines[-1] == "Alles in Ordnung."


def test_a_damaged_database_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", str(TREES), "--profile", str(tmp_path)])
    capsys.readouterr()
    path = tmp_path / DATABASE
    data = bytearray(path.read_bytes())
    data[4096 * 2 : 4096 * 6] = b"\x55" * (4096 * 4)
    path.write_bytes(data)
    status, document = doctor(tmp_path, capsys)
    assert status == 1
    assert {fault["what"] for fault in document["broken"]} == {"profile"}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the program that may be broken."""
    for name in ("fieldtool", "drivers", "ui", "resources"):
        shutil.copytree(TOP / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def broken_there(tree: Path) -> list[tuple[str, str]]:
    done = subprocess.run(
        [sys.executable, "-m", "fieldtool", "--profile", str(tree / "none"), "--json", "doctor"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    document = json.loads(done.stdout)
    assert done.returncode == 1, done.stderr
    assert violation(document, "doctor") is None
    return [(fault["what"], fault["name"]) for fault in document["broken"]]


def test_what_does_not_load_is_named_never_missing(tree: Path) -> None:
    faulty = "import a_module_that_does_not_exist\n"
    for place in ("drivers/families", "fieldtool/connectors", "fieldtool/imports/formats"):
        (tree / place / "faulty.py").write_text(faulty, encoding="utf-8")
    (tree / "fieldtool" / "imports" / "formats" / "empty.py").write_text("FORMAT = 1\n", encoding="utf-8")
    (tree / "resources" / "classes" / "faulty.yaml").write_text("id: [\n", encoding="utf-8")
    (tree / "resources" / "profiles" / "faulty.yaml").write_text("id: faulty\n", encoding="utf-8")
    assert broken_there(tree) == [
        ("module", "drivers.families.faulty"),
        ("module", "fieldtool.connectors.faulty"),
        ("module", "fieldtool.imports.formats.empty"),
        ("module", "fieldtool.imports.formats.faulty"),
        ("asset_class", "faulty.yaml"),
        ("device_type", "faulty"),
    ]
