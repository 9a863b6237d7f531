"""A table that people open rows of, by one click, Enter or the space bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ui.themes import touch_px

Index = QModelIndex | QPersistentModelIndex
WIDE_CHARACTERS = 24
"""What the wide column needs to be read."""
MEASURED = 50
CELL_PADDING_PX = 32


@dataclass(frozen=True, slots=True)
class Row:
    """`id` is what is opened; `cells` as many as there are columns."""

    id: str
    cells: tuple[str, ...]


class RowModel(QAbstractTableModel):
    def __init__(self, columns: Sequence[str]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self.rows: list[Row] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        shown = self.rows[index.row()].cells[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return shown
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.columns[index.column()]}: {shown}"
        return None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section]
        return None

    def replace(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def append(self, rows: Sequence[Row]) -> None:
        if rows:
            self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows) + len(rows) - 1)
            self.rows.extend(rows)
            self.endInsertRows()


class Table(QTableView):
    """`opened` carries the id of the row. The column `wide` takes what room is left; where that is too little
    to read, the columns `spare` are left out, the first of them first: opening the row shows all."""

    opened = Signal(str)

    def __init__(
        self, name: str, columns: Sequence[str], *, wide: int = 0, spare: Sequence[int] = ()
    ) -> None:
        super().__init__()
        self._wide, self._spare = wide, tuple(spare)
        self.rows = RowModel(columns)
        self.setModel(self.rows)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setAlternatingRowColors(True)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column in range(len(columns)):
            mode = (
                QHeaderView.ResizeMode.Stretch if column == wide else QHeaderView.ResizeMode.ResizeToContents
            )
            header.setSectionResizeMode(column, mode)
        self.clicked.connect(self._open)
        self._size_rows()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._size_rows()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        if not self._spare:
            return
        wanted = WIDE_CHARACTERS * self.fontMetrics().averageCharWidth()
        left = [column for column in range(len(self.rows.columns)) if column != self._wide]
        hidden: set[int] = set()
        room = self.viewport().width() - sum(self._column_width(column) for column in left)
        for column in self._spare:
            if room >= wanted:
                break
            hidden.add(column)
            room += self._column_width(column)
        for column in left:
            if self.isColumnHidden(column) != (column in hidden):
                self.setColumnHidden(column, column in hidden)

    def _column_width(self, column: int) -> int:
        """Also of one that is hidden: by what stands in it."""
        metrics, columns = self.fontMetrics(), self.rows.columns
        shown = [columns[column], *(row.cells[column] for row in self.rows.rows[:MEASURED])]
        return max(metrics.horizontalAdvance(words) for words in shown) + CELL_PADDING_PX

    def _size_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(touch_px())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Keeps the selection where its row is still there."""
        chosen = self.chosen()
        self.rows.replace(rows)
        self._fit_columns()
        if chosen is not None:
            self.choose(chosen)

    def show_at_once(self, most: int) -> None:
        """As high as its rows are, `most` of them without scrolling: for a table in a page that scrolls."""
        header = self.horizontalHeader().sizeHint().height()
        shown = min(len(self.rows.rows), most)
        height = header + shown * self.verticalHeader().defaultSectionSize() + 2 * self.frameWidth() + 4
        self.setFixedHeight(height)

    def chosen(self) -> str | None:
        index = self.currentIndex()
        return self.rows.rows[index.row()].id if index.isValid() else None

    def choose(self, wanted: str) -> None:
        for number, row in enumerate(self.rows.rows):
            if row.id == wanted:
                self.setCurrentIndex(self.rows.index(number, 0))
                return

    def _open(self, index: Index) -> None:
        if index.isValid():
            self.opened.emit(self.rows.rows[index.row()].id)
