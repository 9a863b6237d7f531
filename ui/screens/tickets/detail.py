"""One ticket: what is known, what was said, and what can be done now."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldtool.texts import _
from ui.screen import Desk
from ui.screens.tickets import content
from ui.screens.tickets.action import ActionForm
from ui.screens.tickets.content import ACTIONS, Action, Detail, EventText
from ui.widgets.controls import button, card, emptied, restyle, text
from ui.widgets.facts import Facts
from ui.widgets.flow import FlowLayout
from ui.widgets.page import Page


class DetailPage(QWidget):
    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.detail: Detail | None = None
        self._ticket = ""
        self.page = Page("")
        self.back = button(_("Back"), self.left.emit, name=_("Back to the tickets"))
        self.page.commands.addWidget(self.back)
        self.stuck = text(kind="bad")
        self.to_sync = button(_("See what was refused"), lambda: desk.go("sync"))
        self.description = text(selectable=True)
        self.facts = Facts()
        self.to_asset = button(_("To the asset"), self._go_to_asset)
        self.to_device = button(_("To the device"), self._go_to_device)
        self.buttons: dict[Action, QWidget] = {}
        self._actions = QWidget()
        flow = FlowLayout(self._actions)
        for action, title in ACTIONS.items():
            kind = "primary" if action in ("start", "close") else "plain"
            made = button(_(title), lambda action=action: self.act(action), kind=kind)  # type: ignore[arg-type, misc]
            self.buttons[action] = made
            flow.addWidget(made)
        self.none_allowed = text(_("Your role may only read tickets."), "muted")
        self.form = ActionForm(desk)
        self.form.over.connect(self._done)
        self.form.hide()
        self.events = QWidget()
        self._events = QVBoxLayout(self.events)
        self._events.setContentsMargins(0, 0, 0, 0)
        self._events.setSpacing(12)
        self.quiet = text(_("Nothing was said yet."), "muted")
        body = self.page.body
        for part in (
            self.stuck,
            self.to_sync,
            self._actions,
            self.none_allowed,
            self.form,
            card(self.description, self.facts, self.to_asset, self.to_device),
            card(text(_("What was said and done"), "heading"), self.quiet, self.events),
        ):
            body.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)

    def show_ticket(self, ticket: str) -> None:
        if ticket != self._ticket:
            self.form.leave()
        self._ticket = ticket
        self.refresh()

    def refresh(self) -> None:
        ticket = self._ticket
        if ticket:
            self.desk.background.ask(
                self, lambda profile: content.detail(profile, ticket), self._show, self.page.problem.tell
            )

    def act(self, action: Action) -> None:
        if self.detail is not None:
            self.form.begin(action, self.detail)
            self.page.area.ensureWidgetVisible(self.form)

    def _show(self, found: Detail) -> None:
        if found.ticket.id != self._ticket:
            return
        self.detail = found
        ticket = found.ticket
        self.page.problem.clear()
        self.page.title.setText(ticket.title)
        self.description.setText(ticket.description)
        self.description.setAccessibleName(ticket.description)
        self.description.setVisible(bool(ticket.description))
        self.facts.tell(found.facts)
        restyle(self.page.title, "title")
        self.to_asset.setVisible(ticket.asset_id is not None)
        self.to_device.setVisible(ticket.device_id is not None)
        self.stuck.setVisible(bool(found.stuck))
        self.to_sync.setVisible(bool(found.stuck))
        names = ", ".join(found.stuck)
        self.stuck.setText(_("Refused or in conflict at: {names}").format(names=names))
        for action, made in self.buttons.items():
            made.setVisible(action in found.actions)
        self.none_allowed.setVisible(not found.actions)
        self._show_events(found.events)

    def _show_events(self, events: tuple[EventText, ...]) -> None:
        emptied(self._events)
        for event in events:
            self._events.addWidget(text(event.head, "muted"))
            self._events.addWidget(text(event.text, selectable=True))
        self.quiet.setVisible(not events)

    def _done(self) -> None:
        self.refresh()
        self.back.setFocus()

    def _go_to_asset(self) -> None:
        if self.detail is not None and self.detail.ticket.asset_id is not None:
            self.desk.go("assets", id=self.detail.ticket.asset_id)

    def _go_to_device(self) -> None:
        if self.detail is not None and self.detail.ticket.device_id is not None:
            self.desk.go("devices", id=self.detail.ticket.device_id)
