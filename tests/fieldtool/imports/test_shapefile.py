from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import shapely

from fieldtool.imports.dbf import read_dbf, text_of
from fieldtool.imports.errors import FileDamaged, ShapefileIncomplete
from fieldtool.imports.source import read_source
from tests.fieldtool.imports.geo import PLACES, STREETS, points, write
from tests.fieldtool.imports.lists import prepared

Field = tuple[str, str, int]


def shapefile(tmp_path: Path, encoding: str = "UTF-8") -> Path:
    return write(tmp_path / "baeume.shp", encoding=encoding)


def beside(path: Path, suffix: str) -> Path:
    return path.with_suffix(suffix)


def dbf(fields: list[Field], *records: bytes, encoding: str = "cp1252", language: int = 0) -> bytes:
    width = 1 + sum(size for _name, _kind, size in fields)
    header = struct.pack(
        "<B3sIHH17xB2x", 3, b"\x7e\x0b\x17", len(records), 33 + 32 * len(fields), width, language
    )
    described = b"".join(
        struct.pack("<11sc4xB15x", name.encode(encoding), kind.encode(), size) for name, kind, size in fields
    )
    return header + described + b"\r" + b"".join(records) + b"\x1a"


def test_shapes_and_table(tmp_path: Path) -> None:
    found = prepared(shapefile(tmp_path))
    source = found.source
    assert (source.format, source.encoding, source.crs) == ("shapefile", "utf-8", "EPSG:25832")
    assert (found.kind.id, source.columns) == ("tree", ("baumnummer", "straße", "hoehe"))
    assert [row.number for row in source.rows] == [1, 2, 3]
    assert source.rows[0].values == {"baumnummer": "0047", "straße": "Märkische Straße", "hoehe": 12}
    assert source.rows[0].geometry == {"type": "Point", "coordinates": list(PLACES[0])}


@pytest.mark.parametrize("encoding", ["CP1252", "CP850", "UTF-8"])
@pytest.mark.parametrize("told", [True, False])
def test_the_encoding_of_the_table(tmp_path: Path, encoding: str, *, told: bool) -> None:
    path = shapefile(tmp_path, encoding)
    if not told:
        beside(path, ".cpg").unlink()
        table = bytearray(beside(path, ".dbf").read_bytes())
        table[29] = 0
        beside(path, ".dbf").write_bytes(table)
    source = read_source(path)
    assert source.encoding == encoding.lower()
    assert [row.values["straße"] for row in source.rows] == STREETS


