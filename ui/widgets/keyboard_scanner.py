"""A scanner that types like a keyboard: known by its speed, heard wherever the focus is."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

BETWEEN_KEYS_S = 0.035
"""People who type fast need about 80 ms from key to key; scanners 1 to 20 ms."""

SHORTEST = 8
SILENCE_MS = 300
"""After which a scanner that sends no end has ended; wireless ones stop for a while in between."""

TAKE_TEXT = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox, QAbstractItemView)
ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
WITH_OTHER_KEYS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


class KeyboardScanner(QObject):
    """While it listens and `entry` is visible, what is typed over a control that takes no text goes into it,
    so that the Enter at a scan's end presses nothing.

    Both signals carry what came at a scanner's speed: `ended` with Enter or Tab, `fell_silent` without.
    """

    ended = Signal(str)
    fell_silent = Signal(str)

    def __init__(self, entry: QLineEdit) -> None:
        super().__init__(entry)
        self._entry = entry
        self._over: list[QWidget] = []
        self._listening = False
        self._burst = ""
        self._last = 0.0
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.setInterval(SILENCE_MS)
        self._silence.timeout.connect(lambda: self._tell(self.fell_silent))

    def listen(self) -> None:
        """Over the control that has the focus and over the window. Not over the whole application: PySide
        cannot wrap what the web engine is made of inside, and the process would end (Qt 6.11)."""
        self.stop()
        self._over.append(self._entry.window())
        self._entry.window().installEventFilter(self)
        self._follow(None, QApplication.focusWidget())
        _application().focusChanged.connect(self._follow)
        self._listening = True

    def stop(self) -> None:
        if self._listening:
            _application().focusChanged.disconnect(self._follow)
            self._listening = False
        for widget in self._over:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._over.clear()
        self._silence.stop()
        self._burst = ""

    def _follow(self, _left: QWidget | None, reached: QWidget | None) -> None:
        for widget in self._over[1:]:
            if isValid(widget):
                widget.removeEventFilter(self)
        del self._over[1:]
        if reached is not None and reached is not self._over[0]:
            reached.installEventFilter(self)
            self._over.append(reached)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if not isinstance(watched, QWidget) or not self._listens_over(watched):
            return False
        return self._pressed(watched, event)

    def _listens_over(self, watched: QWidget) -> bool:
        if not self._entry.isVisible() or watched.window() is not self._entry.window():
            return False
        takers = (watched, QApplication.focusWidget())
        return all(one is self._entry or not isinstance(one, TAKE_TEXT) for one in takers)

    def _pressed(self, watched: QWidget, event: QKeyEvent) -> bool:
        now = event.timestamp() / 1000 or time.monotonic()
        follows = now - self._last <= BETWEEN_KEYS_S
        if event.key() in ENDS:
            return follows and self._tell(self.ended)
        letter = event.text()
        if not letter.isprintable() or not letter or event.modifiers() & WITH_OTHER_KEYS:
            return False
        if watched is not self._entry and letter == " ":
            return False
        self._burst = self._burst + letter if follows and not event.isAutoRepeat() else letter
        self._last = now
        self._silence.start()
        if watched is self._entry:
            return False
        self._entry.setFocus(Qt.FocusReason.OtherFocusReason)
        self._entry.end(False)
        self._entry.insert(letter)
        return True

    def _tell(self, end: SignalInstance) -> bool:
        self._silence.stop()
        burst, self._burst = self._burst, ""
        if len(burst) < SHORTEST:
            return False
        end.emit(burst)
        return True


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application
