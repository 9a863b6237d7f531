"""One place shows errors: the expected beside what failed, ours in one dialog, without what was entered."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from fieldtool.store.errors import NotFound
from fieldtool.vault import LockedBy, VaultLocked
from installer import checking
from ui.errors import CrashReporter, ErrorPanel, crash_details


@pytest.fixture
def panel(looks: QApplication, qtbot: QtBot) -> Iterator[ErrorPanel]:
    del looks
    made = ErrorPanel()
    qtbot.addWidget(made)
    yield made
    ErrorPanel.remedies.clear()


def test_message_and_advice_and_away_again(panel: ErrorPanel) -> None:
    panel.tell(NotFound("ticket", "0815"))
    assert panel.isVisibleTo(None)  # type: ignore[arg-type]
    assert panel.code == "not_found"
    assert panel.message.accessibleName().startswith("Fehler: ")
    assert panel.advice.text()
    panel.clear()
    assert panel.isHidden()


def test_a_kind_of_error_brings_its_remedy_along(panel: ErrorPanel, qtbot: QtBot) -> None:
    pressed: list[bool] = []
    ErrorPanel.remedies[VaultLocked] = ("Passphrase eingeben …", lambda: pressed.append(True))
    panel.tell(VaultLocked(LockedBy.NO_PASSPHRASE))
    panel.show()
    (remedy,) = panel.findChildren(QPushButton)
    qtbot.mouseClick(remedy, Qt.MouseButton.LeftButton)
    assert pressed == [True]


def caught() -> ValueError:
    try:
        broken()
    except ValueError as error:
        return error
    raise AssertionError("nothing was raised")


def broken() -> None:
    try:
        {}["geheim-4711"]
    except KeyError as error:
        raise ValueError("geheim-0815") from error


def test_a_crash_names_places_and_never_what_was_entered() -> None:
    told = crash_details(caught())
    assert "builtins.ValueError" in told
    assert "builtins.KeyError" in told
    assert "test_errors.py" in told
    assert "geheim" not in told


def test_one_dialog_at_a_time(looks: QApplication, qtbot: QtBot, capsys: pytest.CaptureFixture[str]) -> None:
    del looks
    reporter = CrashReporter(lambda: None)
    error = caught()
    before = sys.excepthook
    try:
        reporter.install()
        sys.excepthook(type(error), error, error.__traceback__)
        first = reporter.dialog
        sys.excepthook(type(error), error, error.__traceback__)
    finally:
        sys.excepthook = before
    assert first is not None
    assert reporter.dialog is first
    qtbot.addWidget(first)
    assert checking.english(first) == []
    assert checking.unnamed(first) == []
    first.copy()
    assert "ValueError" in QApplication.clipboard().text()
    first.accept()
    assert reporter.dialog is None
    assert "ValueError" in capsys.readouterr().err
