"""The handbook in the window: topics, links, search; nothing outside is ever opened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from fieldtool import help as handbook
from fieldtool.help import Topic
from tests.ui.conftest import Shown, idle
from ui import themes
from ui.preferences import Preferences
from ui.screen import Desk
from ui.screens.help import SCREEN
from ui.screens.help.trail import Trail
from ui.screens.help.view import HelpView

START = "# Erste Schritte\n\nSo geht es los: [Abgleich](sync), [Karten](maps), [Netz](https://example.org)\n"
BOOK = (
    Topic("start", "Erste Schritte", START),
    Topic("sync", "Abgleich", "# Abgleich\n\nZurück zu den [ersten Schritten](start).\n"),
    Topic("keys", "Tasten", "# Tasten\n\n**Strg+K**\n"),
)


def found(text: str) -> tuple[Topic, ...]:
    return tuple(topic for topic in BOOK if text.casefold() in topic.text.casefold())


@pytest.fixture
def view(desk: Desk, shown: Shown, monkeypatch: pytest.MonkeyPatch) -> Callable[..., HelpView]:
    def show(**where: str) -> HelpView:
        monkeypatch.setattr(handbook, "topics", lambda: BOOK)
        monkeypatch.setattr(handbook, "find", found)
        made = shown(SCREEN.make(desk), **where)
        assert isinstance(made, HelpView)
        made.activateWindow()
        return made

    return show


def tab_to(wanted: QWidget) -> None:
    for _press in range(40):
        focused = QApplication.focusWidget()
        if focused is wanted:
            return
        QTest.keyClick(focused or wanted.window(), Qt.Key.Key_Tab)
    pytest.fail(f"Tab never came to {wanted.accessibleName()}")


def title(made: HelpView) -> str:
    return made.reader.toPlainText().splitlines()[0]


def click_link(made: HelpView, words: str) -> None:
    cursor = made.reader.document().find(words)
    middle = QTextCursor(made.reader.document())
    middle.setPosition((cursor.selectionStart() + cursor.selectionEnd()) // 2)
    place: QPoint = made.reader.cursorRect(middle).center()
    QTest.mouseClick(made.reader.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_the_first_topic_is_open_and_the_program_says_what_it_is(
    view: Callable[..., HelpView], desk: Desk
) -> None:
    made = view()
    assert title(made) == "Erste Schritte"
    assert made.list.chosen() == "start"
    assert "EUPL-1.2" in made.about.text()
    assert str(desk.background.place.directory) in made.about.text()


def test_a_topic_can_be_asked_for_from_elsewhere(view: Callable[..., HelpView]) -> None:
    made = view(topic="keys")
    assert title(made) == "Tasten"
    made.shown({"topic": "sync"})
    assert title(made) == "Abgleich"
    made.shown({})
    assert title(made) == "Abgleich"
    made.shown({"topic": "gone"})
    assert title(made) == "Abgleich"


def test_a_link_is_followed_by_click_and_by_keys_and_the_way_back(view: Callable[..., HelpView]) -> None:
    made = view()
    assert not made.back.isEnabled()
    click_link(made, "Abgleich")
    assert title(made) == "Abgleich"
    assert made.list.chosen() == "sync"
    tab_to(made.reader)
    QTest.keyClick(made.reader, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is made.reader
    QTest.keyClick(made.reader, Qt.Key.Key_Return)
    assert title(made) == "Erste Schritte"
    tab_to(made.back)
    QTest.keyClick(made.back, Qt.Key.Key_Space)
    assert title(made) == "Abgleich"
    assert made.back.isEnabled()
    assert made.forward.isEnabled()
    made.forward.click()
    assert title(made) == "Erste Schritte"
    assert not made.forward.isEnabled()


def test_what_is_outside_is_named_and_not_opened(
    view: Callable[..., HelpView], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    made = view()
    for words, address in (("Netz", "https://example.org"), ("Karten", "maps")):
        click_link(made, words)
        assert made.outside.isVisible()
        assert address in made.outside.text()
    assert title(made) == "Erste Schritte"
    assert opened == []
    click_link(made, "Abgleich")
    assert not made.outside.isVisible()


def test_topics_are_searched_and_opened_by_keys(
    view: Callable[..., HelpView], desk: Desk, qtbot: QtBot
) -> None:
    made = view()
    tab_to(made.search)
    QTest.keyClicks(made.search, "strg")
    qtbot.waitUntil(lambda: [row.id for row in made.list.rows.rows] == ["keys"])
    tab_to(made.list)
    QTest.keyClick(made.list, Qt.Key.Key_Down)
    QTest.keyClick(made.list, Qt.Key.Key_Return)
    assert title(made) == "Tasten"
    made.search.setText("gibt es nicht")
    tab_to(made.search)
    QTest.keyClick(made.search, Qt.Key.Key_Return)
    idle(desk, qtbot)
    assert made.nothing.isVisible()
    assert not made.list.isVisible()
    made.search.clear()
    QTest.keyClick(made.search, Qt.Key.Key_Return)
    idle(desk, qtbot)
    assert len(made.list.rows.rows) == 3


def test_links_have_the_colour_of_the_theme_and_a_line(
    view: Callable[..., HelpView], looks: QApplication
) -> None:
    made = view()
    for name in ("light", "dark", "sun"):
        themes.apply(looks, Preferences(theme=name))
        looks.processEvents()
        styles = [made.reader.document().find(words).charFormat() for words in ("Abgleich", "Netz")]
        assert [style.foreground().color().name() for style in styles] == [themes.THEMES[name].accent] * 2
        assert all(style.fontUnderline() for style in styles)


def test_everything_has_a_name_and_its_size(view: Callable[..., HelpView]) -> None:
    made = view()
    controls = [*made.findChildren(QAbstractButton), *made.findChildren(QLineEdit), made.list, made.reader]
    for control in controls:
        if control.isVisible() and control.focusPolicy() & Qt.FocusPolicy.TabFocus:
            assert control.accessibleName(), control
            assert control.height() >= themes.touch_px()


def test_the_trail_forgets_what_it_branched_off_from() -> None:
    trail = Trail().to("a").to("b").to("c").moved(-2)
    assert (trail.current, trail.has_before, trail.has_after) == ("a", False, True)
    trail = trail.to("d")
    assert (trail.slugs, trail.current, trail.has_after) == (("a", "d"), "d", False)
    assert trail.to("d") is trail


def test_every_link_of_the_real_handbook_leads_to_a_topic(desk: Desk, shown: Shown) -> None:
    made = shown(SCREEN.make(desk))
    assert isinstance(made, HelpView)
    assert made.topics
    for topic in made.topics.values():
        made.turn_to(topic.slug)
        assert made.reader.toPlainText().strip()
        for address in made.reader.addresses():
            assert address.removesuffix(".md") in made.topics, (topic.slug, address)
