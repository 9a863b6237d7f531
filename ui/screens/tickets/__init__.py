from __future__ import annotations

from fieldtool.texts import N_
from ui.screen import STAFF, Desk, Screen, View


def make(desk: Desk) -> View:
    from ui.screens.tickets.view import TicketsView

    return TicketsView(desk)


SCREEN = Screen(title=N_("Tickets"), icon="tickets", order=50, roles=STAFF, make=make)
