"""Distances against figures computed independently (Karney's geodesic, as GeographicLib gives them)."""

from __future__ import annotations

import pytest
from pyproj import Geod

from fieldtool.geometry import distance_m, point

HERE = (7.465298, 51.513587)
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[7.46, 51.51], [7.47, 51.51], [7.47, 51.52], [7.46, 51.52], [7.46, 51.51]]],
}


@pytest.mark.parametrize("there", [(7.4653, 51.5136), (7.475298, 51.513587), (7.5677, 51.4427)])
def test_between_points(there: tuple[float, float]) -> None:
    _, _, expected = Geod(ellps="WGS84").inv(*HERE, *there)
    assert distance_m(point(*HERE), point(*there)) == pytest.approx(expected, rel=5e-4, abs=0.01)


def test_inside_and_beside_an_area() -> None:
    assert distance_m(point(*HERE), SQUARE) == 0
    _, _, expected = Geod(ellps="WGS84").inv(7.47, 51.515, 7.48, 51.515)
    assert distance_m(point(7.48, 51.515), SQUARE) == pytest.approx(expected, rel=1e-3)


def test_to_the_nearest_part_of_a_line() -> None:
    line = {"type": "LineString", "coordinates": [[7.46, 51.51], [7.48, 51.51]]}
    _, _, expected = Geod(ellps="WGS84").inv(7.47, 51.51, 7.47, 51.511)
    assert distance_m(point(7.47, 51.511), line) == pytest.approx(expected, rel=2e-3)
