"""One part of the settings."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.screen import Desk
from ui.widgets.page import Page


class Section(QWidget):
    """`refresh` asks for its data anew; `shown` comes each time it is turned to."""

    def __init__(self, desk: Desk, title: str) -> None:
        super().__init__()
        self.desk = desk
        self.page = Page(title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)

    def shown(self, where: Mapping[str, str]) -> None:
        del where
        self.refresh()

    def refresh(self) -> None:
        pass
