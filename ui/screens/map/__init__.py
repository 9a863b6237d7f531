from __future__ import annotations

from fieldtool.texts import N_
from ui.screen import STAFF, Desk, Screen, View


def make(desk: Desk) -> View:
    from ui.screens.map.view import MapScreen

    return MapScreen(desk)


SCREEN = Screen(title=N_("Map"), icon="map", order=40, roles=STAFF, make=make)
