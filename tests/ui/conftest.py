"""The window on a temporary profile, as the tests of the screens use it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from drivers.secret import Secret
from fieldtool.profile import Profile
from ui import themes
from ui.application import speak
from ui.background import Background, Place
from ui.errors import ErrorPanel
from ui.preferences import Preferences
from ui.screen import Desk, View

if os.geteuid() == 0:
    # The web view's sandbox does not work as root; the application never switches it off.
    os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
# No graphics card here: without it the web view does not look for one first, and complain.
os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--disable-gpu")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

Shown = Callable[..., View]


def idle(desk: Desk, qtbot: QtBot, timeout: int = 10_000) -> None:
    """Until no job runs, and what came back has been seen and laid out: new parts show with a later event."""
    qtbot.waitUntil(lambda: desk.background.running == 0, timeout=timeout)
    QApplication.processEvents()


@pytest.fixture
def looks(qapp: QApplication) -> Iterator[QApplication]:
    speak(qapp)
    themes.apply(qapp, Preferences())
    yield qapp
    qapp.setStyleSheet("")


@pytest.fixture
def background(looks: QApplication, tmp_path: Path) -> Iterator[Background]:  # noqa: ARG001
    made = Background(Place(tmp_path / "profile", Secret("übung macht meister"), "Mia Muster"))
    yield made
    made.close()
    ErrorPanel.remedies.clear()


@pytest.fixture
def desk(background: Background, qtbot: QtBot) -> Desk:
    """Mia Muster, Technik."""
    actors: list[object] = []
    background.ask(background, lambda profile: profile.actor, actors.append)
    qtbot.waitUntil(lambda: bool(actors))
    (actor,) = actors
    return Desk(background, Preferences(welcomed=True), actor)  # type: ignore[arg-type]


@pytest.fixture
def shown(desk: Desk, qtbot: QtBot) -> Shown:
    """Shows a view as the window would, and waits for its data."""

    def show(view: View, **where: str) -> View:
        qtbot.addWidget(view)
        view.resize(1080, 720)
        view.show()
        view.shown(where)
        idle(desk, qtbot)
        return view

    return show


@pytest.fixture
def done(desk: Desk, qtbot: QtBot) -> Callable[[Callable[[Profile], object]], object]:
    """Carries something out on the database lane, and returns what it returned."""

    def carry_out(verb: Callable[[Profile], object]) -> object:
        found: list[object] = []
        desk.background.ask(desk, verb, found.append)
        qtbot.waitUntil(lambda: bool(found))
        return found[0]

    return carry_out
