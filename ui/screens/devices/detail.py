"""One device: what is known, its last readings, its history."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldtool.profile import Profile
from fieldtool.texts import _
from ui.saving import PdfSaver
from ui.screen import Desk
from ui.screens.devices import content
from ui.screens.devices.content import Detail
from ui.widgets.controls import button, card, text
from ui.widgets.facts import Facts
from ui.widgets.history import History
from ui.widgets.page import Page
from ui.widgets.table import Row, Table


class DetailPage(QWidget):
    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._device = ""
        self._detail: Detail | None = None
        self.page = Page("")
        self.back = button(_("Back"), self.left.emit, name=_("Back to the devices"))
        self.to_asset = button(_("To the asset"), self._go_to_asset)
        self.report = button(_("Open the report"), self._open_report)
        self.pdf = button(_("Report as PDF …"), self._save_pdf)
        self.saver = PdfSaver(desk, self)
        self.saved = text(kind="good")
        self.saver.saved.connect(self._tell_saved)
        self.saver.failed.connect(self.page.problem.tell)
        for part in (self.back, self.to_asset, self.report, self.pdf):
            self.page.commands.addWidget(part)
        self.facts = Facts()
        self.readings = Table(
            _("Last readings"), [_("Time"), _("Quantity"), _("Value"), _("Quality")], wide=1
        )
        self.no_readings = text(_("No readings yet."), "muted")
        self.history = History(desk)
        self.page.body.addWidget(self.saved)
        self.saved.hide()
        self.page.body.addWidget(card(self.facts))
        self.page.body.addWidget(card(text(_("Last readings"), "heading"), self.no_readings, self.readings))
        self.page.body.addWidget(card(text(_("History"), "heading"), self.history))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)

    def show_device(self, device: str) -> None:
        self.saved.hide()
        self._device = device
        self.refresh()

    def refresh(self) -> None:
        if self._device:
            device = self._device
            self.desk.background.ask(
                self, lambda profile: content.detail(profile, device), self._show, self.page.problem.tell
            )

    def _show(self, found: Detail) -> None:
        if found.id != self._device:
            return
        self._detail = found
        self.page.problem.clear()
        self.page.title.setText(found.title)
        self.facts.tell(found.facts)
        self.readings.show_rows([Row(str(number), cells) for number, cells in enumerate(found.readings)])
        self.readings.show_at_once(8)
        self.readings.setVisible(bool(found.readings))
        self.no_readings.setVisible(not found.readings)
        self.to_asset.setVisible(found.asset_id is not None)
        self.report.setVisible(found.report is not None)
        self.pdf.setVisible(found.report is not None)
        self.history.show_record(found.id)

    def _save_pdf(self) -> None:
        if self._detail is not None:
            self.saver.ask(self.report_page(), self._detail.title)

    def report_page(self) -> Callable[[Profile], str]:
        device = self._device
        return lambda profile: content.report_page(profile, device)

    def _tell_saved(self, path: Path) -> None:
        self.page.problem.clear()
        self.saved.setText(_("Saved: {path}").format(path=path))
        self.saved.show()

    def _go_to_asset(self) -> None:
        if self._detail is not None and self._detail.asset_id is not None:
            self.desk.go("assets", id=self._detail.asset_id)

    def _open_report(self) -> None:
        if self._detail is not None and self._detail.report is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(self._detail.report))
