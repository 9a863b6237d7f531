"""Lanes: what blocks in one holds up neither the window nor the others; results cross in one place."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QThread, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from drivers.errors import ExpectedError
from fieldtool.profile import Profile, open_profile
from fieldtool.store.errors import NotFound, ProfileInUse
from ui.background import Background, Changes, Job, Place, changes

TICK_MS = 10
SLOW = 2.0
"""Seconds."""


class Ticks(QObject):
    """The longest pause between two ticks of the window's event loop."""

    def __init__(self) -> None:
        super().__init__()
        self.count, self.longest, self._last = 0, 0.0, time.monotonic()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)

    def _tick(self) -> None:
        now = time.monotonic()
        self.longest, self._last = max(self.longest, now - self._last), now
        self.count += 1


@pytest.mark.parametrize("lane", ["database", "devices"])
def test_a_two_second_lane_does_not_stop_the_event_loop(
    background: Background, qtbot: QtBot, lane: str
) -> None:
    warmed: list[object] = []
    background.ask(background, lambda profile: profile.actor.name, warmed.append, lane=lane)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: warmed == ["Mia Muster"])
    ticks, done = Ticks(), []
    background.ask(background, lambda _profile: time.sleep(SLOW), done.append, lane=lane)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: bool(done), timeout=10_000)
    # A loop that had been stopped would have ticked a handful of times, and paused for the two seconds.
    assert ticks.count > 50
    assert ticks.longest < SLOW / 2


def test_a_slow_device_does_not_hold_up_the_database(background: Background, qtbot: QtBot) -> None:
    release, order = threading.Event(), []
    background.ask(
        background, lambda _profile: release.wait(10), lambda _: order.append("device"), lane="devices"
    )
    background.ask(background, lambda profile: profile.actor, lambda _: order.append("database"))
    qtbot.waitUntil(lambda: order == ["database"])
    release.set()
    qtbot.waitUntil(lambda: order == ["database", "device"])


def test_callbacks_come_in_the_windows_thread(
    background: Background, qtbot: QtBot, qapp: QApplication
) -> None:
    seen: list[tuple[bool, bool]] = []

    def work(_profile: Profile, job: Job[bool]) -> bool:
        job.tell("half way")
        return QThread.currentThread() is qapp.thread()

    def here(value: object) -> None:
        seen.append((QThread.currentThread() is qapp.thread(), value is True))

    background.run(background, work, done=here, progress=here)
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen == [(True, False), (True, False)]


def test_an_expected_error_is_told_and_a_change_is_announced(background: Background, qtbot: QtBot) -> None:
    failed: list[ExpectedError] = []
    announced: list[Changes] = []
    background.changed.connect(announced.append)

    def verb(_profile: Profile) -> None:
        raise NotFound("ticket", "x")

    background.change(background, verb, changes("ticket"), failed=failed.append)
    qtbot.waitUntil(lambda: bool(failed))
    assert isinstance(failed[0], NotFound)
    # A part of it may have been committed before it failed.
    assert announced == [changes("ticket")]


def test_a_bug_is_raised_in_the_windows_thread(background: Background, qtbot: QtBot) -> None:
    ended: list[bool] = []
    with qtbot.capture_exceptions() as caught:
        background.run(background, lambda _profile, _job: 1 // 0, ended=lambda: ended.append(True))
        qtbot.waitUntil(lambda: bool(ended))
    assert [kind for kind, _error, _trace in caught] == [ZeroDivisionError]
    assert background.running == 0


def test_what_was_cancelled_stays_silent(background: Background, qtbot: QtBot) -> None:
    begun, heard, ended = threading.Event(), [], []

    def work(_profile: Profile, job: Job[None]) -> None:
        begun.set()
        while True:
            job.check()
            time.sleep(0.01)

    job = background.run(
        background, work, done=heard.append, failed=heard.append, ended=lambda: ended.append(True)
    )
    qtbot.waitUntil(begun.is_set)
    job.cancel()
    qtbot.waitUntil(lambda: ended == [True])
    assert heard == []


def test_nobody_is_called_who_is_gone(background: Background, qtbot: QtBot) -> None:
    owner, heard = QObject(), []
    release = threading.Event()
    background.ask(owner, lambda _profile: release.wait(10), heard.append)
    owner.deleteLater()
    qtbot.wait(20)
    release.set()
    qtbot.waitUntil(lambda: background.running == 0)
    assert heard == []


def test_what_comes_after_closing_is_not_carried_out(background: Background) -> None:
    heard: list[object] = []
    background.close()
    job = background.ask(background, lambda profile: profile.actor, heard.append, heard.append)
    assert (job.over, background.running, heard) == (True, 0, [])
    background.close()


def test_a_profile_in_use_is_told_and_free_again_after_closing(
    tmp_path: Path, looks: QApplication, qtbot: QtBot
) -> None:
    del looks
    failed: list[ExpectedError] = []
    with open_profile(tmp_path, write=True):
        second = Background(Place(tmp_path))
        second.ask(second, lambda profile: profile.actor, failed.append, failed.append, lane="network")
        qtbot.waitUntil(lambda: bool(failed))
        assert isinstance(failed[0], ProfileInUse)
    names: list[object] = []
    second.ask(second, lambda profile: profile.directory, names.append, lane="network")
    qtbot.waitUntil(lambda: names == [tmp_path])
    second.close()
    with open_profile(tmp_path, write=True):
        pass
