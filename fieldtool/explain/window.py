"""Errors of opening the window."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool.display import DisplayMissing
from fieldtool.explain import Explanation
from fieldtool.texts import N_

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    DisplayMissing: Explanation(
        "display_missing",
        N_("There is no screen that a window could be on."),
        N_("Start it on a desktop, or use the commands: 'fieldtool --help' lists them."),
    ),
}
