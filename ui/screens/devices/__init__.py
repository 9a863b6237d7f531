from __future__ import annotations

from fieldtool.texts import N_
from ui.screen import STAFF, Desk, Screen, View


def make(desk: Desk) -> View:
    from ui.screens.devices.view import DevicesView

    return DevicesView(desk)


SCREEN = Screen(title=N_("Devices"), icon="devices", order=20, roles=STAFF, make=make)
