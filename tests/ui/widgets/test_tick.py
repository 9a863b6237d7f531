from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ui.widgets.tick import tick

LONG = "Zeilen, deren Zellen um eine Spalte verschoben sind, werden an der richtigen Stelle gelesen"


def test_the_words_wrap_and_pressing_them_ticks_the_box(qtbot: QtBot) -> None:
    whole, box = tick(LONG)
    qtbot.addWidget(whole)
    whole.resize(300, 120)
    whole.show()
    words = whole.findChild(QLabel)
    assert words is not None
    assert words.width() < words.fontMetrics().horizontalAdvance(LONG)
    assert box.accessibleName() == LONG
    QTest.mouseClick(words, Qt.MouseButton.LeftButton)
    assert box.isChecked()
    QTest.mousePress(words, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(words, Qt.MouseButton.LeftButton, pos=QPoint(-40, -40))
    assert box.isChecked()
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert not box.isChecked()
