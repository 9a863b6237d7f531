from __future__ import annotations

from fieldtool.texts import N_
from ui.screen import STAFF, Desk, Screen, View


def make(desk: Desk) -> View:
    from ui.screens.assets.view import AssetsView

    return AssetsView(desk)


SCREEN = Screen(title=N_("Assets"), icon="assets", order=30, roles=STAFF, make=make)
