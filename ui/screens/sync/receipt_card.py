"""The receipt of the day: what the platforms confirmed, to look at and to keep."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from drivers.errors import ExpectedError
from fieldtool.arguments import calendar_day
from fieldtool.documents import write_document
from fieldtool.pdf import Pdf
from fieldtool.receipt.day import today
from fieldtool.texts import _, thousands
from fieldtool.titles import day
from ui.errors import ErrorPanel
from ui.screen import Desk
from ui.screens.sync import content
from ui.screens.sync.content import ReceiptDay, ReceiptTarget
from ui.widgets.controls import button, emptied, field, line, text
from ui.widgets.flow import flow
from ui.widgets.listing import Listing


class ReceiptCard(QFrame):
    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setProperty("kind", "card")
        self.day = today().date
        self.date = line(_("Day of the receipt"), day(self.day), placeholder=_("DD.MM.YYYY"))
        self.date.returnPressed.connect(self.show_day)
        self.show_button = button(_("Show"), self.show_day, name=_("Show the receipt of this day"))
        self.sums = text(kind="strong", selectable=True)
        self.problem = ErrorPanel()
        self.saved = text(kind="good", selectable=True)
        self.saved.hide()
        self.html_button = button(_("Save as HTML …"), lambda: self._ask_where("html", self._save_html))
        self.pdf_button = button(_("Save as PDF …"), lambda: self._ask_where("pdf", self._save_pdf))
        inside = QWidget()
        self._targets = QVBoxLayout(inside)
        self._targets.setContentsMargins(0, 0, 0, 0)
        self._found: ReceiptDay | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(text(_("Receipt of the day"), "heading"))
        layout.addWidget(self._asking())
        layout.addWidget(self.problem)
        layout.addWidget(self.sums)
        layout.addWidget(inside)
        layout.addWidget(flow(self.html_button, self.pdf_button))
        layout.addWidget(self.saved)

    def _asking(self) -> QWidget:
        """The button beside the field, not beside its name."""
        whole = QWidget()
        layout = QHBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(field(_("Day (DD.MM.YYYY)"), self.date))
        layout.addWidget(self.show_button, 0, Qt.AlignmentFlag.AlignBottom)
        layout.addStretch(1)
        return whole

    def show_day(self) -> None:
        try:
            self.day = calendar_day(self.date.text())
        except argparse.ArgumentTypeError:
            self.problem.tell_text(
                _("This is not a day: {text}").format(text=self.date.text() or "–"),
                _("Enter it as day, month and year, such as 01.12.2026."),
            )
            return
        self.problem.clear()
        self.saved.hide()
        self.refresh()

    def refresh(self) -> None:
        asked = self.day
        self.desk.background.ask(
            self, lambda profile: content.receipt(profile, asked), self.tell, self.problem.tell
        )

    def tell(self, found: ReceiptDay) -> None:
        if found == self._found or found.day != self.day:
            return
        self._found = found
        self.sums.setText(found.sums)
        self.sums.setAccessibleName(found.sums)
        emptied(self._targets)
        for target in found.targets:
            for part in _parts(target):
                self._targets.addWidget(part)

    def _ask_where(self, suffix: str, chosen: Callable[[Path], None]) -> None:
        """Not modal to the program: work goes on behind it."""
        name = f"{_('receipt')}-{self.day.isoformat()}.{suffix}"
        dialog = QFileDialog(self, _("Save the receipt"), str(Path.home() / name), f"*.{suffix}")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda path: chosen(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save_html(self, path: Path) -> None:
        asked = self.day
        self._busy(busy=True)
        self.desk.background.run(
            self,
            lambda profile, _job: content.save_receipt(profile, asked, path),
            done=self._told_saved,
            failed=self._failed,
            ended=lambda: self._busy(busy=False),
        )

    def _save_pdf(self, path: Path) -> None:
        asked = self.day
        self._busy(busy=True)
        self.desk.background.ask(
            self,
            lambda profile: content.receipt_page(profile, asked),
            lambda page: self._print(page, path),
            self._failed_pdf,
        )

    def _print(self, page: str, path: Path) -> None:
        from ui.printing import print_html

        print_html(page, lambda pdf: self._printed(pdf, path), self)

    def _printed(self, pdf: Pdf, path: Path) -> None:
        self.desk.background.run(
            self,
            lambda _profile, _job: write_document(path, pdf.data),
            done=self._told_saved,
            failed=self._failed,
            ended=lambda: self._busy(busy=False),
        )

    def _failed_pdf(self, error: ExpectedError) -> None:
        self._busy(busy=False)
        self._failed(error)

    def _failed(self, error: ExpectedError) -> None:
        self.saved.hide()
        self.problem.tell(error)

    def _told_saved(self, path: Path) -> None:
        self.problem.clear()
        said = _("Saved: {path}").format(path=path)
        self.saved.setText(said)
        self.saved.setAccessibleName(said)
        self.saved.show()

    def _busy(self, *, busy: bool) -> None:
        for made in (self.html_button, self.pdf_button):
            made.setEnabled(not busy)


def _parts(target: ReceiptTarget) -> list[QWidget]:
    parts: list[QWidget] = [text(target.title, "strong"), text(target.counts, selectable=True)]
    if target.lines:
        columns = (_("Time"), _("By"), _("What"), _("Record"), _("Identifier there"))
        name = _("Confirmed by {name}").format(name=target.title)
        cells = [(one.clock, one.sign, one.what, one.record, one.there) for one in target.lines]
        parts.append(Listing(name, columns, cells, wide=(2, 3, 4)))
    if target.more:
        more = _("and {count} more; all of them are in the saved receipt")
        parts.append(text(more.format(count=thousands(target.more)), "muted"))
    return parts
