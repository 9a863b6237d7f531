"""How the window looks: it changes at once."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QCheckBox, QPushButton

from fieldtool.texts import N_, _
from ui.preferences import ZOOMS, Preferences, ThemeName
from ui.screen import Desk
from ui.screens.settings.section import Section
from ui.widgets.controls import button, card, text
from ui.widgets.flow import flow

THEMES: dict[ThemeName, str] = {"light": N_("Light"), "dark": N_("Dark"), "sun": N_("Sun")}
LANGUAGES = {"de": "Deutsch", "en": "English"}


class LookSection(Section):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Display"))
        self.themes = {
            name: self._choice(_(title), _("Theme: {name}").format(name=_(title)))
            for name, title in THEMES.items()
        }
        self.languages = {
            name: self._choice(title, _("Language: {name}").format(name=title))
            for name, title in LANGUAGES.items()
        }
        self.glove = QCheckBox(_("Glove mode: everything that is pressed is larger"))
        self.glove.setAccessibleName(_("Glove mode"))
        self.smaller = button("−", lambda: self._zoom(-1), name=_("Smaller"))
        self.larger = button("+", lambda: self._zoom(1), name=_("Larger"))
        self.usual = button("100\u00a0%", lambda: self._zoom(0), name=_("100 percent"))
        self.zoom = text(kind="strong")
        self.zoom.setWordWrap(False)
        body = self.page.body
        body.addWidget(
            card(
                text(_("Theme"), "heading"),
                text(_("Sun is black on white, for bright light outside."), "muted"),
                flow(*self.themes.values()),
            )
        )
        body.addWidget(
            card(
                text(_("Size"), "heading"),
                flow(self.smaller, self.zoom, self.larger, self.usual),
                text(_("Also with Ctrl and +, − or 0."), "muted"),
                self.glove,
            )
        )
        body.addWidget(
            card(
                text(_("Language"), "heading"),
                text(_("The window is built anew; nothing that was entered and saved is lost."), "muted"),
                flow(*self.languages.values()),
            )
        )
        for name, made in self.themes.items():
            made.clicked.connect(lambda _checked=False, name=name: self._apply(theme=name))
        for language, made in self.languages.items():
            made.clicked.connect(lambda _checked=False, language=language: self._apply(language=language))
        self.glove.clicked.connect(lambda checked: self._apply(glove=checked))
        self.refresh()

    def refresh(self) -> None:
        stated = self.desk.preferences
        for theme, made in self.themes.items():
            made.setChecked(theme == stated.theme)
        for language, made in self.languages.items():
            made.setChecked(language == stated.language)
        self.glove.setChecked(stated.glove)
        self.zoom.setText(f"{stated.zoom}\u00a0%")
        self.zoom.setAccessibleName(_("Size: {zoom} percent").format(zoom=stated.zoom))
        self.smaller.setEnabled(stated.zoom > ZOOMS[0])
        self.larger.setEnabled(stated.zoom < ZOOMS[-1])

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Also the keys of the window change the size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "larger"):
            self.refresh()

    def _zoom(self, steps: int) -> None:
        self._prefer(self.desk.preferences.zoomed(steps))

    def _apply(self, **what: object) -> None:
        self._prefer(replace(self.desk.preferences, **what))  # type: ignore[arg-type]

    def _prefer(self, wanted: Preferences) -> None:
        if wanted != self.desk.preferences:
            self.desk.preferences_changed.emit(wanted)
        self.refresh()

    def _choice(self, title: str, name: str) -> QPushButton:
        made = button(title, name=name)
        made.setCheckable(True)
        return made
