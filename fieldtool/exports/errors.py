"""What can keep a file from being written.

CoreError
└── ExportRefused
    ├── ExportFormatUnknown(path, known)
    ├── ExportFormatUnavailable(module, cause)
    ├── NothingToExport
    ├── TargetExists(path)
    ├── TargetForeign(path)            a folder with other things in it: never replaced
    ├── TargetOpen(path)
    ├── TargetNotWritten(path, reason)
    ├── ExportCrsUnknown(crs)
    ├── ExportCrsFixed(format, crs)    the format knows one system only
    ├── TooManyRows(name, rows, limit)
    └── CellTooLong(column, characters, limit)
A full disk is fieldtool.store.errors.DiskFull.
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldtool.errors import CoreError


class ExportRefused(CoreError):
    pass


@dataclass(eq=False)
class ExportFormatUnknown(ExportRefused):
    path: str
    known: str


@dataclass(eq=False)
class ExportFormatUnavailable(ExportRefused):
    module: str
    cause: str


class NothingToExport(ExportRefused):
    pass


@dataclass(eq=False)
class TargetExists(ExportRefused):
    path: str


@dataclass(eq=False)
class TargetForeign(ExportRefused):
    path: str


@dataclass(eq=False)
class TargetOpen(ExportRefused):
    path: str


@dataclass(eq=False)
class TargetNotWritten(ExportRefused):
    path: str
    reason: str


@dataclass(eq=False)
class ExportCrsUnknown(ExportRefused):
    crs: str


@dataclass(eq=False)
class ExportCrsFixed(ExportRefused):
    format: str
    crs: str


@dataclass(eq=False)
class TooManyRows(ExportRefused):
    name: str
    rows: int
    limit: int


@dataclass(eq=False)
class CellTooLong(ExportRefused):
    column: str
    characters: int
    limit: int
