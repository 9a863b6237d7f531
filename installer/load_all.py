"""Loads every module that is found by its place, and fails by name where one does not load."""

from __future__ import annotations

import sys

from fieldtool.selfcheck import broken_modules


def main() -> int:
    broken = broken_modules()
    for error in broken:
        print(f"does not load: {error.module}: {error.cause}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
