"""The settings on a real profile, with a real training platform and a simulated receiver beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from drivers.secret import Secret
from fieldtool import outbox
from fieldtool.children import child
from fieldtool.connectors import connector_names
from fieldtool.delivery import Target, token_name
from fieldtool.ids import TicketId, new_id
from fieldtool.profile import Profile
from fieldtool.sync import targets
from fieldtool.ticket import Ticket
from fieldtool.ticketing import changing
from tests.faults.platform import Platform, running_platform
from tests.ui.conftest import idle
from ui.preferences import Preferences
from ui.screen import Desk, Port, View
from ui.screens.settings import SCREEN
from ui.screens.settings.kinds import KINDS
from ui.screens.settings.person import PersonSection
from ui.screens.settings.receiver import ReceiverSection
from ui.screens.settings.section import Section
from ui.screens.settings.target_form import TargetForm
from ui.screens.settings.targets import TargetsSection
from ui.screens.settings.view import SECTIONS, SettingsView
from ui.themes import touch_px

Shown = Callable[..., View]
Done = Callable[[Callable[[Profile], object]], object]
WRONG = "falsch-0123456789abcdef"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with running_platform(tmp_path_factory.mktemp("platform")) as running:
        yield running


@pytest.fixture
def settings(desk: Desk, shown: Shown) -> Callable[..., SettingsView]:
    def show(**where: str) -> SettingsView:
        # As the window does it.
        desk.preferences_changed.connect(lambda wanted: setattr(desk, "preferences", wanted))
        view = SettingsView(desk)
        shown(view, **where)
        view.activateWindow()
        return view

    return show


def section(view: SettingsView, kind: type[Section]) -> Section:
    return next(one for one in view.sections.values() if isinstance(one, kind))


def tab_to(wanted: QWidget) -> None:
    """By the Tab key alone."""
    for _press in range(120):
        QApplication.processEvents()
        focused = QApplication.focusWidget()
        if focused is wanted:
            return
        QTest.keyClick(focused or wanted.window(), Qt.Key.Key_Tab)
    pytest.fail(f"Tab never came to {wanted.accessibleName()}")


def press(wanted: QWidget) -> None:
    tab_to(wanted)
    QTest.keyClick(wanted, Qt.Key.Key_Space)


def enter(wanted: QWidget, words: str) -> None:
    tab_to(wanted)
    QTest.keyClicks(wanted, words)


def told(whole: QWidget) -> str:
    """Everything that is written or read out anywhere below."""
    parts = []
    for widget in (whole, *whole.findChildren(QWidget)):
        parts += [
            widget.accessibleName(),
            widget.accessibleDescription(),
            widget.toolTip(),
            widget.windowTitle(),
        ]
        if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
            parts.append(widget.text())
        if isinstance(widget, QLineEdit):
            parts.append(widget.placeholderText())
        if isinstance(widget, QPlainTextEdit):
            parts.append(widget.toPlainText())
        if isinstance(widget, QComboBox):
            parts += [widget.itemText(row) for row in range(widget.count())]
    return "\n".join(parts)


def form_of(view: SettingsView) -> TargetForm:
    targets_section = section(view, TargetsSection)
    assert isinstance(targets_section, TargetsSection)
    assert targets_section.form is not None
    return targets_section.form


def test_a_platform_is_set_up_checked_and_saved_by_keys_alone(
    settings: Callable[..., SettingsView], desk: Desk, done: Done, platform: Platform, qtbot: QtBot
) -> None:
    view = settings(section="targets")
    whole = section(view, TargetsSection)
    assert isinstance(whole, TargetsSection)
    assert whole.empty.isVisible()
    press(whole.add_button)
    form = form_of(view)
    assert QApplication.focusWidget() is form.name
    enter(form.name, "Urbane Plattform")
    enter(form.url, platform.url)
    enter(form.token.entry, platform.token)
    enter(form.operator, "Dortmund")
    assert form.token.entry.text() == ""
    assert not form.token.entry.isUndoAvailable()
    press(form.check_button)
    idle(desk, qtbot)
    assert form.result.text() == "Urbane Plattform antwortet und nimmt die Anmeldung an."
    press(form.save_button)
    idle(desk, qtbot)
    assert whole.form is None
    card = whole.cards["Urbane Plattform"]
    press(card.check_button)
    idle(desk, qtbot)
    assert card.result.text() == "Urbane Plattform antwortet und nimmt die Anmeldung an."
    assert platform.token not in told(view)

    def stored(profile: Profile) -> tuple[Target, str]:
        token = profile.vault.get(token_name("Urbane Plattform")).reveal()
        return targets.named(profile, "Urbane Plattform"), token

    wanted = Target("Urbane Plattform", "ngsi-ld", platform.url, None, {}, "dortmund")
    assert done(stored) == (wanted, platform.token)


def test_a_wrong_token_is_told_before_and_after_saving_and_replaced(
    settings: Callable[..., SettingsView], desk: Desk, done: Done, platform: Platform, qtbot: QtBot
) -> None:
    view = settings(section="targets", add="1")
    whole, form = section(view, TargetsSection), form_of(view)
    assert isinstance(whole, TargetsSection)
    enter(form.name, "Netz")
    enter(form.url, platform.url)
    enter(form.token.entry, WRONG)
    press(form.check_button)
    idle(desk, qtbot)
    refused = "nimmt die Anmeldung nicht an"
    assert refused in form.problem.message.text()
    assert form.problem.advice.text().startswith("Geben Sie hier ein anderes Zugriffstoken ein")
    assert (form.name.text(), form.url.text()) == ("Netz", platform.url)
    press(form.save_button)
    idle(desk, qtbot)
    card = whole.cards["Netz"]
    press(card.check_button)
    idle(desk, qtbot)
    assert refused in card.problem.message.text()
    press(card.token_button)
    assert QApplication.focusWidget() is card.token.entry
    QTest.keyClicks(card.token.entry, platform.token)
    QTest.keyClick(card.token.entry, Qt.Key.Key_Return)
    idle(desk, qtbot)
    press(card.check_button)
    idle(desk, qtbot)
    assert not card.problem.isVisible()
    assert card.result.text() == "Netz antwortet und nimmt die Anmeldung an."
    assert done(lambda profile: profile.vault.get(token_name("Netz")).reveal()) == platform.token
    assert WRONG not in told(view)
    assert platform.token not in told(view)


def test_what_is_missing_is_told_beside_and_what_was_typed_stays(
    settings: Callable[..., SettingsView], desk: Desk, qtbot: QtBot
) -> None:
    form = form_of(settings(section="targets", add="1"))
    press(form.save_button)
    assert form.problem.message.text() == "Geben Sie der Plattform einen Namen."
    QTest.keyClicks(form.name, "Melder")
    press(form.save_button)
    assert form.problem.message.text() == "Geben Sie die Adresse der Plattform ein."
    QTest.keyClicks(form.url, "melder.example.org")
    press(form.save_button)
    assert "keine Adresse einer Plattform" in form.problem.message.text()
    form.url.selectAll()
    QTest.keyClicks(form.url, "https://melder.example.org/open311/v2")
    tab_to(form.kind)
    QTest.keyClick(form.kind, Qt.Key.Key_End)
    assert form.kind.currentData() == "open311"
    assert (form.name.text(), form.tenant.accessibleName()) == ("Melder", "Zuständigkeitsbereich")
    enter(form.options["categories"], "damage 012")
    press(form.save_button)
    assert form.problem.message.text().endswith("Kategorien")
    assert QApplication.focusWidget() is form.options["categories"]
    QTest.keyClicks(form.options["categories"], "\b\b\b\b=012")
    enter(form.options["pull_days"], "dreißig")
    press(form.save_button)
    assert form.problem.message.text().endswith("Tage zurück")
    form.options["pull_days"].clear()  # type: ignore[attr-defined]
    QTest.keyClicks(form.options["pull_days"], "30")
    press(form.save_button)
    idle(desk, qtbot)
    found: list[list[Target]] = []
    desk.background.ask(desk, lambda profile: outbox.targets(profile.store), found.append)
    idle(desk, qtbot)
    (target,) = found[0]
    assert target.options == {"categories": {"damage": "012"}, "pull_days": 30}


def test_a_name_that_is_taken_keeps_the_token(
    settings: Callable[..., SettingsView], desk: Desk, done: Done, platform: Platform, qtbot: QtBot
) -> None:
    done(lambda profile: targets.add(profile, Target("da", "ngsi-ld", platform.url), None))
    view = settings(section="targets", add="1")
    form = form_of(view)
    enter(form.name, "da")
    enter(form.url, platform.url)
    enter(form.token.entry, platform.token)
    press(form.save_button)
    idle(desk, qtbot)
    assert form.problem.code == "target_exists"
    tab_to(form.name)
    form.name.selectAll()
    QTest.keyClicks(form.name, "dann")
    press(form.save_button)
    idle(desk, qtbot)
    assert done(lambda profile: profile.vault.get(token_name("dann")).reveal()) == platform.token


def test_removing_asks_back_in_the_card_and_says_what_happens(
    settings: Callable[..., SettingsView], desk: Desk, done: Done, platform: Platform, qtbot: QtBot
) -> None:
    def prepare(profile: Profile) -> None:
        targets.add(profile, Target("melder", "open311", f"{platform.url}/open311/v2"), None)
        changing.create(profile, Ticket(id=TicketId(new_id()), category="other", title="Ast"))

    done(prepare)
    view = settings(target="melder")
    whole = section(view, TargetsSection)
    assert isinstance(whole, TargetsSection)
    card = whole.cards["melder"]
    qtbot.waitUntil(lambda: QApplication.focusWidget() is card.check_button)
    press(card.remove_button)
    assert QApplication.focusWidget() is card.keep_button
    assert "Dort noch nicht angekommen: 1 Änderung." in card.question.text()
    press(card.keep_button)
    assert not card.remove_frame.isVisible()
    press(card.remove_button)
    press(card.really_button)
    idle(desk, qtbot)
    assert whole.cards == {}
    assert whole.empty.isVisible()
    assert done(lambda profile: outbox.targets(profile.store)) == []


def test_an_open311_platform_does_not_claim_that_the_login_was_tried(
    settings: Callable[..., SettingsView], desk: Desk, platform: Platform, qtbot: QtBot
) -> None:
    form = form_of(settings(section="targets", add="1"))
    form.name.setText("melder")
    form.url.setText(f"{platform.url}/open311/v2")
    form.kind.setCurrentIndex(form.kind.findData("open311"))
    form.check()
    idle(desk, qtbot)
    assert "zeigt sich erst beim Senden" in form.result.text()


def test_a_network_server_is_checked_before_and_after_saving(
    settings: Callable[..., SettingsView], desk: Desk, done: Done, platform: Platform, qtbot: QtBot
) -> None:
    view = settings(section="targets", add="1")
    whole, form = section(view, TargetsSection), form_of(view)
    assert isinstance(whole, TargetsSection)
    form.kind.setCurrentIndex(form.kind.findData("chirpstack"))
    form.name.setText("netz")
    form.url.setText(platform.chirpstack_url)
    form.token.entry.setText(platform.token)
    form.save()
    assert form.problem.message.text() == "Bitte ausfüllen: Anwendung"
    enter(form.options["application"], "unbekannt")
    press(form.check_button)
    idle(desk, qtbot)
    assert form.problem.message.text() == "Bitte ausfüllen: Mandanten-ID"
    assert QApplication.focusWidget() is form.tenant
    QTest.keyClicks(form.tenant, platform.home["tenant"])
    press(form.check_button)
    idle(desk, qtbot)
    assert "unbekannt" in form.problem.message.text()
    assert "--option" not in form.problem.advice.text()
    assert QApplication.focusWidget() is form.options["application"]
    form.options["application"].setText(platform.home["application"])  # type: ignore[attr-defined]
    press(form.check_button)
    idle(desk, qtbot)
    assert form.result.text() == "netz antwortet und nimmt die Anmeldung an."
    press(form.save_button)
    idle(desk, qtbot)
    card = whole.cards["netz"]
    assert platform.home["application"] in told(card)
    done(lambda profile: profile.vault.put(token_name("netz"), Secret(WRONG)))
    press(card.check_button)
    idle(desk, qtbot)
    assert card.problem.advice.text().startswith("Geben Sie hier ein anderes")


def test_every_kind_of_platform_has_its_fields() -> None:
    assert sorted(KINDS) == sorted(connector_names())


def test_the_look_changes_at_once(settings: Callable[..., SettingsView], desk: Desk) -> None:
    view = settings(section="look")
    look = view.sections["look"]
    wishes: list[Preferences] = []
    desk.preferences_changed.connect(wishes.append)
    for name in ("Farbschema: Sonne", "Handschuhmodus", "Größer", "Größer", "Kleiner", "Sprache: English"):
        press(next(one for one in look.findChildren(QAbstractButton) if one.accessibleName() == name))
    assert wishes[-1] == replace(Preferences(welcomed=True), theme="sun", glove=True, zoom=110, language="en")
    assert "Größe: 110 Prozent" in told(look)
    press(next(one for one in look.findChildren(QAbstractButton) if one.accessibleName() == "100 Prozent"))
    assert desk.preferences.zoom == 100


def test_another_person_works_here_from_the_next_entry_on(
    settings: Callable[..., SettingsView], desk: Desk, done: Done, qtbot: QtBot
) -> None:
    view = settings()
    person = section(view, PersonSection)
    assert isinstance(person, PersonSection)
    assert (person.name.text(), person.sign.text()) == ("Mia Muster", "MM")
    assert "Tickets schließen" in person.rights.text()
    seen: list[object] = []
    desk.background.changed.connect(lambda changes: seen.append(changes.entities))
    tab_to(person.name)
    person.name.clear()
    press(person.save_button)
    idle(desk, qtbot)
    assert person.problem.code == "name_missing"
    assert person.name.text() == ""
    enter(person.name, "Ole Beispiel")
    tab_to(person.role)
    QTest.keyClick(person.role, Qt.Key.Key_End)
    press(person.save_button)
    idle(desk, qtbot)
    assert frozenset({"person"}) in seen
    assert (desk.actor.name, desk.actor.sign, desk.actor.role) == ("Ole Beispiel", "OB", "bestand")
    assert person.sign.text() == "OB"
    ticket = Ticket(id=TicketId(new_id()), category="other", title="Ast")
    done(lambda profile: changing.create(profile, ticket))
    history = done(lambda profile: [one.actor.name for one in profile.store.history(ticket.id)])
    assert history == ["Ole Beispiel"]


def test_the_receiver_says_where_we_are_or_why_not(
    settings: Callable[..., SettingsView], desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    view = settings(section="devices")
    receiver = section(view, ReceiverSection)
    assert isinstance(receiver, ReceiverSection)
    assert not receiver.check_button.isEnabled()
    script = tmp_path / "gnss.json"
    script.write_text(json.dumps({"gnss": {"lon": 7.4653, "lat": 51.5136, "rate_hz": 10}}), encoding="utf-8")
    with child(["simulate", "nmea-gnss", "--script", str(script)]) as (_process, ready):
        tab_to(receiver.port)
        QTest.keyClick(receiver.port, Qt.Key.Key_End)
        assert QApplication.focusWidget() is receiver.other
        QTest.keyClicks(receiver.other, ready["port"])
        QTest.keyClick(receiver.other, Qt.Key.Key_Return)
        assert desk.preferences.gnss_port == ready["port"]
        press(receiver.check_button)
        assert QApplication.focusWidget() is receiver.stop_button
        idle(desk, qtbot)
        assert receiver.result.text().startswith("51,51")
        assert "25832" in receiver.result.text()
    press(receiver.check_button)
    idle(desk, qtbot)
    assert receiver.problem.code == "port_missing"
    assert not receiver.result.isVisible()


def test_a_simulated_receiver_is_listed_and_a_missing_one_stays_named(
    settings: Callable[..., SettingsView], desk: Desk, qtbot: QtBot
) -> None:
    desk.extra_ports = (Port("/dev/pts/99", "Simulierter Empfänger"),)
    desk.preferences = replace(desk.preferences, gnss_port="COM4")
    receiver = section(settings(section="devices"), ReceiverSection)
    assert isinstance(receiver, ReceiverSection)
    assert receiver.port.currentText() == "COM4 (gerade nicht da)"
    tab_to(receiver.port)
    QTest.keyClicks(receiver.port, "Sim")
    assert desk.preferences.gnss_port == "/dev/pts/99"
    press(receiver.search_button)
    idle(desk, qtbot)
    assert receiver.port.currentText() == "Simulierter Empfänger"


def test_the_data_and_the_self_check(settings: Callable[..., SettingsView], desk: Desk, qtbot: QtBot) -> None:
    view = settings(section="data")
    whole = view.sections["data"]
    assert str(desk.background.place.directory) in told(whole)
    press(next(one for one in whole.findChildren(QAbstractButton) if one.text() == "Jetzt prüfen"))
    idle(desk, qtbot)
    assert "Alles in Ordnung." in told(whole)


def test_about_names_the_licences_and_the_limits(settings: Callable[..., SettingsView]) -> None:
    words = told(settings(section="about").sections["about"])
    assert "EUPL-1.2" in words
    assert "keine zertifizierte Schnittstelle" in words
    assert "Version: PySide6" not in words
    assert "Bestandteil: PySide6" in words
    assert "LGPL-3.0-only" in words


def test_a_school_class_changes_neither_person_nor_platforms(desk: Desk, shown: Shown) -> None:
    desk.actor = replace(desk.actor, role="schule")
    view = SettingsView(desk)
    shown(view)
    assert list(view.buttons) == ["look", "devices", "about"]


def test_everything_has_a_name_and_its_size(
    settings: Callable[..., SettingsView], desk: Desk, qtbot: QtBot
) -> None:
    view = settings(section="targets", add="1")
    for name in (*SECTIONS, "targets"):
        view.turn_to(name)
        idle(desk, qtbot)
        for control in view.findChildren(QWidget):
            if not (control.isVisible() and control.focusPolicy() & Qt.FocusPolicy.TabFocus):
                continue
            if isinstance(control, QAbstractButton | QLineEdit | QComboBox | QPlainTextEdit):
                assert control.accessibleName(), control
                assert control.height() >= touch_px(), control.accessibleName()


def test_the_screen_makes_its_view(desk: Desk, shown: Shown) -> None:
    assert isinstance(shown(SCREEN.make(desk)), SettingsView)
