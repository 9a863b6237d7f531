"""Every platform with what waits, goes, was confirmed or refused and why; the receipt of the day."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget
from shiboken6 import isValid

from fieldtool.texts import _, thousands
from ui.background import Changes, changes
from ui.screen import Desk, View
from ui.screens.sync import content
from ui.screens.sync.content import Outcome, TargetState
from ui.screens.sync.receipt_card import ReceiptCard
from ui.screens.sync.target_card import TargetCard
from ui.widgets.controls import button, card, row, text
from ui.widgets.page import Page
from ui.widgets.paging import bring_into_view

TOUCHES = changes("sync", "ticket", "ticket_event")
RECEIPTS = changes("sync", "target").entities


class SyncView(View):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.page = Page(_("Sync"))
        self.start_button = button(_("Synchronise now"), self.start, kind="primary")
        self.page.commands.addWidget(self.start_button)
        self.summary = text(kind="strong")
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(_("The sync is running"))
        self.running_text = text(_("The sync is running … You can go on working."), "muted")
        self.empty = card(
            text(_("No platform is set up yet."), "strong"),
            text(_("Everything you record is kept here. It goes out once a platform is set up.")),
            row(
                button(_("Set up a platform"), lambda: desk.go("settings", section="targets", add="1")), None
            ),
        )
        self.cards: dict[str, TargetCard] = {}
        self._cards = QVBoxLayout()
        self._cards.setSpacing(12)
        self.receipt = ReceiptCard(desk)
        body = self.page.body
        for part in (self.summary, self.running_text, self.progress, self.empty):
            body.addWidget(part)
            part.hide()
        body.addLayout(self._cards)
        body.addWidget(self.receipt)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self._running = False
        self._wanted = ""
        self._return_to: tuple[QWidget, QWidget | None] = (self.start_button, None)
        desk.background.changed.connect(self._changed)

    def _set_up(self) -> None:
        self.desk.go("settings", section="targets", add="1")

    def shown(self, where: Mapping[str, str]) -> None:
        self._wanted = where.get("target", "")
        self.refresh()
        self.receipt.refresh()
        if where.get("start"):
            self.start()

    def refresh(self) -> None:
        self.desk.background.ask(self, content.overview, self.tell, self.page.problem.tell)

    def start(self, name: str = "", again: str | None = None) -> None:
        """All platforms, or the named one; `again` is an operation that is taken up once more."""
        if self._running:
            return
        self._set_running(running=True)
        self._return_to = (self.cards[name].sync_button if name else self.start_button, self._focused())
        self.page.problem.clear()
        names = [name] if name else []
        self.desk.background.run(
            self,
            lambda profile, _job: content.sync(profile, names, again),
            lane="network",
            done=self._synced,
            failed=self.page.problem.tell,
            ended=self._ended,
            touches=TOUCHES,
        )

    def tell(self, states: tuple[TargetState, ...]) -> None:
        self.page.problem.clear()
        self.empty.setVisible(not states)
        self.start_button.setEnabled(bool(states) and not self._running)
        self._tell_summary(states)
        names = [state.name for state in states]
        for name in [name for name in self.cards if name not in names]:
            self._drop(name)
        for place, state in enumerate(states):
            self._card(state.name, place).tell(state)
        self._set_running(running=self._running)
        if self._wanted in self.cards:
            QTimer.singleShot(0, self.cards[self._wanted], self._scroll_to_wanted)

    def _tell_summary(self, states: tuple[TargetState, ...]) -> None:
        stuck = sum(len(state.stuck) + state.stuck_more for state in states)
        pending = sum(state.pending for state in states)
        if not states:
            said = ""
        elif stuck:
            said = _("{count} waiting, {stuck} of them need you").format(
                count=thousands(pending), stuck=thousands(stuck)
            )
        elif pending:
            said = _("{count} waiting").format(count=thousands(pending))
        else:
            said = _("Everything is confirmed.")
        self.summary.setText(said)
        self.summary.setVisible(bool(said))

    def _card(self, name: str, place: int) -> TargetCard:
        if name not in self.cards:
            made = TargetCard(name)
            made.synced.connect(lambda: self.start(name))
            made.again.connect(lambda operation_id: self.start(name, operation_id))
            made.settings.connect(lambda: self.desk.go("settings", section="targets", target=name))
            self.cards[name] = made
            self._cards.insertWidget(place, made)
        return self.cards[name]

    def _drop(self, name: str) -> None:
        gone = self.cards.pop(name)
        gone.hide()
        self._cards.removeWidget(gone)
        gone.deleteLater()

    def _scroll_to_wanted(self) -> None:
        wanted = self.cards.get(self._wanted)
        self._wanted = ""
        if wanted is not None:
            bring_into_view(self.page.area, wanted)
            wanted.sync_button.setFocus()

    def _synced(self, outcomes: tuple[Outcome, ...]) -> None:
        for place, found in enumerate(outcomes):
            self._card(found.name, place).tell_outcome(found)
        if outcomes:
            self.desk.tell_offline(not any(found.reached for found in outcomes))

    def _set_running(self, *, running: bool) -> None:
        self._running = running
        self.running_text.setVisible(running)
        self.progress.setVisible(running)
        self.start_button.setEnabled(not running and bool(self.cards))
        for made in self.cards.values():
            made.set_running(running=running)

    def _ended(self) -> None:
        """The focus goes back to where the sync was started, unless the person has moved it on."""
        self._set_running(running=False)
        started, moved_to = self._return_to
        if self.isVisible() and self._focused() in (None, moved_to) and isValid(started):
            started.setFocus()

    def _focused(self) -> QWidget | None:
        return self.window().focusWidget()

    def _changed(self, changed: Changes) -> None:
        """A day can hold very many receipts: they are read anew only where some may have come."""
        if self.isVisible():
            self.refresh()
            if changed.entities & RECEIPTS:
                self.receipt.refresh()
