"""What is known about one thing: names on the left, values on the right."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.widgets.controls import emptied, text


class Facts(QWidget):
    """Values can be selected and copied, and are read together with their names."""

    def __init__(self, facts: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self.tell(facts)

    def tell(self, facts: Iterable[tuple[str, str]]) -> None:
        emptied(self._grid)
        for number, (name, value) in enumerate(facts):
            left, right = text(name, "muted"), text(value or "–", selectable=True)
            left.setWordWrap(False)
            right.setAccessibleName(f"{name}: {value or '–'}")
            self._grid.addWidget(left, number, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(right, number, 1)
