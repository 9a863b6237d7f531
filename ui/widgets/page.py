"""The frame of a screen: title and actions on top, below it what scrolls."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.errors import ErrorPanel
from ui.widgets.flow import FlowLayout
from ui.widgets.paging import as_high_as_needed, page_by_keys


class Page(QWidget):
    """`body` takes the content, `commands` the buttons beside the title; `problem` shows an expected error of
    the whole screen."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel(title)
        self.title.setProperty("kind", "title")
        self.title.setWordWrap(True)
        buttons = QWidget()
        self.commands = FlowLayout(buttons)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        buttons.setSizePolicy(policy)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(buttons)
        self.problem = ErrorPanel()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        column.addLayout(self.body)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inside)
        as_high_as_needed(self.area)
        self._keys = page_by_keys(self, self.area)
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 16, 8)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(self.problem)
        layout.addWidget(self.area, 1)

    def fill(self, *parts: QWidget) -> None:
        """Instead of what scrolls: a table among them takes the room and scrolls by itself."""
        self.area.hide()
        for shortcut in self._keys:
            shortcut.setEnabled(False)
        for part in parts:
            self._layout.addWidget(part, 1 if isinstance(part, QAbstractScrollArea) else 0)
        self._layout.addStretch(0)
