"""The shell: navigation on the left, the screen, the status bar. Nothing else lives here."""

from __future__ import annotations

import base64
import importlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QPaintEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from drivers import discovery
from drivers.discovery import ModuleBroken
from drivers.errors import ExpectedError
from fieldtool.texts import N_, _
from ui import icons, screens, themes
from ui.background import Job
from ui.keys import KeyMap
from ui.preferences import SEPARATOR, Preferences, write_preferences
from ui.screen import Desk, Screen, View
from ui.status import StatusBar
from ui.widgets.controls import icon_size, text

if TYPE_CHECKING:
    from fieldtool.operation import Actor

ZOOM_KEYS = (("Ctrl++", 1), ("Ctrl+=", 1), ("Ctrl+-", -1), ("Ctrl+0", 0))
KEYS: tuple[tuple[str, str], ...] = (
    ("F1", N_("show this map of keys")),
    ("Strg+1 … Strg+9", N_("turn to a screen")),
    ("Tab, Umschalt+Tab", N_("to the next control, to the one before")),
    ("Leertaste, Eingabe", N_("press a button, open a row")),
    ("Strg++, Strg+-, Strg+0", N_("larger, smaller, 100 %")),
    ("F5", N_("synchronise now")),
    ("Strg+K", N_("to the navigation")),
    ("Esc", N_("close a map of keys or a choice")),
    ("Strg+Q", N_("quit Fieldtool")),
)


def listed_screens() -> tuple[dict[str, Screen], list[ModuleBroken]]:
    """By name in the order of the navigation, and those that could not be loaded."""
    found, broken = discovery.load_all(screens, "SCREEN", Screen)
    return dict(sorted(found.items(), key=lambda item: item[1].order)), broken


def load_views(names: Sequence[str], job: Job[None]) -> None:
    """One that does not load is told when it is turned to."""
    from fieldtool.reading_ahead import read_ahead

    for _name in read_ahead():
        job.check()
    for name in names:
        job.check()
        with suppress(ImportError):
            importlib.import_module(f"ui.screens.{name}.view")


class Broken(View):
    """A screen that does not load is seen, never missing."""

    def __init__(self, desk: Desk, error: ModuleBroken) -> None:
        super().__init__(desk)
        layout = QVBoxLayout(self)
        layout.addWidget(text(_("This screen could not be loaded."), "title"))
        layout.addWidget(text(f"{error.module}: {error.cause}", selectable=True))
        layout.addStretch(1)

    def shown(self, where: Mapping[str, str]) -> None:
        pass


