"""No worker takes apart what is connected to the window."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from fieldtool.profile import Profile
from tests.ui.conftest import idle
from ui.garbage import MANY, GarbageSearch
from ui.screen import Desk


class Cycle:
    """Refers to itself, and tells in which thread it went."""

    def __init__(self, gone: Callable[[], object]) -> None:
        self.itself = self
        weakref.finalize(self, gone)


class Sender(QObject):
    told = Signal()


def test_a_worker_that_makes_many_objects_searches_no_cycles(desk: Desk, qtbot: QtBot) -> None:
    threads: list[str] = []
    for _index in range(100):
        Cycle(lambda: threads.append(threading.current_thread().name))

    def work(_profile: Profile) -> int:
        return len([[number] for number in range(50_000)])

    desk.background.ask(desk.background, work, lambda _count: None)
    idle(desk, qtbot)
    assert threads == []
    gc.collect()
    assert set(threads) == {threading.main_thread().name}


def test_it_ends_with_the_background(desk: Desk) -> None:
    assert not gc.isenabled()
    desk.background.close()
    assert gc.isenabled()


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    found: list[int] = []
    monkeypatch.setattr(gc, "collect", found.append)
    return found


@pytest.mark.parametrize(
    ("counts", "generations"),
    [((10, 3, 3), []), ((9000, 3, 3), [0]), ((9000, 11, 3), [1]), ((9000, 11, 61), [2])],
)
def test_how_much_is_searched(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, searched: list[int], counts: Any, generations: list[int]
) -> None:
    del qtbot
    owner = Sender()
    search = GarbageSearch(owner)
    monkeypatch.setattr(gc, "get_count", lambda: counts)
    search.search()
    assert searched == generations
    search.end()


def test_while_a_list_is_taken_over_it_waits(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, searched: list[int]
) -> None:
    del qtbot
    owner = Sender()
    search = GarbageSearch(owner)
    grows = iter([(MANY + 1, 0, 0), (2 * MANY, 0, 0), (2 * MANY, 0, 0)])
    monkeypatch.setattr(gc, "get_count", lambda: next(grows))
    for told in ([], [], [0]):
        search.search()
        assert searched == told
    search.end()
