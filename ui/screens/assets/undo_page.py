"""What this person did last, and taking it back: looked at first, what somebody changed since stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from drivers.errors import ExpectedError
from fieldtool.naming import ENTITIES, counted, record_text
from fieldtool.profile import Profile
from fieldtool.texts import _, local_time, thousands
from fieldtool.titles import kind_title
from fieldtool.upkeep import undoing
from fieldtool.upkeep.undoing import Outlook, Recent, Undone
from ui.background import Job, changes
from ui.errors import ErrorPanel
from ui.screen import Desk
from ui.widgets.controls import button, card, emptied, field, line, row, text
from ui.widgets.listing import Listing
from ui.widgets.page import Page
from ui.widgets.paging import bring_into_view
from ui.widgets.table import Row, Table
from ui.widgets.working import Working

SHOWN = 50
ROWS_AT_ONCE = 6


@dataclass(frozen=True, slots=True)
class Line:
    id: str
    at: str
    what: str
    whom: str


def mine(profile: Profile) -> tuple[Line, ...]:
    found = undoing.recent(profile.store, profile.actor.id, SHOWN)
    return tuple(
        Line(
            one.operation.id,
            local_time(one.operation.at),
            kind_title(one.operation.kind),
            _whom(profile, one),
        )
        for one in found
    )


def _whom(profile: Profile, one: Recent) -> str:
    first = record_text(profile.store, one.first.entity, one.first.entity_id)
    if one.changes == 1:
        return first
    if one.first.entity != "asset":
        return f"{first}, {counted(one.changes - 1, ENTITIES['asset'])}"
    return counted(one.changes, ENTITIES["asset"])


class UndoPage(QWidget):
    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._chosen: Line | None = None
        self._lines: tuple[Line, ...] = ()
        self._outlook: Outlook | None = None
        self._job: Job[Outlook] | Job[Undone] | None = None
        self.page = Page(_("My last changes"))
        self.back = button(_("Back"), self.left.emit, name=_("Back to the assets"))
        self.page.commands.addWidget(self.back)
        self.said = text(kind="good", selectable=True)
        self.none = text(_("You have changed nothing here yet."), "muted")
        self.table = Table(_("My last changes"), [_("When"), _("What"), _("On what")], wide=2)
        self.table.opened.connect(self.look_at)
        self.working = Working()
        self.working.cancelled.connect(self.stop)
        self.problem = ErrorPanel()
        self.title = text(kind="heading")
        self.counts = text(kind="strong", selectable=True)
        self.reason = line(_("Reason"), placeholder=_("why, for the history; may stay empty"))
        self.carry_out = button(_("Take it back"), self.apply, kind="primary")
        self._details = QVBoxLayout()
        self._preview = card(
            self.title, self.counts, field(_("Reason"), self.reason), row(self.carry_out, None)
        )
        inside = self._preview.layout()
        if isinstance(inside, QVBoxLayout):
            inside.addLayout(self._details)
        hint = text(_("Choose what is to be taken back: first you see what would happen."), "muted")
        for part in (
            self.said,
            card(hint, self.none, self.table),
            self.working,
            self.problem,
            self._preview,
        ):
            self.page.body.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self._tell()

    @property
    def busy(self) -> bool:
        return self._job is not None

    def begin(self) -> None:
        if not self.busy:
            self._chosen = self._outlook = None
            self.said.clear()
            self.problem.clear()
            self.reason.clear()
            self._tell()
        self.refresh()

    def refresh(self) -> None:
        self.desk.background.ask(self, mine, self._list, self.page.problem.tell)

    def _list(self, lines: tuple[Line, ...]) -> None:
        self.page.problem.clear()
        self._lines = lines
        self.table.show_rows([Row(one.id, (one.at, one.what, one.whom)) for one in lines])
        self.table.show_at_once(ROWS_AT_ONCE)
        self._tell()

    def look_at(self, operation_id: str) -> None:
        if self.busy:
            return
        self._chosen = next(one for one in self._lines if one.id == operation_id)
        self._outlook = None
        self.said.clear()
        self._run(
            lambda profile, tell: undoing.preview(profile.store, operation_id, tell),
            self._looked,
            self.problem.tell,
            _("It is looked at what would happen …"),
        )

    def _looked(self, outlook: Outlook) -> None:
        self._outlook = outlook

    def apply(self) -> None:
        chosen, reason = self._chosen, self.reason.text().strip()
        if chosen is None or self._outlook is None or self.busy:
            return
        self._run(
            lambda profile, tell: undoing.undo(profile, chosen.id, reason, tell),
            self._done,
            self._refused,
            _("It is taken back: all of it or nothing."),
            writes=True,
        )

    def _run(
        self,
        work: Callable[[Profile, Callable[[int], object]], Outlook | Undone],
        done: Callable[..., None],
        failed: Callable[[ExpectedError], None],
        words: str,
        *,
        writes: bool = False,
    ) -> None:
        told = _("{count} looked at …")
        self.problem.clear()
        self._job = self.desk.background.run(
            self,
            lambda profile, job: work(profile, lambda count: job.tell(told.format(count=thousands(count)))),
            lane="database" if writes else "network",
            done=done,
            failed=failed,
            progress=lambda news: self.working.tell(str(news)),
            ended=self._ended,
            touches=changes("asset", "class_definition") if writes else changes(),
        )
        self.working.begin(words)
        self._tell()

    def _done(self, done: Undone) -> None:
        self._chosen = self._outlook = None
        self.reason.clear()
        words = [_("{count} assets are as they were before.").format(count=thousands(done.changed))]
        if done.kept:
            kept = _("{count} stay as somebody has changed them since.")
            words.append(kept.format(count=thousands(len(done.kept))))
        self.said.setText(" ".join(words))
        self.said.setAccessibleName(self.said.text())
        self.refresh()

    def _refused(self, error: ExpectedError) -> None:
        self._outlook = None
        self.problem.tell(error)

    def stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _ended(self) -> None:
        self._job = None
        self.working.end()
        self._tell()
        if not self.isVisible():
            return
        if self._outlook is not None:
            bring_into_view(self.page.area, self._preview)
            bring_into_view(self.page.area, self.carry_out)
            self.carry_out.setFocus()
        else:
            self.table.setFocus()

    def _tell(self) -> None:
        outlook = self._outlook
        self.said.setVisible(bool(self.said.text()))
        self.none.setVisible(not self._lines)
        self.table.setVisible(bool(self._lines))
        self.table.setEnabled(not self.busy)
        self._preview.setVisible(outlook is not None)
        self._preview.setEnabled(not self.busy)
        if outlook is not None and self._chosen is not None:
            self._tell_outlook(self._chosen, outlook)

    def _tell_outlook(self, chosen: Line, outlook: Outlook) -> None:
        self.title.setText(f"{chosen.what}: {chosen.whom}, {chosen.at}")
        done = outlook.undone
        words = [_("{count} assets become as they were before.").format(count=thousands(done.changed))]
        if done.kept:
            words.append(
                _("{count} stay as somebody has changed them since.").format(count=thousands(len(done.kept)))
            )
        self.counts.setText(" ".join(words))
        self.counts.setAccessibleName(self.counts.text())
        self.carry_out.setEnabled(bool(outlook.examples))
        emptied(self._details)
        for name, head, rows, total in (
            (_("What would happen"), _("What becomes of it"), outlook.examples, done.changed),
            (_("What stays"), _("Stays as somebody changed it since"), outlook.kept, len(done.kept)),
        ):
            if rows:
                self._details.addWidget(Listing(name, (_("Asset"), head), rows, wide=(0, 1)))
            if total > len(rows):
                more = _("and {count} more").format(count=thousands(total - len(rows)))
                self._details.addWidget(text(more, "muted"))
