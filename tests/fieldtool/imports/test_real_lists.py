from __future__ import annotations

import functools
from typing import Any

import pytest

from fieldtool.imports.errors import FormatUnknown
from fieldtool.imports.prepare import Prepared
from fieldtool.imports.source import read_source
from fieldtool.schemas import violation
from tests.fieldtool.imports.lists import dry_run, outcomes, prepared, real

UTM = "EPSG:25832"
GK3 = "EPSG:31467"
WGS84 = "EPSG:4326"

# From ../shared/data/README.md: encoding, delimiter, CRS, class, data rows, rows that are none.
LISTS: list[tuple[str, str, str | None, str | None, str, int, int]] = [
    ("moers_papierkoerbe.csv", "cp850", ",", WGS84, "bin", 1111, 1),
    ("bochum_playgrounds.csv", "utf-8", ";", UTM, "playground", 352, 0),
    ("bochum_natural_monuments.csv", "utf-8", ",", UTM, "natural_monument", 36, 0),
    ("bochum_tree_planting_felling_register.csv", "utf-8", ",", UTM, "tree", 162, 0),
    ("bochum_defibrillators.csv", "utf-8", ",", UTM, "defibrillator", 131, 0),
    ("bochum_sports_facilities.csv", "cp1252", ";", None, "sports_facility", 128, 39),
    ("flensburg_lebende-baeume.csv", "utf-8", ",", GK3, "tree", 18697, 0),
    ("flensburg_baumfaellungen_2023.csv", "utf-8", ",", GK3, "tree", 230, 0),
    ("flensburg_tree_species.csv", "utf-8", ",", None, "other", 1459, 0),
    ("dortmund_parkapi_parkhaeuser.geojson", "utf-8", None, WGS84, "off_street_parking", 20, 0),
    ("shnetz_ttn_gateways_sample.geojson", "utf-8", None, WGS84, "gateway", 13, 0),
]


@pytest.mark.parametrize(("name", "encoding", "delimiter", "crs", "kind", "data", "others"), LISTS)
def test_a_real_list_is_understood(
    name: str, encoding: str, delimiter: str | None, crs: str | None, kind: str, data: int, others: int
) -> None:
    report = dry_run(real(name))
    assert violation(report, "import") is None
    assert (report["encoding"], report["delimiter"], report["class"]) == (encoding, delimiter, kind)
    assert (report["crs"], report["crs_certain"]) == (crs, True)
    assert report["header_row"] == (1 if name.endswith(".csv") else None)
    assert report["rows"] == outcomes(report) == data + others
    assert report["imported"] + report["merged"] >= 0.99 * data
    assert report["ignored"] == others


# The same of the other formats: folder, format, header row, layer.
OTHERS: list[tuple[str, str, int | None, str | None, str | None, str, int, int]] = [
    (
        "assets/bnetza_ladesaeulenregister_2021-11-01.xlsx",
        "xlsx",
        6,
        None,
        WGS84,
        "charging_station",
        23396,
        2107,
    ),
    ("assets/bochum_natural_monuments.shp", "shapefile", None, "utf-8", UTM, "natural_monument", 40, 0),
    ("assets/bochum_playgrounds.shp", "shapefile", None, "utf-8", UTM, "playground", 352, 0),
    ("assets/db_stations_data.ndjson.gz", "ndjson", None, "utf-8", WGS84, "station", 5388, 0),
    ("gpkg/Ready_to_survey_trees_team_A.gpkg", "geopackage", None, None, WGS84, "tree", 20, 0),
    ("basemap/de_landkreise_sim200.geojson.gz", "geojson", None, "utf-8", WGS84, "other", 431, 0),
    ("basemap/nrw_kreise_sim200_subset.geojson", "geojson", None, "utf-8", WGS84, "other", 53, 0),
]


@pytest.mark.parametrize(
    ("name", "kind", "header", "encoding", "crs", "asset_class", "data", "merged"), OTHERS
)
def test_a_real_file_of_another_format_is_understood(
    name: str,
    kind: str,
    header: int | None,
    encoding: str | None,
    crs: str | None,
    asset_class: str,
    data: int,
    merged: int,
) -> None:
    report = dry_run(real(f"../{name}"))
    assert violation(report, "import") is None
    assert (report["format"], report["header_row"], report["encoding"]) == (kind, header, encoding)
    assert (report["crs"], report["crs_certain"], report["class"]) == (crs, True, asset_class)
    assert report["rows"] == outcomes(report) == data
    assert (report["rejected"], report["merged"], report["imported"]) == ([], merged, data - merged)


def test_a_map_of_pictures_is_no_list() -> None:
    with pytest.raises(FormatUnknown):
        read_source(real("../basemap/osm_basemap_z0-6_germany_subset.mbtiles"))


