"""The serial ports of this machine, looked at again and again while somebody looks."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from ui.screen import Desk, Port
from ui.screens.devices import content

PERIOD_MS = 1000


class PortWatch(QObject):
    """`found` comes when they are other than before, and once at the beginning."""

    found = Signal(tuple)

    def __init__(self, desk: Desk, looker: QWidget) -> None:
        super().__init__(looker)
        self._desk, self._looker = desk, looker
        self._asking = False
        self.ports: tuple[Port, ...] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(PERIOD_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        QTimer.singleShot(0, self, self.look)

    def look(self) -> None:
        if self._asking or not self._looker.isVisible():
            return
        self._asking = True
        extra = self._desk.extra_ports
        self._desk.background.run(
            self,
            lambda _profile, _job: content.ports(extra),
            lane="ports",
            done=self._arrived,
            ended=self._over,
        )

    def _arrived(self, ports: tuple[Port, ...]) -> None:
        if ports != self.ports:
            self.ports = ports
            self.found.emit(ports)

    def _over(self) -> None:
        self._asking = False
