"""The platforms: what there is, and setting up another one."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout

from fieldtool.texts import _
from ui.screen import Desk
from ui.screens.settings import content
from ui.screens.settings.content import TargetFacts
from ui.screens.settings.section import Section
from ui.screens.settings.target_card import TargetCard
from ui.screens.settings.target_form import TargetForm
from ui.widgets.controls import button, card, text
from ui.widgets.paging import bring_into_view


class TargetsSection(Section):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Platforms"))
        self.add_button = button(_("Set up a platform …"), self.add, kind="primary")
        self.page.commands.addWidget(self.add_button)
        self.added = text(kind="good", selectable=True)
        self.added.hide()
        self.form: TargetForm | None = None
        self._form_place = QVBoxLayout()
        self.empty = card(
            text(_("No platform is set up yet."), "strong"),
            text(_("Ask who runs the platform of your city for its address and an access token.")),
        )
        self.empty.hide()
        self.cards: dict[str, TargetCard] = {}
        self._cards = QVBoxLayout()
        self._cards.setSpacing(12)
        self._wanted = ""
        body = self.page.body
        body.addWidget(self.added)
        body.addLayout(self._form_place)
        body.addWidget(self.empty)
        body.addLayout(self._cards)

    def shown(self, where: Mapping[str, str]) -> None:
        self._wanted = where.get("target", "")
        self.refresh()
        if where.get("add"):
            self.add()

    def refresh(self) -> None:
        self.desk.background.ask(self, content.target_list, self.tell, self.page.problem.tell)

    def tell(self, found: tuple[TargetFacts, ...]) -> None:
        self.page.problem.clear()
        self.empty.setVisible(not found and self.form is None)
        names = [one.name for one in found]
        for name in [name for name in self.cards if name not in names]:
            self._drop(name)
        for place, one in enumerate(found):
            if one.name in self.cards:
                self.cards[one.name].tell(one)
            else:
                self.cards[one.name] = TargetCard(self.desk, one)
                self._cards.insertWidget(place, self.cards[one.name])
        if self._wanted in self.cards:
            QTimer.singleShot(0, self.cards[self._wanted], self._scroll_to_wanted)

    def add(self) -> None:
        self.added.hide()
        if self.form is None:
            self.form = TargetForm(self.desk)
            self.form.saved.connect(self._saved)
            self.form.closed.connect(self._close)
            self._form_place.addWidget(self.form)
            self.add_button.setEnabled(False)
            self.empty.hide()
        self.form.begin()

    def _saved(self, name: str) -> None:
        self._wanted = name
        self._close()
        said = _("{name} is set up. Check the connection, then synchronise.").format(name=name)
        self.added.setText(said)
        self.added.setAccessibleName(said)
        self.added.show()

    def _close(self) -> None:
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        self.add_button.setEnabled(True)
        self.add_button.setFocus()
        self.refresh()

    def _drop(self, name: str) -> None:
        gone = self.cards.pop(name)
        gone.hide()
        self._cards.removeWidget(gone)
        gone.deleteLater()
        self.add_button.setFocus()

    def _scroll_to_wanted(self) -> None:
        wanted = self.cards.get(self._wanted)
        self._wanted = ""
        if wanted is not None:
            bring_into_view(self.page.area, wanted)
            wanted.check_button.setFocus()
