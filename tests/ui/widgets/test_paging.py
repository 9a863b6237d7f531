from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.controls import button, text
from ui.widgets.listing import Listing
from ui.widgets.page import Page
from ui.widgets.paging import bring_into_view

WORDS = "Über den Wolken muss die Arbeit wohl grenzenlos sein. " * 3


class Reading(QWidget):
    def __init__(self, lines: int) -> None:
        super().__init__()
        self.page = Page("Lesen")
        self.top = button("Oben")
        self.page.body.addWidget(self.top)
        self.listing = Listing(
            "Liste", ("A", "B", "C"), [(str(row), WORDS, WORDS) for row in range(lines)], wide=(1, 2)
        )
        self.page.body.addWidget(self.listing)
        QVBoxLayout(self).addWidget(self.page)


@pytest.fixture
def reading(looks: QApplication, qtbot: QtBot) -> Reading:  # noqa: ARG001
    view = Reading(20)
    qtbot.addWidget(view)
    view.resize(900, 500)
    view.show()
    view.activateWindow()
    view.top.setFocus()
    QApplication.processEvents()
    return view


def test_the_page_keys_read_on(reading: Reading) -> None:
    bar = reading.page.area.verticalScrollBar()
    QTest.keyClick(reading.top, Qt.Key.Key_PageDown)
    assert bar.value() == bar.pageStep()
    QTest.keyClick(reading.top, Qt.Key.Key_PageUp)
    assert bar.value() == 0


def test_the_page_ends_where_its_content_ends(reading: Reading) -> None:
    inside = reading.page.area.widget()
    assert inside is not None
    assert inside.height() > reading.page.area.viewport().height()
    assert inside.height() - reading.listing.geometry().bottom() < 20


def test_what_was_added_just_now_comes_into_view(reading: Reading, qtbot: QtBot) -> None:
    added = text("ganz unten")
    reading.page.body.addWidget(added)
    QApplication.processEvents()
    bring_into_view(reading.page.area, added)
    qtbot.waitUntil(lambda: not added.visibleRegion().isEmpty())
