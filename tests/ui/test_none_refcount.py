"""PySide6 6.12.0 on Python 3.11 loses a reference to None a call and kills the process after some thousand
(facts/limits.md): pyproject pins below it."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal

CALLS = 20_000
LOST_AT_MOST = 100


class Sender(QObject):
    sent = Signal(int)


def test_none_keeps_its_references() -> None:
    """Calls that take None, give None, and give None back to C++ from a slot."""
    if sys.version_info >= (3, 12):
        assert sys.getrefcount(None) > 2**31  # None is immortal there (PEP 683): nothing can be lost
        return
    sender, heard = Sender(), [0]
    sender.sent.connect(lambda number: heard.__setitem__(0, number))
    before = sys.getrefcount(None)
    for number in range(CALLS):
        sender.sent.emit(number)
        sender.setObjectName("x")
        sender.setProperty("nothing", None)
        sender.property("nothing")
        sender.parent()
        QObject(sender).setParent(None)
    assert heard[0] == CALLS - 1
    assert before - sys.getrefcount(None) < LOST_AT_MOST
