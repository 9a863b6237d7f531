"""Every format, read back by another program: GDAL, openpyxl, Python's csv and json, and the real tools where
they are installed."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyogrio
import pytest
import shapely

from fieldtool.asset import Asset
from fieldtool.exports.errors import (
    CellTooLong,
    ExportCrsFixed,
    ExportCrsUnknown,
    ExportFormatUnknown,
    NothingToExport,
    TargetExists,
    TargetForeign,
    TargetNotWritten,
)
from fieldtool.exports.formats.shapefile import field_names
from fieldtool.exports.run import Exported, Wish, export
from fieldtool.ids import AssetId, new_id
from fieldtool.journal import operation
from fieldtool.jsontypes import Json
from fieldtool.profile import Profile, open_profile
from fieldtool.texts import use_language

POINT: dict[str, Json] = {"type": "Point", "coordinates": [7.4653, 51.5136]}
AREA: dict[str, Json] = {
    "type": "Polygon",
    "coordinates": [[[7.4, 51.5], [7.5, 51.5], [7.5, 51.6], [7.4, 51.5]]],
}
EAST, NORTH = 393506.835, 5708058.186
"""Of POINT in EPSG:25832, by gdaltransform (GDAL 3.6.2)."""


@pytest.fixture(autouse=True)
def german() -> None:
    use_language("de")


def asset(asset_class: str, number: str | None, geometry: dict[str, Json] | None, **values: Json) -> Asset:
    return Asset(
        id=AssetId(new_id()),
        asset_class=asset_class,
        number=number,
        name="Größe „Ä“",
        geometry=geometry,
        attributes=values,
    )


LIGHT = asset(
    "street_light", "007", POINT, lantern_height=7.5, lamp="led", in_service_since="2019-04-01",
    circuit="=1+1", straßenname="Märkische Straße", liste=["a", 1], leer="", zahl=12, ja=True,
)  # fmt: skip
GROUND = asset("green_area", "G-1", AREA, remark="Zeile 1\nZeile 2")
NOWHERE = asset("green_area", None, None)


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    with open_profile(tmp_path / "profile", write=True) as opened:
        with operation(opened.store, opened.actor, "test") as recorder:
            for one in (LIGHT, GROUND, NOWHERE):
                recorder.create(one)
        yield opened


def exported(profile: Profile, path: Path, **wish: Any) -> Exported:
    return export(profile.store, Wish(target=path, **wish))


def test_geopackage_in_gdal(profile: Profile, tmp_path: Path) -> None:
    path = tmp_path / "bestand.gpkg"
    done = exported(profile, path)
    assert dict(done.classes) == {"green_area": 2, "street_light": 1}
    assert {name for name, _kind in pyogrio.list_layers(path)} == {"green_area", "street_light"}
    info = pyogrio.read_info(path, layer="street_light")
    assert (info["crs"], info["geometry_type"]) == ("EPSG:25832", "Point")
    assert {"lantern_height", "straßenname", "in_service_since"} <= set(info["fields"])
    meta, _ids, shapes, values = pyogrio.raw.read(path, layer="street_light")
    row = dict(zip(meta["fields"], (column[0] for column in values), strict=True))
    place = shapely.from_wkb(shapes[0])
    assert (place.x, place.y) == pytest.approx((EAST, NORTH), abs=0.05)
    assert (row["id"], row["number"], row["name"]) == (LIGHT.id, "007", "Größe „Ä“")
    assert (row["lantern_height"], row["circuit"], row["straßenname"]) == (7.5, "=1+1", "Märkische Straße")
    assert str(row["in_service_since"])[:10] == "2019-04-01"
    assert json.loads(row["fieldtool_exact"])["attributes"] == {"leer": "", "liste": ["a", 1]}


def test_shapefile_in_gdal(profile: Profile, tmp_path: Path) -> None:
    folder = tmp_path / "shapes"
    exported(profile, folder)
    info = pyogrio.read_info(folder / "street_light_point.shp")
    assert (info["crs"], info["encoding"]) == ("EPSG:25832", "UTF-8")
    assert all(len(name) <= 10 for name in info["fields"])
    meta, _ids, _shapes, values = pyogrio.raw.read(folder / "street_light_point.shp")
    row = dict(zip(meta["fields"], (column[0] for column in values), strict=True))
    assert (row["number"], row["name"]) == ("007", "Größe „Ä“")
    with (folder / "fields.csv").open(encoding="utf-8-sig", newline="") as file:
        fields = {(line["class"], line["attribute"]): line for line in csv.DictReader(file, delimiter=";")}
    assert row[fields["street_light", "straßenname"]["field"]] == "Märkische Straße"
    assert fields["street_light", "lantern_height"]["title"] == "Lichtpunkthöhe (m)"
    assert pyogrio.read_info(folder / "green_area_polygon.shp")["features"] == 1
    assert pyogrio.read_info(folder / "green_area_ohne_ort.dbf")["features"] == 1


def test_names_of_ten_letters() -> None:
    names = field_names(["in_service_since", "in_service_until", "Straße", "straße", "日本"])
    assert names == ["in_service", "in_servic2", "strasse", "strasse2", "feld"]


def test_geojson(profile: Profile, tmp_path: Path) -> None:
    path = tmp_path / "bestand.geojson"
    exported(profile, path)
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    light = next(one for one in features if one["id"] == LIGHT.id)
    assert light["geometry"] == POINT
    assert light["properties"]["lantern_height"] == 7.5
    assert pyogrio.read_info(path)["features"] == 3


def test_csv_for_programs(profile: Profile, tmp_path: Path) -> None:
    path = tmp_path / "bestand.csv"
    exported(profile, path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    light, ground = rows[LIGHT.id], rows[GROUND.id]
    assert (light["number"], light["lantern_height"], light["ja"]) == ("007", "7.5", "true")
    assert (float(light["lon"]), float(light["lat"])) == (7.4653, 51.5136)
    assert shapely.from_wkt(ground["wkt"]).equals(shapely.from_geojson(json.dumps(AREA)))
    assert ground["remark"] == "Zeile 1\nZeile 2"


def excel_rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["Kennung"]: row for row in csv.DictReader(file, delimiter=";")}


def test_csv_for_a_german_excel(profile: Profile, tmp_path: Path) -> None:
    path = tmp_path / "bestand.csv"
    exported(profile, path, format="csv-excel-de")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    light = excel_rows(path)[LIGHT.id]
    assert light["Lichtpunkthöhe (m)"] == "7,5"
    assert light["In Betrieb seit"] == "01.04.2019"
    assert light["Leuchtmittel"] == "LED"
    assert light["Stromkreis"] == "'=1+1"
    assert float(light["Rechtswert (EPSG:25832)"].replace(",", ".")) == pytest.approx(EAST, abs=0.05)


def test_a_workbook(profile: Profile, tmp_path: Path) -> None:
    path = tmp_path / "bestand.xlsx"
    exported(profile, path)
    book = openpyxl.load_workbook(path)
    assert set(book.sheetnames) == {"Grünanlage", "Straßenleuchte", "Spalten"}
    sheet = book["Straßenleuchte"]
    head, first = ([cell.value for cell in row] for row in sheet.iter_rows(max_row=2))
    row = dict(zip(head, first, strict=True))
    assert (row["Nummer"], row["Lichtpunkthöhe (m)"]) == ("007", 7.5)
    assert row["In Betrieb seit"] == datetime(2019, 4, 1)  # noqa: DTZ001 - a workbook knows no zones
    assert row["Stromkreis"] == "=1+1"
    assert [cell.data_type for cell in sheet[2] if cell.value == "=1+1"] == ["s"]
    explained = [[cell.value for cell in line][:5] for line in book["Spalten"].iter_rows()]
    assert ["Straßenleuchte", "Lichtpunkthöhe (m)", "lantern_height", "number", "m"] in explained


def test_only_what_is_released(profile: Profile, tmp_path: Path) -> None:
    path = tmp_path / "offen.geojson"
    done = exported(profile, path, open_data=True, asset_class="street_light")
    assert done.attributes["internal"] == done.attributes["protected"] == 0
    text = path.read_text(encoding="utf-8")
    assert "lantern_height" in text
    assert "=1+1" not in text
    assert "Märkische" not in text


@pytest.mark.parametrize(
    ("name", "wish", "error"),
    [
        ("bestand.pdf", {}, ExportFormatUnknown),
        ("bestand.gpkg", {"crs": "EPSG:1"}, ExportCrsUnknown),
        ("bestand.geojson", {"crs": "EPSG:25832"}, ExportCrsFixed),
        ("bestand.gpkg", {"asset_class": "tree"}, NothingToExport),
        ("nirgends/bestand.gpkg", {}, TargetNotWritten),
    ],
)
def test_what_is_refused(
    profile: Profile, tmp_path: Path, name: str, wish: dict[str, Any], error: type[Exception]
) -> None:
    before = sorted(tmp_path.iterdir())
    with pytest.raises(error):
        exported(profile, tmp_path / name, **wish)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", ["bestand.gpkg", "bestand.csv", "bestand.xlsx", "bestand.geojson", "shapes"])
def test_nothing_is_replaced_unasked(profile: Profile, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    exported(profile, path)
    with pytest.raises(TargetExists):
        exported(profile, path)
    exported(profile, path, force=True)
    assert not [other for other in tmp_path.iterdir() if ".part" in other.name or ".old" in other.name]


def test_a_folder_of_somebody_else_is_never_replaced(profile: Profile, tmp_path: Path) -> None:
    folder = tmp_path / "fotos"
    folder.mkdir()
    (folder / "urlaub.jpg").write_bytes(b"x")
    with pytest.raises(TargetForeign):
        exported(profile, folder, force=True)
    assert (folder / "urlaub.jpg").exists()


def test_in_the_real_programs(profile: Profile, tmp_path: Path) -> None:
    """Where GDAL's own tools and LibreOffice are installed; the library is asked in the other tests."""
    exported(profile, tmp_path / "bestand.gpkg")
    exported(profile, tmp_path / "bestand.csv", format="csv-excel-de")
    if shutil.which("ogrinfo"):
        words = ["ogrinfo", "-so", str(tmp_path / "bestand.gpkg"), "street_light"]
        told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        assert 'ID["EPSG",25832]' in told
        assert "straßenname: String" in told
    if shutil.which("soffice"):
        words = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/office",
                 "--infilter=CSV:59,34,76,1,,1031,false,true", "--convert-to", "xlsx",
                 "--outdir", str(tmp_path / "office-out"), str(tmp_path / "bestand.csv")]  # fmt: skip
        subprocess.run(words, capture_output=True, check=True, timeout=120)
        sheet = openpyxl.load_workbook(tmp_path / "office-out" / "bestand.xlsx").active
        assert sheet is not None
        rows = [[cell.value for cell in line] for line in sheet.iter_rows()]
        assert 7.5 in {row[rows[0].index("Lichtpunkthöhe (m)")] for row in rows[1:]}
    assert (tmp_path / "bestand.gpkg").exists()


