"""What is to do now, and where each line leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from fieldtool.ids import TicketId, new_id
from fieldtool.profile import Profile
from fieldtool.ticket import Ticket
from fieldtool.ticketing import changing
from tests.ui.conftest import Shown, idle
from tests.ui.keyboard import Keys
from tests.ui.usable import assert_usable
from ui.background import changes
from ui.screen import Desk
from ui.screens.today import view as today
from ui.screens.today.view import TodayView, day_text
from ui.widgets.lines import LineButton

Done = Callable[[Callable[[Profile], Any]], Any]


@dataclass
class Wanted:
    screens: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def wanted(desk: Desk) -> Wanted:
    found = Wanted()
    desk.wanted.connect(lambda screen, where: found.screens.append((screen, where)))
    return found


def opened(desk: Desk, shown: Shown) -> TodayView:
    view = shown(TodayView(desk))
    assert isinstance(view, TodayView)
    return view


def words(view: TodayView) -> str:
    return " ".join(label.text() for label in view.findChildren(QLabel))


def line(view: TodayView, title: str) -> LineButton:
    return next(one for one in view.findChildren(LineButton) if title in one.words)


def make(profile: Profile, **values: Any) -> Ticket:
    return changing.create(profile, Ticket(id=TicketId(new_id()), category="other", **values))


def test_days_as_they_are_said() -> None:
    assert day_text(date(2026, 11, 23)) == "Montag, 23.11.2026"


def test_nothing_to_do_says_what_one_could(desk: Desk, shown: Shown, wanted: Wanted, qtbot: QtBot) -> None:
    view = opened(desk, shown)
    assert "Heute ist nichts offen." in words(view)
    assert "Guten Tag, Mia Muster." in words(view)
    qtbot.mouseClick(line(view, "Plattform einrichten"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(view.commission, Qt.MouseButton.LeftButton)
    assert wanted.screens == [("settings", {}), ("devices", {"new": "1"})]


def test_tickets_lead_to_themselves(
    desk: Desk, shown: Shown, done: Done, wanted: Wanted, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(today, "today", lambda: date(2026, 11, 23))
    late = done(lambda profile: make(profile, title="Leuchte aus", due=date(2026, 11, 20)))
    done(lambda profile: make(profile, title="Bank lose"))
    view = opened(desk, shown)
    assert "Überfällig" in words(view)
    assert "Offen" in words(view)
    qtbot.mouseClick(line(view, "Leuchte aus – fällig am 20.11.2026"), Qt.MouseButton.LeftButton)
    Keys(view).to("Bank lose", Qt.Key.Key_Space)
    assert wanted.screens[0] == ("tickets", {"id": late.id})
    assert wanted.screens[1][0] == "tickets"


def test_it_follows_what_changes(desk: Desk, shown: Shown, done: Done, qtbot: QtBot) -> None:
    view = opened(desk, shown)
    done(lambda profile: make(profile, title="Neu dazugekommen"))
    desk.background.changed.emit(changes("ticket"))
    idle(desk, qtbot)
    assert line(view, "Neu dazugekommen").isVisible()


def test_everybody_can_use_it(desk: Desk, shown: Shown, done: Done) -> None:
    done(
        lambda profile: make(
            profile, title="Pegel meldet seit drei Tagen denselben Wert und muss geprüft werden"
        )
    )
    view = opened(desk, shown)
    QApplication.processEvents()
    assert_usable(view)
