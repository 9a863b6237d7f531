"""Where the person stands, from the GNSS receiver of the settings."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from drivers.errors import ExpectedError
from drivers.reading import Fix
from fieldtool.locating import locate
from fieldtool.texts import _, decimal
from ui.background import Job
from ui.errors import ErrorPanel
from ui.screen import Desk
from ui.widgets.controls import button, text
from ui.widgets.flow import flow

FIXES, SECONDS = 10, 60.0


class OwnPosition(QWidget):
    """`found` carries a Fix: the average of some."""

    found = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._job: Job[Fix] | None = None
        self._count = 0
        self.problem = ErrorPanel()
        self.take = button(_("Take my own position"), self.begin)
        self.stop = button(_("Stop"), self.end, kind="quiet", name=_("Stop looking for the position"))
        self.said = text(kind="muted", selectable=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for part in (flow(self.take, self.stop), self.said, self.problem):
            layout.addWidget(part)
        self.stop.hide()
        self.forget()

    def forget(self) -> None:
        self.end()
        self.problem.clear()
        self._say("")

    def begin(self) -> None:
        port = self.desk.preferences.gnss_port
        if not port:
            self.problem.tell_text(
                _("No GNSS receiver is chosen."),
                _("Choose its port in the settings."),
                (_("To the settings"), lambda: self.desk.go("settings")),
            )
            return
        self.problem.clear()
        self._count = 0
        self._say(_("Waiting for positions from {port} …").format(port=port))
        self._job = self.desk.background.run(
            self,
            lambda _profile, job: locate(
                port,
                fixes=FIXES,
                seconds=SECONDS,
                minimum_accuracy_m=None,
                trace=lambda _direction, _text: None,
                on_fix=job.tell,
            ),
            lane="devices",
            done=self._done,
            progress=self._progress,
            failed=self._failed,
            ended=self._ended,
        )
        self.take.setEnabled(False)
        self.stop.show()
        self.stop.setFocus()

    def end(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._say("")

    def _progress(self, fix: Fix) -> None:
        self._count += 1
        told = _("{count} of {total} positions, the latest {accuracy}")
        self._say(told.format(count=self._count, total=FIXES, accuracy=accuracy_text(fix)))

    def _done(self, fix: Fix) -> None:
        self._say(_("Position taken: {accuracy}").format(accuracy=accuracy_text(fix)))
        self.found.emit(fix)

    def _failed(self, error: ExpectedError) -> None:
        self._say("")
        self.problem.tell(error)

    def _ended(self) -> None:
        self._job = None
        self.take.setEnabled(True)
        self.stop.hide()
        if self.isVisible():
            self.take.setFocus()

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setAccessibleName(words)
        self.said.setVisible(bool(words))

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        super().hideEvent(event)
        self.end()


def accuracy_text(fix: Fix) -> str:
    if fix.accuracy_m is None:
        return _("of unknown accuracy")
    return _("accurate to {metres} m").format(metres=decimal(fix.accuracy_m, 1))
