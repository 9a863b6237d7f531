"""What was done to one record, the newest first, a page at a time."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldtool import history_texts
from fieldtool.history_texts import Retelling, Told
from fieldtool.operation import DeliveryState
from fieldtool.texts import _, thousands
from ui.errors import ErrorPanel
from ui.screen import Desk
from ui.widgets.controls import TextKind, button, emptied, row, text

PAGE = 20
STATE_KINDS: dict[DeliveryState, TextKind] = {
    "saved": "muted",
    "sending": "muted",
    "accepted": "good",
    "rejected": "bad",
    "conflict": "warning",
    "waiting": "muted",
}


class History(QWidget):
    """The owner says whose history, and says so again when records have changed. `restore_wanted` carries the
    id of an operation, where earlier states can be brought back."""

    restore_wanted = Signal(str)

    def __init__(self, desk: Desk, *, restorable: bool = False) -> None:
        super().__init__()
        self.desk = desk
        self._restorable = restorable
        self.setAccessibleName(_("History"))
        self._id = ""
        self._wanted = PAGE
        self._shown: Retelling | None = None
        self.problem = ErrorPanel()
        self.empty = text(_("Nothing has been recorded about this yet."), "muted")
        self.empty.hide()
        self.entries = QVBoxLayout()
        self.entries.setSpacing(16)
        self.counted = text(kind="muted")
        self.older = button(_("Show older entries"), self._show_older)
        self._more = row(self.older, self.counted)
        self._more.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for part in (self.problem, self.empty):
            layout.addWidget(part)
        layout.addLayout(self.entries)
        layout.addWidget(self._more)

    def show_record(self, entity_id: str) -> None:
        if entity_id != self._id:
            self._id, self._wanted = entity_id, PAGE
        self._ask()

    def _ask(self) -> None:
        entity_id, wanted = self._id, self._wanted
        self.desk.background.ask(
            self,
            lambda profile: (entity_id, history_texts.newest(profile.store, entity_id, wanted)),
            self._tell,
            self.problem.tell,
        )

    def _show_older(self) -> None:
        self._wanted += PAGE
        self.older.setEnabled(False)
        self._ask()

    def _tell(self, answer: tuple[str, Retelling]) -> None:
        entity_id, found = answer
        if entity_id != self._id:
            return
        self.problem.clear()
        if found != self._shown:
            self._shown = found
            emptied(self.entries)
            for index, entry in enumerate(found.entries):
                back = self._restorable and index > 0 and entry.restorable
                self.entries.addWidget(_entry(entry, self._restoring(entry) if back else None))
        self.empty.setVisible(not found.entries)
        self._more.setVisible(found.total > len(found.entries))
        self.older.setEnabled(True)
        self.counted.setText(
            _("{shown} of {total} are shown").format(
                shown=thousands(len(found.entries)), total=thousands(found.total)
            )
        )

    def _restoring(self, told: Told) -> QWidget:
        return button(
            _("Bring this state back"),
            lambda: self.restore_wanted.emit(told.id),
            kind="quiet",
            name=_("Bring back the state of {at}").format(at=told.at),
        )


def _entry(told: Told, back: QWidget | None) -> QWidget:
    whole = QWidget()
    layout = QVBoxLayout(whole)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2)
    layout.addWidget(text(told.what, "strong", selectable=True))
    layout.addWidget(text(f"{told.at} · {told.who}", "muted", selectable=True))
    said = "\n".join((*told.notes, *(change.text() for change in told.fields)))
    if said:
        layout.addWidget(text(said, selectable=True))
    for target in told.targets:
        layout.addWidget(text(target.text, STATE_KINDS[target.state], selectable=True))
    if back is not None:
        layout.addWidget(row(back, None))
    whole.setAccessibleName(f"{told.what}, {told.at}, {told.who}")
    return whole