def test_coordinates_in_text_among_figures_are_read() -> None:
    """23 rows of the register have texts like '52,113735'."""
    source = known("bnetza_ladesaeulenregister_2021-11-01.xlsx").source
    texts = [row.number for row in source.rows if isinstance(row.values.get("Breitengrad"), str)]
    assert len(texts) == 23
    record = one("bnetza_ladesaeulenregister_2021-11-01.xlsx", texts[0])
    values = source.rows[texts[0] - source.rows[0].number].values
    lon, lat = (float(str(values[column]).replace(",", ".")) for column in ("Längengrad", "Breitengrad"))
    assert record.geometry == {"type": "Point", "coordinates": [lon, lat]}


def test_the_figures_of_a_workbook_stay_what_they_are() -> None:
    row = known("bnetza_ladesaeulenregister_2021-11-01.xlsx").source.rows[0]
    assert (row.number, row.values["Postleitzahl"], row.values["Hausnummer"]) == (7, "72535", 0)
    assert (row.values["Inbetriebnahmedatum"], row.values["P1 [kW]"]) == ("2020-01-11", 22)
    assert "Adresszusatz" not in row.values


def test_a_shapefile_and_its_csv_are_of_the_same_places() -> None:
    """By geometry: the digits swapped in an attribute do not matter."""
    report = dry_run(real("bochum_natural_monuments.shp"))
    assert report["flagged"] == []
    assert "Flurstück" in read_source(real("bochum_natural_monuments.shp")).columns


def test_trees_without_a_declared_system_are_in_vienna() -> None:
    path = real("../gpkg/Ready_to_survey_trees_team_A.gpkg")
    assert read_source(path).crs is None
    record = prepared(path).reading.records[0]
    assert record.geometry is not None
    assert record.geometry["coordinates"] == pytest.approx([16.4336, 48.2251], abs=1e-4)
    assert record.attributes["species"] == "Robinia pseudoacacia (Scheinakazie)"


@functools.cache
def known(name: str) -> Prepared:
    return prepared(real(name))


@functools.cache
def records(name: str) -> dict[int, Any]:
    return {record.row: record for record in known(name).reading.records}


def one(name: str, row: int) -> Any:
    return records(name)[row]


def test_a_bin_has_its_number_from_its_name() -> None:
    record = one("moers_papierkoerbe.csv", 2)
    assert (record.number, record.name) == ("200000402", "Papierkorb 200000402")
    assert record.geometry == {"type": "Point", "coordinates": [6.584027857, 51.41055037]}
    assert record.attributes["count"] == 1
    assert record.attributes["zeitbedarf"] == "0.5"


def test_the_street_of_a_cp850_header_is_found() -> None:
    assert "Straße" in prepared(real("moers_papierkoerbe.csv")).source.columns


def test_a_tree_number_loses_its_padding_only() -> None:
    first, second = (one("flensburg_lebende-baeume.csv", row) for row in (2, 3))
    assert (first.number, second.number) == ("20", "B 30")
    assert first.attributes["species"] == "Alnus glutinosa, Schwarz-Erle"
    assert first.attributes["street"] == "EX Alsterbogen/Ausgleichsfläche"


def test_northing_before_easting_and_decimal_commas_are_read() -> None:
    """The first felled tree: Flensburg-Ost, by the published Gauß-Krüger figures."""
    lon, lat = one("flensburg_baumfaellungen_2023.csv", 2).geometry["coordinates"]
    assert (lon, lat) == (pytest.approx(9.415, abs=0.005), pytest.approx(54.80, abs=0.01))


def test_an_easting_copied_into_the_northing_is_flagged_not_rejected() -> None:
    report = dry_run(real("bochum_tree_planting_felling_register.csv"))
    assert {156, 157} <= {flag["row"] for flag in report["flagged"] if flag["column"] is None}
    assert report["rejected"] == []


def test_figures_with_their_unit_are_numbers_and_others_are_kept_as_written() -> None:
    by_row = records("bochum_tree_planting_felling_register.csv")
    assert by_row[161].attributes["trunk_diameter"] == 38.0
    assert by_row[150].attributes["trunk_diameter_source"] == "70 - 80 cm:"
    assert "trunk_diameter" not in by_row[150].attributes


def test_the_totals_row_is_left_out_and_said_so() -> None:
    report = dry_run(real("moers_papierkoerbe.csv"))
    assert [flag["row"] for flag in report["flagged"]] == [1, 1113]


def test_rows_under_one_id_are_all_kept() -> None:
    """poi_id repeats by design: one row per category."""
    found = records("bochum_playgrounds.csv").values()
    assert len({record.attributes["poi_id"] for record in found}) == 298
    assert len(found) == 352


def test_a_cell_with_a_line_break_is_one_cell() -> None:
    source = prepared(real("bochum_sports_facilities.csv")).source
    assert source.columns[7] == "Beleuchtung vorhanden"
    assert source.rows[1].values["Bezeichnung"] == "Am Hausacker"
    assert source.rows[1].values["column_10"] == "WS = Weitsprung"
