"""What can be wrong with a whole import; what is wrong with one row is in the report.

CoreError
└── ImportRefused
    ├── FileUnreadable(path, reason)
    ├── FileTooLarge(path, megabytes, limit)
    ├── FileEmpty(path)
    ├── FormatUnknown(path, known)
    ├── FormatUnavailable(module, cause)
    ├── FileDamaged(path, cause)
    ├── UnpackedTooLarge(path, limit)
    ├── WorkbookProtected(path)
    ├── ShapefileIncomplete(path, missing)
    ├── SeveralLayers(path, layers)
    ├── LayerUnknown(path, layer, layers)
    ├── TextUnreadable(path, line)     encodings mixed in one file
    ├── TableBroken(path, row, reason)
    ├── GeoJsonBroken(path, line, reason)
    ├── MappingInvalid(path, key, reason)
    ├── CrsUnknown(crs)
    ├── CrsUnclear(path, candidates)
    └── BoundaryMissing(path, name)
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldtool.errors import CoreError


class ImportRefused(CoreError):
    pass


@dataclass(eq=False)
class FileUnreadable(ImportRefused):
    path: str
    reason: str


@dataclass(eq=False)
class FileTooLarge(ImportRefused):
    path: str
    megabytes: int
    limit: int


@dataclass(eq=False)
class FileEmpty(ImportRefused):
    path: str


@dataclass(eq=False)
class FormatUnknown(ImportRefused):
    path: str
    known: str


@dataclass(eq=False)
class FormatUnavailable(ImportRefused):
    module: str
    cause: str


@dataclass(eq=False)
class TextUnreadable(ImportRefused):
    path: str
    line: int


@dataclass(eq=False)
class TableBroken(ImportRefused):
    path: str
    row: int
    reason: str


@dataclass(eq=False)
class GeoJsonBroken(ImportRefused):
    path: str
    line: int
    reason: str


@dataclass(eq=False)
class MappingInvalid(ImportRefused):
    path: str
    key: str
    reason: str


@dataclass(eq=False)
class CrsUnknown(ImportRefused):
    crs: str


@dataclass(eq=False)
class CrsUnclear(ImportRefused):
    path: str
    candidates: str


@dataclass(eq=False)
class FileDamaged(ImportRefused):
    """`cause` is what the library that reads such files said."""

    path: str
    cause: str


@dataclass(eq=False)
class UnpackedTooLarge(ImportRefused):
    """`limit` in megabytes."""

    path: str
    limit: int


@dataclass(eq=False)
class WorkbookProtected(ImportRefused):
    path: str


@dataclass(eq=False)
class ShapefileIncomplete(ImportRefused):
    """`missing` are the suffixes of the files that are not beside it."""

    path: str
    missing: tuple[str, ...]


@dataclass(eq=False)
class SeveralLayers(ImportRefused):
    path: str
    layers: tuple[str, ...]


@dataclass(eq=False)
class LayerUnknown(ImportRefused):
    path: str
    layer: str
    layers: tuple[str, ...]


@dataclass(eq=False)
class BoundaryMissing(ImportRefused):
    """No area of that name in the file."""

    path: str
    name: str