def test_utf_8_is_read_whatever_the_cpg_says(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    beside(path, ".cpg").write_text("ISO-8859-1", encoding="ascii")
    assert [row.values["straße"] for row in read_source(path).rows] == STREETS


@pytest.mark.parametrize("said", ["1252", "ANSI 1252", "ISO 88591", "ISO-8859-1", "windows-1252\r\n", "L1"])
def test_the_spellings_of_a_cpg(said: str) -> None:
    table = read_dbf(dbf([("NAME", "C", 5)], b" " + "Süd  ".encode("cp1252")), said)
    assert list(table.records()) == [{"NAME": "Süd"}]


def test_a_letter_cut_in_half_is_left_out() -> None:
    assert text_of("Größ".encode()[:-1], "utf-8") == "Grö"
    assert text_of("Größe".encode("cp1252"), "utf-8") == "Größe"


def test_the_values_of_a_table() -> None:
    fields = [("T", "C", 4), ("N", "N", 6), ("F", "F", 6), ("D", "D", 8), ("L", "L", 1), ("I", "I", 4)]
    rows = (
        b" 0047" + b"    12" + b"  1.50" + b"20261123" + b"T" + struct.pack("<i", -7),
        b"     " + b"******" + b"      " + b"00000000" + b"?" + struct.pack("<i", 0),
        b" a,b " + b" 12,5 " + b"   nan" + b"  keine " + b"f" + struct.pack("<i", 1),
        b"*weg " + bytes(25),
    )
    assert list(read_dbf(dbf(fields, *rows), None).records()) == [
        {"T": "0047", "N": 12, "F": 1.5, "D": "2026-11-23", "L": True, "I": -7},
        {"I": 0},
        {"T": "a,b", "N": "12,5", "F": "nan", "D": "keine", "L": False, "I": 1},
        None,
    ]


def test_a_table_alone(tmp_path: Path) -> None:
    path = tmp_path / "liste.dbf"
    path.write_bytes(dbf([("NR", "C", 4), ("NR", "C", 4)], b" 0047abcd", b"*0048abcd", b" 0049efgh"))
    found = read_source(path)
    assert (found.format, found.columns, found.has_geometries) == ("dbf", ("NR", "NR (2)"), False)
    assert [(row.number, row.values["NR"]) for row in found.rows] == [(1, "0047"), (3, "0049")]


@pytest.mark.parametrize("suffix", [".shp", ".shx", ".dbf"])
def test_a_missing_part_is_named(tmp_path: Path, suffix: str) -> None:
    path = shapefile(tmp_path)
    beside(path, suffix).unlink()
    named = path if suffix != ".shp" else beside(path, ".shx")
    with pytest.raises(ShapefileIncomplete) as caught:
        read_source(named)
    assert caught.value.missing == (suffix,)


@pytest.mark.parametrize("suffix", [".shx", ".dbf", ".prj", ".cpg"])
def test_any_part_may_be_named(tmp_path: Path, suffix: str) -> None:
    assert len(read_source(beside(shapefile(tmp_path), suffix)).rows) == 3


def test_names_in_capitals(tmp_path: Path) -> None:
    for part in list(shapefile(tmp_path).parent.iterdir()):
        part.rename(part.with_name(part.stem.upper() + part.suffix.upper()))
    source = read_source(tmp_path / "BAEUME.SHP")
    assert (source.crs, len(source.rows)) == ("EPSG:25832", 3)


def test_without_a_prj_the_figures_are_asked_and_with_one_they_are_not(tmp_path: Path) -> None:
    """Zone 33 in the .prj: far away in the Baltic states, and still what the file says."""
    path = write(tmp_path / "baeume.shp", crs="EPSG:25833")
    assert read_source(path).crs == "EPSG:25833"
    beside(path, ".prj").unlink()
    assert read_source(path).crs is None
    assert prepared(path).crs.crs == "EPSG:25832"


def test_a_prj_with_umlauts(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    said = (
        beside(path, ".prj").read_text(encoding="ascii").replace("ETRS_1989_UTM_Zone_32N", "Lagestatus Gauß")
    )
    beside(path, ".prj").write_text(said, encoding="cp1252")
    assert read_source(path).crs == "EPSG:25832"


@pytest.mark.parametrize("suffix", [".shp", ".shx", ".dbf"])
@pytest.mark.parametrize("part", [0.05, 0.5, 0.95])
def test_a_part_cut_off(tmp_path: Path, suffix: str, part: float) -> None:
    path = shapefile(tmp_path)
    data = beside(path, suffix).read_bytes()
    beside(path, suffix).write_bytes(data[: int(len(data) * part)])
    with pytest.raises(FileDamaged):
        read_source(path)


def test_a_damaged_shape_is_a_row_with_a_problem_and_an_empty_one_is_not(tmp_path: Path) -> None:
    squares = [shapely.box(x, y, x + 10, y + 10) for x, y in PLACES]
    path = write(tmp_path / "f.shp", geometry=shapely.to_wkb(np.array(squares)), kind="Polygon")
    data = bytearray(path.read_bytes())
    record = (len(data) - 100) // 3
    data[100 + 8 + 36 : 100 + 8 + 40] = struct.pack("<i", 100_000)
    data[100 + record + 8 : 100 + record + 12] = bytes(4)
    path.write_bytes(data)
    rows = read_source(path).rows
    assert [row.problem is None for row in rows] == [False, True, True]
    assert [row.geometry is None for row in rows] == [True, True, False]
    assert [row.values["baumnummer"] for row in rows] == ["0047", "0048", "0049"]


def test_a_deleted_row_takes_its_shape_along(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    table = bytearray(beside(path, ".dbf").read_bytes())
    first, width = struct.unpack_from("<HH", table, 8)
    table[first + width] = ord("*")
    beside(path, ".dbf").write_bytes(table)
    rows = read_source(path).rows
    assert [(row.number, row.values["baumnummer"]) for row in rows] == [(1, "0047"), (3, "0049")]
    assert rows[1].geometry == {"type": "Point", "coordinates": list(PLACES[2])}


def test_more_shapes_than_rows(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    table = bytearray(beside(path, ".dbf").read_bytes())
    table[4:8] = struct.pack("<I", 2)
    beside(path, ".dbf").write_bytes(table)
    assert len([row for row in read_source(path).rows if row.problem is None]) == 2


def test_measures_are_left_out_and_said_nothing_of(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "m.shp", geometry=points(), kind="Point")
    data = bytearray(path.read_bytes())
    assert read_source(path).rows[0].problem is None
    data[32:36] = struct.pack("<i", 21)
    path.write_bytes(data)
    read_source(path)
    assert capfd.readouterr() == ("", "")
