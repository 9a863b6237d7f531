"""What a window needs of the machine."""

from __future__ import annotations

import os
import sys

from fieldtool.errors import CoreError

NAMED = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


class DisplayMissing(CoreError):
    """There is no screen that a window could be on."""


def require_display() -> None:
    """Qt ends the program where it finds none. Raises DisplayMissing."""
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in NAMED):
        raise DisplayMissing
