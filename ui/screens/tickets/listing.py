"""The list of tickets: what is to be done first comes first."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from fieldtool.policy import rights
from fieldtool.texts import N_, _, thousands
from ui.screen import Desk
from ui.screens.tickets import content
from ui.screens.tickets.content import LISTED, Listing, Which, Wish
from ui.widgets.controls import button, choice, line, row, text
from ui.widgets.page import Page
from ui.widgets.table import Row, Table

REST_MS = 250
WHICH: tuple[tuple[Which, str], ...] = (
    ("todo", N_("still to do")),
    ("closed", N_("closed")),
    ("all", N_("all")),
)


class ListPage(QWidget):
    opened = Signal(str)
    new = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._limit = LISTED
        self.page = Page(_("Tickets"))
        self.new_button = button(_("New ticket"), self.new.emit, kind="primary")
        self.page.commands.addWidget(self.new_button)
        self.new_button.setVisible("ticket.create" in rights(desk.actor.role))
        self.search = line(_("Search in tickets"), placeholder=_("title, description or address"))
        self.which = choice(_("Which tickets"), [(name, _(title)) for name, title in WHICH])
        self.mine = QCheckBox(_("only mine"))
        self.mine.setAccessibleName(_("Only tickets that I am responsible for"))
        self.table = Table(
            _("Tickets"),
            [_("Priority"), _("Title"), _("Category"), _("Due on"), _("Status"), _("Sync")],
            wide=1,
            spare=(2, 5),
        )
        self.table.opened.connect(self.opened)
        self.empty = text(kind="muted")
        self.counted = text(kind="muted")
        self.more = button(_("Load more"), self._more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        filters = row(self.search, self.which, self.mine)
        self.page.fill(filters, self.empty, self.table, row(self.counted, None, self.more))
        self.empty.hide()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._again)
        self.search.textChanged.connect(lambda _words: self._rest.start())
        self.search.returnPressed.connect(self._again)
        self.which.currentIndexChanged.connect(lambda _index: self._again())
        self.mine.toggled.connect(lambda _on: self._again())

    @property
    def wish(self) -> Wish:
        which = cast("Which", self.which.currentData())
        return Wish(which, self.mine.isChecked(), self.search.text().strip(), self._limit)

    def refresh(self) -> None:
        wish = self.wish
        self.desk.background.ask(
            self, lambda profile: content.listing(profile, wish), self._show, self.page.problem.tell
        )

    def _again(self) -> None:
        self._rest.stop()
        self._limit = LISTED
        self.refresh()

    def _more(self) -> None:
        self._limit += LISTED
        self.refresh()

    def _show(self, found: Listing) -> None:
        if found.wish != self.wish:
            return  # overtaken by what was typed since
        self.page.problem.clear()
        self.table.show_rows([Row(one.id, one.cells) for one in found.lines])
        self.table.setVisible(bool(found.lines))
        self.empty.setVisible(not found.lines)
        searched = found.wish.words or found.wish.mine
        self.empty.setText(
            _("No ticket fits. Search otherwise, or look at all of them.")
            if searched
            else _("No ticket here. They come down with a sync, or you make a new one.")
        )
        self.more.setVisible(found.more)
        count = thousands(len(found.lines))
        said = _("the first {count}") if found.more else _("{count} in all")
        self.counted.setText(said.format(count=count) if found.lines else "")
