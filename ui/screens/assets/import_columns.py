"""Which column of a list becomes what: suggested, changed by a person, kept in a file."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QVBoxLayout, QWidget

from fieldtool.imports.mapping import KEEP
from fieldtool.texts import _
from ui.screens.assets.import_details import LEFT_OUT, Column
from ui.widgets.controls import button, choice, emptied, text
from ui.widgets.flow import flow

LETTERS = 24


class ColumnsCard(QFrame):
    """`wanted` is a mapping of the columns that are to be read so; `loading`, `saving` and `anew` ask for a
    file, and for the suggestions."""

    wanted = Signal(dict)
    loading = Signal()
    saving = Signal()
    anew = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.boxes: dict[str, QComboBox] = {}
        self._shown: tuple[Column, ...] = ()
        self.memory = text(
            _("You have taken over a list with these columns before: they go where they went then.")
        )
        self.double = text(kind="warning")
        self._inside = QWidget()
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self.apply = button(_("Read with these columns"), self._apply, kind="primary")
        self.load = button(_("Load …"), self.loading.emit, name=_("Load a mapping of columns from a file"))
        self.save = button(_("Save …"), self.saving.emit, name=_("Save the mapping of columns as a file"))
        self.suggest = button(
            _("Suggest anew"), self.anew.emit, name=_("Forget the mapping and suggest anew")
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        for part in (
            text(_("Columns of the list"), "heading"),
            text(_("Each column goes to an attribute, stays under its own name, or is left out."), "muted"),
            self.memory,
            self._inside,
            self.double,
            flow(self.apply, self.load, self.save, self.suggest),
        ):
            layout.addWidget(part)

    def tell(
        self, columns: Sequence[Column], targets: Sequence[tuple[str, str]], *, from_memory: bool
    ) -> None:
        """Anew, with what was found."""
        self._shown = tuple(columns)
        self.memory.setVisible(from_memory)
        emptied(self._grid)
        self.boxes = {}
        for number, head in enumerate((_("Column"), _("becomes"), _("Samples"))):
            self._grid.addWidget(text(head, "muted"), 0, number)
        for number, column in enumerate(columns, start=1):
            box = choice(_("Column {name} becomes").format(name=column.name), targets, column.target)
            box.setAccessibleDescription(column.samples)
            box.setMinimumContentsLength(LETTERS)
            box.currentIndexChanged.connect(lambda _index: self._look())
            self.boxes[column.name] = box
            top = Qt.AlignmentFlag.AlignVCenter
            self._grid.addWidget(text(column.name, "strong"), number, 0, top)
            self._grid.addWidget(box, number, 1, top)
            self._grid.addWidget(text(column.samples, "muted"), number, 2, top)
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(2, 3)
        self._look()

    def mapping(self) -> dict[str, str | None]:
        return {name: box.currentData() or None for name, box in self.boxes.items()}

    def _look(self) -> None:
        titles = [
            box.currentText() for box in self.boxes.values() if box.currentData() not in (KEEP, LEFT_OUT)
        ]
        twice = sorted({title for title in titles if titles.count(title) > 1})
        self.double.setText(
            _("Two columns go to: {titles}. Please change one of them.").format(titles=", ".join(twice))
        )
        self.double.setVisible(bool(twice))
        changed = any(
            (self.boxes[column.name].currentData() or LEFT_OUT) != column.target for column in self._shown
        )
        self.apply.setEnabled(changed and not twice)

    def _apply(self) -> None:
        self.wanted.emit(self.mapping())
