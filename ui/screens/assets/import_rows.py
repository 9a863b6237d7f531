"""The rows of a list one by one: what would happen to each, field by field, and whether it is to happen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QVBoxLayout, QWidget

from fieldtool.imports.choosing import WRITING, Choice
from fieldtool.imports.matching import Outcome
from fieldtool.texts import _, thousands
from ui.screens.assets.import_details import CHOOSABLE, EDITED, KINDS, SHOWN, RowsPage, RowView
from ui.widgets.controls import button, choice, emptied, field, text
from ui.widgets.flow import flow

LETTERS = 30


class RowsCard(QFrame):
    """`asked` for some rows of a kind, from a place on; `chosen` whenever another choice was made."""

    asked = Signal(str, int)
    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._off: set[str] = {EDITED}
        self._others: dict[str, set[tuple[int, int]]] = defaultdict(set)
        self._page: RowsPage | None = None
        self._counts: dict[str, int] = {}
        self.checks: list[QCheckBox] = []
        self.kinds = choice(_("Which rows"), [])
        self.kinds.setMinimumContentsLength(LETTERS)
        self.kinds.activated.connect(lambda _index: self._ask(0))
        self.all = button(
            _("All of these"), lambda: self._turn(on=True), name=_("Take over all of these rows")
        )
        self.none = button(
            _("None of these"), lambda: self._turn(on=False), name=_("Take over none of these rows")
        )
        self.said = text(kind="muted")
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.earlier = button(_("Earlier rows"), lambda: self._move(-SHOWN))
        self.later = button(_("More rows"), lambda: self._move(SHOWN))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        for part in (
            text(_("Rows and differences"), "heading"),
            flow(field(_("Which rows"), self.kinds), self.all, self.none),
            self.said,
            self._inside,
            flow(self.earlier, self.later),
        ):
            layout.addWidget(part)

    def begin(self, kinds: Sequence[tuple[str, int]]) -> None:
        """Of another list: everything is wanted, but nothing that a person has edited."""
        self._off, self._page = {EDITED}, None
        self._counts = {kind: count for kind, count in kinds if kind in CHOOSABLE}
        self._others.clear()
        self.kinds.clear()
        for kind, count in kinds:
            self.kinds.addItem(f"{_(KINDS[kind])} ({thousands(count)})", kind)
        emptied(self._column)
        self.checks = []

    def ask_again(self) -> None:
        self._ask(0 if self._page is None else self._page.first)

    def choices(self, parts: int) -> tuple[Choice, ...]:
        """One per list of the file."""
        others: dict[int, set[int]] = defaultdict(set)
        for rows in self._others.values():
            for part, row in rows:
                others[part].add(row)
        only: frozenset[Outcome] = frozenset(one for one in WRITING if one not in self._off)
        edited = EDITED not in self._off
        return tuple(
            Choice(only=only, overwrite_edited=edited, others=frozenset(others[part]))
            for part in range(parts)
        )

    def count(self) -> int:
        """How many rows would be written."""
        return sum(
            len(self._others[kind]) if kind in self._off else count - len(self._others[kind])
            for kind, count in self._counts.items()
        )

    def tell(self, page: RowsPage) -> None:
        self._page = page
        emptied(self._column)
        self.checks = []
        for one in page.rows:
            self._column.addWidget(self._row(one))
        last = page.first + len(page.rows)
        self.said.setText(
            _("{first} to {last} of {total}").format(
                first=thousands(page.first + 1), last=thousands(last), total=thousands(page.total)
            )
            if page.rows
            else _("There are no such rows.")
        )
        self.earlier.setVisible(page.first > 0)
        self.later.setVisible(last < page.total)
        choosable = page.kind in CHOOSABLE
        self.all.setVisible(choosable)
        self.none.setVisible(choosable)

    def _row(self, one: RowView) -> QWidget:
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        if one.kind in CHOOSABLE:
            box = QCheckBox(one.title)
            box.setAccessibleName(one.title)
            box.setAccessibleDescription("; ".join((*one.differences, one.note)))
            box.setChecked(self._is_on(one))
            box.toggled.connect(lambda on, one=one: self._set(one, on=on))
            self.checks.append(box)
            layout.addWidget(box)
        else:
            layout.addWidget(text(one.title, "strong", selectable=True))
        for words in (*one.differences, one.note):
            if words:
                layout.addWidget(text(words, selectable=True))
        return whole

    def _is_on(self, one: RowView) -> bool:
        return (one.kind not in self._off) != ((one.part, one.row) in self._others[one.kind])

    def _set(self, one: RowView, *, on: bool) -> None:
        if on == (one.kind not in self._off):
            self._others[one.kind].discard((one.part, one.row))
        else:
            self._others[one.kind].add((one.part, one.row))
        self.chosen.emit()

    def _turn(self, *, on: bool) -> None:
        """All rows of this kind, also those on other pages."""
        page = self._page
        if page is None:
            return
        self._off = self._off - {page.kind} if on else self._off | {page.kind}
        self._others[page.kind].clear()
        for box in self.checks:
            box.blockSignals(True)
            box.setChecked(on)
            box.blockSignals(False)
        self.chosen.emit()

    def _ask(self, first: int) -> None:
        kind = self.kinds.currentData()
        if kind is not None:
            self.asked.emit(str(kind), max(0, first))

    def _move(self, by: int) -> None:
        if self._page is not None:
            self._ask(self._page.first + by)
