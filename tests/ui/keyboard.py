"""Using a window as one does without a mouse."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget


class Keys:
    """Fingers on a keyboard: Tab goes on until the wanted control has the focus."""

    def __init__(self, root: QWidget) -> None:
        self.root = root
        root.window().activateWindow()

    def press(self, key: Qt.Key) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key)

    def to(self, name: str, then: Qt.Key | None = None) -> QWidget:
        seen: list[str] = []
        for _step in range(80):
            focus = QApplication.focusWidget()
            if focus is not None and focus.accessibleName() == name and focus.isEnabled():
                if then is not None:
                    self.press(then)
                return focus
            seen.append(focus.accessibleName() if focus is not None else "–")
            QTest.keyClick(focus or self.root, Qt.Key.Key_Tab)
        raise AssertionError(f"the Tab key never comes to {name}: {seen}")

    def type(self, name: str, words: str) -> None:
        focus = self.to(name)
        focus.selectAll()  # type: ignore[attr-defined]
        QTest.keyClicks(focus, words)

    def choose(self, name: str, wanted: str) -> None:
        box = self.to(name)
        for _step in range(box.count()):  # type: ignore[attr-defined]
            self.press(Qt.Key.Key_Up)
        for _step in range(box.count()):  # type: ignore[attr-defined]
            if box.currentText() == wanted:  # type: ignore[attr-defined]
                return
            self.press(Qt.Key.Key_Down)
        raise AssertionError(f"{name} offers no {wanted}")
