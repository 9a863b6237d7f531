from __future__ import annotations

import time
from typing import Literal

import pytest

from drivers.errors import FixProblem, NoFix, PortLost, PortMissing
from drivers.reading import Fix
from fieldtool.explain import WORDS, explain
from fieldtool.locating import AccuracyTooLow, locate
from fieldtool.texts import german, use_language
from tests.drivers.receiver import epochs, receiver


def quiet(_direction: Literal[">", "<"], _text: str) -> None:
    pass


def test_the_average_of_so_many_fixes() -> None:
    single: list[Fix] = []
    with receiver("loop", "0.003") as on:
        on.write(epochs(60))
        fix = locate(on.port, fixes=6, seconds=20, minimum_accuracy_m=None, trace=quiet, on_fix=single.append)
        assert not on.is_open_here()
    assert len(single) == fix.count == 6
    assert (fix.lon, fix.lat) == pytest.approx((7.465, 51.513335), abs=1e-5)
    assert min(one.lat for one in single) <= fix.lat <= max(one.lat for one in single)


def test_fewer_fixes_than_wanted_are_taken_and_counted() -> None:
    single: list[Fix] = []
    with receiver("loop", "0.01") as on:
        on.write(epochs(60))
        fix = locate(
            on.port, fixes=1000, seconds=0.6, minimum_accuracy_m=None, trace=quiet, on_fix=single.append
        )
    assert 1 < fix.count == len(single) < 1000


def test_it_goes_on_until_accurate_enough() -> None:
    """Poor fixes first; the latest three decide."""
    seen: list[Fix] = []
    with receiver("loop", "0.003") as on:
        on.write(epochs(20, hdop=9.0) + epochs(20, hdop=0.5))
        fix = locate(on.port, fixes=3, seconds=20, minimum_accuracy_m=4.0, trace=quiet, on_fix=seen.append)
    assert fix.accuracy_m == pytest.approx(0.5 * 6.8)
    assert fix.count == 3
    assert [one.hdop for one in seen[-3:]] == [0.5] * 3


def test_not_accurate_enough() -> None:
    with receiver("loop", "0.003") as on:
        on.write(epochs(40, hdop=3.0))
        with pytest.raises(AccuracyTooLow) as caught:
            locate(on.port, fixes=3, seconds=0.6, minimum_accuracy_m=5.0, trace=quiet)
        assert not on.is_open_here()
    assert (caught.value.found, caught.value.wanted) == (pytest.approx(20.4), 5.0)
    use_language("de")
    told = explain(caught.value)
    assert told.code == "accuracy_too_low"
    assert told.message == "Die Position ist nur auf 20,4 m genau; verlangt sind 5 m."


def test_no_fix_releases_the_port() -> None:
    with receiver("once") as on:
        with pytest.raises(NoFix) as caught:
            locate(on.port, fixes=3, seconds=0.3, minimum_accuracy_m=None, trace=quiet)
        assert caught.value.problem is FixProblem.SILENT
        assert not on.is_open_here()


def test_the_cable_pulled() -> None:
    pulled = 0.0
    with receiver("loop", "0.003") as on:
        on.write(epochs(60))

        def pull(_fix: Fix) -> None:
            nonlocal pulled
            if not pulled:
                on.pull_the_cable()
                pulled = time.monotonic()

        with pytest.raises(PortLost):
            locate(on.port, fixes=1000, seconds=30, minimum_accuracy_m=None, trace=quiet, on_fix=pull)
        assert time.monotonic() - pulled < 2
        assert not on.is_open_here()


def test_no_such_port() -> None:
    with pytest.raises(PortMissing):
        locate("/dev/ttyNOTHERE", fixes=1, seconds=1, minimum_accuracy_m=None, trace=quiet)


@pytest.mark.parametrize("problem", FixProblem)
def test_every_reason_has_words(problem: FixProblem) -> None:
    use_language("de")
    told = explain(NoFix(1.5, problem))
    assert problem.value not in told.message
    assert "1,5" in told.message
    english = WORDS[problem]
    assert german()[english] in told.message
