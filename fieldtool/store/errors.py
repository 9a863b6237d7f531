"""What can go wrong with a profile's database.

CoreError
└── StoreError
    ├── DiskFull(path)
    ├── DiskFailed(path, cause)
    ├── DatabaseCorrupt(path, backups)
    ├── DatabaseNewer(path, schema)
    ├── DatabaseForeign(path)
    ├── DatabaseBusy(path)
    ├── ProfileReadOnly(path)
    ├── ProfileMissing(directory)
    ├── ProfileInUse(directory, holder)
    ├── NotFound(kind, id)
    ├── StaleVersion(kind, id, read, found)
    ├── AlreadyThere(kind, fields)
    └── ReferenceBroken(kind, id)
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldtool.errors import CoreError


class StoreError(CoreError):
    pass


@dataclass(eq=False)
class DiskFull(StoreError):
    path: str


@dataclass(eq=False)
class DiskFailed(StoreError):
    """`cause` is the system's or SQLite's own name of the failure."""

    path: str
    cause: str


@dataclass(eq=False)
class DatabaseCorrupt(StoreError):
    """`backups` is the folder where the backups lie."""

    path: str
    backups: str


@dataclass(eq=False)
class DatabaseNewer(StoreError):
    """`schema` is the file's version; this program knows only earlier ones."""

    path: str
    schema: int


@dataclass(eq=False)
class DatabaseForeign(StoreError):
    """A SQLite file of another program."""

    path: str


@dataclass(eq=False)
class DatabaseBusy(StoreError):
    path: str


@dataclass(eq=False)
class ProfileReadOnly(StoreError):
    path: str


@dataclass(eq=False)
class ProfileMissing(StoreError):
    directory: str


@dataclass(eq=False)
class ProfileInUse(StoreError):
    """`holder` is program and process id where they are noted, as "fieldtool (4711)"."""

    directory: str
    holder: str | None


@dataclass(eq=False)
class NotFound(StoreError):
    """`kind` is the entity's name."""

    kind: str
    id: str


@dataclass(eq=False)
class StaleVersion(StoreError):
    """The row is at version `found`; the change was made on version `read`."""

    kind: str
    id: str
    read: int
    found: int


@dataclass(eq=False)
class AlreadyThere(StoreError):
    """Another row has the same values in `fields`, which are unique."""

    kind: str
    fields: str


@dataclass(eq=False)
class ReferenceBroken(StoreError):
    """The row names another one that does not exist, or is itself still named by another one."""

    kind: str
    id: str
