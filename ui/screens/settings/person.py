"""Who works here, and in which role."""

from __future__ import annotations

from dataclasses import replace

from drivers.errors import ExpectedError
from fieldtool.operation import Actor
from fieldtool.person import STAFF, set_person
from fieldtool.profile import Profile
from fieldtool.roles import ROLES
from fieldtool.texts import _
from ui.background import changes
from ui.errors import ErrorPanel
from ui.screen import Desk
from ui.screens.settings import content
from ui.screens.settings.content import PersonFacts
from ui.screens.settings.section import Section
from ui.widgets.controls import button, card, choice, field, line, row, text


class PersonSection(Section):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Person"))
        self.name = line(_("First and last name"))
        self.sign = line(_("Sign"))
        self.sign.setMaxLength(6)
        self.role = choice(_("Role"), [(role, _(ROLES[role])) for role in STAFF])
        self.rights = text(selectable=True)
        self.problem = ErrorPanel()
        self.saved = text(kind="good")
        self.saved.hide()
        self.save_button = button(_("Save"), self.save, kind="primary", name=_("Save the person"))
        for entry in (self.name, self.sign):
            entry.returnPressed.connect(self.save)
        self.page.body.addWidget(
            card(
                text(
                    _(
                        "Every entry says who made it. Another name is another person: "
                        "what was entered before stays with whoever did it."
                    )
                ),
                field(_("First and last name"), self.name),
                field(_("Sign (two or three letters behind each entry)"), self.sign),
                field(_("Role"), self.role),
                text(_("This role may"), "muted"),
                self.rights,
                self.problem,
                self.saved,
                row(self.save_button, None),
            )
        )
        self._known: PersonFacts | None = None

    def refresh(self) -> None:
        self.desk.background.ask(self, content.person, self.tell, self.page.problem.tell)

    def tell(self, found: PersonFacts) -> None:
        """What somebody is typing is left alone."""
        if found == self._known:
            return
        self._known = found
        self.name.setText(found.actor.name)
        self.sign.setText(found.actor.sign)
        self.role.setCurrentIndex(max(self.role.findData(found.actor.role), 0))
        self.rights.setText(found.rights)
        self.rights.setAccessibleName(_("This role may: {rights}").format(rights=found.rights))

    def save(self) -> None:
        if not self.save_button.isEnabled():
            return
        self.save_button.setEnabled(False)
        self.problem.clear()
        self.saved.hide()
        name, sign, role = self.name.text(), self.sign.text(), self.role.currentData()
        # The sign of another person is made of the name, unless it was typed.
        typed = self._known is None or sign != self._known.actor.sign or name == self._known.actor.name

        def verb(profile: Profile) -> Actor:
            return set_person(profile, name=name, initials=sign if typed else None, role=role)

        self.desk.background.run(
            self,
            lambda profile, _job: verb(profile),
            done=self._saved,
            failed=self._failed,
            ended=lambda: self.save_button.setEnabled(True),
        )

    def _saved(self, person: Actor) -> None:
        """The lanes go on as this person; the window is told behind that."""
        background = self.desk.background
        named = person.name if background.place.actor is not None else None
        background.reopen(replace(background.place, actor=named))
        self.desk.actor = person
        self.saved.setText(
            _("Saved. New entries are made by {name} ({sign}).").format(name=person.name, sign=person.sign)
        )
        self.saved.show()
        background.changed.emit(changes("person"))
        self.refresh()

    def _failed(self, error: ExpectedError) -> None:
        self.problem.tell(error)
