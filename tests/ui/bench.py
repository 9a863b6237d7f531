"""A practice beside a desk: the real training platform and simulated devices, each a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pytestqt.qtbot import QtBot

from tests.ui.conftest import idle
from ui.practice import Practice, Ready
from ui.screen import Desk


@contextmanager
def practised(desk: Desk, qtbot: QtBot) -> Iterator[Ready]:
    practice, found = Practice(), []
    desk.background.run(desk, practice.begin, lane="network", done=found.append)
    idle(desk, qtbot, timeout=60_000)
    (ready,) = found
    desk.extra_ports = ready.ports
    try:
        yield ready
    finally:
        practice.close()
