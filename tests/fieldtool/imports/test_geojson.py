from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fieldtool.imports.errors import FileEmpty, GeoJsonBroken, ImportRefused
from fieldtool.imports.source import read_source
from fieldtool.texts import RESOURCES
from tests.fieldtool.imports.lists import dry_run, outcomes, prepared

TREES = RESOURCES / "demo" / "strassenbaeume.geojson"


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def point(*coordinates: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(coordinates)}


def collection(path: Path, *features: Any, **members: Any) -> Path:
    document = {"type": "FeatureCollection", **members, "features": list(features)}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_the_trees_of_the_demonstration() -> None:
    found = prepared(TREES)
    assert found.kind.id == "tree"
    assert not found.reading.rejected
    assert not found.reading.flagged
    assert not found.mapping.kept
    records = found.reading.records
    assert len(records) == 12
    assert records[0].number == "D-Hafen-0815"
    assert all(not found.kind.problems(record.attributes) for record in records)


@pytest.mark.parametrize(
    "geometry",
    [
        point(7.4),
        point("7.4", "51.5"),
        point(7.4, None),
        {"type": "Point"},
        {"type": "Punkt", "coordinates": [7.4, 51.5]},
        {"type": "Polygon", "coordinates": [[[7.4, 51.5], [7.5, 51.5], [7.4, 51.6]]]},
        {"type": "GeometryCollection", "geometries": []},
        "POINT",
        [7.4, 51.5],
    ],
)
def test_a_broken_geometry_rejects_its_row_only(tmp_path: Path, geometry: Any) -> None:
    path = collection(
        tmp_path / "baeume.geojson",
        feature(point(7.46, 51.51), baumnummer="1"),
        feature(geometry, baumnummer="2"),
        feature(point(7.47, 51.52), baumnummer="3"),
    )
    report = dry_run(path)
    assert (report["imported"], report["rows"]) == (2, 3)
    assert [entry["row"] for entry in report["rejected"]] == [2]


def test_members_that_are_no_features_are_rejected_one_by_one(tmp_path: Path) -> None:
    path = collection(tmp_path / "baeume.geojson", None, 7, "x", feature(point(7.46, 51.51), baumnummer="1"))
    report = dry_run(path)
    assert (report["imported"], len(report["rejected"])) == (1, 3)


def test_a_tree_without_place_is_rejected_and_a_room_is_not(tmp_path: Path) -> None:
    path = collection(tmp_path / "liste.geojson", feature(None, name="a"), feature(point(0, 0), name="b"))
    assert len(dry_run(path, asset_class="tree")["rejected"]) == 2
    assert dry_run(path, asset_class="room")["imported"] == 2


def test_the_kind_of_geometry_must_fit_the_class(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[7.46, 51.51], [7.47, 51.52]]}
    path = collection(tmp_path / "liste.geojson", feature(line, name="a"))
    assert dry_run(path, asset_class="tree")["rejected"][0]["value"] == "LineString"
    assert dry_run(path, asset_class="bridge")["imported"] == 1


def test_a_multipoint_of_one_is_a_point_and_a_height_stays(tmp_path: Path) -> None:
    path = collection(
        tmp_path / "baeume.geojson",
        feature({"type": "MultiPoint", "coordinates": [[7.46, 51.51, 93.5]]}, baumnummer="1"),
    )
    assert prepared(path).reading.records[0].geometry == point(7.46, 51.51, 93.5)


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::25832", "EPSG:25832"])
def test_an_older_file_may_name_its_crs(tmp_path: Path, name: str) -> None:
    path = collection(
        tmp_path / "baeume.geojson",
        feature(point(393486.952, 5708103.105), baumnummer="1"),
        crs={"type": "name", "properties": {"name": name}},
    )
    found = prepared(path)
    assert (found.crs.crs, found.crs.certain) == ("EPSG:25832", True)
    geometry = found.reading.records[0].geometry
    assert geometry is not None
    assert geometry["coordinates"] == pytest.approx([7.465, 51.514], abs=1e-7)


def test_metres_in_a_file_that_names_no_crs_are_recognised(tmp_path: Path) -> None:
    path = collection(tmp_path / "baeume.geojson", feature(point(2601738.25, 5709849.3), baumnummer="1"))
    assert dry_run(path)["crs"] == "EPSG:31466"


def test_lines_of_json_with_a_broken_one(tmp_path: Path) -> None:
    path = tmp_path / "stationen.ndjson"
    good = {"id": "8000410", "name": "Hörde", "location": {"latitude": 51.49, "longitude": 7.5}}
    path.write_text(
        f"{json.dumps(good)}\n{{kaputt\n\n{json.dumps(good | {'id': '0080'})}\n", encoding="utf-8"
    )
    found = prepared(path)
    assert found.source.format == "ndjson"
    assert [record.number for record in found.reading.records] == ["8000410", "0080"]
    assert found.reading.records[0].geometry == point(7.5, 51.49)
    assert [entry.row for entry in found.reading.rejected] == [2]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"type": "FeatureCollection",\n "features": [{"type": "Feat', 2),
        ('{"type": "FeatureCollection"}', 1),
    ],
)
def test_a_file_cut_off_names_the_line(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "baeume.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GeoJsonBroken) as caught:
        read_source(path)
    assert caught.value.line == line


def test_values_no_database_takes_become_text_or_vanish(tmp_path: Path) -> None:
    path = tmp_path / "liste.geojson"
    path.write_text(
        '{"type": "Feature", "geometry": null, "properties":'
        ' {"name": "a\\ud800\\u0000b", "wert": 1e999, "leer": NaN, "liste": [1, "\\ud800"]}}',
        encoding="utf-8",
    )
    record = prepared(path).reading.records[0]
    assert record.name == "a?b"
    assert record.attributes == {"wert": "inf", "liste": '[1, "?"]'}


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tief.geojson"
    path.write_text('{"a":' + "[" * 200_000, encoding="utf-8")
    with pytest.raises(GeoJsonBroken):
        read_source(path)


def test_no_features_at_all(tmp_path: Path) -> None:
    with pytest.raises(FileEmpty):
        read_source(collection(tmp_path / "leer.geojson"))


@pytest.mark.parametrize("position", range(0, 700, 13))
def test_a_flipped_byte_never_ends_in_a_traceback(tmp_path: Path, position: int) -> None:
    data = bytearray(TREES.read_bytes())
    data[position] ^= 0x15
    path = tmp_path / "strassenbaeume.geojson"
    path.write_bytes(data)
    try:
        report = dry_run(path)
    except ImportRefused:
        return
    assert report["rows"] == outcomes(report)


def test_a_flipped_digit_changes_the_value(tmp_path: Path) -> None:
    path = tmp_path / "strassenbaeume.geojson"
    path.write_bytes(TREES.read_bytes().replace(b"7.44932", b"7.44942", 1))
    geometry = prepared(path).reading.records[0].geometry
    assert geometry == point(7.44942, 51.52871)
