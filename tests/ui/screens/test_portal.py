"""Open data in the window, against the training platform's portals."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.fieldtool.training.process import Running
from tests.ui.conftest import Shown, idle
from tests.ui.touch import Finger
from tests.ui.usable import assert_usable
from ui import themes
from ui.preferences import Preferences
from ui.screen import Desk
from ui.screens.assets import SCREEN
from ui.screens.assets.portal_page import PortalPage
from ui.screens.assets.view import AssetsView

LAMPS = "uebung-strassenbeleuchtung"


@pytest.fixture
def view(desk: Desk, shown: Shown) -> AssetsView:
    made = shown(SCREEN.make(desk))
    assert isinstance(made, AssetsView)
    made.resize(1080, 760)
    return made


class Hands:
    def __init__(self, view: AssetsView, qtbot: QtBot) -> None:
        self.view, self.qtbot = view, qtbot
        view.open_import()
        entry = next(
            one for one in view.importing.findChildren(QPushButton) if one.text() == "Offene Daten …"
        )
        self.click(entry)

    @property
    def page(self) -> PortalPage:
        assert self.view.stack.currentWidget() is self.view.portals
        return self.view.portals

    def click(self, wanted: QWidget) -> None:
        Finger(self.view, self.view.desk, self.qtbot).tap(wanted)

    def use(self, url: str) -> None:
        self.click(self.page.other)
        QTest.keyClicks(self.page.address, url)
        self.click(self.page.use)

    def search(self, words: str) -> None:
        QTest.keyClicks(self.page.words, words)
        self.click(self.page.ask)


@pytest.fixture
def hands(view: AssetsView, qtbot: QtBot) -> Hands:
    return Hands(view, qtbot)


def test_search_fetch_and_on_to_the_import(hands: Hands, platform: Running, view: AssetsView) -> None:
    page = hands.page
    assert_usable(view)
    hands.use(f"{platform.told['url']}/opendatasoft/explore/?q=x")
    assert page.portals is not None
    assert page.portals.chosen == f"{platform.told['url']}/opendatasoft"
    assert not page.form.isVisible()
    hands.search("Licht")
    assert page.status.text() == "1 von 1 Datensätzen"
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    page.table.selectRow(0)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert page.detail.isVisible()
    assert page.formats.currentData() == "geojson"
    assert_usable(view)
    hands.click(page.fetch)
    assert view.stack.currentWidget() is view.importing
    assert view.importing.report is not None
    assert view.importing.report.wish.path.name == f"{LAMPS}.geojson"
    folder = view.desk.background.place.directory / "open-data"
    assert {one.name for one in folder.iterdir()} == {f"{LAMPS}.geojson", f"{LAMPS}.geojson.source.json"}


def test_the_address_is_kept(hands: Hands, platform: Running, desk: Desk, shown: Shown) -> None:
    hands.use(f"{platform.told['url']}/ckan")
    again = shown(SCREEN.make(desk))
    assert isinstance(again, AssetsView)
    again.portals.begin()
    idle(desk, hands.qtbot)
    assert again.portals.places.currentData() == f"{platform.told['url']}/ckan"


def test_what_is_wrong_is_said_and_what_was_typed_stays(hands: Hands, platform: Running) -> None:
    page = hands.page
    hands.use(f"{platform.told['url']}/open311")
    assert page.page.problem.isVisible()
    assert page.address.text().endswith("/open311")
    page.address.clear()
    QTest.keyClicks(page.address, f"{platform.told['url']}/ckan")
    hands.click(page.use)
    assert not page.page.problem.isVisible()
    platform.faults({"match": {"path": "/ckan/*"}, "fault": "status", "status": 429, "retry_after": 5})
    hands.search("Baum")
    assert page.page.problem.isVisible()
    assert page.words.text() == "Baum"
    platform.faults()
    hands.click(page.ask)
    assert not page.page.problem.isVisible()
    assert [one.id for one in page.offers] == ["uebung-baumkataster"]
    assert_usable(hands.view)


def test_nothing_found_and_a_broken_fetch(hands: Hands, platform: Running, tmp_path: Path) -> None:
    page = hands.page
    hands.use(f"{platform.told['url']}/opendatasoft")
    hands.search("gibtesnicht")
    assert page.status.text().startswith("Nichts gefunden")
    page.words.clear()
    hands.search("")
    assert len(page.offers) == 3
    platform.faults({"match": {"path": "*/exports/*"}, "fault": "cut", "bytes": 100})
    page.open_dataset(LAMPS)
    hands.click(page.fetch)
    assert page.page.problem.isVisible()
    assert page.fetch.isEnabled()
    assert list((tmp_path / "profile" / "open-data").iterdir()) == []


def test_cancelled(hands: Hands, platform: Running, qtbot: QtBot, tmp_path: Path) -> None:
    page = hands.page
    hands.use(f"{platform.told['url']}/opendatasoft")
    hands.search("Licht")
    page.open_dataset(LAMPS)
    platform.faults({"match": {"path": "*/exports/*"}, "fault": "hold", "seconds": 0.5})
    QTest.mouseClick(page.fetch, Qt.MouseButton.LeftButton)
    assert page.cancel.isVisible()
    QTest.mouseClick(page.cancel, Qt.MouseButton.LeftButton)
    idle(hands.view.desk, qtbot)
    assert hands.view.stack.currentWidget() is page
    assert list((tmp_path / "profile" / "open-data").iterdir()) == []


def test_in_glove_mode_and_narrow(hands: Hands, platform: Running, qtbot: QtBot, looks: QApplication) -> None:
    themes.apply(looks, Preferences(glove=True, zoom=150))
    hands.use(f"{platform.told['url']}/ckan")
    hands.search("")
    hands.page.open_dataset("uebung-leuchten")
    hands.view.resize(1100, 760)
    idle(hands.view.desk, qtbot)
    assert_usable(hands.view, 64)