class Window(QMainWindow):
    """`rebuilt` says that the window is to be built anew (another language, another person); `painted` comes
    once, when it can be seen."""

    rebuilt = Signal()
    painted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setWindowTitle("Fieldtool")
        self.setMinimumSize(960, 600)
        self.screens, self.broken = listed_screens()
        self._views: dict[str, View] = {}
        self._stack = QStackedWidget()
        self.buttons: dict[str, QPushButton] = {}
        self.status = StatusBar(desk)
        self._build()
        self._keys()
        self.seen = False
        self.painted.connect(self.status.refresh)
        desk.wanted.connect(self.turn_to)
        desk.preferences_changed.connect(self.prefer)
        self._restore()

    @property
    def preferences(self) -> Preferences:
        return self.desk.preferences

    @property
    def current(self) -> str:
        return next((name for name, view in self._views.items() if view is self._stack.currentWidget()), "")

    def view(self, name: str) -> View:
        """Made when it is first turned to."""
        if name not in self._views:
            self._views[name] = self._made(name)
            self._stack.addWidget(self._views[name])
        return self._views[name]

    def _made(self, name: str) -> View:
        if name in self.screens:
            try:
                return self.screens[name].make(self.desk)
            except ImportError as error:
                return Broken(self.desk, ModuleBroken(f"ui.screens.{name}", str(error)))
        missing = ModuleBroken(f"ui.screens.{name}", "–")
        return Broken(self.desk, next((one for one in self.broken if one.module == missing.module), missing))

    def turn_to(self, name: str, where: Mapping[str, str] | None = None) -> None:
        view = self.view(name)
        self._stack.setCurrentWidget(view)
        self._mark(name)
        view.shown(where or {})

    def _mark(self, name: str) -> None:
        """Not an exclusive group: there the Tab key would pass all but one by."""
        for other, made in self.buttons.items():
            made.setChecked(other == name)

    def _build(self) -> None:
        centre = QWidget()
        self.setCentralWidget(centre)
        whole = QVBoxLayout(centre)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._navigation())
        middle.addWidget(self._stack, 1)
        self._whole = whole
        whole.addLayout(middle, 1)
        whole.addWidget(self.status)

    def press(self, name: str) -> None:
        """By its button or its key: twice leads to the screen's beginning."""
        if self.current == name:
            self.view(name).home()
        self.turn_to(name)

    def put_on_top(self, bar: QWidget) -> None:
        """Above everything, for as long as the window lives."""
        self._whole.insertWidget(0, bar)

    def _navigation(self) -> QWidget:
        side = QFrame()
        side.setProperty("kind", "side")
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(2)
        role = self.desk.actor.role
        for name, screen in self.screens.items():
            if role in screen.roles:
                column.addWidget(self._navigation_button(name, _(screen.title), screen.icon))
        for error in self.broken:
            name = error.module.rsplit(".", 1)[1]
            column.addWidget(self._navigation_button(name, f"{name} (!)", "help"))
        column.addStretch(1)
        self._inside = side
        scroll = QScrollArea()
        scroll.setWidget(side)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._side = scroll
        return scroll

    def _navigation_button(self, name: str, title: str, icon: str) -> QPushButton:
        made = QPushButton(title)
        made.setProperty("kind", "navigation")
        made.setProperty("icon-name", icon)
        made.setCheckable(True)
        number = len(self.buttons) + 1
        key = f" (Strg+{number})" if number < 10 else ""
        made.setAccessibleName(title)
        made.setAccessibleDescription(_("Screen {title}").format(title=title) + key)
        made.clicked.connect(lambda: self.press(name))
        self.buttons[name] = made
        return made

    def _keys(self) -> None:
        for number, name in enumerate(list(self.buttons)[:9], start=1):
            self._key(f"Ctrl+{number}", lambda name=name: self.press(name))
        for sequence, steps in ZOOM_KEYS:
            self._key(sequence, lambda steps=steps: self.prefer(self.preferences.zoomed(steps)))
        self._key("F1", self.show_keys)
        self._key("F5", lambda: self.turn_to("sync", {"start": "1"}))
        self._key("Ctrl+K", self.focus_navigation)
        self._key("Ctrl+F", lambda: self.turn_to("assets", {"find": "1"}))
        self._key("Ctrl+Q", self.close)

    def _key(self, sequence: str, act: object) -> None:
        shortcut = QShortcut(QKeySequence(sequence), self)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(act)

    def show_keys(self) -> None:
        KeyMap([(keys, _(what)) for keys, what in KEYS], self).open()

    def focus_navigation(self) -> None:
        first = next(iter(self.buttons.values()))
        self.buttons.get(self.current, first).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def prefer(self, preferences: Preferences) -> None:
        """Applies and keeps. Raises the store's errors of a full disk: they are told in the status bar."""
        before = self.preferences
        self.desk.preferences = preferences
        self._keep()
        if preferences.language != before.language:
            self.rebuilt.emit()
            return
        if _look(preferences) != _look(before):
            self.look()

    def load_ahead(self) -> None:
        """The views of the screens, elsewhere: turning to one for the first time then holds nothing up."""
        names = [name for name in self.buttons if name in self.screens]
        self.desk.background.run(self, lambda _profile, job: load_views(names, job), lane="ports")

    def remember(self, actor: Actor) -> None:
        """For the next start."""
        person = SEPARATOR.join((actor.id, actor.name, actor.sign, actor.role))
        if person != self.preferences.person:
            self.desk.preferences = replace(self.preferences, person=person)
            self._keep()

    def look(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            themes.apply(app, self.preferences)
        colour = themes.THEMES[self.preferences.theme].text
        for made in self.buttons.values():
            made.setIcon(icons.icon(made.property("icon-name"), colour))
            made.setIconSize(icon_size(made))
        bar = self._side.verticalScrollBar().sizeHint().width()
        self._side.setMinimumWidth(self._inside.sizeHint().width() + bar)

    def _keep(self) -> None:
        try:
            write_preferences(self.desk.background.place.directory, self.preferences)
        except ExpectedError as error:
            self.status.tell_problem(error)

    def _restore(self) -> None:
        geometry = self.preferences.geometry
        if not (geometry and self.restoreGeometry(QByteArray(base64.b64decode(geometry)))):
            self.resize(1280, 800)
        self.look()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        if not self.seen:
            self.seen = True
            QTimer.singleShot(0, self, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        geometry = base64.b64encode(bytes(self.saveGeometry().data())).decode()
        self.desk.preferences = replace(self.preferences, geometry=geometry, screen=self.current)
        self._keep()
        super().closeEvent(event)


def _look(preferences: Preferences) -> tuple[object, ...]:
    return preferences.theme, preferences.glove, preferences.zoom
