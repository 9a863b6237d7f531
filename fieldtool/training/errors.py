"""Why a training platform cannot start.

CoreError
├── DataInUse(directory)
├── DataUnusable(directory, reason)
├── PortTaken(port, reason)
└── FaultPlanInvalid(file, key, reason)
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldtool.errors import CoreError


@dataclass(eq=False)
class DataInUse(CoreError):
    directory: str


@dataclass(eq=False)
class DataUnusable(CoreError):
    directory: str
    reason: str


@dataclass(eq=False)
class PortTaken(CoreError):
    port: int
    reason: str


@dataclass(eq=False)
class FaultPlanInvalid(CoreError):
    """`key` is the place in the plan, "$" for all of it."""

    file: str
    key: str
    reason: str