def test_what_no_cell_can_say_is_not_falsified(profile: Profile, tmp_path: Path) -> None:
    strange = asset("street_light", "X", POINT, lantern_height=1.25e-17, zahl=10**400, power=1e25)
    with operation(profile.store, profile.actor, "test") as recorder:
        recorder.create(strange)
    folder = tmp_path / "shapes"
    exported(profile, folder, asset_class="street_light")
    with (folder / "exact.csv").open(encoding="utf-8", newline="") as file:
        kept = {row["id"]: json.loads(row["exact"]) for row in csv.DictReader(file)}
    assert {"lantern_height", "power"} <= kept[strange.id]["long"].keys()
    assert json.loads(kept[strange.id]["cell"])["attributes"]["zahl"] == 10**400
    exported(profile, tmp_path / "bestand.gpkg")
    exported(profile, tmp_path / "bestand.xlsx")


def test_a_text_too_long_for_a_cell_is_refused(profile: Profile, tmp_path: Path) -> None:
    with operation(profile.store, profile.actor, "test") as recorder:
        recorder.create(asset("street_light", "X", POINT, remark="x" * 40_000))
    with pytest.raises(CellTooLong):
        exported(profile, tmp_path / "bestand.xlsx")
    assert not (tmp_path / "bestand.xlsx").exists()


def test_a_class_whose_name_is_no_file_name(profile: Profile, tmp_path: Path) -> None:
    with operation(profile.store, profile.actor, "test") as recorder:
        recorder.create(asset("a/b:c", "X", POINT))
    exported(profile, tmp_path / "shapes", asset_class="a/b:c")
    assert (tmp_path / "shapes" / "a_b_c_point.shp").exists()
