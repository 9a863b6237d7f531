"""The console script. Every subcommand goes to fieldtool.cli before PySide6 is imported; without one, and for
`demo` with a window, ui.start opens it."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    from fieldtool import cli

    given = list(sys.argv[1:] if arguments is None else arguments)
    wanted = cli.window_wanted(given)
    if wanted is None:
        return cli.main(given)
    from ui.start import open_window

    return open_window(wanted)
