"""The infrastructure database: the list, one asset, or a list that is taken over; one at a time."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from ui.background import Changes
from ui.screen import Desk, View
from ui.screens.assets import portal_page
from ui.screens.assets.detail_page import DetailPage
from ui.screens.assets.form_page import FormPage
from ui.screens.assets.import_page import ImportPage
from ui.screens.assets.list_page import ListPage

BESIDE = frozenset({"asset", "device", "ticket", "sync", "target"})
"""What a list or an asset shows something of."""


class AssetsView(View):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.list = ListPage(desk)
        self.detail = DetailPage(desk)
        self.importing = ImportPage(desk)
        self.form = FormPage(desk)
        self.stack = QStackedWidget()
        for page in (self.list, self.detail, self.importing, self.form):
            self.stack.addWidget(page)
        self.portal = portal_page.beside(self.importing, self.stack, desk)
        self._edited = ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)
        self.list.opened.connect(self.open_asset)
        self.list.import_wanted.connect(self.open_import)
        self.detail.left.connect(self.show_list)
        self.importing.left.connect(self.show_list)
        self.list.new_wanted.connect(self.open_new)
        self.detail.edit_wanted.connect(self.open_form)
        self.detail.gone.connect(self.show_list)
        self.form.saved.connect(self.open_asset)
        self.form.left.connect(self._leave_form)
        desk.background.changed.connect(self._changed)

    def shown(self, where: Mapping[str, str]) -> None:
        if "id" in where:
            self.open_asset(where["id"])
        elif "search" in where:
            self.stack.setCurrentWidget(self.list)
            self.list.search.setText(where["search"])
            self.list.refresh()
        else:
            self._refresh()

    def open_asset(self, asset: str) -> None:
        self.detail.show_asset(asset)
        self.stack.setCurrentWidget(self.detail)
        self.detail.back.setFocus()

    def open_new(self, asset_class: str) -> None:
        self._edited = ""
        self.form.enter(asset_class)
        self.stack.setCurrentWidget(self.form)

    def open_form(self, asset: str) -> None:
        self._edited = asset
        self.form.edit(asset)
        self.stack.setCurrentWidget(self.form)

    def _leave_form(self) -> None:
        if self._edited:
            self.open_asset(self._edited)
        else:
            self.show_list()

    def open_import(self) -> None:
        self.stack.setCurrentWidget(self.importing)
        self.importing.begin()

    def home(self) -> None:
        self.show_list()

    def show_list(self) -> None:
        self.list.refresh()
        self.stack.setCurrentWidget(self.list)
        self.list.take_focus()

    def _changed(self, changed: Changes) -> None:
        if self.isVisible() and changed.entities & BESIDE:
            self._refresh()

    def _refresh(self) -> None:
        shown = self.stack.currentWidget()
        if shown is self.list:
            self.list.refresh()
        elif shown is self.detail:
            self.detail.refresh()
