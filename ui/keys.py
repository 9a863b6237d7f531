"""The map of keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from fieldtool.texts import _
from ui.widgets.controls import button, row, text
from ui.widgets.facts import Facts


class KeyMap(QDialog):
    def __init__(self, keys: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Keys"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.addWidget(text(_("Keys"), "title"))
        layout.addWidget(Facts(keys))
        close = button(_("Close"), self.accept, kind="primary")
        layout.addWidget(row(None, close))
        close.setFocus()
        self.setMinimumWidth(560)
