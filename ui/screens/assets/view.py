"""The infrastructure database: the list, one asset, or a list that is taken over; one at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from fieldtool.policy import Right, rights
from fieldtool.texts import _
from fieldtool.upkeep.bulk import Selection
from ui.background import Changes
from ui.screen import Desk, View
from ui.screens.assets import portal_page
from ui.screens.assets.bulk_page import BulkPage
from ui.screens.assets.classes_page import ClassesPage
from ui.screens.assets.detail_page import DetailPage
from ui.screens.assets.form_page import FormPage
from ui.screens.assets.import_page import ImportPage
from ui.screens.assets.list_page import ListPage
from ui.screens.assets.qualities import Step
from ui.screens.assets.quality_page import QualityPage
from ui.screens.assets.undo_page import UndoPage
from ui.widgets.controls import button

BESIDE = frozenset({"asset", "device", "ticket", "sync", "target"})
"""What a list or an asset shows something of."""


class AssetsView(View):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.list = ListPage(desk)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.list)
        self._edited = ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)
        self.list.opened.connect(self.open_asset)
        self.list.import_wanted.connect(self.open_import)
        self.list.new_wanted.connect(self.open_new)
        self._add_commands()
        desk.background.changed.connect(self._changed)

    # Pages that are made when they are first opened: all at once hold the window up.

    @cached_property
    def detail(self) -> DetailPage:
        page = DetailPage(self.desk)
        page.left.connect(self.show_list)
        page.edit_wanted.connect(self.open_form)
        page.gone.connect(self.show_list)
        self.stack.addWidget(page)
        return page

    @cached_property
    def form(self) -> FormPage:
        page = FormPage(self.desk)
        page.saved.connect(self.open_asset)
        page.left.connect(self._leave_form)
        page.walked.connect(self._show_quality)
        self.stack.addWidget(page)
        return page

    @cached_property
    def bulk(self) -> BulkPage:
        page = BulkPage(self.desk)
        page.left.connect(self.show_list)
        self.stack.addWidget(page)
        return page

    @cached_property
    def quality(self) -> QualityPage:
        page = QualityPage(self.desk)
        page.left.connect(self.show_list)
        page.walk_wanted.connect(self.open_walk)
        self.stack.addWidget(page)
        return page

    @cached_property
    def classes(self) -> ClassesPage:
        page = ClassesPage(self.desk)
        page.left.connect(self.show_list)
        self.stack.addWidget(page)
        return page

    @cached_property
    def undo(self) -> UndoPage:
        page = UndoPage(self.desk)
        page.left.connect(self.show_list)
        self.stack.addWidget(page)
        return page

    @cached_property
    def importing(self) -> ImportPage:
        page = ImportPage(self.desk)
        page.left.connect(self.show_list)
        self.stack.addWidget(page)
        return page

    @cached_property
    def portals(self) -> portal_page.PortalPage:
        return portal_page.attach(self)

    def _add_commands(self) -> None:
        """What staff with the right to it find beside the list."""
        offered: tuple[tuple[Right, str, Callable[[], None]], ...] = (
            ("asset.bulk", _("Change many …"), self.open_bulk),
            ("asset.edit", _("Quality …"), self.open_quality),
            ("asset.restore", _("Undo …"), self.open_undo),
            ("class.change", _("Classes …"), self.open_classes),
        )
        allowed = rights(self.desk.actor.role)
        for right, words, opened in offered:
            if right in allowed:
                self.list.page.commands.addWidget(button(words, opened))

    def shown(self, where: Mapping[str, str]) -> None:
        if "id" in where:
            self.open_asset(where["id"])
        elif "find" in where:
            self.show_list()
            self.list.search.setFocus()
            self.list.search.selectAll()
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

    def open_bulk(self, selection: Selection | None = None) -> None:
        """`selection` is what is meant; without one the selected rows, else what the list shows."""
        asked, query = self.list.question, self.list.query
        if selection is not None:
            self._begin_bulk(selection)
        elif self.list.chosen_seqs() is not None:
            self.desk.background.ask(
                self,
                self.list.selected_ids(),
                lambda ids: self._begin_bulk(Selection(asset_class=asked.asset_class, ids=ids)),
                self.list.page.problem.tell,
            )
        elif query is not None and asked.conditions:
            found = Selection(asset_class=asked.asset_class, found=lambda store: store.assets_of(query))
            self._begin_bulk(found)
        else:
            self._begin_bulk(Selection(asset_class=asked.asset_class, search=asked.text or None))

    def _begin_bulk(self, selection: Selection) -> None:
        self.stack.setCurrentWidget(self.bulk)
        self.bulk.begin(selection)

    def open_quality(self) -> None:
        self.stack.setCurrentWidget(self.quality)
        self.quality.begin(self.list.question.asset_class)

    def open_classes(self) -> None:
        self.stack.setCurrentWidget(self.classes)
        self.classes.begin()
        self.classes.new_class.setFocus()

    def open_undo(self) -> None:
        self.stack.setCurrentWidget(self.undo)
        self.undo.begin()
        self.undo.back.setFocus()

    def _show_quality(self) -> None:
        self.stack.setCurrentWidget(self.quality)
        self.quality.refresh()

    def open_walk(self, steps: tuple[Step, ...], start: int) -> None:
        self.stack.setCurrentWidget(self.form)
        self.form.walk(steps, start)

    def _leave_form(self) -> None:
        if self._edited:
            self.open_asset(self._edited)
        else:
            self.show_list()

    def open_import(self) -> None:
        _ = self.portals
        self.stack.setCurrentWidget(self.importing)
        self.importing.begin()

    def home(self) -> None:
        self.show_list()

    def show_list(self) -> None:
        self.list.refresh()
        self.stack.setCurrentWidget(self.list)
        self.list.take_focus()

    def _changed(self, changed: Changes) -> None:
        if "class_definition" in changed.entities and "form" in self.__dict__:
            self.form.learn_classes()
        if self.isVisible() and changed.entities & BESIDE:
            self._refresh()

    def _refresh(self) -> None:
        shown = self.stack.currentWidget()
        if shown is self.list:
            self.list.refresh()
        elif isinstance(shown, DetailPage):
            shown.refresh()
