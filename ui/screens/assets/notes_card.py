"""What people noted at an asset, and another note. Nothing that stands there is changed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from fieldtool.asset_note import AssetNote
from fieldtool.policy import rights
from fieldtool.profile import Profile
from fieldtool.texts import _, local_time, thousands
from fieldtool.upkeep import noting
from ui.background import changes
from ui.errors import ErrorPanel
from ui.screen import Desk
from ui.widgets.controls import button, emptied, field, row, text

SHOWN = 20
LINES = 3


@dataclass(frozen=True, slots=True)
class Told:
    """The newest first; `more` are left out."""

    asset: str
    notes: tuple[tuple[str, str], ...]
    more: int


def told(profile: Profile, asset: str) -> Told:
    found = noting.notes(profile.store, asset)
    shown = tuple((f"{local_time(one.note.at)} · {one.who}", one.note.text) for one in found[:SHOWN])
    return Told(asset, shown, len(found) - len(shown))


class NotesCard(QWidget):
    """What is typed and not noted yet stays with its asset while the window lives."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._asset = ""
        self._drafts: dict[str, str] = {}
        self.none = text(_("Nothing is noted here yet."), "muted")
        self.notes = QVBoxLayout()
        self.notes.setSpacing(8)
        self.more = text(kind="muted")
        self.words = QPlainTextEdit()
        self.words.setTabChangesFocus(True)
        self.words.setAccessibleName(_("New note"))
        self.words.setFixedHeight(self.words.fontMetrics().lineSpacing() * LINES * 2)
        self.problem = ErrorPanel()
        self.save = button(_("Note it"), self.carry_out, name=_("Add this note"))
        self._entry = QWidget()
        entry = QVBoxLayout(self._entry)
        entry.setContentsMargins(0, 0, 0, 0)
        for part in (field(_("New note"), self.words), self.problem, row(self.save, None)):
            entry.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.none)
        layout.addLayout(self.notes)
        layout.addWidget(self.more)
        layout.addWidget(self._entry)
        if "asset.edit" not in rights(desk.actor.role):
            self._entry.hide()

    def show_asset(self, asset: str) -> None:
        if asset != self._asset:
            self._drafts[self._asset] = self.words.toPlainText()
            self._asset = asset
            self.words.setPlainText(self._drafts.pop(asset, ""))
            self.problem.clear()
            self.save.setEnabled(True)
        self.desk.background.ask(self, lambda profile: told(profile, asset), self._tell, self.problem.tell)

    def _tell(self, found: Told) -> None:
        if found.asset != self._asset:
            return
        self.none.setVisible(not found.notes)
        emptied(self.notes)
        for head, words in found.notes:
            one = QWidget()
            inside = QVBoxLayout(one)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.setSpacing(2)
            inside.addWidget(text(head, "muted", selectable=True))
            inside.addWidget(text(words, selectable=True))
            self.notes.addWidget(one)
        self.more.setVisible(found.more > 0)
        self.more.setText(_("{count} older ones are in the history").format(count=thousands(found.more)))

    def carry_out(self) -> None:
        asset, words = self._asset, self.words.toPlainText()
        self.problem.clear()
        self.save.setEnabled(False)

        def noted(_note: AssetNote) -> None:
            if asset == self._asset:
                self.words.clear()
            self._drafts.pop(asset, None)
            self.words.setFocus()

        self.desk.background.run(
            self,
            lambda profile, _job: noting.note(profile, asset, words),
            done=noted,
            failed=self.problem.tell,
            ended=lambda: self.save.setEnabled(True),
            touches=changes("asset", "asset_note"),
        )
