"""Who may do what: resources/policy.yaml."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fieldtool.data_files import read_data
from fieldtool.errors import CoreError
from fieldtool.operation import Actor, Role
from fieldtool.texts import RESOURCES

FILE = RESOURCES / "policy.yaml"

Right = Literal[
    "ticket.create",
    "ticket.comment",
    "ticket.finding",
    "ticket.start",
    "ticket.wait",
    "ticket.close",
    "ticket.reopen",
    "ticket.assign",
    "ticket.prioritise",
    "ticket.edit",
    "asset.create",
    "asset.edit",
    "asset.delete",
    "asset.restore",
    "asset.bulk",
    "class.change",
]


@dataclass(eq=False)
class NotAllowed(CoreError):
    action: str
    role: str


def rights(role: Role) -> frozenset[Right]:
    """Raises BrokenData."""
    return _rights(FILE)[role]


def require(actor: Actor, right: Right) -> None:
    """Raises NotAllowed, BrokenData."""
    if right not in rights(actor.role):
        raise NotAllowed(right, actor.role)


@functools.cache
def _rights(path: Path) -> Mapping[Role, frozenset[Right]]:
    document = read_data(path, "policy")
    return {role: frozenset(names) for role, names in document["rights"].items()}
