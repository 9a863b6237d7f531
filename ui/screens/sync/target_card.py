"""One platform: how it stands, what went wrong there, and what waits for it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from fieldtool.texts import _, thousands
from ui.errors import ErrorPanel
from ui.screens.sync.content import Outcome, Stuck, TargetState
from ui.widgets.controls import button, card, emptied, restyle, row, text
from ui.widgets.facts import Facts
from ui.widgets.listing import Listing

ALL = "all"
STUCK_AT_ONCE = 10


class TargetCard(QFrame):
    """`synced` asks for a sync of this one, `again` for one more try of an operation or of "all", `settings`
    for the login to be mended."""

    synced = Signal()
    again = Signal(str)
    settings = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.setProperty("kind", "card")
        self.setAccessibleName(_("Platform {name}").format(name=name))
        self.sync_button = button(
            _("Synchronise"), self.synced.emit, name=_("Synchronise only {name}").format(name=name)
        )
        self.facts = Facts()
        self.outcome = text(selectable=True)
        self.outcome.hide()
        self.problem = ErrorPanel()
        self.twins = _Column()
        self._twins: list[str] = []
        self.stuck = _Column()
        self.waiting = _Column()
        self.retries: dict[str, QPushButton] = {}
        self.waiting_button = button("", self._toggle_waiting, kind="quiet")
        self.waiting_button.setCheckable(False)
        self._state: TargetState | None = None
        self._open = False
        self._stuck_seen = STUCK_AT_ONCE
        title = text(name, "heading")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.sync_button)
        layout.addLayout(head)
        for part in (self.outcome, self.problem, self.facts, self.twins, self.stuck):
            layout.addWidget(part)
        layout.addWidget(row(self.waiting_button, None))
        layout.addWidget(self.waiting)

    def tell(self, state: TargetState) -> None:
        if state == self._state:
            return
        self._state = state
        self.facts.tell(_facts(state))
        self._tell_stuck(state)
        self.waiting_button.setVisible(bool(state.waiting))
        self._show_waiting()

    def tell_outcome(self, found: Outcome) -> None:
        self.outcome.setText(found.said)
        self.outcome.setAccessibleName(found.said)
        restyle(self.outcome, "good" if found.good else "strong")
        self.outcome.setVisible(found.error is None)
        self._twins = list(dict.fromkeys((*self._twins, *found.twins)))
        self.twins.fill([text(line, selectable=True) for line in self._twins])
        if found.error is None:
            self.problem.clear()
            return
        action: tuple[str, Callable[[], object]] | None = (_("To the settings"), self.settings.emit)
        if type(found.error) in ErrorPanel.remedies:
            action = None
        if found.login:
            self.problem.tell(found.error)
            message = self.problem.message.text()
            advice = _("Get a new access token and enter it in the settings. Your changes are kept.")
            self.problem.tell_text(message, advice, action)
        else:
            self.problem.tell(found.error, action)

    def set_running(self, *, running: bool) -> None:
        self.sync_button.setEnabled(not running)
        for made in self.retries.values():
            made.setEnabled(not running)

    def _tell_stuck(self, state: TargetState) -> None:
        self.retries = {}
        seen = state.stuck[: self._stuck_seen]
        parts: list[QWidget] = [text(_("Needs you"), "strong")] if seen else []
        parts.extend(self._stuck_part(one) for one in seen)
        behind = len(state.stuck) - len(seen)
        if behind:
            parts.append(row(button(_("Show more ({count})").format(count=behind), self._see_more), None))
        elif state.stuck_more:
            parts.append(text(_("and {count} more").format(count=thousands(state.stuck_more)), "muted"))
        if len(state.stuck) > 1:
            self.retries[ALL] = button(
                _("Try all of them again"),
                lambda: self.again.emit(ALL),
                name=_("{name}: try all of them again").format(name=self.name),
            )
            parts.append(row(self.retries[ALL], None))
        self.stuck.fill(parts)

    def _see_more(self) -> None:
        """A few at a time: each is a card of its own."""
        before = list(self.retries)
        self._stuck_seen += STUCK_AT_ONCE
        if self._state is not None:
            self._tell_stuck(self._state)
            self.set_running(running=not self.sync_button.isEnabled())
        new = next((made for name, made in self.retries.items() if name not in before), None)
        if new is not None:
            new.setFocus()

    def _stuck_part(self, one: Stuck) -> QWidget:
        said = _("in conflict: {reason}") if one.conflict else _("refused: {reason}")
        retry = button(
            _("Try again"),
            lambda: self.again.emit(one.operation_id),
            name=_("Try again: {about}").format(about=one.about),
        )
        self.retries[one.operation_id] = retry
        parts: list[QWidget] = [
            text(one.about, "strong", selectable=True),
            text(f"{one.what} · {one.made}", "muted"),
            text(said.format(reason=one.reason), "warning" if one.conflict else "bad"),
        ]
        if one.said:
            told = _("Details: {text}").format(text=one.said)
            parts.append(text(told, selectable=True))
        if one.sides:
            parts.append(_sides(one))
        parts.append(text(one.advice))
        parts.append(row(retry, None))
        return card(*parts)

    def _toggle_waiting(self) -> None:
        self._open = not self._open
        self._show_waiting()

    def _show_waiting(self) -> None:
        state = self._state
        if state is None or not state.waiting:
            self.waiting.fill([])
            return
        count = thousands(len(state.waiting) + state.waiting_more)
        words = _("Hide what waits ({count})") if self._open else _("Show what waits ({count})")
        self.waiting_button.setText(words.format(count=count))
        self.waiting_button.setAccessibleName(f"{self.name}: {words.format(count=count)}")
        if not self._open:
            self.waiting.fill([])
            return
        parts: list[QWidget] = [
            text(f"{one.made} · {one.what} · {one.about} – {one.why}", selectable=True)
            for one in state.waiting
        ]
        if state.waiting_more:
            parts.append(text(_("and {count} more").format(count=thousands(state.waiting_more)), "muted"))
        self.waiting.fill(parts)


class _Column(QWidget):
    """Takes no room while it is empty."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.hide()

    def fill(self, parts: list[QWidget]) -> None:
        emptied(self._column)
        for part in parts:
            self._column.addWidget(part)
        self.setVisible(bool(parts))


def _facts(state: TargetState) -> list[tuple[str, str]]:
    found = [
        (_("Kind"), state.kind),
        (_("Address"), state.address),
        (_("State"), " · ".join(state.counts) or _("nothing for it so far")),
        (_("Last receipt"), state.last or _("none yet")),
    ]
    if state.operator:
        found.insert(2, (_("Belongs to"), state.operator))
    return found


def _sides(one: Stuck) -> Listing:
    return Listing(
        _("Both sides of the conflict"),
        (_("Field"), _("Before"), _("Here"), _("There")),
        [(side.field, side.base, side.mine, side.theirs) for side in one.sides],
        wide=(1, 2, 3),
    )
