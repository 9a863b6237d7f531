"""EPSG:25832 against an independent formula and PROJ's own inverse."""

from __future__ import annotations

import math

import pytest
from pyproj import Transformer

from fieldtool.crs import from_utm32, utm32

GRS80_A, GRS80_F = 6_378_137.0, 1 / 298.257222101


def krueger(lon: float, lat: float) -> tuple[float, float]:
    """Krüger's series to the fourth order of n (EPSG guidance note 7-2, Transverse Mercator, JHS formulas)
    with the parameters of UTM zone 32: meridian 9° E, scale 0.9996, false easting 500 km."""
    n = GRS80_F / (2 - GRS80_F)
    radius = GRS80_A / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    factors = (
        n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16 + 41 * n**4 / 180,
        13 * n**2 / 48 - 3 * n**3 / 5 + 557 * n**4 / 1440,
        61 * n**3 / 240 - 103 * n**4 / 140,
        49561 * n**4 / 161280,
    )
    eccentricity = math.sqrt(GRS80_F * (2 - GRS80_F))
    phi, lam = math.radians(lat), math.radians(lon - 9)
    conformal = math.asinh(math.tan(phi)) - eccentricity * math.atanh(eccentricity * math.sin(phi))
    beta = math.atan(math.sinh(conformal))
    eta0 = math.atanh(math.cos(beta) * math.sin(lam))
    xi0 = math.asin(math.sin(beta) * math.cosh(eta0))
    xi, eta = xi0, eta0
    for order, factor in enumerate(factors, start=1):
        xi += factor * math.sin(2 * order * xi0) * math.cosh(2 * order * eta0)
        eta += factor * math.cos(2 * order * xi0) * math.sinh(2 * order * eta0)
    return 500_000 + 0.9996 * radius * eta, 0.9996 * radius * xi


@pytest.mark.parametrize("lat", [47.3, 50.0, 51.5133, 55.0])
@pytest.mark.parametrize("lon", [5.9, 7.465, 9.0, 11.5, 15.0])
def test_against_the_formula_and_the_way_back(lon: float, lat: float) -> None:
    easting, northing = utm32(lon, lat)
    assert (easting, northing) == pytest.approx(krueger(lon, lat), abs=0.001)
    back = Transformer.from_crs("EPSG:25832", "EPSG:4326", always_xy=True).transform(easting, northing)
    assert back == pytest.approx((lon, lat), abs=1e-9)


def test_east_and_north_are_not_swapped() -> None:
    easting, northing = utm32(7.4653, 51.5136)
    assert (round(easting), round(northing)) == (393_507, 5_708_058)
    assert utm32(7.4654, 51.5136)[0] > easting
    assert utm32(7.4653, 51.5137)[1] > northing


def test_the_central_meridian() -> None:
    assert utm32(9.0, 0.0) == pytest.approx((500_000, 0), abs=1e-6)


@pytest.mark.parametrize("place", [(7.4653, 51.5136), (9.0, 47.3), (14.9, 55.0)])
def test_there_and_back(place: tuple[float, float]) -> None:
    assert from_utm32(*utm32(*place)) == pytest.approx(place, abs=1e-9)
