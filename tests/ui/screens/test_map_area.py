"""Areas taken along in the window, against the training platform's map services."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fieldtool.map_providers import provider_of
from tests.fieldtool.training.process import Running
from tests.ui.conftest import idle
from tests.ui.usable import assert_usable
from ui import themes
from ui.preferences import Preferences
from ui.screen import Desk
from ui.screens.map import area_content
from ui.screens.map.area_card import AreaCard
from ui.screens.map.base_card import BaseCard
from ui.widgets.page import Page

SEEN = {"lon": 7.47, "lat": 51.515, "zoom": 12.0, "box": [7.44, 51.50, 7.50, 51.53]}


class Hands:
    def __init__(self, desk: Desk, qtbot: QtBot) -> None:
        self.desk, self.qtbot = desk, qtbot
        self.base = BaseCard(desk)
        self.page = Page("Karte")
        self.page.body.addWidget(self.base)
        qtbot.addWidget(self.page)
        self.page.resize(640, 760)
        self.page.show()
        self.wait()

    @property
    def area(self) -> AreaCard:
        return self.base.area

    def wait(self) -> None:
        idle(self.desk, self.qtbot)

    def click(self, wanted: QWidget) -> None:
        QTest.mouseClick(wanted, Qt.MouseButton.LeftButton)
        self.wait()

    def named(self, words: str) -> QPushButton:
        return next(
            one for one in self.page.findChildren(QPushButton) if one.text() == words and one.isVisible()
        )

    def add(self, url: str) -> None:
        self.click(self.base.add_service)
        QTest.keyClicks(self.base.url, url)
        if url.endswith(("wms", ".xml")):
            self.click(self.base.ask)
        self.click(self.base.take)

    def plan(self) -> None:
        self.area.see(dict(SEEN))
        self.click(self.area.open)


@pytest.fixture
def hands(desk: Desk, qtbot: QtBot) -> Hands:
    return Hands(desk, qtbot)


@pytest.mark.parametrize("address", ["/maps/wms", "/maps/wmts/1.0.0/WMTSCapabilities.xml"])
def test_from_the_address_to_the_area(hands: Hands, platform: Running, address: str, tmp_path: Path) -> None:
    hands.add(platform.told["url"] + address)
    base = hands.base.maps.base()
    assert base is not None
    assert (base.title, base.attribution) == ("Übungskarte, keine echte Karte", "Übungsstadt, erfunden")
    hands.plan()
    area = hands.area
    assert area.form.isVisible()
    assert (area.low.currentText(), area.high.currentText()) == ("9", "16")
    assert area.plan is not None
    assert area.amount.text().endswith("MB")
    assert not area.confirm.isVisible()
    assert_usable(hands.page)
    area.high.setCurrentIndex(area.high.findData(13))
    area.high.activated.emit(area.high.currentIndex())
    hands.wait()
    assert area.plan.area.max_zoom == 13
    area.title.setText("Innenstadt")
    hands.click(area.take)
    assert area.said.isVisible()
    assert [one.title for one in hands.base.maps.known] == [base.title, "Innenstadt"]
    assert hands.base.maps.base() == base
    assert (tmp_path / "profile" / "maps" / "Innenstadt.mbtiles").is_file()
    assert_usable(hands.page)

    taken = hands.base.maps.known[1]
    hands.base.choose(taken.id)
    hands.wait()
    assert not area.open.isVisible()
    hands.click(hands.base.remove)
    assert hands.base.really.isVisible()
    assert_usable(hands.page)
    hands.click(hands.base.delete)
    assert [one.title for one in hands.base.maps.known] == [base.title]
    assert list((tmp_path / "profile" / "maps").iterdir()) == []


def test_broken_off_and_gone_on(hands: Hands, platform: Running, tmp_path: Path) -> None:
    hands.add(platform.told["url"] + "/maps/wms")
    hands.plan()
    platform.faults({"match": {"path": "/maps/wms"}, "nth": 6, "fault": "status", "status": 403})
    hands.click(hands.area.take)
    assert hands.area.problem.isVisible()
    assert hands.area.problem.code == "source_refused"
    platform.faults()
    assert_usable(hands.page)
    hands.click(hands.named("Weiter"))
    assert hands.area.said.isVisible()
    assert not hands.area.problem.isVisible()
    assert [one.suffix for one in (tmp_path / "profile" / "maps").iterdir()] == [".mbtiles"]


def test_stopped_and_thrown_away(
    hands: Hands, platform: Running, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(area_content, "TOLD_EVERY_S", 0.0)
    hands.add(platform.told["url"] + "/maps/wms")
    hands.plan()
    platform.faults({"match": {"path": "/maps/wms"}, "nth": 12, "fault": "hold", "seconds": 0.4})
    QTest.mouseClick(hands.area.take, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: hands.area.progress.value() > 3)
    assert_usable(hands.page)
    hands.click(hands.area.stop)
    assert not hands.area.busy
    assert not hands.area.said.isVisible()
    hands.click(hands.named("Löschen"))
    assert list((tmp_path / "profile" / "maps").iterdir()) == []
    assert hands.area.open.isVisible()


def test_others_have_their_turn_in_between(
    hands: Hands, platform: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(area_content, "SLICE_S", -1.0)
    monkeypatch.setattr(area_content, "TOLD_EVERY_S", -1.0)
    hands.add(platform.told["url"] + "/maps/wms")
    hands.area.see({**SEEN, "zoom": 9.0})
    hands.click(hands.area.open)
    QTest.mouseClick(hands.area.take, Qt.MouseButton.LeftButton)
    hands.qtbot.waitUntil(lambda: not hands.area.busy, timeout=20_000)
    assert hands.area.said.isVisible()


def test_in_glove_mode_and_large(hands: Hands, platform: Running, looks: QApplication) -> None:
    themes.apply(looks, Preferences(glove=True, zoom=150))
    hands.add(platform.told["url"] + "/maps/wms")
    hands.plan()
    assert_usable(hands.page, 64)


def test_osm_is_never_downloaded_ahead(hands: Hands) -> None:
    hands.add("https://tile.openstreetmap.org/{z}/{x}/{y}.png")
    hands.plan()
    assert "OpenStreetMap" in hands.area.reason.text()
    assert not hands.area.take.isEnabled()
    assert_usable(hands.page)


def test_an_unknown_provider_needs_a_word(hands: Hands) -> None:
    url = "https://karten.example.org/{z}/{x}/{y}.png"
    hands.add(url)
    hands.plan()
    area = hands.area
    assert area.confirm.isVisible()
    assert not area.take.isEnabled()
    area.confirm.setFocus()
    QTest.keyClick(area.confirm, Qt.Key.Key_Space)
    assert area.take.isEnabled()
    area.see({**SEEN, "box": [7.2, 51.3, 7.8, 51.7]})
    hands.wait()
    area.high.setCurrentIndex(area.high.count() - 1)
    area.high.activated.emit(area.high.currentIndex())
    hands.wait()
    assert area.plan is not None
    assert area.plan.highest == provider_of(url).max_zoom
    assert area.reason.isVisible()
    assert not area.take.isEnabled()
    assert_usable(hands.page)


def test_a_service_that_is_none_is_told_and_the_address_stays(hands: Hands, platform: Running) -> None:
    hands.click(hands.base.add_service)
    url = platform.told["url"] + "/ckan/x.xml"
    QTest.keyClicks(hands.base.url, url)
    hands.click(hands.base.ask)
    assert hands.base.problem.code == "source_missing"
    assert hands.base.url.text() == url
    assert_usable(hands.page)
