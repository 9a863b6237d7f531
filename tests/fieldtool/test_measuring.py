"""Against figures that are known without this program."""

from __future__ import annotations

import pytest

from fieldtool.measuring import area_m2, area_text, length_m, length_text

MERIDIAN_QUADRANT_M = 10_001_965.729
"""Of GRS80: Moritz, Geodetic Reference System 1980."""
SURFACE_M2 = 510_065_621_718_491.0
"""Of GRS80 as well, from its closed formula."""


def test_a_quarter_of_a_meridian() -> None:
    assert length_m([(7.5, 0.0), (7.5, 45.0), (7.5, 90.0)]) == pytest.approx(MERIDIAN_QUADRANT_M, abs=0.01)


def test_an_eighth_of_the_earth_whichever_way_round() -> None:
    octant = [(0.0, 0.0), (90.0, 0.0), (90.0, 90.0)]
    assert area_m2(octant) == pytest.approx(SURFACE_M2 / 8, rel=1e-6)
    assert area_m2(octant[::-1]) == pytest.approx(area_m2(octant))


def test_too_few_corners_measure_nothing() -> None:
    assert length_m([(7.5, 51.5)]) == 0
    assert area_m2([(7.5, 51.5), (7.6, 51.5)]) == 0


def test_as_people_read_it() -> None:
    assert length_text(12.345) == "12,3 m"
    assert length_text(12_346) == "12,35 km"
    assert area_text(1234.4) == "1.234 m²"
    assert area_text(250_000) == "25,00 ha"
    assert area_text(2_500_000) == "2,500 km²"
