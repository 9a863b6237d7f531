"""What is being worked on, and the way out of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout

from fieldtool.texts import _
from ui.widgets.controls import button, row, text


class Working(QFrame):
    """Hidden while nothing runs. `cancelled` asks for an end; what runs says by `end` when it has come."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.said = text()
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Work is in progress"))
        self.cancel = button(_("Cancel"), self._cancel, name=_("Cancel what is running"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        for part in (self.said, self.bar, row(self.cancel, None)):
            layout.addWidget(part)
        self.hide()

    def begin(self, words: str) -> None:
        self.said.setText(words)
        self.cancel.setEnabled(True)
        self.show()

    def tell(self, words: str) -> None:
        if self.cancel.isEnabled():
            self.said.setText(words)

    def end(self) -> None:
        self.hide()

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.said.setText(_("Is being cancelled …"))
        self.cancelled.emit()
