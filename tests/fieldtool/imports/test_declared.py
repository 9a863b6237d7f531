"""Coordinate systems as files spell them: ESRI's WKT beside shapefiles, GDAL's, PROJ's."""

from __future__ import annotations

import pyproj
import pytest

from fieldtool.imports.crs import to_wgs84
from fieldtool.imports.declared import declared

ETRS = (
    'GEOGCS["GCS_ETRS_1989",DATUM["D_ETRS_1989",SPHEROID["GRS_1980",6378137.0,298.257222101]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)


def mercator(name: str, east: float, middle: float, scale: float = 0.9996) -> str:
    return (
        f'PROJCS["{name}",{ETRS},PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",{east}],'
        f'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{middle}],'
        f'PARAMETER["Scale_Factor",{scale}],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )


@pytest.mark.parametrize("version", ["WKT1_ESRI", "WKT1_GDAL", "WKT2_2019"])
@pytest.mark.parametrize("code", [4326, 25832, 25833, 32632, 31466, 31467, 31468, 3857, 4647, 4258])
def test_every_spelling_of_a_code(code: int, version: str) -> None:
    assert declared(pyproj.CRS.from_epsg(code).to_wkt(version)).code == f"EPSG:{code}"


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        (mercator("ETRS_1989_UTM_Zone_32N", 500000.0, 9.0), "EPSG:25832"),
        (mercator("ETRS_1989_UTM_Zone_32N_8stellen", 32500000.0, 9.0), "EPSG:4647"),
        ("EPSG:25832", "EPSG:25832"),
        ("EPSG:25832+7837", "EPSG:25832"),
        ("+proj=utm +zone=32 +ellps=GRS80 +units=m", "EPSG:25832"),
    ],
)
def test_what_offices_write(definition: str, code: str) -> None:
    found = declared(definition)
    assert (found.code, found.transform) == (code, None)


def test_the_order_of_the_axes_makes_no_other_system() -> None:
    """In files the figure for east comes first, whatever the code says."""
    assert declared("EPSG:5677").code == "EPSG:31467"
    assert to_wgs84("EPSG:5677")((3393517.36, 5709946.55)) == to_wgs84("EPSG:31467")((3393517.36, 5709946.55))


def test_a_system_without_a_code_is_not_taken_for_a_similar_one() -> None:
    found = declared(mercator("Stadtnetz", 100.0, 7.5, 1.0))
    assert found.code == "EPSG:4326"
    assert found.transform is not None
    assert found.transform((100.0, 5_707_000.0)) == pytest.approx((7.5, 51.5), abs=0.01)


@pytest.mark.parametrize(
    "definition",
    [
        None,
        "",
        "\x00",
        "undefined",
        'LOCAL_CS["Undefined SRS"]',
        "PROJCS[",
        "EPSG:99999",
        ETRS.replace("6378137.0", "3396190.0"),
    ],
)
def test_what_says_nothing(definition: str | None) -> None:
    assert declared(definition).code is None
