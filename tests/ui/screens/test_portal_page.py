"""Open data in the window, against the training platform's portals."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fieldtool.portals import Portal
from tests.fieldtool.training.process import Running, running
from tests.ui.conftest import Shown, idle
from tests.ui.usable import assert_usable
from ui.screen import Desk
from ui.screens.assets import SCREEN, finding
from ui.screens.assets.portal_page import PortalPage
from ui.screens.assets.view import AssetsView

TREES = "uebung-baumkataster-schwerte"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("training")) as started:
        yield started


@pytest.fixture
def view(desk: Desk, shown: Shown, platform: Running) -> Iterator[AssetsView]:
    made = shown(SCREEN.make(desk))
    assert isinstance(made, AssetsView)
    made.activateWindow()
    made.open_import()
    yield made
    platform.faults()


class Hands:
    def __init__(self, view: AssetsView, qtbot: QtBot, platform: Running) -> None:
        self.view, self.page, self.qtbot = view, view.portal, qtbot
        self.base = f"http://127.0.0.1:{platform.port}"

    def click(self, wanted: QWidget) -> None:
        assert wanted.isVisible()
        QTest.mouseClick(wanted, Qt.MouseButton.LeftButton)
        idle(self.view.desk, self.qtbot)

    def enter(self, portal: str) -> PortalPage:
        self.click(self.view.importing.portal)
        self.click(self.page.add)
        QTest.keyClicks(self.page.address, f"{self.base}/{portal}")
        QTest.keyClick(self.page.address, Qt.Key.Key_Return)
        idle(self.view.desk, self.qtbot)
        return self.page

    def search(self, words: str) -> None:
        self.page.words.setText(words)
        self.click(self.page.seek)


@pytest.fixture
def hands(view: AssetsView, qtbot: QtBot, platform: Running) -> Hands:
    return Hands(view, qtbot, platform)


def test_a_dataset_is_found_fetched_and_read(hands: Hands) -> None:
    page = hands.enter("ckan")
    assert next(one.title for one in page.portals) == "Dortmund"
    assert page.portal is not None
    assert page.portal.kind == "ckan"
    hands.search("baumkataster")
    assert page.count.text() == "1 Datensätze"
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert page.title.text() == "Baumkataster Schwerte (Übung)"
    assert page.formats.currentData() == "geojson"
    assert_usable(page)
    hands.click(page.fetch)
    idle(hands.view.desk, hands.qtbot)
    assert hands.view.stack.currentWidget() is hands.view.importing
    report = hands.view.importing.report
    assert report is not None
    assert report.wish.path.name == f"{TREES}.geojson"
    assert report.asset_class == "tree"


def test_a_portal_that_fails_keeps_what_was_typed(hands: Hands, platform: Running) -> None:
    page = hands.enter("opendata")
    platform.faults({"fault": "status", "status": 429, "retry_after": 30})
    hands.search("leuchten")
    assert page.page.problem.isVisible()
    assert page.words.text() == "leuchten"
    platform.faults()
    hands.search("leuchten")
    assert not page.page.problem.isVisible()
    hands.search("gibtesnicht")
    assert not page.table.isVisible()
    assert "andere Wörter" in page.count.text()


def test_what_is_no_portal_is_said(hands: Hands) -> None:
    page = hands.enter("open311/v2")
    assert page.page.problem.isVisible()
    assert page.form.isVisible()
    assert page.address.text().endswith("open311/v2")


def test_fetching_is_cancelled(hands: Hands, platform: Running, qtbot: QtBot) -> None:
    page = hands.enter("opendata")
    hands.search("leuchten")
    page.open("uebung-strassenleuchten")
    platform.faults({"match": {"path": "*/exports/*"}, "fault": "slow", "seconds": 0.3})
    page.start()
    assert page.cancel.isVisible()
    page.stop()
    idle(hands.view.desk, qtbot)
    assert hands.view.stack.currentWidget() is page
    assert page.fetch.isEnabled()
    assert not page.page.problem.isVisible()


def test_without_a_portal_one_is_asked_for(hands: Hands) -> None:
    hands.click(hands.view.importing.portal)
    hands.click(hands.page.forget)
    assert hands.page.form.isVisible()
    assert not hands.page.seek.isEnabled()
    assert_usable(hands.page)


def test_sizes_are_told_as_people_do() -> None:
    assert [finding.size_text(size) for size in (900, 2048, 5_500_000, 99 * 1024**3)] == [
        "900 Byte",
        "2,0 kB",
        "5,2 MB",
        "99 GB",
    ]
    assert Portal("https://x", "ckan", "x").kind == "ckan"
