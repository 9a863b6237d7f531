"""The bar at the bottom: what waits, when it was last synchronised, GNSS, and who works here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from fieldtool.roles import ROLES
from fieldtool.texts import _, local_time, thousands
from ui.background import Changes
from ui.screen import Desk
from ui.widgets.controls import button, text
from ui.widgets.flow import FlowLayout

if TYPE_CHECKING:
    from drivers.errors import ExpectedError
    from fieldtool.profile import Profile

PROBLEM_MS = 30_000


@dataclass(frozen=True, slots=True)
class Standing:
    """`waiting` operations are not confirmed by a target yet, `stuck` of them need a person."""

    waiting: int
    stuck: int
    targets: int
    last: datetime | None


def standing(profile: Profile) -> Standing:
    from fieldtool import outbox

    store = profile.store
    names = [target.name for target in outbox.targets(store)]
    counted = [outbox.counts(store, name) for name in names]
    return Standing(
        waiting=outbox.pending_total(store),
        stuck=sum(found["rejected"] + found["conflict"] for found in counted),
        targets=len(names),
        last=outbox.last_receipt(store),
    )


class StatusBar(QFrame):
    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setProperty("kind", "bar")
        self.waiting = button("…", lambda: desk.go("sync"))
        self.waiting.setProperty("kind", "status")
        self.last = text(kind="muted")
        self.busy = text(kind="muted")
        self.problem = text(kind="bad")
        port = desk.preferences.gnss_port
        self.gnss = button(
            _("GNSS: {port}").format(port=port) if port else _("GNSS: none"), lambda: desk.go("settings")
        )
        self.gnss.setProperty("kind", "status")
        self.person = button(
            f"{desk.actor.name} ({desk.actor.sign}), {_(ROLES[desk.actor.role])}",
            lambda: desk.go("settings"),
            name=_("Who works here: {name}").format(name=desk.actor.name),
        )
        self.person.setProperty("kind", "status")
        line = QWidget()
        flow = FlowLayout(line, right=3)
        for part in (self.waiting, self.last, self.busy, self.gnss, self.person):
            _one_line(part)
            flow.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 0)
        layout.setSpacing(0)
        layout.addWidget(self.problem)
        layout.addWidget(line)
        self.problem.hide()
        desk.background.changed.connect(self._changed)
        desk.offline_changed.connect(self.refresh)
        desk.background.busy_changed.connect(self._busy)
        self.refresh()

    def refresh(self) -> None:
        self.desk.background.ask(self, standing, self.tell)

    def tell(self, found: Standing) -> None:
        said = standing_text(found)
        if self.desk.offline:
            said = _("Offline – {standing}").format(standing=said)
        self.waiting.setText(said)
        self.waiting.setAccessibleName(said)
        if found.last is not None:
            self.last.setText(_("last receipt {time}").format(time=local_time(found.last)[:-3]))

    def tell_problem(self, error: ExpectedError) -> None:
        from fieldtool.explain import explain

        told = explain(error)
        self.problem.setText(f"{told.message} {told.advice}")
        self.problem.show()
        QTimer.singleShot(PROBLEM_MS, self.problem, self.problem.hide)

    def _changed(self, _changes: Changes) -> None:
        self.refresh()

    def _busy(self, running: int) -> None:
        self.busy.setText(_("working …") if running > 1 else "")


def standing_text(found: Standing) -> str:
    if not found.targets:
        return _("No platform set up: everything stays here")
    if found.stuck:
        return _("{count} changes need you").format(count=thousands(found.stuck))
    if found.waiting:
        return _("{count} changes waiting").format(count=thousands(found.waiting))
    return _("Everything confirmed")


def _one_line(part: object) -> None:
    if isinstance(part, QLabel):
        part.setWordWrap(False)
