"""What the pages of the assistant have in common."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldtool.commissioning.draft import Draft
from ui.screen import Desk
from ui.widgets.controls import text
from ui.widgets.page import Page


class Step(QWidget):
    """`changed` comes with every entry; `amended` is the draft with what was entered here."""

    changed = Signal()

    def __init__(self, desk: Desk, title: str, what: str) -> None:
        super().__init__()
        self.desk = desk
        self.page = Page(title)
        self.page.body.addWidget(text(what, "muted"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)

    def amended(self, draft: Draft) -> Draft:
        raise NotImplementedError

    def missing(self) -> str:
        """What is still to be entered, in words; empty where one can go on."""
        raise NotImplementedError

    def turned_to(self, draft: Draft) -> None:
        raise NotImplementedError
