"""Devices: what is known and what is unfinished, one device, and the assistant; one at a time."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from ui.background import Changes
from ui.screen import Desk, View
from ui.screens.devices.assistant import Assistant
from ui.screens.devices.detail import DetailPage
from ui.screens.devices.overview import OverviewPage


class DevicesView(View):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.overview = OverviewPage(desk)
        self.detail = DetailPage(desk)
        self.assistant: Assistant | None = None
        self.stack = QStackedWidget()
        self.stack.addWidget(self.overview)
        self.stack.addWidget(self.detail)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)
        self.overview.begin.connect(lambda: self.commission({}))
        self.overview.resumed.connect(lambda record: self.commission({"resume": record}))
        self.overview.opened.connect(self.open_device)
        self.detail.left.connect(self.show_overview)
        desk.background.changed.connect(self._changed)

    def shown(self, where: Mapping[str, str]) -> None:
        if "id" in where:
            self.open_device(where["id"])
        elif "resume" in where or "new" in where:
            self.commission(where)
        elif self.assistant is None:
            self._refresh()

    def open_device(self, device: str) -> None:
        self.detail.show_device(device)
        self.stack.setCurrentWidget(self.detail)

    def home(self) -> None:
        """An assistant stays as it is: it is left by its own button."""
        if self.assistant is None:
            self.show_overview()

    def show_overview(self) -> None:
        self.overview.refresh()
        self.stack.setCurrentWidget(self.overview)
        self.overview.setFocus()

    def commission(self, where: Mapping[str, str]) -> None:
        """One that is under way is never thrown away: it is shown."""
        if self.assistant is None:
            self.assistant = Assistant(
                self.desk, resume=where.get("resume", ""), ticket=where.get("ticket", "")
            )
            self.assistant.left.connect(self._left)
            self.stack.addWidget(self.assistant)
        self.stack.setCurrentWidget(self.assistant)

    def _left(self) -> None:
        if self.assistant is not None:
            self.stack.removeWidget(self.assistant)
            self.assistant.deleteLater()
            self.assistant = None
        self.show_overview()

    def _changed(self, changed: Changes) -> None:
        if self.isVisible() and changed.entities:
            self._refresh()

    def _refresh(self) -> None:
        shown = self.stack.currentWidget()
        if shown is self.overview:
            self.overview.refresh()
        elif shown is self.detail:
            self.detail.refresh()
