from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fieldtool.asset import Asset
from fieldtool.cli import main
from fieldtool.profile import open_profile
from fieldtool.schemas import violation
from fieldtool.texts import RESOURCES
from tests.fieldtool.imports.lists import LIGHTS, outcomes, real

TREES = RESOURCES / "demo" / "strassenbaeume.geojson"
Told = tuple[int, dict[str, Any], str]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run_json(*arguments: object) -> Told:
        status = main(["--profile", str(tmp_path / "profile"), "--json", "import", *map(str, arguments)])
        out, err = capsys.readouterr()
        return status, json.loads(out), err

    return run_json


def count(tmp_path: Path) -> int:
    with open_profile(tmp_path / "profile", write=False) as profile:
        return profile.store.count(Asset)


def test_a_dry_run_needs_no_profile_and_makes_none(run: Any, tmp_path: Path) -> None:
    status, document, err = run(TREES, "--dry-run")
    assert (status, err) == (0, "")
    assert violation(document, "import") is None
    assert (document["imported"], document["class"], document["dry_run"]) == (12, "tree", True)
    assert not (tmp_path / "profile").exists()


def test_an_import_and_the_same_again(run: Any, tmp_path: Path) -> None:
    documents = [run(TREES)[1], run(TREES)[1], run(TREES, "--dry-run")[1]]
    assert [violation(document, "import") for document in documents] == [None] * 3
    assert [document["imported"] for document in documents] == [12, 0, 0]
    assert [document["unchanged"] for document in documents] == [0, 12, 12]
    assert [outcomes(document) for document in documents] == [12] * 3
    assert count(tmp_path) == 12


def test_german_lines_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "leuchten.csv"
    path.write_text(LIGHTS + "0049;393600;5708140;8,5;LED;Doppelt\n0051;x;5708103;8;LED;\n", encoding="utf-8")
    assert main(["--profile", str(tmp_path / "profile"), "import", str(path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "leuchten.csv: 5 Zeilen als Straßenleuchte",
        "Koordinaten: EPSG:25832",
        "  3 neu",
        "  2 abgewiesen",
        "Abgewiesen:",
        "  Zeile 5, Mastnummer „0049“: die Nummer steht schon in Zeile 4",
        "  Zeile 6, Rechtswert „x“: das ist keine Koordinate",
    ]


def test_an_uncertain_crs_is_an_error_and_nothing_is_imported(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "baeume.csv"
    path.write_text("Baumnummer;Rechtswert;Hochwert\n1;390000;5820000\n2;391000;5821000\n", encoding="utf-8")
    status, document, err = run(path)
    assert (status, document["error"]["code"]) == (1, "crs_unclear")
    assert "EPSG:25833" in document["error"]["message"]
    assert len(err.splitlines()) == 1
    assert not (tmp_path / "profile").exists()
    status, document, _err = run(path, "--crs", "EPSG:25833")
    assert (status, document["crs"], document["imported"]) == (0, "EPSG:25833", 2)


@pytest.mark.parametrize(
    ("name", "data", "options", "code"),
    [
        ("leer.csv", b"", (), "file_empty"),
        ("null.csv", b"\x00" * 100, (), "file_empty"),
        ("bild.csv", bytes(range(256)) * 9, (), "format_unknown"),
        ("mappe.xlsx", b"PK\x03\x04" + bytes(200), (), "file_damaged"),
        ("halb.geojson", b'{"type": "FeatureCollection", "features": [', (), "geojson_broken"),
        ("misch.csv", "Straße;Höhe;Größe\n".encode() + b"M\xfchle;1;2\n", (), "text_unreadable"),
        ("text.csv", b"Nr;Name\n1;a\n", ("--class", "lamp"), "unknown_asset_class"),
        ("text.csv", b"Nr;Name\n1;a\n", ("--crs", "EPSG:1"), "crs_unknown"),
        ("text.csv", b"Nr;Name\n1;a\n", ("--mapping", "/nix.json"), "file_unreadable"),
        ("quote.csv", b'Nr;Name\n1;"a' + b"x" * 1_100_000, (), "table_broken"),
    ],
)
def test_a_bad_file_is_a_named_error(
    run: Any, tmp_path: Path, name: str, data: bytes, options: tuple[str, ...], code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    for extra in ((), ("--dry-run",)):
        status, document, err = run(path, *options, *extra)
        assert (status, document["error"]["code"]) == (1, code)
        assert document["error"]["message"]
        assert document["error"]["advice"]
        assert len(err.splitlines()) == 1
    assert not (tmp_path / "profile").exists()


def test_a_missing_file(run: Any, tmp_path: Path) -> None:
    status, document, _err = run(tmp_path / "fehlt.csv")
    assert (status, document["error"]["code"]) == (1, "file_unreadable")
    assert "gibt es nicht" in document["error"]["message"]


def test_an_open_window_on_the_same_profile_is_an_error(run: Any, tmp_path: Path) -> None:
    with open_profile(tmp_path / "profile", write=True):
        status, document, _err = run(TREES)
        assert (status, document["error"]["code"]) == (1, "profile_in_use")
        assert run(TREES, "--dry-run")[0] == 0
    assert count(tmp_path) == 0


def test_a_long_list_keeps_to_the_contract(run: Any, tmp_path: Path) -> None:
    status, document, _err = run(real("flensburg_lebende-baeume.csv"))
    assert status == 0
    assert violation(document, "import") is None
    assert document["rows"] == outcomes(document) == 18697
    assert count(tmp_path) == document["imported"]


def test_wrong_usage_is_exit_2() -> None:
    with pytest.raises(SystemExit) as caught:
        main(["import"])
    assert caught.value.code == 2


def test_a_full_disk_is_a_named_error_and_leaves_nothing(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk."""
    profile = tmp_path / "profile"
    assert main(["--profile", str(profile), "import", str(TREES)]) == 0
    command = f"ulimit -f 2048; exec {sys.executable} -m fieldtool --profile {profile} --json import"
    done = subprocess.run(
        ["bash", "-c", f"{command} {real('flensburg_lebende-baeume.csv')}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["error"]["code"] in ("disk_full", "disk_failed")
    assert count(tmp_path) == 12
