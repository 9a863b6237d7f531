"""A new ticket."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from drivers.errors import ExpectedError
from fieldtool.asset import Asset
from fieldtool.days import typed_day
from fieldtool.geometry import point
from fieldtool.ids import AssetId, TicketId, new_id
from fieldtool.naming import asset_text
from fieldtool.numbers import typed_number
from fieldtool.profile import Profile
from fieldtool.texts import _
from fieldtool.ticket import Ticket
from fieldtool.ticketing import changing
from fieldtool.ticketing.categories import categories
from ui.background import changes
from ui.errors import ErrorPanel
from ui.screen import Desk
from ui.widgets.controls import button, card, choice, field, line, row, text
from ui.widgets.page import Page


class NewPage(QWidget):
    left = Signal()
    made = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._asset = ""
        self.page = Page(_("New ticket"))
        self.category = choice(_("Category"), [(one.id, one.title()) for one in categories()])
        self.subject = line(_("Title"))
        self.description = QPlainTextEdit()
        self.description.setTabChangesFocus(True)
        self.description.setFixedHeight(140)
        self.address = line(_("Address"))
        self.due = line(_("Due on"), placeholder=_("DD.MM.YYYY"))
        self.lat = line(_("Latitude in degrees"), placeholder="51,513600")
        self.lon = line(_("Longitude in degrees"), placeholder="7,465300")
        self.about = text(kind="strong")
        self.problem = ErrorPanel()
        self.save = button(_("Make the ticket"), self.carry_out, kind="primary")
        self.page.body.addWidget(
            card(
                self.about,
                field(_("Category"), self.category),
                field(_("Title"), self.subject),
                field(_("Description"), self.description),
                field(_("Address"), self.address),
                row(field(_("Latitude in degrees"), self.lat), field(_("Longitude in degrees"), self.lon)),
                field(_("Due on"), self.due),
            )
        )
        self.page.body.addWidget(self.problem)
        self.page.body.addWidget(row(self.save, button(_("Cancel"), self.left.emit), None))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)

    def begin(self, asset: str) -> None:
        """What was typed before and not saved is still there."""
        self._asset = asset
        self.about.setVisible(bool(asset))
        self.problem.clear()
        if asset:
            self.desk.background.ask(
                self,
                lambda profile: asset_text(profile.store.get(Asset, asset)),
                self._name,
                self.problem.tell,
            )
        self.category.setFocus()

    def _name(self, title: str) -> None:
        self.about.setText(_("About: {asset}").format(asset=title))

    def carry_out(self) -> None:
        typed = self.due.text().strip()
        due = typed_day(typed) if typed else None
        if typed and due is None:
            self.problem.tell_text(_("This is not a date."), _("Enter it as 01.12.2026."))
            self.due.setFocus()
            return
        lon, lat = typed_number(self.lon.text()), typed_number(self.lat.text())
        if (self.lon.text() or self.lat.text()) and (lon is None or lat is None):
            self.problem.tell_text(
                _("This is not a position."), _("Enter latitude and longitude, as 51,5136 and 7,4653.")
            )
            self.lat.setFocus()
            return
        ticket = Ticket(
            id=TicketId(new_id()),
            category=self.category.currentData(),
            title=self.subject.text().strip(),
            description=self.description.toPlainText().strip(),
            address=self.address.text().strip() or None,
            due=due,
            asset_id=AssetId(self._asset) if self._asset else None,
            geometry=point(lon, lat) if lon is not None and lat is not None else None,
        )
        self.save.setEnabled(False)

        def make(profile: Profile) -> Ticket:
            return changing.create(profile, ticket)

        self.desk.background.change(self, make, changes("ticket"), self._done, self._failed)

    def _done(self, ticket: Ticket) -> None:
        self.save.setEnabled(True)
        for entry in (self.subject, self.address, self.due, self.lat, self.lon):
            entry.clear()
        self.description.clear()
        self.made.emit(ticket.id)

    def _failed(self, error: ExpectedError) -> None:
        self.save.setEnabled(True)
        self.problem.tell(error)
