"""What somebody did: the words of the journal. The verbs are in fieldtool/journal.py."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fieldtool.ids import OperationId
from fieldtool.jsontypes import Json

Role = Literal["technik", "bestand", "schule"]
Action = Literal["create", "update", "delete"]
EntityName = Literal[
    "asset",
    "device",
    "datastream",
    "observation",
    "ticket",
    "ticket_event",
    "commissioning",
    "registration",
    "class_definition",
    "asset_note",
]
DeliveryState = Literal["saved", "sending", "accepted", "rejected", "conflict", "waiting"]


@dataclass(frozen=True, slots=True)
class Actor:
    """`sign` is what stands behind an entry on paper: two or three letters."""

    id: str
    name: str
    sign: str
    role: Role


def operator_name(text: str) -> str:
    """One spelling, however it was typed; empty where nothing is named."""
    return unicodedata.normalize("NFC", " ".join(text.split())).lower()


@dataclass(frozen=True, slots=True)
class Operation:
    """`sequence` counts up on this machine, in the order of the commits. `at` is UTC; `device_clock` what
    the machine's clock said, raw, with its own offset. `operator` is whose things it is about, as
    "schwerte"; None where nobody said so."""

    id: OperationId
    sequence: int
    kind: str
    actor_id: str
    role: Role
    at: datetime
    device_clock: str
    reason: str | None
    operator: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """`before` and `after` hold all fields of a deleted or created entity, and of an updated one only the
    changed fields; neither holds id and version."""

    operation_id: OperationId
    position: int
    entity: EntityName
    entity_id: str
    action: Action
    base_version: int | None
    before: Mapping[str, Json] | None
    after: Mapping[str, Json] | None


@dataclass(frozen=True, slots=True)
class TargetOutcome:
    """What became of one change at one target. `remote_id`, `at` and `detail` are those of the last receipt
    for it, None and empty where there is none."""

    target: str
    state: DeliveryState
    reason: str | None
    remote_id: str | None
    at: datetime | None
    detail: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    operation: Operation
    actor: Actor
    change: Change
    targets: tuple[TargetOutcome, ...]
