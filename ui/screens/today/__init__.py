from __future__ import annotations

from fieldtool.texts import N_
from ui.screen import STAFF, Desk, Screen, View


def make(desk: Desk) -> View:
    from ui.screens.today.view import TodayView

    return TodayView(desk)


SCREEN = Screen(title=N_("Today"), icon="today", order=10, roles=STAFF, make=make)
