"""What is asked beside the list: one condition more, which columns, and how many there are of each value."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QStackedWidget, QVBoxLayout, QWidget

from drivers.errors import ExpectedError
from fieldtool.asset_columns import typed_condition
from fieldtool.asset_query import Condition, Test
from fieldtool.texts import N_, _, thousands
from ui.errors import ErrorPanel
from ui.screens.assets.listing import ColumnChoice, GroupLine
from ui.widgets.controls import button, choice, emptied, field, line, row, text
from ui.widgets.flow import FlowLayout
from ui.widgets.table import Row, Table

TESTS: tuple[tuple[Test, str], ...] = (
    ("contains", N_("contains")),
    ("equals", N_("is")),
    ("between", N_("from – to")),
    ("empty", N_("is missing")),
)


class Panel(QFrame):
    """`left` when it is to be closed."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.setSpacing(8)


class FilterPanel(Panel):
    added = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._class, self._columns = "", dict[str, ColumnChoice]()
        self.columns = choice(_("Column"), [])
        self.tests = choice(_("Condition of the filter"), [(name, _(words)) for name, words in TESTS])
        self.value = line(_("Value"))
        self.values = choice(_("Value to choose"), [])
        self.lowest, self.highest = line(_("From (lowest)")), line(_("To (highest)"))
        self.given = QStackedWidget()
        for part in (self.value, self.values, row(self.lowest, self.highest), QWidget()):
            self.given.addWidget(part)
        self.problem = ErrorPanel()
        self.add = button(_("Add the filter"), self._add, kind="primary")
        self.close_it = button(_("Close"), self.left.emit)
        self.body.addWidget(
            row(
                field(_("C&olumn"), self.columns),
                field(_("Con&dition"), self.tests),
                field(_("&Value"), self.given),
            )
        )
        self.body.addWidget(self.problem)
        self.body.addWidget(row(self.add, self.close_it, None))
        self.columns.currentIndexChanged.connect(lambda _index: self._fit())
        self.tests.currentIndexChanged.connect(lambda _index: self._fit())
        for edit in (self.value, self.lowest, self.highest):
            edit.returnPressed.connect(self._add)

    def offer(self, asset_class: str, columns: Sequence[ColumnChoice]) -> None:
        chosen = self.columns.currentData()
        self._class = asset_class
        self._columns = {one.column: one for one in columns if one.sortable}
        with QSignalBlocker(self.columns):
            self.columns.clear()
            for one in self._columns.values():
                self.columns.addItem(one.title, one.column)
            self.columns.setCurrentIndex(max(self.columns.findData(chosen), 0))
        self._fit()

    def _fit(self) -> None:
        one = self._columns.get(self.columns.currentData())
        test: Test = self.tests.currentData()
        if one is not None and one.choices and test == "contains":
            self.tests.setCurrentIndex(self.tests.findData("equals"))
            return
        if one is not None and test == "equals" and one.choices:
            self.values.clear()
            for value, words in one.choices:
                self.values.addItem(words, value)
            self.given.setCurrentIndex(1)
        else:
            self.given.setCurrentIndex({"between": 2, "empty": 3}.get(test, 0))

    def _add(self) -> None:
        self.problem.clear()
        column, test = self.columns.currentData(), self.tests.currentData()
        given: tuple[str, ...] = (self.value.text(),)
        if self.given.currentIndex() == 1:
            given = (self.values.currentData(),)
        elif test == "between":
            given = (self.lowest.text(), self.highest.text())
        try:
            found: Condition = typed_condition(self._class or None, column, test, given)
        except ExpectedError as error:
            self.problem.tell(error)
            return
        for edit in (self.value, self.lowest, self.highest):
            edit.clear()
        self.added.emit(found)


class ColumnsPanel(Panel):
    """`chosen` carries the columns in their order."""

    chosen = Signal(tuple)

    def __init__(self) -> None:
        super().__init__()
        boxes = QWidget()
        self._flow = FlowLayout(boxes)
        policy = boxes.sizePolicy()
        policy.setHeightForWidth(True)
        boxes.setSizePolicy(policy)
        self.boxes: dict[str, QCheckBox] = {}
        self.close_it = button(_("Close"), self.left.emit)
        self.body.addWidget(row(text(_("Which columns the list shows"), "strong"), None, self.close_it))
        self.body.addWidget(boxes)

    def offer(self, columns: Sequence[ColumnChoice], shown: Sequence[str]) -> None:
        if list(self.boxes) != [one.column for one in columns]:
            emptied(self._flow)
            self.boxes = {}
            before: QWidget = self.close_it
            for one in columns:
                box = QCheckBox(one.title)
                box.setAccessibleName(one.title)
                box.toggled.connect(lambda _on: self._tell())
                self.boxes[one.column] = box
                self._flow.addWidget(box)
                self.setTabOrder(before, box)
                before = box
        for column, box in self.boxes.items():
            with QSignalBlocker(box):
                box.setChecked(column in shown)

    def _tell(self) -> None:
        wanted = tuple(column for column, box in self.boxes.items() if box.isChecked())
        if wanted:
            self.chosen.emit(wanted)


class GroupPanel(Panel):
    """`asked` carries the column that is to be counted, `added` the condition of the opened group."""

    asked = Signal(str)
    added = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[GroupLine, ...] = ()
        self.columns = choice(_("Group by"), [])
        self.table = Table(_("Groups"), [_("Value"), _("Number of assets")], wide=0)
        self.close_it = button(_("Close"), self.left.emit)
        self.body.addWidget(row(field(_("&Group by"), self.columns), None, self.close_it))
        self.body.addWidget(text(_("Open a group to see only its assets."), "muted"))
        self.body.addWidget(self.table, 1)
        self.columns.currentIndexChanged.connect(lambda _index: self.ask())
        self.table.opened.connect(lambda number: self.added.emit(self._lines[int(number)].condition))

    def offer(self, columns: Sequence[ColumnChoice]) -> None:
        chosen = self.columns.currentData()
        with QSignalBlocker(self.columns):
            self.columns.clear()
            for one in columns:
                if one.sortable:
                    self.columns.addItem(one.title, one.column)
            attributes = [one.column for one in columns if one.column.startswith(".")]
            first = attributes[0] if attributes else None
            self.columns.setCurrentIndex(max(self.columns.findData(chosen or first), 0))

    def ask(self) -> None:
        if self.columns.currentData() is not None:
            self.asked.emit(self.columns.currentData())

    def tell(self, found: tuple[GroupLine, ...]) -> None:
        self._lines = found
        self.table.show_rows(
            [Row(str(number), (one.text, thousands(one.count))) for number, one in enumerate(found)]
        )
