"""What can go wrong with an area taken along, besides its provider and the way to it."""

from __future__ import annotations

from dataclasses import dataclass

from fieldtool.errors import CoreError


@dataclass(eq=False)
class NothingThere(CoreError):
    """The service has not one tile of the area."""

    service: str


@dataclass(eq=False)
class BaseMapUnknown(CoreError):
    name: str
