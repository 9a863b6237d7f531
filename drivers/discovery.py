"""Modules found by their place: families, connectors, import formats, commands.

Listing names imports nothing; a module loads on first use. A module that cannot be loaded raises
`ModuleBroken` where it is wanted, and `load_all` (doctor, gate) collects every such failure.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


@dataclass(eq=False)
class ModuleBroken(Exception):
    """`module` is its dotted name, `cause` what its import said."""

    module: str
    cause: str


def names(package: ModuleType) -> list[str]:
    return sorted(found.name for found in pkgutil.iter_modules(package.__path__) if found.name[0] != "_")


def load(package: ModuleType, name: str, constant: str, kind: type[T]) -> T:
    """The module's one exported constant. Raises KeyError for an unknown name, ModuleBroken otherwise."""
    if name not in names(package):
        raise KeyError(name)
    dotted = f"{package.__name__}.{name}"
    try:
        value = getattr(importlib.import_module(dotted), constant)
    except Exception as error:
        raise ModuleBroken(dotted, f"{type(error).__name__}: {error}") from error
    if not isinstance(value, kind):
        raise ModuleBroken(dotted, f"{constant} is a {type(value).__name__}, not a {kind.__name__}")
    return value


def load_all(package: ModuleType, constant: str, kind: type[T]) -> tuple[dict[str, T], list[ModuleBroken]]:
    loaded: dict[str, T] = {}
    broken: list[ModuleBroken] = []
    for name in names(package):
        try:
            loaded[name] = load(package, name, constant, kind)
        except ModuleBroken as error:
            broken.append(error)
    return loaded, broken
