"""What is to do now; each line leads there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldtool.agenda import URGENCIES, Agenda, Due, Urgency, agenda
from fieldtool.days import today
from fieldtool.profile import Profile
from fieldtool.texts import N_, _, local_time
from ui.background import Changes
from ui.screen import Desk, View
from ui.widgets.controls import button, card, emptied, row, text
from ui.widgets.lines import LineButton
from ui.widgets.page import Page

WEEKDAYS = (
    *(N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday")),
    *(N_("Friday"), N_("Saturday"), N_("Sunday")),
)
URGENCY_TITLES: Mapping[Urgency, str] = {
    "overdue": N_("Overdue"),
    "today": N_("Due today"),
    "this_week": N_("Due this week"),
    "later": N_("Still open"),
}


def day_text(day: date) -> str:
    return f"{_(WEEKDAYS[day.weekday()])}, {day.strftime('%d.%m.%Y')}"


class TodayView(View):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.page = Page(_("Today"))
        self.commission = button(
            _("Commission a sensor"), lambda: desk.go("devices", new="1"), kind="primary"
        )
        self.page.commands.addWidget(self.commission)
        self.greeting = text(kind="muted")
        self.lines: list[QWidget] = []
        self._shown: Agenda | None = None
        self._cards = QVBoxLayout()
        self._cards.setSpacing(12)
        self.page.body.addWidget(self.greeting)
        self.page.body.addLayout(self._cards)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        desk.background.changed.connect(self._changed)

    def shown(self, where: Mapping[str, str]) -> None:  # noqa: ARG002 - there is only one thing to show
        self.refresh()

    def refresh(self) -> None:
        self.desk.background.ask(self, _agenda, self._show, self.page.problem.tell)

    def _changed(self, changed: Changes) -> None:
        if self.isVisible() and changed.entities:
            self.refresh()

    def _show(self, found: Agenda) -> None:
        self.page.problem.clear()
        said = _("Good day, {name}. It is {day}.")
        self.greeting.setText(said.format(name=self.desk.actor.name, day=day_text(today())))
        if found == self._shown:
            return
        self._shown = found
        self.lines = []
        emptied(self._cards)
        if found.empty:
            self._cards.addWidget(self._nothing())
        if found.unfinished:
            self._cards.addWidget(self._unfinished(found))
        if found.refused:
            self._cards.addWidget(self._refused(found))
        for urgency in URGENCIES:
            due = [one for one in found.tickets if one.urgency == urgency]
            if due:
                self._cards.addWidget(self._tickets(urgency, due))
        if found.open_tickets > len(found.tickets):
            more = _("All {count} open tickets").format(count=found.open_tickets)
            self._cards.addWidget(self._line(more, "tickets"))
        self._cards.addWidget(self._sync(found))

    def _nothing(self) -> QWidget:
        return card(
            text(_("Nothing is open today."), "heading"),
            text(_("Commission a sensor, make a ticket, or synchronise to see what is new."), "muted"),
        )

    def _unfinished(self, found: Agenda) -> QWidget:
        from fieldtool.commissioning.telling import step_title

        lines = [
            self._line(
                _("Go on: DevEUI {dev_eui}, step “{step}”").format(
                    dev_eui=one.dev_eui, step=step_title(one.step)
                ),
                "devices",
                resume=one.id,
            )
            for one in found.unfinished
        ]
        return card(text(_("Unfinished commissionings"), "heading"), *lines)

    def _refused(self, found: Agenda) -> QWidget:
        lines = [
            self._line(
                _("{target}: {count} changes were refused or are in conflict").format(
                    target=one.target, count=one.count
                ),
                "sync",
                target=one.target,
            )
            for one in found.refused
        ]
        return card(text(_("This needs you"), "heading"), *lines)

    def _tickets(self, urgency: Urgency, due: list[Due]) -> QWidget:
        title = text(_(URGENCY_TITLES[urgency]), "heading")
        lines = [self._line(_ticket_text(one), "tickets", id=one.id) for one in due]
        return card(title, *lines)

    def _sync(self, found: Agenda) -> QWidget:
        if not found.targets:
            said = _("No platform is set up yet: everything stays on this machine.")
            return card(text(said), self._line(_("Set up a platform"), "settings"))
        waiting = _("Everything is confirmed.")
        if found.waiting:
            waiting = _("{count} changes wait for a platform.").format(count=found.waiting)
        last = ""
        if found.last is not None:
            last = _("Last receipt {time}").format(time=local_time(found.last)[:-3])
        start = button(_("Synchronise now"), lambda: self.desk.go("sync", start="1"))
        self.lines.append(start)
        return card(text(waiting), text(last, "muted"), row(start, None))

    def _line(self, words: str, screen: str, **where: str) -> QWidget:
        made = LineButton(words, lambda: self.desk.go(screen, **where))
        self.lines.append(made)
        return made


def _agenda(profile: Profile) -> Agenda:
    return agenda(profile.store, profile.actor, today())


def _ticket_text(due: Due) -> str:
    if due.due is None:
        return due.title
    return _("{title} – due on {day}").format(title=due.title, day=due.due.strftime("%d.%m.%Y"))
