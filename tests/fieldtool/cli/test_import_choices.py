"""`fieldtool import` with what a person chooses: rows, layers, mapping, area, rules, report."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from fieldtool.asset import Asset
from fieldtool.cli import main
from fieldtool.geometry import point
from fieldtool.ids import AssetId, new_id
from fieldtool.journal import operation
from fieldtool.profile import open_profile
from fieldtool.schemas import violation
from fieldtool.store.errors import DiskFull
from tests.fieldtool.imports.lists import LIGHTS

Told = tuple[int, dict[str, Any]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run_json(*arguments: object, profile: str = "profile") -> Told:
        status = main(["--profile", str(tmp_path / profile), "--json", *map(str, arguments)])
        return status, json.loads(capsys.readouterr().out)

    return run_json


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "leuchten.csv"
    found.write_text(LIGHTS + ";;;;;\n", encoding="utf-8")
    return found


def counts(document: dict[str, Any]) -> tuple[int, int, int, int, int]:
    names = ("imported", "updated", "unchanged", "ignored", "not_chosen")
    found = tuple(document[name] for name in names)
    assert violation(document, "import") is None
    return found  # type: ignore[return-value]


def test_rows_and_outcomes_are_chosen(run: Any, path: Path) -> None:
    assert counts(run("import", path, "--rows", "2-3")[1]) == (2, 0, 0, 2, 1)
    assert counts(run("import", path, "--only", "changed")[1]) == (0, 0, 2, 2, 1)
    assert counts(run("import", path, "--only", "new", "--only", "changed")[1]) == (1, 0, 2, 1, 0)


@pytest.mark.parametrize("rows", ["x", "3-1"])
def test_rows_that_are_none_are_wrong_usage(path: Path, rows: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["import", str(path), "--rows", rows])
    assert caught.value.code == 2


def test_edited_since_is_left_or_overwritten(run: Any, path: Path, tmp_path: Path) -> None:
    run("import", path)
    with open_profile(tmp_path / "profile", write=True) as profile:
        (found,) = profile.store.asset_by_number("street_light", "0048")
        with operation(profile.store, profile.actor, "asset.edit") as recorder:
            recorder.update(found, attributes={**found.attributes, "lamp": "gas"})
    assert counts(run("import", path)[1]) == (0, 0, 2, 2, 0)
    assert counts(run("import", path, "--overwrite-edited")[1]) == (0, 1, 2, 1, 0)


def test_the_report_names_every_row(run: Any, path: Path, tmp_path: Path) -> None:
    path.write_text(LIGHTS.replace("8,5;LED", "850;LED") + ";;;;;\n0051;x;1;2;LED;\n", encoding="utf-8")
    saved = tmp_path / "bericht.csv"
    assert run("import", path, "--rows", "2", "--report", saved)[0] == 0
    with saved.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file, delimiter=";")
    assert head[1:4] == ["Zeile", "Ergebnis", "Nummer"]
    assert [(row[1], row[2]) for row in rows if row[1] != "3" or "nicht" in row[6]] == [
        ("2", "neu"),
        ("3", "ausgelassen"),
        ("4", "ausgelassen"),
        ("5", "ausgelassen"),
        ("6", "abgewiesen"),
    ]
    assert rows[0][4] == "Lichtpunkthöhe"
    assert rows[-1][6] == "das ist keine Koordinate"
    status, document = run("import", path, "--report", saved)
    assert (status, document["error"]["code"]) == (1, "export_target_exists")
    saved = tmp_path / "bericht.json"
    assert run("import", path, "--report", saved, "--dry-run")[0] == 0
    told = json.loads(saved.read_text(encoding="utf-8"))
    assert violation(told["report"], "import") is None
    assert {line["row"] for line in told["lines"]} == {2, 3, 4, 5, 6}


def test_the_report_says_old_and_new_field_by_field(
    run: Any, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("import", path)
    with open_profile(tmp_path / "profile", write=True) as profile:
        (found,) = profile.store.asset_by_number("street_light", "0048")
        with operation(profile.store, profile.actor, "asset.edit") as recorder:
            recorder.update(found, attributes={**found.attributes, "lamp": "gas"})
    path.write_text(path.read_text(encoding="utf-8").replace("8,5", "9"), encoding="utf-8")
    told = run("import", path, "--dry-run")[1]
    assert violation(told, "import") is None
    by_number = {one["number"]: (one["edited"], one["fields"]) for one in told["changed"]}
    assert by_number["0048"][0]
    assert {"key": "lamp", "title": "Leuchtmittel", "old": "Gas", "new": "LED"} in by_number["0048"][1]
    (raised,) = (fields for edited, fields in by_number.values() if not edited)
    assert [(one["key"], one["old"], one["new"]) for one in raised] == [("lantern_height", "8,5 m", "9 m")]

    saved = tmp_path / "bericht.csv"
    main(["--profile", str(tmp_path / "profile"), "import", str(path), "--report", str(saved)])
    said = capsys.readouterr().out
    assert "Lichtpunkthöhe: 8,5 m → 9 m" in said
    assert "von Hand geändert wurde: Lichtpunkthöhe: 8,5 m → 9 m; Leuchtmittel: Gas → LED" in said
    with saved.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    fields = {(row["Spalte"], row["Ergebnis"], row["Vorher"], row["Laut Liste"]) for row in rows}
    assert ("Lichtpunkthöhe", "geändert", "8,5 m", "9 m") in fields
    assert ("Leuchtmittel", "ausgelassen", "Gas", "LED") in fields
    assert {row["Zeile"] for row in rows} == {"2", "3", "4", "5"}


def test_without_its_report_nothing_is_imported(run: Any, path: Path, tmp_path: Path) -> None:
    status, document = run(
        "import", path, "--area", "9,51,10,52", "--report", tmp_path / "nirgends" / "b.csv"
    )
    assert (status, document["error"]["code"]) == (1, "target_not_written")
    assert counts(run("import", path, "--dry-run")[1]) == (3, 0, 0, 1, 0)


def test_without_the_import_there_is_no_report(
    run: Any, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise DiskFull(str(tmp_path))

    monkeypatch.setattr("fieldtool.imports.several.write_parts", full)
    saved = tmp_path / "bericht.csv"
    assert run("import", path, "--report", saved)[1]["error"]["code"] == "disk_full"
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith("bericht")] == []


def test_the_rules_are_named_to_people(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", str(path), "--dry-run"])
    assert "numbers: Lichtpunkthöhe" in capsys.readouterr().out


def test_a_mapping_is_saved_and_used_again(run: Any, path: Path, tmp_path: Path) -> None:
    saved = tmp_path / "zuordnung.json"
    first = run("import", path, "--dry-run", "--save-mapping", saved)[1]
    written = json.loads(saved.read_text(encoding="utf-8"))
    assert violation(written, "mapping") is None
    assert written["columns"]["Leuchtmittel"] == "lamp"
    assert written["class"] == "street_light"
    again = run("import", path, "--dry-run", "--mapping", saved)[1]
    assert {**again, "crs_candidates": first["crs_candidates"]} == first
    status, document = run("import", path, "--dry-run", "--save-mapping", saved)
    assert (status, document["error"]["code"]) == (1, "export_target_exists")


def test_a_mapping_with_a_name_of_before_is_explained(run: Any, path: Path, tmp_path: Path) -> None:
    told = tmp_path / "alt.json"
    for columns, hint in (({"Leuchtmittel": "lampe"}, "lamp"), ({"Leuchtmitel": "lamp"}, "Leuchtmittel")):
        told.write_text(json.dumps({"columns": columns}), encoding="utf-8")
        status, document = run("import", path, "--mapping", told, "--class", "street_light")
        assert (status, document["error"]["code"]) == (1, "mapping_invalid")
        assert f"ist {hint} gemeint?" in document["error"]["message"]
    told.write_text('{"colums": {}}', encoding="utf-8")
    assert "ist columns gemeint?" in run("import", path, "--mapping", told)[1]["error"]["message"]


def test_the_area_is_kept_and_flags_only(run: Any, path: Path) -> None:
    def outside(*options: str) -> list[int]:
        found = run("import", path, *options)[1]
        assert found["rejected"] == []
        return [flag["row"] for flag in found["flagged"]]

    assert outside("--dry-run", "--area", "9,51,10,52") == [2, 3, 4]
    assert outside("--dry-run") == []
    assert outside("--area", "9,51,10,52") == [2, 3, 4]
    assert outside("--dry-run") == [2, 3, 4]
    assert outside("--area", "none") == []
    assert outside("--dry-run") == []


def test_the_area_is_a_municipality_of_a_file(run: Any, path: Path, tmp_path: Path) -> None:
    square = [[7.3, 51.4], [7.7, 51.4], [7.7, 51.7], [7.3, 51.7], [7.3, 51.4]]
    document = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"GEN": name},
                "geometry": {"type": "Polygon", "coordinates": [[[x + by, y] for x, y in square]]},
            }
            for name, by in (("Dortmund", 0.0), ("Soest", 0.8))
        ],
    }
    boundaries = tmp_path / "gemeinden.geojson"
    boundaries.write_text(json.dumps(document), encoding="utf-8")
    for name, flagged in (("dortmund", 0), ("Soest", 3), ("", 0)):
        found = run("import", path, "--dry-run", "--area", f"{boundaries}#{name}")[1]
        assert len(found["flagged"]) == flagged
    status, found = run("import", path, "--dry-run", "--area", f"{boundaries}#Unna")
    assert (status, found["error"]["code"]) == (1, "boundary_missing")


def test_a_dry_run_tells_the_rules_and_one_is_switched_off(run: Any, path: Path) -> None:
    found = run("import", path, "--dry-run")[1]
    assert violation(found, "import") is None
    assert {one["rule"] for one in found["cleaning"]} == {"numbers", "words"}
    off = run("import", path, "--dry-run", "--without-rule", "words")[1]
    assert {one["rule"] for one in off["cleaning"]} == {"numbers"}
    assert {flag["column"] for flag in off["flagged"]} == {"Leuchtmittel"}


def test_an_unclear_system_shows_where_each_would_lie(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "baeume.csv"
    path.write_text("Baumnummer;Rechtswert;Hochwert\n1;390000;5820000\n2;391000;5821000\n", encoding="utf-8")
    found = run("import", path, "--dry-run")[1]
    assert violation(found, "import") is None
    near = {one["crs"]: one["near"] for one in found["readings"]}
    assert near["EPSG:25833"] == "Berlin"
    assert near["EPSG:25832"] != "Berlin"


@pytest.mark.parametrize("name", ["bestand.gpkg", "bestand.csv", "bestand.xlsx", "bestand.geojson"])
def test_our_own_files_come_whole_into_a_second_profile(run: Any, tmp_path: Path, name: str) -> None:
    hub, bay = AssetId(new_id()), AssetId(new_id())
    room = Asset(id=bay, asset_class="room", number="R1", parent_id=hub, attributes={"usage": "Labor"})
    with (
        open_profile(tmp_path / "profile", write=True) as profile,
        operation(profile.store, profile.actor, "asset.create") as recorder,
    ):
        recorder.create(Asset(id=hub, asset_class="building", number="H1", geometry=point(7.46, 51.51)))
        recorder.create(room)
    package = tmp_path / name
    assert run("export", package)[0] == 0
    status, several = run("import", package, profile="second")
    assert (status, several["error"]["code"]) == (1, "several_layers")
    status, document = run("import", package, "--layer", "all", profile="second")
    assert violation(document, "import") is None
    assert (status, document["imported"], len(document["layers"])) == (0, 2, 2)
    assert document["flagged"] == 0
    with open_profile(tmp_path / "second", write=False) as profile:
        assert profile.store.get(Asset, bay).parent_id == hub
        assert profile.store.operation_count() == 1
    again = run("import", package, "--layer", "all", profile="second")[1]
    assert (again["imported"], again["unchanged"]) == (0, 2)
    status, refused = run("import", package, "--layer", "all", "--rows", "1", profile="second")
    assert (status, refused["error"]["code"]) == (1, "several_layers")
