"""A button as wide as its place, whose words wrap: a line that leads somewhere."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy

from ui.themes import touch_px
from ui.widgets.controls import text

PADDING_PX = 8


class LineButton(QPushButton):
    def __init__(self, words: str, clicked: Callable[[], object]) -> None:
        super().__init__()
        self.words = words
        self.setProperty("kind", "row")
        self.setAccessibleName(words)
        self.setAutoDefault(False)
        self.clicked.connect(lambda _checked=False: clicked())
        self._label = text(words)
        self._label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * PADDING_PX, PADDING_PX, 2 * PADDING_PX, PADDING_PX)
        layout.addWidget(self._label)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        inner = self._label.heightForWidth(max(width - 4 * PADDING_PX, 1))
        return max(touch_px(), inner + 2 * PADDING_PX)

    def sizeHint(self) -> QSize:  # noqa: N802
        wide = self._label.sizeHint().width() + 4 * PADDING_PX
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(touch_px(), touch_px())
