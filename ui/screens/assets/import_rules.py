"""The rules by which a list was cleaned, with what each did; each can be switched off."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QVBoxLayout, QWidget

from fieldtool.texts import _
from ui.screens.assets.import_details import Rule
from ui.widgets.controls import button, emptied, text
from ui.widgets.flow import flow
from ui.widgets.tick import tick


class RulesCard(QFrame):
    """`wanted` are the rules that are not."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.checks: dict[str, QCheckBox] = {}
        self._shown: tuple[Rule, ...] = ()
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.apply = button(_("Read with these rules"), self._apply, kind="primary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.addWidget(text(_("Cleaning"), "heading"))
        layout.addWidget(inside)
        layout.addWidget(flow(self.apply))

    def tell(self, rules: Sequence[Rule]) -> None:
        self._shown = tuple(rules)
        emptied(self._column)
        self.checks = {}
        for rule in rules:
            whole, box = tick(rule.title)
            box.setAccessibleDescription("; ".join(rule.did))
            box.setChecked(rule.on)
            box.toggled.connect(lambda _on: self._look())
            self.checks[rule.key] = box
            self._column.addWidget(whole)
            for words in rule.did:
                self._column.addWidget(text(words, "muted"))
        self._look()

    def _off(self) -> frozenset[str]:
        return frozenset(key for key, box in self.checks.items() if not box.isChecked())

    def _look(self) -> None:
        self.apply.setEnabled(self._off() != frozenset(rule.key for rule in self._shown if not rule.on))

    def _apply(self) -> None:
        self.wanted.emit(self._off())
