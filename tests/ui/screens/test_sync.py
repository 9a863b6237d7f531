"""The sync's screen on a real profile, with a real training platform beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from drivers.secret import Secret
from fieldtool.connectors import connector_names
from fieldtool.delivery import Target
from fieldtool.geometry import point
from fieldtool.ids import TicketId, new_id
from fieldtool.journal import operation
from fieldtool.profile import Profile
from fieldtool.receipt.day import today
from fieldtool.sync import targets
from fieldtool.sync.report import ADVICE
from fieldtool.ticket import Ticket
from fieldtool.ticketing import changing
from fieldtool.titles import day
from tests.faults.platform import Platform, running_platform
from tests.fieldtool.making import asset
from tests.ui.conftest import idle
from ui import printing
from ui.background import changes
from ui.screen import Desk, View
from ui.screens.sync import SCREEN, content
from ui.screens.sync.target_card import TargetCard
from ui.screens.sync.view import SyncView

Shown = Callable[..., View]
Done = Callable[[Callable[[Profile], object]], object]
NAME = "melder"
REQUESTS = {"method": "POST", "path": "/open311/v2/requests*"}
PLACE = point(7.4653, 51.5136)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with running_platform(tmp_path_factory.mktemp("platform")) as platform:
        yield platform


@pytest.fixture
def platform(running: Platform) -> Iterator[Platform]:
    yield running
    running.set_faults([])


@pytest.fixture
def melder(platform: Platform, done: Done) -> Platform:
    """Set up as a target; what others have reported there is taken over."""
    target = Target(
        NAME, "open311", f"{platform.url}/open311/v2", None, {"categories": {"lamp_failure": "none"}}
    )
    done(lambda profile: targets.add(profile, target, Secret(platform.token)))
    done(lambda profile: targets.sync_target(profile, target))
    return platform


def report(done: Done, title: str = "Ast gebrochen", category: str = "other") -> Ticket:
    ticket = Ticket(id=TicketId(new_id()), category=category, title=title, geometry=PLACE)
    made = done(lambda profile: changing.create(profile, ticket))
    assert isinstance(made, Ticket)
    return made


def press(wanted: QWidget) -> None:
    """By the keyboard alone."""
    for _press in range(120):
        QApplication.processEvents()
        focused = QApplication.focusWidget()
        if focused is wanted:
            QTest.keyClick(wanted, Qt.Key.Key_Space)
            return
        QTest.keyClick(focused or wanted.window(), Qt.Key.Key_Tab)
    pytest.fail(f"Tab never came to {wanted.accessibleName()}")


def words(whole: QWidget) -> str:
    QApplication.processEvents()
    return "\n".join(one.text() for one in whole.findChildren(QLabel) if one.isVisible())


@pytest.fixture
def sync(desk: Desk, shown: Shown) -> Callable[..., SyncView]:
    def show(**where: str) -> SyncView:
        view = SyncView(desk)
        shown(view, **where)
        view.activateWindow()
        return view

    return show


def the_card(view: SyncView) -> TargetCard:
    return view.cards[NAME]


def test_without_a_platform_it_says_what_to_do(sync: Callable[..., SyncView], desk: Desk) -> None:
    view = sync()
    wanted: list[tuple[str, dict[str, str]]] = []
    desk.wanted.connect(lambda screen, where: wanted.append((screen, where)))
    assert "Alles, was Sie erfassen, bleibt hier." in words(view.empty)
    assert not view.start_button.isEnabled()
    press(
        next(
            one for one in view.empty.findChildren(QWidget) if one.accessibleName() == "Plattform einrichten"
        )
    )
    assert wanted == [("settings", {"section": "targets", "add": "1"})]


@pytest.mark.usefixtures("melder")
def test_what_waits_goes_out_by_one_press(
    sync: Callable[..., SyncView], desk: Desk, done: Done, qtbot: QtBot
) -> None:
    report(done, "Ast gebrochen")
    view = sync()
    card = the_card(view)
    assert "Meldeplattform (Open311)" in words(card)
    assert "1 zu senden" in words(card)
    assert view.summary.text() == "1 wartend"
    press(card.waiting_button)
    assert "Ticket angelegt · Ticket „Ast gebrochen“ – gespeichert, noch nicht gesendet" in words(card)
    press(view.start_button)
    assert view.progress.isVisible()
    assert not view.start_button.isEnabled()
    assert not card.sync_button.isEnabled()
    jobs = desk.background.running
    view.start()
    assert desk.background.running == jobs
    idle(desk, qtbot)
    assert not view.progress.isVisible()
    assert "1 bestätigt, nichts ist offen" in card.outcome.text()
    assert view.summary.text() == "Alles ist bestätigt."
    assert not card.waiting_button.isVisible()
    assert QApplication.focusWidget() is view.start_button
    assert not desk.offline


def test_a_refusal_is_told_with_advice_and_tried_again(
    sync: Callable[..., SyncView], desk: Desk, done: Done, melder: Platform, qtbot: QtBot
) -> None:
    ticket = report(done, "Ast gebrochen")
    refusing = {"match": REQUESTS, "nth": 1, "fault": "status", "status": 400}
    melder.set_faults([refusing])
    view = sync(start="1")
    card = the_card(view)
    assert "Ticket „Ast gebrochen“" in words(card)
    assert "abgelehnt: die Plattform hat es abgelehnt" in words(card)
    assert "--retry" not in words(card)
    assert view.summary.text() == "1 warten, 1 davon brauchen Sie"
    (retry,) = card.retries.values()
    press(retry)
    idle(desk, qtbot)
    assert card.retries == {}
    assert view.summary.text() == "Alles ist bestätigt."
    (there,) = [one for one in melder.requests() if ticket.id in one["description"]]
    assert there["status"] == "open"


def test_only_what_was_asked_for_is_tried_again(
    sync: Callable[..., SyncView], desk: Desk, done: Done, melder: Platform, qtbot: QtBot
) -> None:
    report(done, "Laterne dunkel", "lamp_failure")
    first = report(done, "Ast gebrochen")
    melder.set_faults([{"match": REQUESTS, "nth": 1, "fault": "status", "status": 400}])
    card = the_card(sync(start="1"))
    assert len(card.retries) == 3
    assert "Nennen Sie in den Einstellungen die Kategorie" in words(card)
    press(next(one for one in card.retries.values() if first.title in one.accessibleName()))
    idle(desk, qtbot)
    assert [one.accessibleName() for one in card.retries.values()] == [
        "Noch einmal versuchen: Ticket „Laterne dunkel“"
    ]


def test_all_of_them_are_tried_again(
    sync: Callable[..., SyncView], desk: Desk, done: Done, melder: Platform, qtbot: QtBot
) -> None:
    for title in ("Ast gebrochen", "Poller schief"):
        report(done, title)
    melder.set_faults([{"match": REQUESTS, "times": 2, "fault": "status", "status": 400}])
    view = sync(start="1")
    card = the_card(view)
    assert card.outcome.text().endswith("2 Änderungen warten")
    press(next(one for one in card.retries.values() if one.text() == "Alle noch einmal versuchen"))
    idle(desk, qtbot)
    assert card.retries == {}
    assert view.summary.text() == "Alles ist bestätigt."
    assert QApplication.focusWidget() is card.sync_button


def test_both_sides_of_a_conflict_stand_beside_each_other(
    sync: Callable[..., SyncView], desk: Desk, done: Done, melder: Platform, qtbot: QtBot
) -> None:
    ticket = report(done, "Ast gebrochen")
    view = sync(start="1")
    (there,) = [one for one in melder.requests() if ticket.id in one["description"]]
    path = f"/training/open311/requests/{there['service_request_id']}"

    def started(profile: Profile) -> None:
        changing.change_status(profile, profile.store.get(Ticket, ticket.id), "in_progress", "Bin unterwegs.")

    done(started)
    melder.ask("PUT", path, {"status": "CLOSED", "description": "Doppelt gemeldet."})
    card = the_card(view)
    press(card.sync_button)
    idle(desk, qtbot)
    assert "1 übernommen" in card.outcome.text()
    assert "im Konflikt: hier und auf der Plattform geändert" in words(card)
    sides = {one.accessibleName() for one in card.stuck.findChildren(QLabel)}
    assert {"Feld: Status", "Vorher: offen", "Hier: in Arbeit", "Dort: geschlossen"} <= sides
    # As the office says it now, too: what was done here before that cannot change the state there any more.
    melder.ask("PUT", path, {"status": "IN_PROGRESS", "description": "Doch nicht doppelt."})
    (retry,) = card.retries.values()
    press(retry)
    idle(desk, qtbot)
    assert card.retries == {}
    assert "nichts ist offen" in card.outcome.text()


def test_what_came_in_is_counted_and_twins_are_named(
    sync: Callable[..., SyncView], desk: Desk, done: Done, melder: Platform, qtbot: QtBot
) -> None:
    melder.set_faults([{"match": REQUESTS, "nth": 1, "fault": "repeat"}])
    ticket = report(done, "Ast gebrochen")
    view = sync(start="1")
    card = the_card(view)
    press(card.sync_button)
    idle(desk, qtbot)
    both = [one["service_request_id"] for one in melder.requests() if ticket.id in one["description"]]
    assert len(both) == 2
    told = words(card.twins)
    assert "Ticket „Ast gebrochen“ war dort ein zweites Mal" in told
    assert all(identifier in told for identifier in both)


def test_a_platform_that_is_away_is_a_state_and_no_error(
    sync: Callable[..., SyncView], desk: Desk, done: Done, tmp_path: Path, qtbot: QtBot
) -> None:
    with running_platform(tmp_path / "data") as platform:
        target = Target(NAME, "ngsi-ld", platform.url)
        done(lambda profile: targets.add(profile, target, Secret(platform.token)))
        view = sync(start="1")
        card = the_card(view)
        assert "nichts ist offen" in card.outcome.text()

    def plant(profile: Profile) -> None:
        with operation(profile.store, profile.actor, "asset.import") as recorder:
            recorder.create(asset("4711", geometry=PLACE))

    done(plant)
    view.refresh()
    press(view.start_button)
    idle(desk, qtbot)
    assert card.outcome.text() == "nicht erreichbar – 1 Änderung wartet"
    assert not card.problem.isVisible()
    assert not view.page.problem.isVisible()
    assert desk.offline


def test_a_refused_login_leads_to_the_settings(
    sync: Callable[..., SyncView], desk: Desk, done: Done, platform: Platform
) -> None:
    def prepare(profile: Profile) -> None:
        targets.add(profile, Target(NAME, "ngsi-ld", platform.url), Secret("falsch-0123456789"))
        with operation(profile.store, profile.actor, "asset.import") as recorder:
            recorder.create(asset("4711", geometry=PLACE))

    done(prepare)
    card = the_card(sync(start="1"))
    assert card.problem.isVisible()
    assert "nimmt die Anmeldung nicht an" in words(card.problem)
    assert "tragen Sie es in den Einstellungen ein" in words(card.problem)
    wanted: list[tuple[str, dict[str, str]]] = []
    desk.wanted.connect(lambda screen, where: wanted.append((screen, where)))
    press(
        next(
            one
            for one in card.problem.findChildren(QWidget)
            if one.accessibleName() == "Zu den Einstellungen"
        )
    )
    assert wanted == [("settings", {"section": "targets", "target": NAME})]


@pytest.mark.usefixtures("melder")
def test_of_many_that_wait_the_first_are_listed(sync: Callable[..., SyncView], done: Done) -> None:
    def many(profile: Profile) -> None:
        for number in range(53):
            ticket = Ticket(id=TicketId(new_id()), category="other", title=f"Ast {number}", geometry=PLACE)
            changing.create(profile, ticket)

    done(many)
    card = the_card(sync(target=NAME))
    assert card.waiting_button.text() == "Anzeigen, was wartet (53)"
    card.waiting_button.click()
    assert "Ast 49" in words(card.waiting)
    assert "Ast 50" not in words(card.waiting)
    assert "und 3 weitere" in words(card.waiting)
    card.waiting_button.click()
    assert words(card.waiting) == ""


@pytest.mark.usefixtures("melder")
def test_of_many_that_were_refused_some_are_shown_and_then_more(
    sync: Callable[..., SyncView], done: Done
) -> None:
    for number in range(12):
        report(done, f"Laterne {number}", "lamp_failure")
    card = the_card(sync(start="1"))
    assert len(card.retries) == 10 + 1
    more = next(one for one in card.stuck.findChildren(QPushButton) if one.text() == "Weitere anzeigen (2)")
    press(more)
    assert len(card.retries) == 12 + 1
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == "Noch einmal versuchen: Ticket „Laterne 10“"


@pytest.mark.usefixtures("melder")
def test_it_scrolls_to_the_named_platform(sync: Callable[..., SyncView], done: Done, qtbot: QtBot) -> None:
    for number in range(6):
        done(
            lambda profile, number=number: targets.add(
                profile, Target(f"a{number}", "ngsi-ld", "http://127.0.0.1:9"), None
            )
        )
    view = sync(target=NAME)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is the_card(view).sync_button)
    assert view.page.area.verticalScrollBar().value() > 0


@pytest.mark.usefixtures("melder")
def test_another_change_is_seen_while_it_is_visible(
    sync: Callable[..., SyncView], desk: Desk, done: Done, qtbot: QtBot
) -> None:
    view = sync()
    report(done)
    assert view.summary.text() == "Alles ist bestätigt."
    desk.background.changed.emit(changes("ticket"))
    idle(desk, qtbot)
    assert view.summary.text() == "1 wartend"


@pytest.mark.usefixtures("melder")
def test_the_receipt_of_the_day_is_shown_and_saved(
    sync: Callable[..., SyncView], desk: Desk, done: Done, tmp_path: Path, qtbot: QtBot
) -> None:
    report(done, "Ast gebrochen")
    view = sync(start="1")
    card = view.receipt
    assert card.date.text() == day(today().date)
    assert card.sums.text().startswith("Bestätigt: ")
    assert card.sums.text().endswith("Es steht nichts aus.")
    assert "Ticket „Ast gebrochen“" in words(card)
    path = tmp_path / "quittung.html"
    press(card.html_button)
    dialog = card.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    idle(desk, qtbot)
    assert "Ast gebrochen" in path.read_text(encoding="utf-8")
    assert card.saved.text() == f"Gespeichert: {path}"
    card.html_button.click()
    for open_dialog in card.findChildren(QFileDialog):
        open_dialog.fileSelected.emit(str(tmp_path / "profile"))
        open_dialog.reject()
    idle(desk, qtbot)
    assert card.problem.code == "document_not_written"


@pytest.mark.usefixtures("melder")
def test_the_receipt_is_saved_as_pdf(
    sync: Callable[..., SyncView], desk: Desk, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The web view has tests of its own, and takes seconds to start.
    monkeypatch.setattr(printing, "web_view_usable", lambda: False)
    card = sync().receipt
    path = tmp_path / "quittung.pdf"
    press(card.pdf_button)
    dialog = card.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    assert not card.pdf_button.isEnabled()
    idle(desk, qtbot)
    assert path.read_bytes().startswith(b"%PDF-")
    assert card.saved.text() == f"Gespeichert: {path}"
    assert card.pdf_button.isEnabled()


@pytest.mark.usefixtures("melder")
def test_another_day_is_shown_and_no_day_is_told(
    sync: Callable[..., SyncView], desk: Desk, qtbot: QtBot
) -> None:
    card = sync().receipt
    card.date.setText("31.02.2026")
    press(card.show_button)
    assert card.problem.message.text() == "Das ist kein Tag: 31.02.2026"
    assert card.date.text() == "31.02.2026"
    card.date.setText("1.2.2026")
    press(card.show_button)
    idle(desk, qtbot)
    assert not card.problem.isVisible()
    assert card.sums.text().startswith("An diesem Tag wurde nichts bestätigt")


def test_every_kind_has_a_title_and_no_advice_speaks_of_the_command_line() -> None:
    assert sorted(content.TYPES) == sorted(connector_names())
    assert not [reason for reason in (*ADVICE, "refused_there") if "--" in content.advice(reason)]


def test_the_screen_makes_its_view(desk: Desk, shown: Shown) -> None:
    assert isinstance(shown(SCREEN.make(desk)), SyncView)
