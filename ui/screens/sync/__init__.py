"""What waits for which platform, what went wrong there, and the receipt of the day."""

from __future__ import annotations

from fieldtool.texts import N_
from ui.screen import STAFF, Desk, Screen, View


def make(desk: Desk) -> View:
    from ui.screens.sync.view import SyncView

    return SyncView(desk)


SCREEN = Screen(title=N_("Sync"), icon="sync", order=60, roles=STAFF, make=make)
