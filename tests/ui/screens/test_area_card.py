"""Taking an area of the base map along, in the window, against the training platform's map service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fieldtool.base_maps import BaseMap, Maps, with_service
from fieldtool.map_offers import base_of
from fieldtool.profile import Profile
from tests.fieldtool.training.process import Running, running
from tests.ui.conftest import idle
from tests.ui.usable import assert_usable
from ui.screen import Desk
from ui.screens.map import taking
from ui.screens.map.area_card import AreaCard
from ui.screens.map.base_card import BaseCard
from ui.screens.map.content import Based

BOX = (7.45, 51.50, 7.48, 51.52)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("training")) as started:
        yield started


class Beside:
    """The card as it is beside the map."""

    def __init__(self, desk: Desk, qtbot: QtBot) -> None:
        self.desk, self.qtbot = desk, qtbot
        self.widget = QWidget()
        self.card = AreaCard(desk)
        self.changes: list[Based] = []
        self.card.changed.connect(self.changes.append)
        layout = QVBoxLayout(self.widget)
        layout.addWidget(self.card)
        layout.addStretch(1)
        qtbot.addWidget(self.widget)
        self.widget.resize(440, 800)
        self.widget.show()
        self.widget.activateWindow()
        self.card.look(BOX, 12.0)

    def idle(self) -> None:
        idle(self.desk, self.qtbot)

    def click(self, wanted: QWidget) -> None:
        assert wanted.isVisible()
        QTest.mouseClick(wanted, Qt.MouseButton.LeftButton)
        self.idle()


@pytest.fixture
def beside(desk: Desk, qtbot: QtBot, platform: Running) -> Iterator[Beside]:
    yield Beside(desk, qtbot)
    platform.faults()


@pytest.fixture
def base(platform: Running) -> BaseMap:
    return base_of(f"http://127.0.0.1:{platform.port}/maps/wmts", "")


def of(url: str) -> BaseMap:
    return with_service(Maps(), title="K", url=url, attribution="").known[0]


def test_the_visible_area_is_taken_along(beside: Beside, base: BaseMap) -> None:
    card = beside.card
    assert not card.open.isVisible()
    card.show_base(base)
    beside.click(card.open)
    assert (card.first.currentData(), card.last.currentData()) == (12, 15)
    assert card.estimate.text().startswith("24 Kacheln")
    card.last.setCurrentIndex(card.last.findData(16))
    card.last.activated.emit(card.last.currentIndex())
    beside.idle()
    assert card.estimate.text().startswith("66 Kacheln")
    assert not card.word.isVisible()
    assert_usable(beside.widget)
    QTest.keyClicks(card.title, "Innenstadt")
    beside.click(card.start)
    (found,) = beside.changes
    chosen = found.maps.base()
    assert chosen is not None
    assert (chosen.title, chosen.online, chosen.max_zoom) == ("Innenstadt", False, 16)
    assert [one.title for one in card.areas] == ["Innenstadt"]
    assert not card.resume.isVisible()
    assert_usable(beside.widget)
    beside.click(card.delete)
    assert card.keep.hasFocus()
    beside.click(card.sure)
    assert beside.changes[-1].maps == Maps()
    assert not card.there.isVisible()


def test_what_was_stopped_is_fetched_later(beside: Beside, base: BaseMap, platform: Running) -> None:
    card = beside.card
    card.show_base(base)
    beside.click(card.open)
    platform.faults({"match": {"path": "/maps/*"}, "nth": 10, "fault": "hold", "seconds": 1})
    QTest.mouseClick(card.start, Qt.MouseButton.LeftButton)
    platform.wait_for("held")
    assert card.stop.isVisible()
    card.cancel()
    beside.idle()
    assert beside.changes == []
    assert card.kept.currentText() == "Übungskarte – 14 Kacheln fehlen"
    platform.faults()
    beside.click(card.resume)
    assert len(beside.changes) == 1
    assert card.areas[0].complete


@pytest.mark.parametrize("kind", ["wmts", "wms"])
def test_a_service_is_asked_for_its_layers(desk: Desk, qtbot: QtBot, platform: Running, kind: str) -> None:
    card = BaseCard(desk)
    qtbot.addWidget(card)
    card.resize(440, 900)
    card.show()
    card.show_form()
    card.url.setText(f"http://127.0.0.1:{platform.port}/maps/{kind}")
    QTest.mouseClick(card.ask, Qt.MouseButton.LeftButton)
    idle(desk, qtbot)
    assert card.title.text() == "Übungskarte"
    assert_usable(card)
    found: list[Based] = []
    card.changed.connect(found.append)
    QTest.mouseClick(card.take, Qt.MouseButton.LeftButton)
    idle(desk, qtbot)
    base = found[0].maps.base()
    assert base is not None
    assert (base.kind, base.max_zoom) == (("xyz", 18) if kind == "wmts" else ("wms", 19))
    card.show_form()
    card.url.setText("http://127.0.0.1:1/wms")
    QTest.mouseClick(card.ask, Qt.MouseButton.LeftButton)
    idle(desk, qtbot)
    assert card.problem.isVisible()
    assert card.url.text() == "http://127.0.0.1:1/wms"


def test_a_lost_network_is_said_and_nothing_is_lost(
    beside: Beside, base: BaseMap, platform: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.screens.map.area_card.pausing", lambda _job: lambda _seconds: None)
    card = beside.card
    card.show_base(base)
    beside.click(card.open)
    platform.faults({"match": {"path": "/maps/*"}, "fault": "drop_before"})
    beside.click(card.start)
    assert card.problem.isVisible()
    assert card.resume.isVisible()


def test_what_a_provider_forbids_cannot_be_started(beside: Beside) -> None:
    card = beside.card
    card.show_base(of("https://tile.openstreetmap.org/{z}/{x}/{y}.png"))
    beside.click(card.open)
    assert card.estimate.text().startswith("OpenStreetMap erlaubt nicht")
    assert not card.start.isEnabled()


def test_of_an_unknown_provider_a_person_has_to_know(beside: Beside) -> None:
    card = beside.card
    card.show_base(of("https://karten.example.org/{z}/{x}/{y}.png"))
    beside.click(card.open)
    assert card.word.isVisible()
    assert not card.start.isEnabled()
    card.word.setChecked(True)
    assert card.start.isEnabled()
    card.look((6.0, 50.0, 9.0, 52.0), 12.0)
    beside.idle()
    assert "Höchstens 5.000" in card.estimate.text()
    assert not card.start.isEnabled()
    assert_usable(beside.widget)


def test_an_area_around_the_world_is_cut(done: Callable[[Callable[[Profile], object]], object]) -> None:
    area = taking.clipped((-400, -90, 400, 90), (0, 2))
    assert area.box == (-180, -85, 180, 85)
    base = replace(of("https://karten.example.org/{z}/{x}/{y}.png"), max_zoom=14)
    assert taking.zooms(base, 17.4) == (14, 14, 14)
    found = done(lambda profile: taking.plan(profile, base, area))
    assert isinstance(found, taking.Plan)
    assert found.possible
