"""The assistant: device, label, place, and then the steps. What was entered is never lost by going back."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fieldtool.commissioning.draft import Draft, draft_of, type_of
from fieldtool.commissioning.record import Commissioning
from fieldtool.texts import _
from ui.screen import Desk
from ui.screens.devices.device_page import DevicePage
from ui.screens.devices.label_page import LabelPage
from ui.screens.devices.pages import Step
from ui.screens.devices.run_page import RunPage
from ui.screens.devices.site_page import SitePage
from ui.widgets.controls import button, text


class Assistant(QWidget):
    """`left` when it is closed; a running commissioning is stopped first and can be resumed."""

    left = Signal()

    def __init__(self, desk: Desk, *, resume: str = "", ticket: str = "") -> None:
        super().__init__()
        self.desk = desk
        self.draft = Draft(ticket_id=ticket, gnss_port=desk.preferences.gnss_port)
        self.device = DevicePage(desk)
        self.label = LabelPage(desk)
        self.site = SitePage(desk)
        self.run = RunPage(desk)
        self.pages: tuple[Step, ...] = (self.device, self.label, self.site, self.run)
        self.stack = QStackedWidget()
        for page in self.pages:
            self.stack.addWidget(page)
            page.changed.connect(self._fit)
        self.where = text(kind="muted")
        self.where.setWordWrap(False)
        self.where.setContentsMargins(24, 0, 0, 0)
        self.hint = text(kind="muted")
        self.leave = button(_("Close"), self.close_assistant, name=_("Close the assistant"))
        self.back = button(_("Back"), self.go_back)
        self.next = button(_("Next"), self.go_on, kind="primary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 8)
        layout.addWidget(self.where)
        layout.addWidget(self.stack, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 0, 24, 0)
        foot.setSpacing(8)
        for part in (self.leave, self.back, self.hint, self.next):
            foot.addWidget(part, 1 if part is self.hint else 0)
        layout.addLayout(foot)
        self.run.finished.connect(self._fit)
        self.run.running_changed.connect(self._fit)
        self._leaving = False
        self.turn_to(0)
        if resume:
            desk.background.ask(self, lambda profile: profile.store.get(Commissioning, resume), self._resume)

    @property
    def page(self) -> Step:
        return self.pages[self.stack.currentIndex()]

    def turn_to(self, number: int) -> None:
        self.pages[number].turned_to(self.draft)
        self.stack.setCurrentIndex(number)
        title = self.pages[number].page.title.text()
        said = _("Step {number} of {count}: {title}").format(
            number=number + 1, count=len(self.pages), title=title
        )
        self.where.setText(said)
        self._fit()

    def go_on(self) -> None:
        if self.page is self.run:
            self.close_assistant()
            return
        if self.page.missing():
            self._fit()
            return
        self.draft = self.page.amended(self.draft)
        if self.page is self.label:
            self._take_type()
            self.label.stop()
        number = self.stack.currentIndex() + 1
        if self.pages[number] is self.run:
            self.run.password = self.device.secret()
        self.turn_to(number)

    def go_back(self) -> None:
        self.draft = self.page.amended(self.draft)
        self.label.stop()
        self.turn_to(self.stack.currentIndex() - 1)

    def close_assistant(self) -> None:
        self.label.stop()
        if self.run.running:
            self._leaving = True
            self.run.stop()
        else:
            self.left.emit()

    def _take_type(self) -> None:
        """A label that names its type is believed more than a choice from a list."""
        known = type_of(self.draft.label) if self.draft.label is not None else None
        if known is not None and known != self.draft.device_type:
            self.draft = replace(self.draft, device_type=known)
            self.device.choose_kind(known)

    def _resume(self, record: Commissioning) -> None:
        self.draft = draft_of(record, port=self.device.chosen_port)
        for page in (self.device, self.label, self.site):
            page.turned_to(self.draft)
        self.run.show_record(record)
        self._fit()

    def _fit(self) -> None:
        if self._leaving and not self.run.running:
            self.left.emit()
            return
        last = self.page is self.run
        missing = self.page.missing()
        self.back.setVisible(self.stack.currentIndex() > 0)
        self.back.setEnabled(not self.run.running and self.run.result is None)
        self.next.setText(_("Finish") if last else _("Next"))
        self.next.setAccessibleName(self.next.text())
        self.next.setEnabled(not missing)
        self.hint.setText("" if last else missing)
