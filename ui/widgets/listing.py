"""A small table to read, in which nothing is opened: every value wraps, none is cut off."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.widgets.controls import text


class Listing(QWidget):
    """`wide` columns share the room that is left. Each value is read together with its row (the first cell)
    and its column."""

    def __init__(
        self, name: str, heads: Sequence[str], rows: Sequence[Sequence[str]], *, wide: Sequence[int]
    ) -> None:
        super().__init__()
        self.setAccessibleName(name)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        top = Qt.AlignmentFlag.AlignTop
        for column, head in enumerate(heads):
            grid.addWidget(text(head, "muted"), 0, column, top)
            grid.setColumnStretch(column, 1 if column in wide else 0)
        for number, cells in enumerate(rows, start=1):
            for column, value in enumerate(cells):
                shown = text(value or "–", selectable=True)
                shown.setWordWrap(column in wide)
                shown.setAccessibleName(f"{heads[column]}: {value or '–'}")
                if column:
                    shown.setAccessibleDescription(cells[0])
                grid.addWidget(shown, number, column, top)
