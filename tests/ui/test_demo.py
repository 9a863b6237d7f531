"""The demonstration in the window plays the main job to its end, can be paused, and taken over."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fieldtool import outbox
from fieldtool.demo.platform import NETWORK_SERVER, NGSI_LD, TICKETS
from fieldtool.profile import Profile
from tests.ui.conftest import idle
from ui.demo import Player
from ui.screen import Desk
from ui.window import Window

WHOLE = 90_000
Done = Callable[[Callable[[Profile], object]], object]


@pytest.fixture
def player(desk: Desk, qtbot: QtBot) -> Iterator[Player]:
    window = Window(desk)
    window.show()
    made = Player(window, desk, pace_ms=0)
    yield made
    made.close()
    idle(desk, qtbot)
    window.close()
    window.deleteLater()


def delivered(profile: Profile) -> tuple[dict[str, int], int]:
    return outbox.accepted_receipts(profile.store), outbox.pending_total(profile.store)


def test_it_plays_to_three_receipts(player: Player, qtbot: QtBot, done: Done) -> None:
    captions: list[str] = []
    say = player.bar.say
    player.bar.say = lambda words: (captions.append(words), say(words))[1]  # type: ignore[method-assign]
    player.begin()
    qtbot.waitUntil(lambda: player.finished, timeout=WHOLE)
    receipts, pending = done(delivered)  # type: ignore[misc]
    assert pending == 0
    assert {name: receipts[name] for name in (NETWORK_SERVER, NGSI_LD, TICKETS)} == {
        NETWORK_SERVER: 1,
        NGSI_LD: 7,
        TICKETS: 1,
    }
    assert captions[-1] == "Drei Plattformen haben es bestätigt: Das war die ganze Arbeit."
    assert player.window.status.waiting.text() == "Alles bestätigt"
    assert not player.bar.pause.isVisible()


def test_paused_it_waits_and_goes_on(player: Player, qtbot: QtBot) -> None:
    player.begin()
    qtbot.waitUntil(lambda: player.ready is not None, timeout=WHOLE)
    qtbot.mouseClick(player.bar.pause, Qt.MouseButton.LeftButton)
    said = player.bar.caption.text()
    qtbot.wait(400)
    assert player.bar.caption.text() == said
    qtbot.mouseClick(player.bar.pause, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: player.bar.caption.text() != said, timeout=WHOLE)


def test_taken_over_nothing_is_pressed_any_more(player: Player, qtbot: QtBot, desk: Desk) -> None:
    player.begin()
    qtbot.waitUntil(lambda: player.window.current == "devices", timeout=WHOLE)
    qtbot.mouseClick(player.bar.take_over, Qt.MouseButton.LeftButton)
    assistant = player.window.view("devices").assistant  # type: ignore[attr-defined]
    page = assistant.page
    qtbot.wait(400)
    assert assistant.page is page
    assert not player.finished
    # The practice goes on: the sensor is still there to be commissioned.
    assert player.ready is not None
    assert [port.device for port in desk.extra_ports] == [
        player.ready.table.probe_port,
        player.ready.table.gnss_port,
    ]
