"""`python -m fieldtool`: the command line without the console script."""

from __future__ import annotations

import sys

from fieldtool.cli import main

if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
