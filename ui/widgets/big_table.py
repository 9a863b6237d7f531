"""A table of any length: only the pages near what is seen are held, and they are asked for.

While the rows of a place that was jumped to are on their way, the old picture stays for a moment: one change
of the picture instead of two.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ui.themes import touch_px
from ui.widgets.table import CELL_PADDING_PX, Index, Row

PAGE = 24
KEPT = 80
"""Pages."""
PATIENCE_MS = 80
REST_MS = 40
"""What lies beside is asked for once what is seen has been drawn."""
NARROWEST, WIDEST = 8, 36
"""Characters of a column."""
ON_ITS_WAY = "…"


class PagedModel(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.columns: tuple[str, ...] = ()
        self.sorted: tuple[int, bool] | None = None
        self.count = 0
        self._pages: OrderedDict[int, tuple[Row, ...]] = OrderedDict()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        return 0 if parent.isValid() else self.count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        return 0 if parent.isValid() else len(self.columns)

    def row(self, number: int) -> Row | None:
        """None while it is on its way."""
        page = self._pages.get(number // PAGE)
        place = number % PAGE
        return page[place] if page is not None and place < len(page) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return None
        found = self.row(index.row())
        shown = ON_ITS_WAY if found is None else found.cells[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.columns[index.column()]}: {shown}"
        return shown

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        title = self.columns[section]
        if self.sorted is None or self.sorted[0] != section:
            return title
        return f"{title} {'▼' if self.sorted[1] else '▲'}"

    def begin(self, columns: Sequence[str], count: int, first: Sequence[Row]) -> None:
        """`first` are the first rows, one page at most."""
        self.beginResetModel()
        self.columns, self.count = tuple(columns), count
        self._pages = OrderedDict({0: tuple(first)} if first else {})
        self.endResetModel()

    def has(self, page: int) -> bool:
        return page in self._pages

    def fill(self, page: int, rows: Sequence[Row]) -> None:
        self._pages[page] = tuple(rows)
        self._pages.move_to_end(page)
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)
        last = min((page + 1) * PAGE, self.count) - 1
        if last >= page * PAGE:
            self.dataChanged.emit(self.index(page * PAGE, 0), self.index(last, len(self.columns) - 1))


class BigTable(QTableView):
    """`opened` carries the id of a row, `wanted` the numbers of the pages that are to be filled, what is seen
    first; `sort_wanted` the column whose header was pressed. While `selecting`, a click or a key selects."""

    opened = Signal(str)
    wanted = Signal(list)
    sort_wanted = Signal(int)
    selected = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.selecting = False
        self._measured: Sequence[Row] = ()
        self.rows = PagedModel()
        self.setModel(self.rows)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setAlternatingRowColors(True)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.sectionClicked.connect(self.sort_wanted)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._show_what_is_there)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.look)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.look())
        self.clicked.connect(self._open)
        self.selectionModel().selectionChanged.connect(lambda _new, _old: self.selected.emit())
        self._size_rows()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._size_rows()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._size_columns()
        self.look()

    def _size_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(touch_px())

    def begin(
        self,
        columns: Sequence[str],
        count: int,
        first: Sequence[Row],
        *,
        keep: bool,
        by: tuple[int, bool] | None,
    ) -> None:
        """`keep` the place and the chosen row: it is the same table, asked again. `by`: column and whether
        descending."""
        place, current, chosen = self.verticalScrollBar().value(), self.currentIndex(), self.chosen()
        titles_stay = self.rows.columns == tuple(columns)
        self.rows.sorted = by
        self.rows.begin(columns, count, first)
        if not titles_stay:
            self._measured = tuple(first)
            self._size_columns()
        if not keep:
            self.scrollToTop()
        else:
            self.updateGeometries()
            self.verticalScrollBar().setValue(place)
            if chosen is not None and 0 <= current.row() < count:
                self.setCurrentIndex(self.rows.index(current.row(), 0))
                self.choose(chosen)
        self._show_what_is_there()
        self.look()

    def _size_columns(self) -> None:
        """What is too wide gets what the others leave."""
        metrics, letter = self.fontMetrics(), self.fontMetrics().averageCharWidth()
        wanted = []
        for column, title in enumerate(self.rows.columns):
            words = [f"{title} ▲", *(row.cells[column] for row in self._measured)]
            wide = max(metrics.horizontalAdvance(word) for word in words)
            wanted.append(max(NARROWEST * letter, wide) + CELL_PADDING_PX)
        given = [min(wide, WIDEST * letter + CELL_PADDING_PX) for wide in wanted]
        spare = self.viewport().width() - sum(given)
        for column, wide in enumerate(wanted):
            more = max(0, min(wide - given[column], spare))
            spare -= more
            self.setColumnWidth(column, given[column] + more)

    def fill(self, page: int, rows: Sequence[Row]) -> None:
        self.rows.fill(page, rows)
        if all(self.rows.has(one) for one in self._seen_pages()):
            self._show_what_is_there()
            self._rest.start()

    def look(self) -> None:
        """Asks for what is seen and not there; where all of it is, for what lies beside it."""
        seen = self._seen_pages()
        if not seen:
            return
        last = (self.rows.count - 1) // PAGE
        near = [one for one in (seen[-1] + 1, seen[0] - 1) if 0 <= one <= last]
        missing = [one for one in seen if not self.rows.has(one)]
        if missing and not self._patience.isActive():
            self.viewport().setUpdatesEnabled(False)
            self._patience.start()
        self.wanted.emit(missing or [one for one in near if not self.rows.has(one)])

    def _seen_pages(self) -> list[int]:
        if not self.rows.count:
            return []
        height = self.verticalHeader().defaultSectionSize()
        top = self.verticalScrollBar().value() // height
        bottom = min(top + self.viewport().height() // height + 1, self.rows.count - 1)
        return list(range(min(top, bottom) // PAGE, bottom // PAGE + 1))

    def _show_what_is_there(self) -> None:
        self._patience.stop()
        if not self.viewport().updatesEnabled():
            self.viewport().setUpdatesEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            super().keyPressEvent(event)
        elif self.selecting:
            index = self.currentIndex()
            way = QItemSelectionModel.SelectionFlag.Toggle | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().select(index, way)
        else:
            self._open(self.currentIndex())

    def select_many(self, on: bool) -> None:  # noqa: FBT001 - a state, not an option
        """From now on rows are selected instead of opened; what was selected is not any more."""
        self.selecting = on
        mode = QAbstractItemView.SelectionMode
        self.clearSelection()
        self.setSelectionMode(mode.MultiSelection if on else mode.SingleSelection)
        self.selected.emit()

    def selected_rows(self) -> list[tuple[int, int]]:
        """First and last row of each stretch, in order; nothing while rows are opened."""
        if not self.selecting:
            return []
        chosen = self.selectionModel().selection()
        ranges = [chosen.at(number) for number in range(chosen.count())]
        return sorted((one.top(), one.bottom()) for one in ranges)

    def chosen(self) -> str | None:
        """None also while the row is on its way."""
        index = self.currentIndex()
        found = self.rows.row(index.row()) if index.isValid() else None
        return None if found is None else found.id

    def choose(self, wanted: str) -> None:
        """Among the rows that are there."""
        for page, rows in list(self.rows._pages.items()):  # noqa: SLF001 - its own model
            for place, one in enumerate(rows):
                if one.id == wanted:
                    self.setCurrentIndex(self.rows.index(page * PAGE + place, 0))
                    return

    def _open(self, index: Index) -> None:
        if index.isValid() and not self.selecting:
            found = self.rows.row(index.row())
            if found is not None:
                self.opened.emit(found.id)
