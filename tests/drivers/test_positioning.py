from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from drivers.positioning import average, error_from_hdop, moved, offset_m
from drivers.reading import Fix

START = datetime(2026, 3, 14, 12, tzinfo=UTC)
ORIGIN = Fix(lon=7.465, lat=51.5133, time=START)
GEOD = Geod(ellps="WGS84")


def at(
    east_m: float,
    north_m: float,
    accuracy_m: float | None = 3.0,
    *,
    second: int = 0,
    source: str | None = "HDOP",
    quality: int = 1,
    altitude_m: float | None = None,
) -> Fix:
    lon, lat = moved(ORIGIN, east_m, north_m)
    return Fix(
        lon=lon,
        lat=lat,
        time=START + timedelta(seconds=second),
        accuracy_m=accuracy_m,
        accuracy_source=None if accuracy_m is None else source,
        quality=quality,
        altitude_m=altitude_m,
    )


def distance(one: Fix, other: Fix) -> float:
    return math.dist(offset_m(one, ORIGIN), offset_m(other, ORIGIN))


fix_lists = st.lists(
    st.builds(
        at,
        st.floats(-20, 20),
        st.floats(-20, 20),
        st.one_of(st.none(), st.floats(0.02, 30)),
        second=st.integers(0, 100),
    ),
    min_size=1,
    max_size=25,
)


@pytest.mark.parametrize("lat", [-45.9, 0.0, 51.5, 69.0])
@pytest.mark.parametrize(("east", "north"), [(300.0, 0.0), (0.0, 300.0), (-200.0, 150.0)])
def test_metres_are_those_of_the_ellipsoid(lat: float, east: float, north: float) -> None:
    """Against the geodesic of PROJ."""
    origin = Fix(lon=7.465, lat=lat, time=START)
    lon, moved_lat = moved(origin, east, north)
    assert GEOD.inv(7.465, lat, lon, moved_lat)[2] == pytest.approx(math.hypot(east, north), abs=0.05)
    assert offset_m(Fix(lon=lon, lat=moved_lat, time=START), origin) == pytest.approx((east, north), abs=1e-6)


def test_across_the_date_line() -> None:
    one, other = (
        Fix(lon=179.99999, lat=0.0, time=START, accuracy_m=1.0),
        Fix(lon=-179.99999, lat=0.0, time=START, accuracy_m=1.0),
    )
    assert abs(average([one, other]).lon) == pytest.approx(180, abs=1e-9)


def test_nothing_to_average() -> None:
    with pytest.raises(ValueError, match="no fixes"):
        average([])


def test_one_fix_stays_as_it_is() -> None:
    fix = at(1, 2, None)
    assert average([fix]) is fix


def test_many_fixes_are_not_better_than_their_receiver_says() -> None:
    """A hundred agreeing fixes of one minute: their errors are the same error."""
    result = average([at(0.01 * (step % 3), 0, 3.0, second=step) for step in range(100)])
    assert (result.accuracy_m, result.accuracy_source) == (pytest.approx(3.0), "HDOP")
    assert result.count == 100
    assert result.time == START + timedelta(seconds=99)


def test_scatter_beyond_the_claim_is_told() -> None:
    chance = random.Random(4711)
    fixes = [at(chance.gauss(0, 4), chance.gauss(0, 4), 1.0, source="GST") for _ in range(400)]
    result = average(fixes)
    assert result.accuracy_source == "scatter"
    assert result.accuracy_m == pytest.approx(4 * math.sqrt(2), rel=0.1)
    assert distance(result, ORIGIN) < 1


def test_without_any_claim_standing_still_proves_nothing() -> None:
    result = average([at(0, 0, None)] * 10)
    assert (result.accuracy_m, result.accuracy_source) == (error_from_hdop(1, 1.0), "scatter")


def test_the_accurate_fixes_count() -> None:
    result = average([at(0, 0, 5.0)] * 5 + [at(1, 0, 0.05, source="GST")] * 5)
    assert offset_m(result, ORIGIN)[0] == pytest.approx(1, abs=0.01)
    assert (result.accuracy_m or 0) < 0.2


@given(st.floats(0, 2 * math.pi), st.floats(15, 5000), st.integers(0, 9))
def test_a_single_jump_is_left_out(direction: float, far: float, place: int) -> None:
    fixes = [at(0.3 * (step % 4), 0.2 * (step % 3), second=step) for step in range(9)]
    calm = average(fixes)
    jump = at(far * math.cos(direction), far * math.sin(direction))
    jumped = average([*fixes[:place], jump, *fixes[place:]])
    assert jumped.count == 9
    assert distance(jumped, calm) < 1e-6
    assert jumped.accuracy_m == pytest.approx(calm.accuracy_m)


def test_two_that_disagree_are_both_kept() -> None:
    result = average([at(0, 0), at(30, 0)])
    assert result.count == 2
    assert offset_m(result, ORIGIN)[0] == pytest.approx(15)
    assert result.accuracy_m == pytest.approx(15 * math.sqrt(2))


@settings(deadline=None)
@given(fix_lists)
def test_the_average_lies_among_its_fixes(fixes: list[Fix]) -> None:
    result = average(fixes)
    assert min(fix.lon for fix in fixes) - 1e-9 <= result.lon <= max(fix.lon for fix in fixes) + 1e-9
    assert min(fix.lat for fix in fixes) - 1e-9 <= result.lat <= max(fix.lat for fix in fixes) + 1e-9
    assert 1 <= result.count <= len(fixes)


@settings(deadline=None)
@given(fix_lists)
def test_never_more_accurate_than_the_best_fix(fixes: list[Fix]) -> None:
    """Nor, where the used ones claim nothing, than an ordinary receiver with HDOP 1."""
    known = [fix.accuracy_m for fix in fixes if fix.accuracy_m is not None]
    result = average(fixes)
    if len(fixes) > 1:
        assert result.accuracy_m is not None
        assert result.accuracy_m >= min([*known, error_from_hdop(1, 1.0)]) - 1e-9


@settings(deadline=None)
@given(fix_lists, st.randoms(use_true_random=False))
def test_the_order_does_not_matter(fixes: list[Fix], chance: random.Random) -> None:
    shuffled = list(fixes)
    chance.shuffle(shuffled)
    one, other = average(fixes), average(shuffled)
    assert distance(one, other) < 1e-3
    assert one.count == other.count
    assert (one.accuracy_m or 0) == pytest.approx(other.accuracy_m or 0, rel=1e-4, abs=1e-4)


def test_altitude_is_the_median_of_those_there_are() -> None:
    fixes = [at(0, 0, altitude_m=height) for height in (80.0, None, 82.0, 500.0)]
    assert average(fixes).altitude_m == 82.0
    assert average([at(0, 0), at(0, 0)]).altitude_m is None
