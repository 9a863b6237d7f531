"""Tickets in the window: everything by keyboard and by clicks, with errors in the middle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from fieldtool.ids import TicketId, new_id
from fieldtool.person import set_person
from fieldtool.profile import Profile
from fieldtool.ticket import Ticket
from fieldtool.ticketing import changing
from tests.ui.conftest import Shown, idle
from tests.ui.keyboard import Keys
from tests.ui.usable import assert_usable
from ui.screen import Desk
from ui.screens.tickets.content import LISTED
from ui.screens.tickets.view import TicketsView

Done = Callable[[Callable[[Profile], Any]], Any]
LEFT = Qt.MouseButton.LeftButton


def made(profile: Profile, **values: Any) -> Ticket:
    stated = {"category": "other", "title": "Ast gebrochen", **values}
    return changing.create(profile, Ticket(id=TicketId(new_id()), **stated))


def opened(desk: Desk, shown: Shown, **where: str) -> TicketsView:
    view = shown(TicketsView(desk), **where)
    assert isinstance(view, TicketsView)
    return view


def stored(done: Done, ticket: Ticket) -> Ticket:
    found: Ticket = done(lambda profile: profile.store.get(Ticket, ticket.id))
    return found


def said(view: TicketsView) -> str:
    return " ".join(label.text() for label in view.detail.events.findChildren(QLabel))


def test_an_empty_list_says_where_tickets_come_from(desk: Desk, shown: Shown) -> None:
    view = opened(desk, shown)
    assert "Abgleich" in view.list.empty.text()
    assert view.list.empty.isVisible()
    assert not view.list.table.isVisible()


def test_what_is_to_be_done_first_comes_first(desk: Desk, shown: Shown, done: Done, qtbot: QtBot) -> None:
    yesterday = date.today() - timedelta(days=1)  # noqa: DTZ011 - a day of the calendar
    done(lambda profile: made(profile, title="Später", priority=5))
    done(lambda profile: made(profile, title="Sofort", priority=1, due=yesterday))
    closed = done(lambda profile: made(profile, title="Erledigt"))
    done(lambda profile: changing.change_status(profile, closed, "closed", "War nichts."))
    view = opened(desk, shown)
    rows = [row.cells for row in view.list.table.rows.rows]
    assert [cells[1] for cells in rows] == ["Sofort", "Später"]
    assert rows[0][3].endswith(", überfällig")
    view.list.which.setCurrentIndex(view.list.which.findData("closed"))
    idle(desk, qtbot)
    assert [row.cells[1] for row in view.list.table.rows.rows] == ["Erledigt"]


def test_searching_and_only_mine(desk: Desk, shown: Shown, done: Done, qtbot: QtBot) -> None:
    done(lambda profile: made(profile, title="Leuchte aus", address="Rheinische Straße 1"))
    mine = done(lambda profile: made(profile, title="Bank lose"))
    done(lambda profile: changing.assign(profile, mine, "Mia Muster"))
    view = opened(desk, shown)
    QTest.keyClicks(view.list.search, "rheinische leuchte")
    QTest.keyClick(view.list.search, Qt.Key.Key_Return)
    idle(desk, qtbot)
    assert [row.cells[1] for row in view.list.table.rows.rows] == ["Leuchte aus"]
    view.list.search.setText("gibt es nicht")
    QTest.keyClick(view.list.search, Qt.Key.Key_Return)
    idle(desk, qtbot)
    assert "Suchen Sie anders" in view.list.empty.text()
    view.list.search.clear()
    view.list.mine.setChecked(True)
    idle(desk, qtbot)
    qtbot.waitUntil(lambda: [row.cells[1] for row in view.list.table.rows.rows] == ["Bank lose"])


def test_a_long_list_is_loaded_in_parts(desk: Desk, shown: Shown, done: Done, qtbot: QtBot) -> None:
    def many(profile: Profile) -> bool:
        for number in range(LISTED + 5):
            made(profile, title=f"Ticket {number}")
        return True

    done(many)
    view = opened(desk, shown)
    assert len(view.list.table.rows.rows) == LISTED
    assert view.list.counted.text() == f"die ersten {LISTED}"
    qtbot.mouseClick(view.list.more, LEFT)
    idle(desk, qtbot)
    assert view.list.counted.text() == f"{LISTED + 5} insgesamt"
    assert not view.list.more.isVisible()


def test_take_up_comment_and_close_by_clicks(desk: Desk, shown: Shown, done: Done, qtbot: QtBot) -> None:
    ticket = done(made)
    view = opened(desk, shown, id=ticket.id)
    form = view.detail.form
    for action, words in (
        ("start", "Bin unterwegs."),
        ("comment", "Absperrung steht."),
        ("close", "Ast entfernt."),
    ):
        qtbot.mouseClick(view.detail.buttons[action], LEFT)  # type: ignore[index]
        form.words.setPlainText(words)
        qtbot.mouseClick(form.save, LEFT)
        idle(desk, qtbot)
        assert form.isHidden()
        assert words in said(view)
    assert stored(done, ticket).status == "closed"
    # Technicians may not reopen.
    assert not view.detail.buttons["reopen"].isVisible()


def test_close_by_the_keyboard_alone(desk: Desk, shown: Shown, done: Done, qtbot: QtBot) -> None:
    ticket = done(made)
    view = opened(desk, shown)
    keys = Keys(view)
    keys.to("Tickets", Qt.Key.Key_Down)
    keys.press(Qt.Key.Key_Return)
    idle(desk, qtbot)
    keys.to("Ticket schließen", Qt.Key.Key_Space)
    focus = keys.to("Text")
    QTest.keyClicks(focus, "Alles sicher.")
    keys.to("Ausführen: Ticket schließen", Qt.Key.Key_Space)
    idle(desk, qtbot)
    assert stored(done, ticket).status == "closed"
    keys.to("Zurück zu den Tickets", Qt.Key.Key_Space)
    idle(desk, qtbot)
    assert view.list.isVisible()


def test_without_words_nothing_is_closed_and_what_was_typed_stays(
    desk: Desk, shown: Shown, done: Done, qtbot: QtBot
) -> None:
    ticket = done(made)
    view = opened(desk, shown, id=ticket.id)
    form = view.detail.form
    qtbot.mouseClick(view.detail.buttons["close"], LEFT)
    qtbot.mouseClick(form.save, LEFT)
    idle(desk, qtbot)
    assert form.problem.code == "text_missing"
    assert form.save.isEnabled()
    assert stored(done, ticket).status == "open"


def test_a_finding_that_the_category_demands(desk: Desk, shown: Shown, done: Done, qtbot: QtBot) -> None:
    ticket = done(lambda profile: made(profile, category="structural_finding", title="Riss am Pfeiler"))
    view = opened(desk, shown, id=ticket.id)
    form = view.detail.form
    qtbot.mouseClick(view.detail.buttons["close"], LEFT)
    form.words.setPlainText("Geprüft.")
    qtbot.mouseClick(form.save, LEFT)
    idle(desk, qtbot)
    assert form.problem.code == "finding_missing"
    assert form.words.toPlainText() == "Geprüft."
    form.found.setCurrentIndex(1)
    qtbot.mouseClick(form.save, LEFT)
    idle(desk, qtbot)
    assert stored(done, ticket).status == "closed"


def test_somebody_else_was_quicker(desk: Desk, shown: Shown, done: Done, qtbot: QtBot) -> None:
    ticket = done(made)
    view = opened(desk, shown, id=ticket.id)
    form = view.detail.form
    qtbot.mouseClick(view.detail.buttons["start"], LEFT)
    form.words.setPlainText("Ich fange an.")
    done(lambda profile: changing.change_status(profile, ticket, "in_progress", "Ich war schneller."))
    qtbot.mouseClick(form.save, LEFT)
    idle(desk, qtbot)
    assert form.problem.code == "stale_version"
    assert form.words.toPlainText() == "Ich fange an."
    form.leave()
    idle(desk, qtbot)
    assert "Ich war schneller." in said(view)
    # The draft is there when one comes back to it.
    qtbot.mouseClick(view.detail.buttons["comment"], LEFT)
    assert form.words.toPlainText() == ""


def test_a_draft_survives_another_ticket(desk: Desk, shown: Shown, done: Done, qtbot: QtBot) -> None:
    first, second = done(made), done(made)
    view = opened(desk, shown, id=first.id)
    qtbot.mouseClick(view.detail.buttons["comment"], LEFT)
    view.detail.form.words.setPlainText("Halb fertig")
    view.open_ticket(second.id)
    idle(desk, qtbot)
    view.open_ticket(first.id)
    idle(desk, qtbot)
    qtbot.mouseClick(view.detail.buttons["comment"], LEFT)
    assert view.detail.form.words.toPlainText() == "Halb fertig"


def test_assigned_to_me_by_one_click(desk: Desk, shown: Shown, done: Done, qtbot: QtBot) -> None:
    ticket = done(made)
    view = opened(desk, shown, id=ticket.id)
    qtbot.mouseClick(view.detail.buttons["assign"], LEFT)
    qtbot.mouseClick(view.detail.form.mine, LEFT)
    qtbot.mouseClick(view.detail.form.save, LEFT)
    idle(desk, qtbot)
    assert stored(done, ticket).assignee == "Mia Muster"


def test_the_role_bestand_plans_and_reopens(desk: Desk, shown: Shown, done: Done, qtbot: QtBot) -> None:
    ticket = done(made)
    done(lambda profile: changing.change_status(profile, ticket, "closed", "Erledigt."))
    desk.actor = done(lambda profile: set_person(profile, role="bestand"))
    desk.background.reopen(replace(desk.background.place, actor=None))
    view = opened(desk, shown, id=ticket.id)
    form = view.detail.form
    qtbot.mouseClick(view.detail.buttons["reopen"], LEFT)
    form.words.setPlainText("Doch nicht.")
    qtbot.mouseClick(form.save, LEFT)
    idle(desk, qtbot)
    qtbot.mouseClick(view.detail.buttons["edit"], LEFT)
    form.due.setText("31.02.2027")
    qtbot.mouseClick(form.save, LEFT)
    assert form.problem.message.text() == "Das ist kein Datum."
    form.due.setText("28.02.2027")
    form.priority.setCurrentIndex(form.priority.findData("1"))
    form.subject.setText("Ast über dem Gehweg")
    qtbot.mouseClick(form.save, LEFT)
    idle(desk, qtbot)
    changed = stored(done, ticket)
    assert (changed.status, changed.priority, changed.due) == ("open", 1, date(2027, 2, 28))
    assert changed.title == "Ast über dem Gehweg"


def test_a_new_ticket_with_errors_in_the_middle(desk: Desk, shown: Shown, done: Done, qtbot: QtBot) -> None:
    view = opened(desk, shown)
    qtbot.mouseClick(view.list.new_button, LEFT)
    page = view.new
    page.description.setPlainText("Über dem Radweg.")
    qtbot.mouseClick(page.save, LEFT)
    idle(desk, qtbot)
    assert page.problem.code == "title_missing"
    page.subject.setText("Äste hängen tief")
    page.lat.setText("51,5136")
    qtbot.mouseClick(page.save, LEFT)
    assert page.problem.message.text() == "Das ist keine Position."
    page.lon.setText("7,4653")
    page.due.setText("1.12.2026")
    qtbot.mouseClick(page.save, LEFT)
    idle(desk, qtbot)
    (ticket,) = done(lambda profile: list(profile.store.tickets()))
    assert (ticket.title, ticket.due) == ("Äste hängen tief", date(2026, 12, 1))
    assert ticket.geometry == {"type": "Point", "coordinates": [7.4653, 51.5136]}
    assert view.detail.isVisible()
    assert view.detail.page.title.text() == "Äste hängen tief"


@pytest.mark.parametrize("page", ["list", "detail", "new"])
def test_everybody_can_use_it(desk: Desk, shown: Shown, done: Done, qtbot: QtBot, page: str) -> None:
    ticket = done(lambda profile: made(profile, category="structural_finding"))
    where = {"list": {}, "detail": {"id": ticket.id}, "new": {"new": "1"}}[page]
    view = opened(desk, shown, **where)
    if page == "detail":
        for action in view.detail.detail.actions if view.detail.detail is not None else ():
            view.detail.act(action)
            QApplication.processEvents()
            usable(view)
    idle(desk, qtbot)
    usable(view)


def usable(view: TicketsView) -> None:
    assert_usable(view)
