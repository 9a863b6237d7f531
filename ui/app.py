"""The console script. Every subcommand goes to fieldtool.cli before PySide6 is imported; without one, and for
`demo` with a window, ui.start opens it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldtool.pdf import Pdf


def printed(html: str) -> Pdf:
    from ui.printing import print_now

    return print_now(html)


def main(arguments: Sequence[str] | None = None) -> int:
    from fieldtool.global_options import window_wanted

    given = list(sys.argv[1:] if arguments is None else arguments)
    wanted = window_wanted(given)
    if wanted is None:
        from fieldtool import cli
        from fieldtool.pdf import use_printer

        use_printer(printed)
        return cli.main(given)
    from ui.start import open_window

    return open_window(wanted)
