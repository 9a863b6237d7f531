from __future__ import annotations

import gzip
import tempfile
import zipfile
from pathlib import Path

import pytest

from fieldtool.imports.errors import (
    FileDamaged,
    FileEmpty,
    FormatUnknown,
    ImportRefused,
    LayerUnknown,
    SeveralLayers,
    ShapefileIncomplete,
    TableBroken,
    UnpackedTooLarge,
)
from fieldtool.imports.source import read_source
from tests.fieldtool.imports.geo import write
from tests.fieldtool.imports.lists import LIGHTS, prepared

GEOJSON = '{"type": "Feature", "geometry": null, "properties": {"name": "a"}}'


@pytest.fixture(autouse=True)
def _nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))


def left_behind(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "temporary").iterdir())


def packed(path: Path, data: bytes) -> Path:
    path.write_bytes(gzip.compress(data))
    return path


def archive(path: Path, **files: str | bytes | Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as found:
        for name, content in files.items():
            if isinstance(content, Path):
                found.write(content, name)
            else:
                found.writestr(name, content)
    return path


def test_a_list_within_gzip(tmp_path: Path) -> None:
    path = packed(tmp_path / "leuchten.csv.gz", LIGHTS.encode())
    found = prepared(path)
    assert (found.source.path, found.source.format, found.kind.id) == (path, "csv", "street_light")
    assert [record.number for record in found.reading.records] == ["0047", "0048", "0049"]
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("name", ["x.ndjson.gz", "x.GZ", "x.json", "x"])
def test_gzip_is_known_by_its_content(tmp_path: Path, name: str) -> None:
    assert read_source(packed(tmp_path / name, GEOJSON.encode())).format == "geojson"


def test_gzip_within_gzip_is_a_list_too(tmp_path: Path) -> None:
    inner = gzip.compress(LIGHTS.encode())
    assert len(read_source(packed(tmp_path / "x.csv.gz.gz", inner)).rows) == 3


@pytest.mark.parametrize("part", [0.05, 0.5, 0.95])
def test_gzip_cut_off(tmp_path: Path, part: float) -> None:
    path = packed(tmp_path / "x.csv.gz", LIGHTS.encode())
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    with pytest.raises(FileDamaged):
        read_source(path)


def test_a_flipped_byte_in_gzip_is_noticed(tmp_path: Path) -> None:
    whole = gzip.compress(LIGHTS.encode())
    path = tmp_path / "x.csv.gz"
    for position in range(12, len(whole)):
        data = bytearray(whole)
        data[position] ^= 0x15
        path.write_bytes(data)
        with pytest.raises(FileDamaged):
            read_source(path)


def test_what_is_wrong_within_is_said_of_the_file(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.csv.gz", b'Nr;Ort\n1;"offen\n')
    with pytest.raises(TableBroken) as caught:
        read_source(path)
    assert caught.value.path == str(path)
    with pytest.raises(FileEmpty):
        read_source(packed(tmp_path / "leer.csv.gz", b""))
    assert left_behind(tmp_path) == []


def test_bombs_are_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldtool.imports.source.LIMIT_MEGABYTES", 2)
    zeros = bytes(50_000_000)
    for path in (
        packed(tmp_path / "x.csv.gz", zeros),
        packed(tmp_path / "twice.csv.gz", gzip.compress(zeros)),
        archive(tmp_path / "x.zip", **{"x.csv": zeros}),
        archive(tmp_path / "x.kmz", **{"doc.kml": zeros}),
        archive(tmp_path / "x.xlsx", **{"xl/workbook.xml": zeros}),
    ):
        with pytest.raises(UnpackedTooLarge) as caught:
            read_source(path)
        assert (caught.value.path, caught.value.limit) == (str(path), 2)
    assert left_behind(tmp_path) == []


def test_a_zip_with_a_shapefile(tmp_path: Path) -> None:
    write(tmp_path / "baeume.shp")
    parts = {f"Ordner/{part.name}": part for part in tmp_path.iterdir() if part.is_file()}
    path = archive(
        tmp_path / "baeume.zip", **parts, **{"Ordner/liesmich.txt": "Stand 2026", "__MACOSX/x.csv": ""}
    )
    found = prepared(path)
    assert (found.source.format, found.source.crs, found.kind.id) == ("shapefile", "EPSG:25832", "tree")
    assert [record.number for record in found.reading.records] == ["0047", "0048", "0049"]
    assert left_behind(tmp_path) == []


def test_a_zip_with_half_a_shapefile(tmp_path: Path) -> None:
    shape = write(tmp_path / "baeume.shp")
    path = archive(tmp_path / "baeume.zip", **{"baeume.shp": shape})
    with pytest.raises(ShapefileIncomplete) as caught:
        read_source(path)
    assert (caught.value.path, caught.value.missing) == (str(path), (".shx", ".dbf"))


def test_a_zip_with_several_lists_is_asked(tmp_path: Path) -> None:
    path = archive(tmp_path / "x.zip", **{"a/leuchten.csv": LIGHTS, "b.geojson": GEOJSON})
    with pytest.raises(SeveralLayers) as caught:
        read_source(path)
    assert caught.value.layers == ("a/leuchten.csv", "b.geojson")
    assert read_source(path, "b.geojson").format == "geojson"
    with pytest.raises(LayerUnknown):
        read_source(path, "c.csv")


def test_a_layer_within_a_zip(tmp_path: Path) -> None:
    package = write(tmp_path / "x.gpkg", layer="baeume")
    write(package, layer="wege", append=True)
    path = archive(tmp_path / "x.zip", **{"x.gpkg": package})
    assert read_source(path, "wege").layer == "wege"


def test_a_zip_without_a_list(tmp_path: Path) -> None:
    with pytest.raises(FormatUnknown):
        read_source(archive(tmp_path / "x.zip", **{"bild.png": b"\x89PNG"}))
    with pytest.raises(FileEmpty):
        read_source(archive(tmp_path / "leer.zip"))


def test_a_path_out_of_the_folder_stays_inside(tmp_path: Path) -> None:
    path = archive(tmp_path / "x.zip", **{"../../boese.csv": LIGHTS})
    assert len(read_source(path).rows) == 3
    assert not (tmp_path.parent / "boese.csv").exists()
    assert not (tmp_path / "boese.csv").exists()


@pytest.mark.parametrize("position", range(0, 300, 7))
def test_a_flipped_byte_in_a_zip_never_ends_in_a_traceback(tmp_path: Path, position: int) -> None:
    path = archive(tmp_path / "x.zip", **{"leuchten.csv": LIGHTS})
    data = bytearray(path.read_bytes())
    data[position % len(data)] ^= 0x15
    path.write_bytes(data)
    try:
        assert [row.values["Mastnummer"] for row in read_source(path).rows] == ["0047", "0048", "0049"]
    except ImportRefused:
        return
