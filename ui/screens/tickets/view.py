"""Tickets: the list, one of them, or a new one; one at a time."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from ui.background import Changes
from ui.screen import Desk, View
from ui.screens.tickets.detail import DetailPage
from ui.screens.tickets.listing import ListPage
from ui.screens.tickets.new import NewPage


class TicketsView(View):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.list = ListPage(desk)
        self.detail = DetailPage(desk)
        self.new = NewPage(desk)
        self.stack = QStackedWidget()
        for page in (self.list, self.detail, self.new):
            self.stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)
        self.list.opened.connect(self.open_ticket)
        self.list.new.connect(lambda: self.make_ticket(""))
        self.detail.left.connect(self.show_list)
        self.new.left.connect(self.show_list)
        self.new.made.connect(self.open_ticket)
        desk.background.changed.connect(self._changed)

    def shown(self, where: Mapping[str, str]) -> None:
        if "id" in where:
            self.open_ticket(where["id"])
        elif "new" in where:
            self.make_ticket(where.get("asset", ""))
        else:
            self._refresh()

    def open_ticket(self, ticket: str) -> None:
        self.detail.show_ticket(ticket)
        self.stack.setCurrentWidget(self.detail)

    def make_ticket(self, asset: str) -> None:
        self.new.begin(asset)
        self.stack.setCurrentWidget(self.new)

    def home(self) -> None:
        self.show_list()

    def show_list(self) -> None:
        self.list.refresh()
        self.stack.setCurrentWidget(self.list)
        self.list.table.setFocus()

    def _changed(self, changed: Changes) -> None:
        if self.isVisible() and changed.entities & {"ticket", "ticket_event", "sync", "target"}:
            self._refresh()

    def _refresh(self) -> None:
        if self.stack.currentWidget() is self.list:
            self.list.refresh()
        elif self.stack.currentWidget() is self.detail:
            self.detail.refresh()
