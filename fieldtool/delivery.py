"""The journal seen from one platform: the words of the outbox. The verbs are in fieldtool/outbox.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from fieldtool.ids import OperationId
from fieldtool.jsontypes import Json
from fieldtool.operation import Change, DeliveryState, EntityName, Operation

Outcome = Literal["accepted", "rejected", "conflict"]


@dataclass(frozen=True, slots=True)
class Target:
    """A platform; `type` is the name of its connector. Its token is in the vault: `token_name`.
    With an `operator` it gets only what is that operator's."""

    name: str
    type: str
    url: str
    tenant: str | None = None
    options: Mapping[str, Json] = field(default_factory=dict)
    operator: str | None = None


def token_name(target_name: str) -> str:
    return f"target/{target_name}/token"


@dataclass(frozen=True, slots=True)
class Delivery:
    """`open_positions` are the changes that this target handles and has not accepted yet."""

    operation: Operation
    target: str
    state: DeliveryState
    reason: str | None
    changes: tuple[Change, ...]
    open_positions: frozenset[int]


@dataclass(frozen=True, slots=True)
class RemoteReference:
    """`base` is the content last known on both sides."""

    target: str
    entity: EntityName
    entity_id: str
    remote_id: str
    base: Mapping[str, Json] | None
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """`detail["reason"]`, where there is one, is what people are shown of a refusal."""

    operation_id: OperationId
    position: int
    target: str
    outcome: Outcome
    remote_id: str | None
    at: datetime
    detail: Mapping[str, Json]
