"""The parts of the settings on the left, the chosen one beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout

from fieldtool.texts import N_, _
from ui.background import Changes
from ui.screen import Desk, View
from ui.screens.settings.section import Section


def _person(desk: Desk) -> Section:
    from ui.screens.settings.person import PersonSection

    return PersonSection(desk)


def _look(desk: Desk) -> Section:
    from ui.screens.settings.look import LookSection

    return LookSection(desk)


def _targets(desk: Desk) -> Section:
    from ui.screens.settings.targets import TargetsSection

    return TargetsSection(desk)


def _devices(desk: Desk) -> Section:
    from ui.screens.settings.receiver import ReceiverSection

    return ReceiverSection(desk)


def _data(desk: Desk) -> Section:
    from ui.screens.settings.data import DataSection

    return DataSection(desk)


def _about(desk: Desk) -> Section:
    from ui.screens.settings.about import AboutSection

    return AboutSection(desk)


SECTIONS: dict[str, tuple[str, Callable[[Desk], Section]]] = {
    "person": (N_("Person"), _person),
    "look": (N_("Display"), _look),
    "targets": (N_("Platforms"), _targets),
    "devices": (N_("Devices"), _devices),
    "data": (N_("Data"), _data),
    "about": (N_("About"), _about),
}
MARK_PX = 12
"""What the mark of the chosen one takes."""
FOR_SCHOOL = ("look", "devices", "about")
"""A school class changes neither the person nor what goes where."""


class SettingsView(View):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.buttons: dict[str, QPushButton] = {}
        self.sections: dict[str, Section] = {}
        self._stack = QStackedWidget()
        side = QFrame()
        side.setProperty("kind", "side")
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 16, 0, 8)
        column.setSpacing(2)
        for name, (title, _make) in SECTIONS.items():
            if desk.actor.role != "schule" or name in FOR_SCHOOL:
                column.addWidget(self._button(name, _(title)))
        column.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(side)
        layout.addWidget(self._stack, 1)
        self._size_side()
        desk.background.changed.connect(self._changed)

    def shown(self, where: Mapping[str, str]) -> None:
        wanted = where.get("section") or ("targets" if where.get("target") else self.current)
        self.turn_to(wanted if wanted in self.buttons else next(iter(self.buttons)), where)

    @property
    def current(self) -> str:
        return next((name for name, made in self.sections.items() if made is self._stack.currentWidget()), "")

    def turn_to(self, name: str, where: Mapping[str, str] | None = None) -> None:
        if name not in self.sections:
            self.sections[name] = SECTIONS[name][1](self.desk)
            self._stack.addWidget(self.sections[name])
        for other, made in self.buttons.items():
            made.setChecked(other == name)
        self._stack.setCurrentWidget(self.sections[name])
        self.sections[name].shown(where or {})

    def _button(self, name: str, title: str) -> QPushButton:
        made = QPushButton(title)
        made.setProperty("kind", "navigation")
        made.setCheckable(True)
        made.setAutoDefault(False)
        made.setAccessibleName(_("Settings: {section}").format(section=title))
        made.clicked.connect(lambda: self.turn_to(name))
        self.buttons[name] = made
        return made

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "buttons"):
            self._size_side()

    def _size_side(self) -> None:
        """The chosen one is set bold: it keeps its room."""
        for made in self.buttons.values():
            bold = QFont(made.font())
            bold.setWeight(QFont.Weight.DemiBold)
            words = made.text()
            more = QFontMetrics(bold).horizontalAdvance(words) - made.fontMetrics().horizontalAdvance(words)
            made.setMinimumWidth(made.sizeHint().width() + max(more, 0) + MARK_PX)

    def _changed(self, _changes: Changes) -> None:
        if self.isVisible() and self.current:
            self.sections[self.current].refresh()
