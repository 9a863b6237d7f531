"""Cycles of objects are searched for in the window's thread only.

Python does so in whatever thread happens to make objects. Where that is a worker, and what it finds is
connected to a signal, PySide takes the connection apart under a lock of Qt's and then waits for the
interpreter, while the window's thread has the interpreter and waits for that lock: neither goes on.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 1000
MANY = 100_000
"""New objects since the last search: while they still grow in number a list is being taken over."""
OLD_AFTER = 60
"""So many searches among the middle-aged before one among all, which takes longest."""

_running: list[GarbageSearch] = []


class GarbageSearch(QObject):
    """From its making until `end`; several may run at once."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        _running.append(self)
        gc.disable()
        self._seen = 0
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.search)
        self._timer.start()

    def search(self) -> None:
        young, middle, old = gc.get_count()
        if young > MANY and young > self._seen:
            self._seen = young
            return
        self._seen = 0
        least_young, least_middle, _old = gc.get_threshold()
        if old > OLD_AFTER:
            gc.collect(2)
        elif middle > least_middle:
            gc.collect(1)
        elif young > least_young:
            gc.collect(0)

    def end(self) -> None:
        """When no other thread works for the window any more."""
        self._timer.stop()
        if self in _running:
            _running.remove(self)
        if not _running:
            gc.enable()
