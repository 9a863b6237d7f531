"""From the first start to the window, by keyboard alone and by clicks alone, and what can be in the way."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from drivers.secret import Secret
from fieldtool.command import Invocation
from fieldtool.global_options import WindowWish, window_wanted
from fieldtool.person import set_person
from fieldtool.profile import open_profile
from fieldtool.texts import use_language
from installer import checking
from tests.ui.keyboard import Keys
from tests.ui.usable import assert_usable
from ui.background import changes
from ui.errors import ErrorPanel
from ui.first_start import FirstStart
from ui.preferences import Preferences, read_preferences, write_preferences
from ui.session import Session
from ui.unlock import UnlockDialog
from ui.window import Window

SOON = 20_000
PROGRAM = "from ui.app import main; raise SystemExit(main())"
Begin = Callable[..., Session]


@pytest.fixture
def begin(looks: QApplication, tmp_path: Path, qtbot: QtBot) -> Iterator[Begin]:
    begun: list[Session] = []
    hook = sys.excepthook

    def start(*, demo: bool = False, profile: Path = tmp_path / "profile") -> Session:
        invocation = Invocation(profile, True, False, None, None, io.StringIO(), io.StringIO())
        session = Session(looks, WindowWish(invocation, demo))
        begun.append(session)
        session.begun = session.begin()  # type: ignore[attr-defined]
        sys.excepthook = hook
        return session

    yield start
    for session in begun:
        if session.window is not None:
            session.window.close()
        session.close()
        if session.window is not None:
            session.window.deleteLater()
    qtbot.wait(1)
    ErrorPanel.remedies.clear()
    use_language("de")


def first(session: Session, qtbot: QtBot) -> FirstStart:
    qtbot.waitUntil(lambda: isinstance(session.window, FirstStart), timeout=SOON)
    assert isinstance(session.window, FirstStart)
    return session.window


def window(session: Session, qtbot: QtBot) -> Window:
    qtbot.waitUntil(lambda: isinstance(session.window, Window), timeout=SOON)
    assert isinstance(session.window, Window)
    return session.window


def test_the_first_start_by_clicks(begin: Begin, qtbot: QtBot, tmp_path: Path) -> None:
    session = begin()
    start = first(session, qtbot)
    qtbot.mouseClick(start.set_up, Qt.MouseButton.LeftButton)
    start.name.setText("Ömer Özdemir")
    start.sign.setText("ÖÖ")
    start.role.setCurrentIndex(start.role.findData("bestand"))
    qtbot.mouseClick(start.next, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(start.theme.isVisible)
    start.theme.setCurrentIndex(start.theme.findData("sun"))
    qtbot.mouseClick(start.glove, Qt.MouseButton.LeftButton, pos=start.glove.rect().center())
    start.glove.setChecked(True)
    qtbot.mouseClick(start.next, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(start.next, Qt.MouseButton.LeftButton)
    shown = window(session, qtbot)
    assert "Ömer Özdemir (ÖÖ), Bestand" in shown.status.person.text()
    kept = read_preferences(tmp_path / "profile")
    assert (kept.theme, kept.glove, kept.welcomed) == ("sun", True, True)


def test_the_first_start_by_the_keyboard_alone(begin: Begin, qtbot: QtBot) -> None:
    session = begin()
    start = first(session, qtbot)
    keys = Keys(start)
    keys.to("Fieldtool einrichten", Qt.Key.Key_Space)
    keys.type("Vor- und Nachname", "")
    keys.press(Qt.Key.Key_Delete)
    keys.to("Weiter", Qt.Key.Key_Space)
    qtbot.waitUntil(start.problem.isVisible)
    assert start.problem.code == "name_missing"
    keys.type("Vor- und Nachname", "Jana Jung")
    keys.to("Weiter", Qt.Key.Key_Space)
    qtbot.waitUntil(start.theme.isVisible)
    keys.choose("Farben", "dunkel")
    keys.to("Weiter", Qt.Key.Key_Space)
    keys.to("An die Arbeit", Qt.Key.Key_Space)
    assert "Jana Jung" in window(session, qtbot).status.person.text()


def test_everybody_can_use_every_page_of_the_first_start(begin: Begin, qtbot: QtBot) -> None:
    session = begin()
    start = first(session, qtbot)
    for number in range(start.stack.count()):
        start.turn_to(number)
        qtbot.wait(20)
        assert_usable(start)


def test_just_trying_it_out(begin: Begin, qtbot: QtBot, tmp_path: Path) -> None:
    session = begin()
    start = first(session, qtbot)
    qtbot.mouseClick(start.try_out, Qt.MouseButton.LeftButton)
    shown = window(session, qtbot)
    assert session.directory != tmp_path / "profile"
    assert session.ready is not None
    assert shown.desk.extra_ports[0].device == session.ready.table.probe_port
    assert shown.desk.actor.name == "Übung"
    with open_profile(tmp_path / "profile", write=True) as own:
        assert own.store.operation_count() == 0
    practised = session.directory
    session.close()
    assert not practised.exists()
    # The next start asks again.
    assert not read_preferences(tmp_path / "profile").welcomed


def test_the_next_start_goes_to_where_one_was(begin: Begin, qtbot: QtBot, tmp_path: Path) -> None:
    write_preferences(tmp_path / "profile", Preferences(welcomed=True, screen="tickets"))
    shown = window(begin(), qtbot)
    assert shown.current == "tickets"


def test_a_second_start_raises_the_first(begin: Begin, qtbot: QtBot, tmp_path: Path) -> None:
    write_preferences(tmp_path / "profile", Preferences(welcomed=True))
    session = begin()
    window(session, qtbot)
    raised: list[bool] = []
    session.raised.connect(lambda: raised.append(True))
    second = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--profile", str(tmp_path / "profile")],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    try:
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=SOON)
    finally:
        second.kill()
        second.wait()
    assert second.returncode == 0
    assert raised == [True]


def test_a_profile_that_a_command_works_with(begin: Begin, qtbot: QtBot, tmp_path: Path) -> None:
    write_preferences(tmp_path / "profile", Preferences(welcomed=True))
    with open_profile(tmp_path / "profile", write=True):
        session = begin()
        qtbot.waitUntil(lambda: session.opening is not None and session.opening.problem.isVisible())
        opening = session.opening
        assert opening is not None
        assert opening.problem.code == "profile_in_use"
        assert checking.english(opening) == []
    qtbot.mouseClick(opening.again, Qt.MouseButton.LeftButton)
    window(session, qtbot)


def test_another_person_in_the_settings_builds_the_window_anew(
    begin: Begin, qtbot: QtBot, tmp_path: Path
) -> None:
    write_preferences(tmp_path / "profile", Preferences(welcomed=True, screen="settings"))
    session = begin()
    before = window(session, qtbot)
    assert session.background is not None
    session.background.change(
        session, lambda profile: set_person(profile, name="Jana Jung", role="bestand"), changes("person")
    )
    qtbot.waitUntil(lambda: session.window is not before, timeout=SOON)
    shown = window(session, qtbot)
    assert "Jana Jung (JJ), Bestand" in shown.status.person.text()
    assert shown.current == "settings"


def test_another_language_and_back(begin: Begin, qtbot: QtBot, tmp_path: Path) -> None:
    write_preferences(tmp_path / "profile", Preferences(welcomed=True, screen="settings"))
    session = begin()
    before = window(session, qtbot)
    before.prefer(replace(before.preferences, language="en"))
    qtbot.waitUntil(lambda: session.window is not before, timeout=SOON)
    shown = window(session, qtbot)
    assert shown.buttons["today"].text() == "Today"
    shown.prefer(replace(shown.preferences, language="de"))
    qtbot.waitUntil(lambda: session.window is not shown, timeout=SOON)
    assert window(session, qtbot).buttons["today"].text() == "Heute"


def test_the_vault_is_opened_by_its_passphrase(begin: Begin, qtbot: QtBot, tmp_path: Path) -> None:
    with open_profile(tmp_path / "profile", write=True, passphrase=Secret("Grüße 12")) as made:
        made.vault.put("device/x/app_key", Secret("00" * 16))
    write_preferences(tmp_path / "profile", Preferences(welcomed=True))
    session = begin()
    shown = window(session, qtbot)
    session.unlock()
    (dialog,) = shown.findChildren(UnlockDialog)
    QTest.keyClicks(dialog.entry, "falsch")
    QTest.keyClick(dialog.entry, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.problem.isVisible, timeout=SOON)
    assert dialog.problem.code == "wrong_passphrase"
    dialog.entry.setText("Grüße 12")
    qtbot.mouseClick(dialog.open_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=SOON)
    assert dialog.entry.text() == ""
    secrets: list[Secret] = []
    assert session.background is not None
    session.background.ask(session, lambda profile: profile.vault.get("device/x/app_key"), secrets.append)
    qtbot.waitUntil(lambda: bool(secrets), timeout=SOON)
    assert secrets[0].reveal() == "00" * 16


@pytest.mark.parametrize(
    ("arguments", "demo"),
    [([], False), (["--profile", "x"], False), (["demo"], True), (["--language", "en", "demo"], True)],
)
def test_the_window_is_wanted(arguments: list[str], *, demo: bool) -> None:
    wish = window_wanted(arguments)
    assert wish is not None
    assert wish.demo is demo


@pytest.mark.parametrize(
    "arguments", [["--help"], ["demo", "--headless"], ["--json", "demo"], ["sync"], ["nothing"]]
)
def test_a_command_is_wanted(arguments: list[str]) -> None:
    assert window_wanted(arguments) is None


def test_without_a_display_one_line_says_so(tmp_path: Path) -> None:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            PROGRAM,
            "--profile",
            str(tmp_path),
        ],
        env={name: value for name, value in os.environ.items() if name not in hidden},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "Bildschirm" in ended.stderr
    assert "Traceback" not in ended.stderr
