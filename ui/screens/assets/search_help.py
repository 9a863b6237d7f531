"""Beside the search: a code or a number leads straight to the record, and on demand words are forgiven."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from fieldtool.finding import find
from fieldtool.labels.masking import masked
from fieldtool.naming import device_text
from fieldtool.profile import Profile
from fieldtool.similar import Suggestion, similar, told_instead
from fieldtool.texts import _
from ui.background import Job
from ui.screen import Desk
from ui.widgets.controls import button, row, text


@dataclass(frozen=True, slots=True)
class Meant:
    """`asset` is the one record that was meant, `said` what else there is to know."""

    asset: str = ""
    said: str = ""


def meant(profile: Profile, code: str) -> Meant:
    found = find(profile.store, code)
    if len(found.assets) == 1:
        return Meant(found.assets[0].id)
    if found.device is not None:
        told = _("{device} is known, but not mounted on anything.")
        return Meant(said=told.format(device=device_text(found.device)))
    if found.read_as == "device":
        told = _("No device with the DevEUI {text} is known here. Put it into service in “Devices”.")
        return Meant(said=told.format(text=found.text))
    if found.read_as == "id":
        return Meant(said=_("This is the code of a record that is not in this profile."))
    return Meant()


class SearchHelp(QWidget):
    """`opened` carries the id of an asset, `failed` an ExpectedError."""

    opened = Signal(str)
    failed = Signal(object)

    def __init__(self, desk: Desk, search: QLineEdit) -> None:
        super().__init__()
        self.desk, self.search = desk, search
        self._asking: Job[Meant] | Job[Suggestion | None] | None = None
        self.said = text(kind="muted", selectable=True)
        self.similar = button(_("Search for similar words"), self.forgive)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.said)
        layout.addWidget(row(self.similar, None))
        self.search.returnPressed.connect(self.go)
        self.search.textEdited.connect(lambda _text: self._tell(""))
        self.offer(nothing=False)
        self._tell("")

    def offer(self, *, nothing: bool) -> None:
        """`nothing`: what is searched has no hits."""
        self.similar.setVisible(nothing and bool(self.search.text().strip()))
        self._show()

    def go(self) -> None:
        code = self.search.text().strip()
        if not code:
            return
        if masked(code) != code:
            self.search.setText(masked(code))  # a key is not left on the screen
        self._asking = self.desk.background.ask(
            self, lambda profile: meant(profile, code), self._lead, self.failed.emit
        )

    def forgive(self) -> None:
        words = self.search.text().strip()
        self._asking = self.desk.background.ask(
            self, lambda profile: similar(profile.store, words), self._suggest, self.failed.emit
        )

    def _lead(self, found: Meant) -> None:
        if found.asset:
            self.opened.emit(found.asset)
        else:
            self._tell(found.said)

    def _suggest(self, found: Suggestion | None) -> None:
        if found is None:
            self._tell(_("Nothing here is spelt like that either."))
            return
        self.search.setText(found.text)
        self._tell("\n".join(told_instead(found)))
        self.search.setFocus()

    def _tell(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))
        self._show()

    def _show(self) -> None:
        self.setVisible(bool(self.said.text()) or self.similar.isVisibleTo(self))
