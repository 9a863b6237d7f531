"""Loads everything there is and says what does not load: for `doctor` and for the gate."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import drivers
import fieldtool
from drivers import discovery
from drivers.discovery import ModuleBroken

PLACES: tuple[tuple[str, str, str], ...] = (
    ("drivers.families", "FAMILY", "drivers.family.Family"),
    ("drivers.simulated.devices", "DEVICE", "drivers.simulated.device.SimulatedType"),
    ("fieldtool.cli", "COMMAND", "fieldtool.command.Command"),
    ("fieldtool.explain", "EXPLANATIONS", "builtins.dict"),
    ("fieldtool.exports.formats", "FORMAT", "fieldtool.exports.target.ExportFormat"),
    ("fieldtool.imports.formats", "FORMAT", "fieldtool.imports.source.ImportFormat"),
    ("fieldtool.labels.formats", "FORMAT", "fieldtool.labels.label.LabelFormat"),
)
"""Package, constant and type of what is found by its place."""


def broken_modules() -> list[ModuleBroken]:
    """Every module of drivers and fieldtool that does not import, and every place without its constant."""
    broken = {error.module: error for error in _unimportable()}
    for package, constant, kind in PLACES:
        home, _dot, name = kind.rpartition(".")
        if package not in broken and home not in broken:
            wanted = getattr(importlib.import_module(home), name)
            for error in discovery.load_all(importlib.import_module(package), constant, wanted)[1]:
                broken.setdefault(error.module, error)
    for error in _broken_connectors(broken):
        broken.setdefault(error.module, error)
    return sorted(broken.values(), key=lambda error: error.module)


def _unimportable() -> Iterator[ModuleBroken]:
    for root in (drivers, fieldtool):
        for module in pkgutil.walk_packages(root.__path__, f"{root.__name__}.", onerror=lambda _name: None):
            if not module.name.endswith(".__main__"):
                try:
                    _import(module.name)
                except ModuleBroken as error:
                    yield error


def _import(name: str) -> None:
    try:
        importlib.import_module(name)
    except Exception as error:
        raise ModuleBroken(name, f"{type(error).__name__}: {error}") from error


def _broken_connectors(broken: dict[str, ModuleBroken]) -> Iterator[ModuleBroken]:
    if any(module.startswith("fieldtool.connectors") for module in broken):
        return
    from fieldtool import connectors

    for error in connectors.load_all()[1]:
        yield ModuleBroken(f"{connectors.__name__}.{error.name.replace('-', '_')}", error.cause)
