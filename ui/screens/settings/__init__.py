"""Who works here, how it looks, which platforms and receivers there are, and what this program is."""

from __future__ import annotations

from fieldtool.texts import N_
from ui.screen import EVERYBODY, Desk, Screen, View


def make(desk: Desk) -> View:
    from ui.screens.settings.view import SettingsView

    return SettingsView(desk)


SCREEN = Screen(title=N_("Settings"), icon="settings", order=80, roles=EVERYBODY, make=make)
