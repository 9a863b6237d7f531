"""Errors of opening the window."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool.display import DisplayMissing
from fieldtool.explain import Explanation
from fieldtool.pdf import PrinterMissing
from fieldtool.texts import N_

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    DisplayMissing: Explanation(
        "display_missing",
        N_("There is no screen that a window could be on."),
        N_("Start it on a desktop, or use the commands: 'fieldtool --help' lists them."),
    ),
    PrinterMissing: Explanation(
        "printer_missing",
        N_("This program cannot make a PDF: the parts of its window are not there."),
        N_("Leave out --pdf and print the HTML from a browser, or start it as 'fieldtool'."),
    ),
}
