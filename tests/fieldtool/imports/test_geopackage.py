from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import shapely

from fieldtool.cli import main
from fieldtool.imports.errors import FileDamaged, FileEmpty, FormatUnknown, LayerUnknown, SeveralLayers
from fieldtool.imports.source import read_source
from fieldtool.schemas import violation
from tests.fieldtool.imports.geo import PLACES, TREES, points, write
from tests.fieldtool.imports.lists import dry_run, outcomes, prepared


def package(tmp_path: Path, name: str = "baeume.gpkg") -> Path:
    return write(tmp_path / name, layer="baeume")


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        for statement in statements:
            database.execute(statement)


def test_a_layer_with_its_system(tmp_path: Path) -> None:
    found = prepared(package(tmp_path))
    source = found.source
    assert (source.format, source.layer, source.crs, source.has_geometries) == (
        "geopackage",
        "baeume",
        "EPSG:25832",
        True,
    )
    assert (found.kind.id, source.columns) == ("tree", ("baumnummer", "straße", "hoehe"))
    assert source.rows[0].values == {"baumnummer": "0047", "straße": "Märkische Straße", "hoehe": 12}
    assert source.rows[0].geometry == {"type": "Point", "coordinates": list(PLACES[0])}
    assert [record.number for record in found.reading.records] == ["0047", "0048", "0049"]


@pytest.mark.parametrize("code", [-1, 0, 99999])
def test_without_a_system_the_figures_are_asked(tmp_path: Path, code: int) -> None:
    path = package(tmp_path)
    change(
        path,
        "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES"
        " ('Undefined SRS', 99999, 'GDAL', 99999, 'LOCAL_CS[\"Undefined SRS\"]', '')",
        f"UPDATE gpkg_geometry_columns SET srs_id = {code}",
    )
    assert read_source(path).crs is None
    report = dry_run(path)
    assert (report["crs"], report["crs_certain"]) == ("EPSG:25832", True)


def test_a_system_of_its_own_is_transformed(tmp_path: Path) -> None:
    """A local network around Dortmund: no code, but a definition."""
    local = "+proj=tmerc +lat_0=51.5 +lon_0=7.5 +k=1 +x_0=1000 +y_0=1000 +ellps=GRS80 +units=m"
    path = write(tmp_path / "baeume.gpkg", geometry=points([(1000.0, 1000.0)] * 3), crs=local)
    found = prepared(path)
    assert found.crs.crs == "EPSG:4326"
    assert found.reading.records[0].geometry == {"type": "Point", "coordinates": [7.5, 51.5]}


def test_several_layers_are_asked(tmp_path: Path) -> None:
    path = package(tmp_path)
    write(path, layer="wege", append=True)
    with pytest.raises(SeveralLayers) as caught:
        read_source(path)
    assert caught.value.layers == ("baeume", "wege")
    found = read_source(path, "wege")
    assert (found.layer, found.other_layers) == ("wege", ("baeume",))
    with pytest.raises(LayerUnknown):
        read_source(path, "Wege")


