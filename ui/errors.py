"""The only place where an error becomes something that people see.

An expected error is told beside what failed: what happened, and what to do next. Everything else is a bug of
ours and reaches the one crash dialog; what the person did is committed by then.
"""

from __future__ import annotations

import platform
import sys
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from drivers.errors import ExpectedError
from fieldtool.texts import _
from ui.widgets.controls import button, row, text


class ErrorPanel(QFrame):
    """Hidden while there is nothing to tell. `action`, where given, is what can be done at once; `remedies`
    are such actions that belong to a kind of error wherever it is told."""

    remedies: ClassVar[dict[type[ExpectedError], tuple[str, Callable[[], object]]]] = {}

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "error")
        self.message = text(kind="strong", selectable=True)
        self.advice = text(selectable=True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 12, 16, 12)
        self._layout.addWidget(self.message)
        self._layout.addWidget(self.advice)
        self._action: QWidget | None = None
        self.code = ""
        self.hide()

    def tell(self, error: ExpectedError, action: tuple[str, Callable[[], object]] | None = None) -> None:
        from fieldtool.explain import explain

        told = explain(error)
        self.code = told.code
        self.tell_text(told.message, told.advice, action or self.remedies.get(type(error)))

    def tell_text(
        self, message: str, advice: str = "", action: tuple[str, Callable[[], object]] | None = None
    ) -> None:
        self._drop_action()
        self.message.setText(message)
        self.message.setAccessibleName(_("Error: {text}").format(text=message))
        self.advice.setText(advice)
        self.advice.setAccessibleName(advice)
        self.advice.setVisible(bool(advice))
        if action is not None:
            self._action = row(button(action[0], action[1]), None)
            self._layout.addWidget(self._action)
        self.show()

    def clear(self) -> None:
        self._drop_action()
        self.code = ""
        self.hide()

    def _drop_action(self) -> None:
        if self._action is not None:
            self._action.hide()
            self._action.deleteLater()
            self._action = None


class CrashDialog(QDialog):
    """`details` holds no secret: only places in our code and the kind of the error, never its text."""

    def __init__(self, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Fieldtool has made a mistake"))
        self.details = QPlainTextEdit(details)
        self.details.setReadOnly(True)
        self.details.setAccessibleName(_("What happened, for whoever mends it"))
        self.details.setTabChangesFocus(True)
        layout = QVBoxLayout(self)
        layout.addWidget(text(_("This is our mistake, not yours."), "heading"))
        layout.addWidget(
            text(_("What you have entered is saved. You can go on; if it happens again, restart Fieldtool."))
        )
        layout.addWidget(self.details, 1)
        layout.addWidget(
            row(
                button(_("Copy"), self.copy),
                None,
                button(_("Go on"), self.accept, kind="primary"),
            )
        )
        self.resize(720, 480)

    def copy(self) -> None:
        QApplication.clipboard().setText(self.details.toPlainText())


def crash_details(error: BaseException) -> str:
    """Where it happened, and what kind of error; the texts of errors may hold what people entered."""
    from fieldtool.diagnosis import own_version

    lines = [f"Fieldtool {own_version()}, Python {platform.python_version()}, {platform.platform()}"]
    seen: BaseException | None = error
    while seen is not None:
        lines.append(f"{type(seen).__module__}.{type(seen).__qualname__}")
        frames = traceback.extract_tb(seen.__traceback__)
        lines.extend(f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
        seen = seen.__cause__ or seen.__context__
    return "\n".join(lines)


class CrashReporter:
    """Takes over what nobody caught, in the window's thread; one dialog at a time."""

    def __init__(self, parent: Callable[[], QWidget | None]) -> None:
        self._parent = parent
        self.dialog: CrashDialog | None = None

    def install(self) -> None:
        sys.excepthook = self.caught

    def caught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        sys.__excepthook__(kind, error, trace)
        if self.dialog is not None:
            return
        self.dialog = CrashDialog(crash_details(error), self._parent())
        self.dialog.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.dialog.finished.connect(self._closed)
        self.dialog.open()

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None
