"""What can be wrong with a change of an asset.

CoreError
└── UpkeepError
    ├── ValuesInvalid(problems)               "title: reason", one after the other
    ├── NumberTaken(number, other)
    ├── GeometryUnfit(geometry, kind)
    ├── AttributeUnknown(key, known)
    ├── AssetInUse(asset, users)
    ├── ParentUnfit(parent)                   it is itself a part
    ├── ParentOfOtherKind(kind, parent, fitting)
    ├── OperationUnknown(operation)
    ├── NothingToUndo(operation)
    └── NoteEmpty
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldtool.errors import CoreError


class UpkeepError(CoreError):
    pass


@dataclass(eq=False)
class ValuesInvalid(UpkeepError):
    problems: str


@dataclass(eq=False)
class NumberTaken(UpkeepError):
    number: str
    other: str


@dataclass(eq=False)
class GeometryUnfit(UpkeepError):
    geometry: str
    kind: str


@dataclass(eq=False)
class AttributeUnknown(UpkeepError):
    key: str
    known: str


@dataclass(eq=False)
class AssetInUse(UpkeepError):
    asset: str
    users: str


@dataclass(eq=False)
class ParentUnfit(UpkeepError):
    parent: str


@dataclass(eq=False)
class ParentOfOtherKind(UpkeepError):
    kind: str
    parent: str
    fitting: str


@dataclass(eq=False)
class OperationUnknown(UpkeepError):
    operation: str


@dataclass(eq=False)
class NothingToUndo(UpkeepError):
    operation: str


@dataclass(eq=False)
class NoteEmpty(UpkeepError):
    pass
