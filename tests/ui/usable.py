"""What every screen owes to everybody who uses it."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget

from installer import checking


def assert_usable(root: QWidget, touch: int = 48) -> None:
    """Names for screen readers, reached by Tab, large enough, in German, nothing cut off."""
    QApplication.processEvents()
    problems = {
        "unnamed": checking.unnamed(root),
        "unreachable": checking.unreachable(root),
        "too small": checking.too_small(root, touch),
        "English": checking.english(root),
        "clipped": checking.clipped(root),
        "outside": checking.outside(root),
    }
    assert {kind: found for kind, found in problems.items() if found} == {}
