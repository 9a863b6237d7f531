"""What this program is, what it is made of, and what it is not."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout

from fieldtool.texts import _
from ui.screen import Desk
from ui.screens.settings import content
from ui.screens.settings.content import Component
from ui.screens.settings.section import Section
from ui.widgets.controls import card, text
from ui.widgets.facts import Facts
from ui.widgets.listing import Listing


class AboutSection(Section):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("About"))
        self.parts = QFrame()
        self.parts.setProperty("kind", "card")
        self._made_of = QVBoxLayout(self.parts)
        self._made_of.setContentsMargins(16, 12, 16, 12)
        self._made_of.addWidget(text(_("Made of"), "heading"))
        self._listed: Listing | None = None
        self.version = Facts()
        body = self.page.body
        body.addWidget(
            card(
                text("Fieldtool", "heading"),
                self.version,
                text(
                    _(
                        "Fieldtool has no certified interface to any system that is named in it. "
                        "Each connection follows the published specification and was tried "
                        "against a training platform."
                    )
                ),
            )
        )
        body.addWidget(self.parts)

    def refresh(self) -> None:
        if self._listed is None:
            self.desk.background.ask(self, lambda _profile: content.about(), self.tell)

    def tell(self, found: tuple[str, tuple[Component, ...]]) -> None:
        version, components = found
        self.version.tell([(_("Version"), version), (_("Licence"), "EUPL-1.2")])
        if self._listed is not None or not components:
            return
        cells = [(one.name, one.version, one.licence) for one in components]
        heads = (_("Component"), _("Version"), _("Licence"))
        self._listed = Listing(_("Components and their licences"), heads, cells, wide=(2,))
        self._made_of.addWidget(self._listed)
