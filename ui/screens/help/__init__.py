from __future__ import annotations

from fieldtool.texts import N_
from ui.screen import EVERYBODY, Desk, Screen, View


def make(desk: Desk) -> View:
    from ui.screens.help.view import HelpView

    return HelpView(desk)


SCREEN = Screen(title=N_("Help"), icon="help", order=90, roles=EVERYBODY, make=make)
