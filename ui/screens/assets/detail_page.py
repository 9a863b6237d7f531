"""One asset: what is known, where it is, what is mounted on it, its tickets, its history."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from fieldtool.asset import Asset
from fieldtool.policy import rights
from fieldtool.profile import Profile
from fieldtool.texts import _
from fieldtool.upkeep import changing, restoring
from ui.background import changes
from ui.screen import Desk
from ui.screens.assets import content
from ui.screens.assets.content import Detail, Line
from ui.screens.assets.notes_card import NotesCard
from ui.widgets.controls import button, card, emptied, row, text
from ui.widgets.facts import Facts
from ui.widgets.history import STATE_KINDS, History
from ui.widgets.page import Page
from ui.widgets.table import Row, Table

ROWS_AT_ONCE = 6


class DetailPage(QWidget):
    left = Signal()
    gone = Signal()
    edit_wanted = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._asset = ""
        self.page = Page("")
        self.back = button(_("Back"), self.left.emit, name=_("Back to the assets"))
        self.new_ticket = button(
            _("Make a ticket"), lambda: desk.go("tickets", new="1", asset=self._asset), kind="primary"
        )
        self.edit = button(_("Edit"), lambda: self.edit_wanted.emit(self._asset))
        self.delete = button(_("Delete …"), self._ask_to_delete, name=_("Delete this asset"))
        allowed = rights(desk.actor.role)
        for right, command in (("asset.edit", self.edit), ("asset.delete", self.delete)):
            if right not in allowed:
                command.hide()
        self.on_map = button(_("On the map"), lambda: desk.go("map", id=self._asset))
        for command in (self.back, self.edit, self.delete, self.on_map, self.new_ticket):
            self.page.commands.addWidget(command)
        self.warning = text(kind="warning")
        self.facts = Facts()
        self.place = Facts()
        self.devices = Table(_("Mounted devices"), [_("Device"), _("Type"), _("State")], wide=1)
        self.devices.opened.connect(lambda found: desk.go("devices", id=found))
        self.no_devices = text(_("No device is mounted here."), "muted")
        self.tickets = Table(
            _("Tickets at this asset"), [_("Title"), _("Category"), _("Status"), _("Due on")], wide=0
        )
        self.tickets.opened.connect(lambda found: desk.go("tickets", id=found))
        self.no_tickets = text(_("There is no ticket at this asset."), "muted")
        self.cut = text(_("There are more devices or tickets than are shown here."), "muted")
        self.sync = QVBoxLayout()
        self.history = History(desk, restorable="asset.restore" in allowed)
        self.history.restore_wanted.connect(self._restore)
        self.sure = card(
            text(_("Delete this asset? Its history stays, and it can be brought back."), "strong"),
            row(
                button(_("Delete"), self._delete, kind="danger", name=_("Delete this asset for good")),
                button(_("Keep"), self._keep, name=_("Keep this asset")),
                None,
            ),
        )
        self.sure.hide()
        self.notes = NotesCard(desk)
        self._cards: list[QWidget] = [
            card(text(_("Facts"), "heading"), self.warning, self.facts),
            card(text(_("Place"), "heading"), self.place),
            card(text(_("Mounted devices"), "heading"), self.no_devices, self.devices),
            card(text(_("Tickets"), "heading"), self.no_tickets, self.tickets, self.cut),
            card(text(_("Notes"), "heading"), self.notes),
            self._sync_card(),
            card(text(_("History"), "heading"), self.history),
        ]
        self.page.body.addWidget(self.sure)
        for part in self._cards:
            self.page.body.addWidget(part)
            part.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)

    def _sync_card(self) -> QWidget:
        made = card(text(_("At the platforms"), "heading"))
        inside = made.layout()
        if isinstance(inside, QVBoxLayout):
            inside.addLayout(self.sync)
        return made

    def show_asset(self, asset: str) -> None:
        if asset != self._asset:
            self._asset = asset
            self.page.title.setText("")
            for command in (self.new_ticket, self.edit, self.delete):
                command.setEnabled(False)
            self.sure.hide()
            self.page.area.verticalScrollBar().setValue(0)
            for part in self._cards:
                part.hide()
        self.refresh()

    def refresh(self) -> None:
        asset = self._asset
        if asset:
            self.desk.background.ask(
                self, lambda profile: content.detail(profile, asset), self._show, self.page.problem.tell
            )

    def _show(self, found: Detail) -> None:
        if found.id != self._asset:
            return
        self.page.problem.clear()
        self.page.title.setText(found.title)
        for command in (self.new_ticket, self.edit, self.delete):
            command.setEnabled(True)
        self.edit.setEnabled(found.editable)
        self.on_map.setEnabled(found.placed)
        self.warning.setText(found.warning)
        self.warning.setVisible(bool(found.warning))
        self.facts.tell(found.facts)
        self.place.tell(found.place)
        _fill(self.devices, found.devices, self.no_devices)
        _fill(self.tickets, found.tickets, self.no_tickets)
        self.cut.setVisible(found.cut)
        emptied(self.sync)
        for state, words in found.sync:
            self.sync.addWidget(text(words, STATE_KINDS[state], selectable=True))
        if not found.sync:
            self.sync.addWidget(text(_("No platform takes assets."), "muted"))
        for part in self._cards:
            part.show()
        self.notes.show_asset(found.id)
        self.history.show_record(found.id)

    def _ask_to_delete(self) -> None:
        self.sure.show()
        self.page.area.ensureWidgetVisible(self.sure)
        keep = self.sure.findChildren(QPushButton)[-1]
        keep.setFocus()

    def _keep(self) -> None:
        self.sure.hide()
        self.delete.setFocus()

    def _delete(self) -> None:
        asset_id = self._asset
        self.sure.hide()

        def delete(profile: Profile) -> None:
            changing.delete(profile, profile.store.get(Asset, asset_id))

        def done(_nothing: object) -> None:
            self._asset = ""
            self.gone.emit()

        self.desk.background.change(self, delete, changes("asset"), done, self.page.problem.tell)

    def _restore(self, operation_id: str) -> None:
        asset_id = self._asset

        def restore(profile: Profile) -> Asset:
            return restoring.restore(profile, asset_id, operation_id)

        self.desk.background.change(
            self, restore, changes("asset"), lambda _asset: self.refresh(), self.page.problem.tell
        )


def _fill(table: Table, lines: tuple[Line, ...], nothing: QWidget) -> None:
    table.show_rows([Row(one.id, one.cells) for one in lines])
    table.show_at_once(ROWS_AT_ONCE)
    table.setVisible(bool(lines))
    nothing.setVisible(not lines)
