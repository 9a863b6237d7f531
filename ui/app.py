"""The console script. Every subcommand goes to fieldtool.cli before PySide6 is imported."""

from __future__ import annotations

import sys


def main() -> int:
    from fieldtool import cli

    return cli.main(sys.argv[1:])
