"""A format of exports, and which one a file name asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from drivers import discovery
from fieldtool.asset import Asset
from fieldtool.exports import formats
from fieldtool.exports.errors import ExportFormatUnavailable, ExportFormatUnknown
from fieldtool.exports.places import Projection
from fieldtool.exports.survey import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one export is about. `assets` reads those of one class, or all with None, in the order of their
    ids, and as often as it is called the same ones; `partial` is where to write."""

    partial: Path
    target: Path
    tables: tuple[Table, ...]
    projected: Projection
    assets: Callable[[str | None], Iterator[Asset]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFormat:
    """`name` is what --format takes; `suffixes` are lower-case, the first is the usual one. `crs` is the
    system unless another is asked for, `crs_fixed` says that it can't be. `partial_suffix` is what the file
    under its temporary name ends in, `folder` says that a folder is written unless the target is a .zip."""

    name: str
    suffixes: tuple[str, ...]
    crs: str
    write: Callable[[Work], None]
    crs_fixed: bool = False
    partial_suffix: str = ""
    folder: bool = False


def export_formats() -> dict[str, ExportFormat]:
    """By name. Raises ExportFormatUnavailable."""
    loaded, broken = discovery.load_all(formats, "FORMAT", ExportFormat)
    for error in broken:
        raise ExportFormatUnavailable(error.module, error.cause)
    return {found.name: found for found in loaded.values()}


def format_for(target: Path, name: str | None) -> ExportFormat:
    """Raises ExportFormatUnknown, ExportFormatUnavailable."""
    known = export_formats()
    if name is not None:
        if name in known:
            return known[name]
        raise ExportFormatUnknown(name, ", ".join(known))
    suffix = target.suffix.lower()
    for found in known.values():
        if suffix in found.suffixes:
            return found
    raise ExportFormatUnknown(str(target), ", ".join(known))
