"""A page of the core saved as PDF where the person says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from drivers.errors import ExpectedError
from fieldtool.documents import write_document
from fieldtool.texts import _
from ui.screen import Desk

if TYPE_CHECKING:
    from fieldtool.pdf import Pdf
    from fieldtool.profile import Profile

Page = Callable[["Profile"], str]
"""The HTML, made on a lane."""


class PdfSaver(QObject):
    """`saved` carries a Path, `failed` an ExpectedError. One at a time: `busy` meanwhile."""

    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, desk: Desk, owner: QWidget) -> None:
        super().__init__(owner)
        self._desk, self._owner = desk, owner
        self.busy = False

    def ask(self, page: Page, name: str) -> None:
        dialog = QFileDialog(self._owner, _("Save as PDF"), str(Path.home() / f"{name}.pdf"), "*.pdf")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(lambda path: self.save(page, Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(self, page: Page, path: Path) -> None:
        if self.busy:
            return
        self.busy = True
        self._desk.background.ask(self, page, lambda html: self._print(html, path), self._give_up)

    def _print(self, html: str, path: Path) -> None:
        from ui.printing import print_html

        print_html(html, lambda pdf: self._write(pdf, path), self)

    def _write(self, pdf: Pdf, path: Path) -> None:
        self._desk.background.run(
            self,
            lambda _profile, _job: write_document(path, pdf.data),
            done=self._saved,
            failed=self._give_up,
        )

    def _saved(self, path: Path) -> None:
        self.busy = False
        self.saved.emit(path)

    def _give_up(self, error: ExpectedError) -> None:
        self.busy = False
        self.failed.emit(error)
