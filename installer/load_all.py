"""Loads every module that is found by its place, and fails by name where one does not load."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator

import ui
from drivers import discovery
from drivers.discovery import ModuleBroken
from fieldtool.selfcheck import broken_modules
from ui import screens
from ui.screen import Screen


def main() -> int:
    broken = [*broken_modules(), *broken_parts_of_the_window()]
    for error in broken:
        print(f"does not load: {error.module}: {error.cause}", file=sys.stderr)
    return 1 if broken else 0


def broken_parts_of_the_window() -> Iterator[ModuleBroken]:
    for found in pkgutil.walk_packages(ui.__path__, "ui."):
        try:
            importlib.import_module(found.name)
        except Exception as error:  # noqa: BLE001 - whatever keeps it from loading is reported
            yield ModuleBroken(found.name, f"{type(error).__name__}: {error}")
    yield from discovery.load_all(screens, "SCREEN", Screen)[1]


if __name__ == "__main__":
    raise SystemExit(main())
