"""A check box whose words wrap."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from ui.themes import touch_px


class Words(QLabel):
    """`pressed` by a click or a touch."""

    pressed = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()
        super().mouseReleaseEvent(event)


def tick(words: str) -> tuple[QWidget, QCheckBox]:
    """What is laid out, and the box in it; pressing the words ticks it, too."""
    whole, box, said = QWidget(), QCheckBox(), Words(words)
    said.setWordWrap(True)
    said.setTextFormat(Qt.TextFormat.PlainText)
    said.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    said.pressed.connect(box.click)
    box.setAccessibleName(words)
    box.setMinimumWidth(touch_px())
    layout = QHBoxLayout(whole)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(box)
    layout.addWidget(said, 1)
    return whole, box
