"""Where the data lie, and whether all is in order."""

from __future__ import annotations

from fieldtool.texts import _
from ui.errors import ErrorPanel
from ui.screen import Desk
from ui.screens.settings import content
from ui.screens.settings.content import SelfCheck
from ui.screens.settings.section import Section
from ui.widgets.controls import button, card, restyle, row, text
from ui.widgets.facts import Facts


class DataSection(Section):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Data"))
        self.facts = Facts()
        self.check_button = button(_("Check now"), self.check, name=_("Start the self-check"))
        self.result = text(selectable=True)
        self.result.hide()
        self.problem = ErrorPanel()
        self.details = Facts()
        self.page.body.addWidget(
            card(
                text(_("Your data"), "heading"),
                self.facts,
                text(
                    _(
                        "Everything of this profile is in this folder. "
                        "A copy of it, made while Fieldtool is closed, is a complete backup; "
                        "keys and tokens in it stay encrypted."
                    )
                ),
            )
        )
        self.page.body.addWidget(
            card(
                text(_("Self-check"), "heading"),
                text(_("Loads every part of the program and reads the whole database.")),
                row(self.check_button, None),
                self.result,
                self.problem,
                self.details,
            )
        )

    def refresh(self) -> None:
        self.desk.background.ask(self, content.data_facts, self.facts.tell, self.page.problem.tell)

    def check(self) -> None:
        self.check_button.setEnabled(False)
        self.problem.clear()
        self._say(_("Checking …"), "muted")
        self.desk.background.run(
            self,
            lambda profile, _job: content.self_check(profile),
            done=self._checked,
            failed=self.problem.tell,
            ended=lambda: self.check_button.setEnabled(True),
        )

    def _checked(self, found: SelfCheck) -> None:
        self._say(_("All in order.") if found.ok else "\n".join(found.faults), "good" if found.ok else "bad")
        self.details.tell(found.facts)

    def _say(self, words: str, kind: str) -> None:
        self.result.setText(words)
        self.result.setAccessibleName(words)
        restyle(self.result, kind)
        self.result.show()
