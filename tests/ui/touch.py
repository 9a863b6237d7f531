"""A finger: taps what can be seen, is large enough and really lies under it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.conftest import idle
from ui.screen import Desk


class Finger:
    def __init__(self, root: QWidget, desk: Desk, qtbot: QtBot, touch: int = 48) -> None:
        self.root, self.desk, self.qtbot, self.touch = root, desk, qtbot, touch

    def tap(self, target: QWidget) -> None:
        name = target.accessibleName() or target.objectName() or type(target).__name__
        assert target.isVisible(), f"{name} cannot be seen"
        assert target.isEnabled(), f"{name} is switched off"
        self.scroll_to(target)
        size = (target.width(), target.height())
        assert min(size) >= self.touch, f"{name} is {size}"
        at = target.mapTo(self.root, target.rect().center())
        assert self.root.rect().contains(at), f"{name} lies outside"
        under = self.root.childAt(at)
        assert under is not None
        assert under is target or target.isAncestorOf(under), f"{under} covers {name}"
        QTest.mouseClick(under, Qt.MouseButton.LeftButton, pos=under.mapFrom(self.root, at))
        idle(self.desk, self.qtbot)

    def type(self, target: QLineEdit | QPlainTextEdit, words: str) -> None:
        """By the keyboard on the screen, which opens by the tap."""
        self.tap(target)
        assert target.hasFocus()
        target.selectAll()
        QTest.keyClicks(target, words)

    def row(self, table: QTableView, number: int) -> None:
        index = table.model().index(number, 0)
        if not table.viewport().rect().contains(table.visualRect(index).center()):
            assert table.verticalScrollBar().isVisible(), "nothing to scroll by"
            table.scrollTo(index)
            QApplication.processEvents()
        self.scroll_to(table.viewport(), table.visualRect(index).center())
        cell = table.visualRect(index)
        assert cell.height() >= self.touch, f"a row is {cell.height()} high"
        self.qtbot.waitUntil(lambda: self._lies_free(table, index))
        cell = table.visualRect(index)
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=cell.center())
        idle(self.desk, self.qtbot)

    def _lies_free(self, table: QTableView, index: QModelIndex) -> bool:
        """Once what has just been filled is laid out."""
        at = table.viewport().mapTo(self.root, table.visualRect(index).center())
        return self.root.rect().contains(at) and self.root.childAt(at) is table.viewport()

    def choose(self, box: QComboBox, words: str) -> None:
        """In the list that opens. Qt takes a second tap only after the time of a double one."""
        self.tap(box)
        shown = box.view()
        self.qtbot.waitUntil(shown.isVisible)
        self.qtbot.wait(QApplication.doubleClickInterval() + 50)
        index = shown.model().index(box.findText(words), 0)
        assert index.isValid(), f"{words} is not among {[box.itemText(n) for n in range(box.count())]}"
        shown.scrollTo(index)
        cell = shown.visualRect(index)
        assert cell.height() >= self.touch, f"{words} is {cell.height()} high"
        QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=cell.center())
        assert box.currentText() == words
        idle(self.desk, self.qtbot)

    def scroll_to(self, target: QWidget, place: QPoint | None = None) -> None:
        """By the area's own bar, and only where it has one to be seen."""
        parent = target.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea):
                port, bar = parent.viewport(), parent.verticalScrollBar()
                middle = target.mapTo(port, place or target.rect().center())
                if not port.rect().contains(QPoint(port.width() // 2, middle.y())):
                    assert bar.isVisible(), "nothing to scroll by"
                    bar.setValue(bar.value() + middle.y() - port.height() // 2)
                    QApplication.processEvents()
            parent = parent.parentWidget()
