"""Reference figures: the market place of Dortmund, by pyproj: they guard against regressions only."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldtool.imports.crs import CrsGuess, guess_crs, to_wgs84
from fieldtool.imports.errors import CrsUnclear, CrsUnknown
from fieldtool.imports.prepare import require_crs
from tests.fieldtool.imports.lists import dry_run, prepared

DORTMUND = {
    "EPSG:4326": (7.465, 51.514),
    "EPSG:25832": (393486.95, 5708103.10),
    "EPSG:31466": (2601738.25, 5709849.30),
    "EPSG:31467": (3393517.36, 5709946.55),
    "EPSG:3857": (831000.00, 6712722.98),
    "EPSG:4647": (32393486.95, 5708103.10),
}


def guess(*places: tuple[float, float], named: bool = True) -> CrsGuess:
    return guess_crs(places, (), declared=None, named=named)


@pytest.mark.parametrize(("code", "place"), DORTMUND.items())
def test_every_system_is_recognised_around_the_ruhr(code: str, place: tuple[float, float]) -> None:
    found = guess(place)
    assert (found.crs, found.certain, found.order) == (code, True, "as_named")
    assert to_wgs84(code)(place) == pytest.approx((7.465, 51.514), abs=3e-5)


@pytest.mark.parametrize(("code", "place"), DORTMUND.items())
def test_a_swap_in_neutral_columns_is_put_right_and_in_named_ones_asked(
    code: str, place: tuple[float, float]
) -> None:
    swapped = place[1], place[0]
    neutral, named = guess(swapped, named=False), guess(swapped, named=True)
    assert (neutral.crs, neutral.certain, neutral.order) == (code, True, "swapped")
    assert not named.certain
    assert to_wgs84(code, neutral.order)(swapped) == pytest.approx((7.465, 51.514), abs=3e-5)


def test_exchanged_columns_are_said_so(tmp_path: Path) -> None:
    path = tmp_path / "baeume.csv"
    path.write_text("Baumnummer;Lon;Lat\n1;51,514;7,465\n2;51,515;7,466\n", encoding="utf-8")
    assert not prepared(path).crs.certain
    told = prepared(path, crs="EPSG:4326")
    assert told.reading.records[0].geometry == {"type": "Point", "coordinates": [7.465, 51.514]}
    assert [flag.row for flag in told.reading.flagged] == [1]


def test_utm_figures_that_fit_two_zones_are_asked() -> None:
    """Berlin in zone 33 is the Emsland in zone 32."""
    found = guess((390000.0, 5820000.0))
    assert not found.certain
    assert {"EPSG:25832", "EPSG:25833"} <= set(found.candidates)


def test_figures_of_web_mercator_that_fit_utm_are_asked() -> None:
    found = guess((700000.0, 6030000.0))
    assert not found.certain
    assert {"EPSG:25832", "EPSG:3857"} <= set(found.candidates)


def test_figures_that_fit_nothing_have_no_crs() -> None:
    assert guess((1.0, 2e9)) == CrsGuess(None, certain=False, candidates=())


def test_degrees_abroad_count_where_the_columns_say_so() -> None:
    assert guess((-74.0, 40.7)).certain
    assert not guess((-74.0, 40.7), named=False).certain


def test_the_twin_of_another_datum_is_named() -> None:
    assert "EPSG:32632" in guess(DORTMUND["EPSG:25832"]).candidates


def test_a_code_in_the_column_names_wins() -> None:
    found = guess_crs([(390000.0, 5820000.0)], ("X_EPSG25833", "Y_EPSG25833"), declared=None, named=True)
    assert (found.crs, found.certain) == ("EPSG:25833", True)


def berlin(tmp_path: Path) -> Path:
    path = tmp_path / "baeume.csv"
    path.write_text("Baumnummer;Rechtswert;Hochwert\n1;390000;5820000\n2;391000;5821000\n", encoding="utf-8")
    return path


def test_an_unclear_crs_is_an_error_except_in_a_dry_run(tmp_path: Path) -> None:
    path = berlin(tmp_path)
    report = dry_run(path)
    assert (report["crs_certain"], report["imported"]) == (False, 2)
    with pytest.raises(CrsUnclear):
        require_crs(prepared(path))


def test_a_named_crs_is_taken(tmp_path: Path) -> None:
    found = prepared(berlin(tmp_path), crs="EPSG:25833")
    require_crs(found)
    geometry = found.reading.records[0].geometry
    assert geometry is not None
    assert geometry["coordinates"] == pytest.approx([13.38, 52.52], abs=0.02)


@pytest.mark.parametrize("crs", ["EPSG:99999", "UTM32", "EPSG:"])
def test_an_unknown_crs_is_refused(tmp_path: Path, crs: str) -> None:
    with pytest.raises(CrsUnknown):
        prepared(berlin(tmp_path), crs=crs)


def test_swapped_digits_are_flagged_not_rejected(tmp_path: Path) -> None:
    """5072892 for 5702892, as in a list of Bochum: 630 km away."""
    rows = "".join(f"{n};{380000 + 90 * n};{5702800 + 70 * n}\n" for n in range(20))
    path = tmp_path / "baeume.csv"
    path.write_text(f"Baumnummer;Rechtswert;Hochwert\n{rows}20;380500;5072892\n", encoding="utf-8")
    report = dry_run(path)
    assert report["imported"] == 21
    assert {flag["row"] for flag in report["flagged"]} == {22}


def test_one_missing_coordinate_and_one_in_words_are_rejected_by_name(tmp_path: Path) -> None:
    path = tmp_path / "baeume.csv"
    path.write_text(
        "Baumnummer;Lon;Lat\n1;7,465;51,514\n2;7,465;\n3;siehe Plan;51,5\n4;7.466;51.515\n", encoding="utf-8"
    )
    rejected = dry_run(path)["rejected"]
    assert [(entry["row"], entry["column"], entry["value"]) for entry in rejected] == [
        (3, "Lat", None),
        (4, "Lon", "siehe Plan"),
    ]


@pytest.mark.parametrize("cell", ["51.514, 7.465", "7.465 51.514", "51,514; 7,465", "POINT(7.465 51.514)"])
def test_both_coordinates_in_one_cell(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "baeume.csv"
    path.write_text(f'Baumnummer;Geo Point\n1;"{cell}"\n2;"{cell}"\n', encoding="utf-8")
    found = prepared(path)
    assert found.crs.certain
    assert found.reading.records[0].geometry == {"type": "Point", "coordinates": [7.465, 51.514]}