def test_the_command_line_names_a_layer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = package(tmp_path)
    write(path, layer="wege", append=True)
    told = ["import", str(path), "--dry-run", "--json", "--profile", str(tmp_path / "profile")]
    assert main(told) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "several_layers"
    assert "--layer" in error["advice"]
    assert main([*told, "--layer", "wege"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert violation(document, "import") is None
    assert (document["format"], document["imported"]) == ("geopackage", 3)


def test_a_layer_without_rows_does_not_count(tmp_path: Path) -> None:
    path = package(tmp_path)
    write(path, layer="wege", append=True)
    change(path, "DELETE FROM wege")
    assert read_source(path).layer == "baeume"
    change(path, "DELETE FROM baeume")
    with pytest.raises(FileEmpty):
        read_source(path)


def test_a_table_without_geometry(tmp_path: Path) -> None:
    columns = {"nr": ["1", "2"], "lon": [7.465, 7.466], "lat": [51.514, 51.515]}
    found = read_source(write(tmp_path / "x.gpkg", columns, kind="Unknown", geometry=None, crs=None))
    assert (found.has_geometries, found.crs, len(found.rows)) == (False, None, 2)
    assert found.rows[0].values == {"nr": "1", "lon": 7.465, "lat": 51.514}


def test_values_of_another_type_than_their_column_are_kept(tmp_path: Path) -> None:
    path = package(tmp_path)
    change(
        path,
        "ALTER TABLE baeume ADD COLUMN gepflanzt DATE",
        "ALTER TABLE baeume ADD COLUMN geschuetzt BOOLEAN",
        "ALTER TABLE baeume ADD COLUMN bild BLOB",
        "UPDATE baeume SET gepflanzt = 'bis April 2019', hoehe = 'ca. 12', geschuetzt = 1, bild = x'00ff'"
        " WHERE fid = 1",
        "UPDATE baeume SET straße = CAST(x'53747261e165' AS TEXT), geschuetzt = 'vielleicht' WHERE fid = 2",
    )
    first, second, third = (row.values for row in read_source(path).rows)
    assert (first["gepflanzt"], first["hoehe"], first["geschuetzt"]) == ("bis April 2019", "ca. 12", True)
    assert (second["straße"], second["geschuetzt"]) == ("Stra\ufffde", "vielleicht")
    assert "bild" not in first
    assert "gepflanzt" not in third


def test_a_broken_geometry_is_a_row_with_a_problem(tmp_path: Path) -> None:
    path = package(tmp_path)
    change(
        path,
        "UPDATE baeume SET geom = x'4750000100000000' WHERE fid = 1",
        "UPDATE baeume SET geom = x'00112233445566778899' WHERE fid = 2",
        "UPDATE baeume SET geom = NULL WHERE fid = 3",
    )
    rows = read_source(path).rows
    assert [row.problem is None for row in rows] == [False, False, True]
    report = dry_run(path, asset_class="other")
    assert report["rows"] == outcomes(report) == 3
    assert [entry["row"] for entry in report["rejected"]] == [1, 2]


def test_envelopes_and_empty_geometries(tmp_path: Path) -> None:
    ring = shapely.Polygon([(0, 0), (4, 0), (4, 3), (0, 0)])
    path = write(
        tmp_path / "flaechen.gpkg",
        {"nr": ["1", "2"]},
        kind="Polygon",
        geometry=shapely.to_wkb(
            np.array([shapely.transform(ring, lambda c: c + PLACES[0]), shapely.Polygon()])
        ),
    )
    first, second = read_source(path).rows
    assert first.geometry is not None
    assert (first.geometry["type"], second.geometry, second.problem) == ("Polygon", None, None)


def test_a_height_of_nought_is_none(tmp_path: Path) -> None:
    flat = shapely.to_wkb(shapely.points([(*place, 0.0) for place in PLACES]))
    high = shapely.to_wkb(shapely.points([(*place, 91.5) for place in PLACES]))
    for name, geometry, size in (("flach", flat, 2), ("hoch", high, 3)):
        row = read_source(write(tmp_path / f"{name}.gpkg", geometry=geometry, kind="Point Z")).rows[0]
        assert row.geometry is not None
        assert len(row.geometry["coordinates"]) == size  # type: ignore[arg-type]


def test_nothing_is_written_beside_it(tmp_path: Path) -> None:
    path = package(tmp_path)
    change(path, "PRAGMA journal_mode=WAL")
    before = sorted(found.name for found in tmp_path.iterdir())
    read_source(path)
    assert sorted(found.name for found in tmp_path.iterdir()) == before


def test_names_with_quotation_marks(tmp_path: Path) -> None:
    found = read_source(write(tmp_path / "x.gpkg", {'a"b': ["x", "y", "z"]}, layer='la"yer'))
    assert (found.layer, found.columns) == ('la"yer', ('a"b',))


def test_another_database_is_none(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    change(path, "CREATE TABLE a (b)")
    with pytest.raises(FormatUnknown):
        read_source(path)


@pytest.mark.parametrize("part", [0.05, 0.3, 0.6, 0.9])
def test_a_package_cut_off(tmp_path: Path, part: float) -> None:
    path = package(tmp_path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    with pytest.raises(FileDamaged):
        read_source(path)


def test_whole_numbers_stay_whole_though_one_is_missing(tmp_path: Path) -> None:
    path = package(tmp_path)
    change(path, "UPDATE baeume SET hoehe = NULL WHERE fid = 2")
    assert [row.values.get("hoehe") for row in read_source(path).rows] == [12, None, TREES["hoehe"][2]]
