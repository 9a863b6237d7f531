"""The shell: navigation, keys, status, what is kept, and a screen that does not load."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from drivers.discovery import ModuleBroken
from fieldtool.texts import use_language
from installer import checking
from tests.ui.conftest import idle
from tests.ui.usable import assert_usable
from ui import themes
from ui import window as shell
from ui.background import Changes, changes
from ui.keys import KeyMap
from ui.preferences import read_preferences
from ui.screen import Desk
from ui.status import Standing, standing_text
from ui.window import Window, listed_screens


@pytest.fixture
def window(desk: Desk, qtbot: QtBot) -> Iterator[Window]:
    made = Window(desk)
    qtbot.addWidget(made)
    made.show()
    idle(desk, qtbot)
    yield made
    made.close()
    idle(desk, qtbot)


def test_every_screen_loads_and_has_its_place() -> None:
    screens, broken = listed_screens()
    assert broken == []
    assert list(screens) == ["today", "devices", "assets", "map", "tickets", "sync", "settings", "help"]


def test_keys_turn_to_every_screen(window: Window, desk: Desk, qtbot: QtBot) -> None:
    for number, name in enumerate(window.buttons, start=1):
        QTest.keyClick(window, getattr(Qt.Key, f"Key_{number}"), Qt.KeyboardModifier.ControlModifier)
        idle(desk, qtbot)
        assert window.current == name
        assert window.buttons[name].isChecked()


def test_clicks_turn_to_every_screen(window: Window, desk: Desk, qtbot: QtBot) -> None:
    for name, made in window.buttons.items():
        qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
        idle(desk, qtbot)
        assert window.current == name


def test_pressed_twice_a_screen_is_at_its_beginning(
    window: Window, desk: Desk, qtbot: QtBot, done: Callable[[object], object]
) -> None:
    from fieldtool.ids import TicketId, new_id
    from fieldtool.ticket import Ticket
    from fieldtool.ticketing import changing

    ticket = Ticket(id=TicketId(new_id()), category="other", title="Ast gebrochen")
    done(lambda profile: changing.create(profile, ticket))  # type: ignore[attr-defined]
    window.turn_to("tickets", {"id": ticket.id})
    idle(desk, qtbot)
    view = window.view("tickets")
    assert view.detail.isVisible()  # type: ignore[attr-defined]
    qtbot.mouseClick(window.buttons["tickets"], Qt.MouseButton.LeftButton)
    idle(desk, qtbot)
    assert view.list.isVisible()  # type: ignore[attr-defined]


@pytest.mark.parametrize("glove", [False, True])
def test_everybody_can_use_every_screen(window: Window, desk: Desk, qtbot: QtBot, *, glove: bool) -> None:
    window.prefer(replace(desk.preferences, glove=glove))
    for name in window.buttons:
        window.turn_to(name)
        idle(desk, qtbot)
        QApplication.processEvents()
        touch = themes.GLOVE_PX if glove else themes.TOUCH_PX
        assert_usable(window, touch)


def test_tab_comes_to_every_control_of_every_screen(window: Window, desk: Desk, qtbot: QtBot) -> None:
    for name in window.buttons:
        window.turn_to(name)
        idle(desk, qtbot)
        window.buttons[name].setFocus()
        wanted = {id(one) for one in checking.controls(window) if one.isEnabled() and one.isVisible()}
        # Of radio buttons and the navigation only the checked one is a stop; all others are reached by Tab.
        reached: set[int] = set()
        for _step in range(3 * len(wanted) + 10):
            focus = QApplication.focusWidget()
            assert focus is not None
            reached.add(id(focus))
            QTest.keyClick(focus, Qt.Key.Key_Tab)
        missed = [checking.describe(one) for one in checking.controls(window) if id(one) in wanted - reached]
        assert missed == [], name


def test_zoom_by_keys_goes_to_200_percent_and_is_kept(window: Window, desk: Desk) -> None:
    for _press in range(9):
        QTest.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert desk.preferences.zoom == 200
    assert read_preferences(desk.background.place.directory).zoom == 200
    QTest.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert desk.preferences.zoom == 100


@pytest.mark.parametrize("zoom", [150, 200])
def test_nothing_is_clipped_when_it_is_large(window: Window, desk: Desk, qtbot: QtBot, zoom: int) -> None:
    window.resize(1280, 800)
    window.prefer(replace(desk.preferences, zoom=zoom))
    for name in window.buttons:
        window.turn_to(name)
        idle(desk, qtbot)
        QApplication.processEvents()
        assert checking.clipped(window) == [], name


def test_f1_shows_the_keys(window: Window, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_F1)
    (keys,) = window.findChildren(KeyMap)
    assert keys.isVisible()
    assert checking.english(keys) == []
    said = " ".join(label.text() for label in keys.findChildren(QLabel))
    assert "Strg+K" in said
    QTest.keyClick(keys, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not keys.isVisible())


def test_a_screen_that_does_not_load_is_seen(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    screens, _broken = listed_screens()
    screens.pop("sync")
    error = ModuleBroken("ui.screens.sync", "ImportError: no module named nothing")
    monkeypatch.setattr(shell, "listed_screens", lambda: (screens, [error]))
    made = Window(desk)
    qtbot.addWidget(made)
    made.turn_to("sync")
    assert made.buttons["sync"].text() == "sync (!)"
    said = " ".join(label.text() for label in made.view("sync").findChildren(QLabel))
    assert "no module named nothing" in said


def test_the_place_and_the_screen_are_kept(window: Window, desk: Desk, qtbot: QtBot) -> None:
    window.resize(980, 640)
    window.turn_to("settings")
    idle(desk, qtbot)
    window.close()
    kept = read_preferences(desk.background.place.directory)
    assert kept.screen == "settings"
    desk.preferences = kept
    again = Window(desk)
    qtbot.addWidget(again)
    # The width is what the offscreen platform's screen of 800 pixels leaves of it.
    assert again.height() == 640


def test_a_full_disk_does_not_close_the_window(
    window: Window, desk: Desk, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    from fieldtool.store.errors import DiskFull

    def full(directory: Path, _preferences: object) -> None:
        raise DiskFull(str(directory))

    monkeypatch.setattr(shell, "write_preferences", full)
    window.prefer(replace(desk.preferences, theme="dark"))
    assert desk.preferences.theme == "dark"
    assert window.status.problem.text()
    idle(desk, qtbot)


def test_another_language_builds_the_window_anew(window: Window, desk: Desk) -> None:
    asked: list[bool] = []
    window.rebuilt.connect(lambda: asked.append(True))
    window.prefer(replace(desk.preferences, language="en"))
    use_language("de")
    assert asked == [True]


def test_the_status_says_what_waits(window: Window, desk: Desk, qtbot: QtBot) -> None:
    assert window.status.waiting.text() == "Keine Plattform eingerichtet: Alles bleibt hier"
    assert "Mia Muster (MM), Technik" in window.status.person.text()
    desk.tell_offline(True)
    idle(desk, qtbot)
    assert window.status.waiting.text().startswith("Offline – ")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Standing(0, 0, 0, None), "Keine Plattform eingerichtet: Alles bleibt hier"),
        (Standing(0, 0, 2, None), "Alles bestätigt"),
        (Standing(1234, 0, 2, None), "1.234 Änderungen warten"),
        (Standing(5, 2, 2, None), "2 Änderungen brauchen Sie"),
    ],
)
def test_the_words_of_the_status(found: Standing, said: str) -> None:
    assert standing_text(found) == said


def test_a_change_refreshes_the_status(
    window: Window, desk: Desk, qtbot: QtBot, done: Callable[[object], object]
) -> None:
    from fieldtool import outbox
    from fieldtool.delivery import Target

    def add(profile: object) -> bool:
        store, actor = profile.store, profile.actor  # type: ignore[attr-defined]
        outbox.add_target(
            store, actor, Target("dortmund", "ngsi-ld", "http://127.0.0.1:9"), frozenset({"asset"})
        )
        return True

    assert done(add)
    desk.background.changed.emit(Changes(changes("target").entities))
    idle(desk, qtbot)
    assert window.status.waiting.text() == "Alles bestätigt"


def test_no_screen_opens_a_window_of_its_own(window: Window, desk: Desk, qtbot: QtBot) -> None:
    """A part that is shown before it has a parent is one for a moment, and takes the focus away."""
    opened: list[str] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                opened.append(checking.describe(watched))
            return False

    watch = Watch()
    # PySide cannot wrap what the web engine is made of inside (it has no type information): a filter over the
    # whole application ends the process while a page loads. That screen is looked at by its result.
    QApplication.instance().installEventFilter(watch)  # type: ignore[union-attr]
    for name in (name for name in window.buttons if name != "map"):
        window.turn_to(name)
        idle(desk, qtbot)
    QApplication.instance().removeEventFilter(watch)  # type: ignore[union-attr]
    assert opened == []
    before = set(QApplication.topLevelWidgets())
    window.turn_to("map")
    idle(desk, qtbot)
    assert {one for one in QApplication.topLevelWidgets() if one.isVisible()} <= before
