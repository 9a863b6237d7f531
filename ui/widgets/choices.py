"""A list of values to choose from, as it is put together: one row each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from fieldtool.texts import _
from ui.widgets.controls import button, line, row


@dataclass(frozen=True, slots=True)
class Choice:
    """`key` is empty for one that was added here."""

    key: str
    de: str
    en: str


@dataclass(frozen=True, slots=True)
class _Row:
    key: str
    de: QLineEdit
    en: QLineEdit
    whole: QWidget


class ChoiceRows(QWidget):
    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[_Row] = []
        self._column = QVBoxLayout()
        self.add = button(_("Add a value"), self._add_row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._column)
        layout.addWidget(row(self.add, None))

    def show_choices(self, choices: Iterable[Choice]) -> None:
        for one in list(self.rows):
            self._drop(one)
        for choice in choices:
            self._append(choice)
        if not self.rows:
            self._append(Choice("", "", ""))

    def choices(self) -> tuple[Choice, ...]:
        return tuple(Choice(one.key, one.de.text(), one.en.text()) for one in self.rows)

    def controls(self) -> list[QWidget]:
        found: list[QWidget] = []
        for one in self.rows:
            found += [one.de, one.en, *one.whole.findChildren(QPushButton)]
        return [*found, self.add]

    def _add_row(self) -> None:
        self._append(Choice("", "", ""))
        self.rows[-1].de.setFocus()
        self.edited.emit()

    def _append(self, choice: Choice) -> None:
        number = len(self.rows) + 1
        names = _("Value {number} (German)"), _("Value {number} (English)")
        de, en = (
            line(name.format(number=number), words)
            for name, words in zip(names, (choice.de, choice.en), strict=True)
        )
        de.setPlaceholderText(_("German"))
        en.setPlaceholderText(_("English; may stay empty"))
        away = button(_("Remove"), name=_("Remove value {number}").format(number=number))
        made = _Row(choice.key, de, en, row(de, en, away))
        before = self.controls()
        self.rows.append(made)
        self._column.addWidget(made.whole)
        away.clicked.connect(lambda _checked=False: self._remove(made))
        for control in (de, en):
            control.textChanged.connect(lambda _words: self.edited.emit())
        chain = [*before[-2:-1], de, en, away, self.add]
        for first, second in pairwise(chain):
            QWidget.setTabOrder(first, second)

    def _remove(self, one: _Row) -> None:
        self._drop(one)
        self.add.setFocus()
        self.edited.emit()

    def _drop(self, one: _Row) -> None:
        self.rows.remove(one)
        self._column.removeWidget(one.whole)
        one.whole.hide()
        one.whole.setParent(None)
        one.whole.deleteLater()
