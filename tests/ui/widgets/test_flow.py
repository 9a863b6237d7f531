from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.controls import button, text
from ui.widgets.flow import GAP_PX, flow


@pytest.mark.usefixtures("looks")
def test_what_has_no_room_goes_below_whole(qtbot: QtBot) -> None:
    buttons = [button(f"Knopf {number} mit langem Text") for number in range(4)]
    buttons[3].hide()
    row = flow(*buttons)
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(row)
    layout.addStretch(1)
    two = 2 * buttons[0].sizeHint().width() + GAP_PX
    window.resize(two, 600)
    window.show()
    QApplication.processEvents()
    assert [(one.x(), one.y()) for one in buttons[:3]] == [
        (0, 0),
        (buttons[1].x(), 0),
        (0, buttons[0].height() + GAP_PX),
    ]
    assert all(one.width() >= one.sizeHint().width() for one in buttons[:3])
    assert row.height() == 2 * buttons[0].height() + GAP_PX
    window.resize(two * 2, 600)
    QApplication.processEvents()
    assert {one.y() for one in buttons[:3]} == {0}


@pytest.mark.usefixtures("looks")
def test_what_is_lower_stands_in_the_middle(qtbot: QtBot) -> None:
    words, high = text("100 %"), button("+")
    words.setWordWrap(False)
    row = flow(words, high)
    qtbot.addWidget(row)
    row.show()
    QApplication.processEvents()
    assert abs(words.geometry().center().y() - high.geometry().center().y()) <= 1
