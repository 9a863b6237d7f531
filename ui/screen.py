"""What a screen is, and what it is given. One package in ui/screens exports one SCREEN."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.background import Background
from ui.preferences import Preferences

if TYPE_CHECKING:
    from fieldtool.operation import Actor, Role

STAFF: tuple[Role, ...] = ("technik", "bestand")
EVERYBODY: tuple[Role, ...] = ("technik", "bestand", "schule")


@dataclass(frozen=True, slots=True)
class Port:
    """Where a device can be: a serial port's path, and what it is called."""

    device: str
    title: str


class Desk(QObject):
    """What all screens share. `extra_ports` are those of simulated devices. `go` is asked for another screen
    with what is to be shown there, as `go("tickets", id=…)`; `actor` is who works here."""

    wanted = Signal(str, dict)
    preferences_changed = Signal(Preferences)
    offline_changed = Signal()

    def __init__(self, background: Background, preferences: Preferences, actor: Actor) -> None:
        super().__init__()
        self.background = background
        self.preferences = preferences
        self.actor = actor
        self.offline = False
        self.extra_ports: tuple[Port, ...] = ()

    def tell_offline(self, offline: bool) -> None:  # noqa: FBT001 - a state, not an option
        """What the last sync saw: being offline is a state, no error."""
        if offline != self.offline:
            self.offline = offline
            self.offline_changed.emit()

    def go(self, screen: str, **where: str) -> None:
        self.wanted.emit(screen, where)


class View(QWidget):
    """A screen's widget. `shown` comes each time it is turned to, with what `Desk.go` was given; it is where
    a view asks for its data. It also refreshes on `desk.background.changed` while it is visible."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def shown(self, where: Mapping[str, str]) -> None:
        raise NotImplementedError

    def home(self) -> None:
        """Asked for by turning to the screen that is shown already: back to where it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """`title` is marked with N_; `icon` names a file of resources/icons; `order` is its place in the
    navigation. `make` imports what the view needs, so that listing the screens loads none."""

    title: str
    icon: str
    order: int
    roles: tuple[Role, ...]
    make: Callable[[Desk], View]
