"""What is done to a ticket: one small form for each kind, with what was typed kept until it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from drivers.errors import ExpectedError
from fieldtool.days import typed_day
from fieldtool.policy import rights
from fieldtool.profile import Profile
from fieldtool.store.errors import StaleVersion
from fieldtool.texts import _
from fieldtool.ticket import Ticket
from fieldtool.ticketing import changing
from fieldtool.ticketing.changing import PRIORITIES
from fieldtool.titles import day
from ui.background import changes
from ui.errors import ErrorPanel
from ui.screen import Desk
from ui.screens.tickets.content import ACTIONS, STEPS, Action, Detail, priority_text
from ui.widgets.controls import button, choice, field, line, row, text

TOUCHES = changes("ticket", "ticket_event")
Verb = Callable[[Profile], object]


class ActionForm(QFrame):
    """`over` when it was done or left. Texts are kept by ticket and kind while the window lives."""

    over = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.desk = desk
        self.action: Action = "comment"
        self._detail: Detail | None = None
        self._drafts: dict[tuple[str, Action], str] = {}
        self.title = text(kind="heading")
        self.found = choice(_("What was found"), [])
        self.done = choice(_("What was done"), [])
        self.words = QPlainTextEdit()
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(120)
        self.words.setAccessibleName(_("Text"))
        self.assignee = line(_("Responsible"))
        self.mine = button(_("Assign to me"), lambda: self.assignee.setText(desk.actor.name))
        self.subject = line(_("Title"))
        self.address = line(_("Address"))
        self.priority = choice(_("Priority"), [(str(one), priority_text(one)) for one in PRIORITIES])
        self.due = line(_("Due on"), placeholder=_("DD.MM.YYYY"))
        self.problem = ErrorPanel()
        self.save = button(_("Save"), self.carry_out, kind="primary")
        self.cancel = button(_("Cancel"), self.leave)
        self.fields: dict[str, QWidget] = {
            "found": field(_("What was found"), self.found),
            "done": field(_("What was done"), self.done),
            "assignee": row(field(_("Responsible"), self.assignee), self.mine),
            "subject": field(_("Title"), self.subject),
            "address": field(_("Address"), self.address),
            "priority": field(_("Priority"), self.priority),
            "due": field(_("Due on"), self.due),
            "words": field(_("Text"), self.words),
        }
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        for part in (self.title, *self.fields.values(), self.problem, row(self.save, self.cancel, None)):
            layout.addWidget(part)

    def begin(self, action: Action, detail: Detail) -> None:
        self._keep()
        self.action, self._detail = action, detail
        ticket = detail.ticket
        self.title.setText(_(ACTIONS[action]))
        self.save.setText(_(ACTIONS[action]) if action in STEPS else _("Save"))
        self.save.setAccessibleName(_("Carry out: {action}").format(action=_(ACTIONS[action])))
        self._offer(detail)
        for name, part in self.fields.items():
            part.setVisible(name in self._shown(action, detail))
        self.words.setPlainText(self._draft(action, ticket))
        self.assignee.setText(ticket.assignee or "")
        self.subject.setText(ticket.title)
        self.address.setText(ticket.address or "")
        self.priority.setCurrentIndex(max(0, self.priority.findData(str(ticket.priority))))
        self.due.setText(day(ticket.due) if ticket.due is not None else "")
        self.problem.clear()
        self.save.setEnabled(True)
        self.show()
        first = next(part for name, part in self._controls().items() if not self.fields[name].isHidden())
        first.setFocus()

    def leave(self) -> None:
        self._keep()
        self.hide()
        self._detail = None
        self.over.emit()

    def _controls(self) -> Mapping[str, QWidget]:
        return {
            "found": self.found,
            "done": self.done,
            "assignee": self.assignee,
            "subject": self.subject,
            "address": self.address,
            "priority": self.priority,
            "due": self.due,
            "words": self.words,
        }

    def _offer(self, detail: Detail) -> None:
        for box, options in ((self.found, detail.findings), (self.done, detail.closings)):
            box.clear()
            box.addItem(_("– nothing chosen –"), "")
            for code, title in options:
                box.addItem(title, code)

    def _shown(self, action: Action, detail: Detail) -> set[str]:
        match action:
            case "close":
                shown = {"words"}
                if detail.findings:
                    shown.add("found")
                if detail.closings:
                    shown.add("done")
                return shown
            case "finding":
                return {"found", "words"} if detail.findings else {"words"}
            case "assign":
                return {"assignee", "words"}
            case "edit":
                allowed = rights(self.desk.actor.role)
                planning = {"priority", "due"} if "ticket.prioritise" in allowed else set()
                return planning | {"subject", "address", "words"}
            case _:
                return {"words"}

    def _draft(self, action: Action, ticket: Ticket) -> str:
        kept = self._drafts.get((ticket.id, action))
        return kept if kept is not None else ticket.description if action == "edit" else ""

    def _keep(self) -> None:
        if self._detail is not None and not self.isHidden():
            self._drafts[(self._detail.ticket.id, self.action)] = self.words.toPlainText()

    def carry_out(self) -> None:
        if self._detail is None or not self.save.isEnabled():
            return
        verb = self._verb(self._detail)
        if verb is None:
            return
        self.save.setEnabled(False)
        self.desk.background.change(self, verb, TOUCHES, self._done, self._failed)

    def _verb(self, detail: Detail) -> Verb | None:
        """None where what was typed can't be used; that is told."""
        ticket, words = detail.ticket, self.words.toPlainText().strip()
        found, done = self.found.currentData() or None, self.done.currentData() or None
        match self.action:
            case "comment":
                return lambda profile: changing.comment(profile, ticket, words)
            case "finding":
                return lambda profile: changing.finding(profile, ticket, words, code=found)
            case "assign":
                whom = self.assignee.text()
                return lambda profile: changing.assign(profile, ticket, whom, words)
            case "edit":
                edited = self._edited(words)
                return None if edited is None else lambda profile: changing.edit(profile, ticket, edited)
            case _:
                status = STEPS[self.action]
                closing = self.action == "close"
                given = {"found": found, "done": done} if closing else {}
                return lambda profile: changing.change_status(
                    profile, ticket, status, words, **cast("dict[str, Any]", given)
                )

    def _edited(self, words: str) -> dict[str, Any] | None:
        edited: dict[str, Any] = {
            "title": self.subject.text().strip(),
            "address": self.address.text().strip() or None,
            "description": words,
        }
        if not self.fields["due"].isHidden():
            typed = self.due.text().strip()
            due: date | None = typed_day(typed) if typed else None
            if typed and due is None:
                self.problem.tell_text(_("This is not a date."), _("Enter it as 01.12.2026."))
                self.due.setFocus()
                return None
            edited |= {"due": due, "priority": int(self.priority.currentData())}
        return edited

    def _done(self, _result: object) -> None:
        if self._detail is not None:
            self._drafts.pop((self._detail.ticket.id, self.action), None)
        self._detail = None
        self.hide()
        self.over.emit()

    def _failed(self, error: ExpectedError) -> None:
        """What was typed stays."""
        self.save.setEnabled(True)
        if isinstance(error, StaleVersion):
            self.problem.tell(error, (_("Load it again"), self.leave))
        else:
            self.problem.tell(error)
