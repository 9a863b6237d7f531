"""What is kept of one commissioning: enough to go on after a kill, never a secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from fieldtool.ids import CommissioningId, DeviceId
from fieldtool.jsontypes import Json

CommissioningState = Literal["running", "finished", "abandoned"]
StepState = Literal["done", "skipped", "failed"]

STEPS = (
    "identify",
    "connect",
    "compare",
    "plan",
    "write",
    "read_back",
    "join",
    "readings",
    "place",
    "mount",
    "summary",
    "finish",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Commissioning:
    """`label` what the label said, `plan` what is wanted (both without secrets), `steps` the outcome of
    each step by name: {"state", "at", "seconds", and what the step found}."""

    id: CommissioningId
    profile: str
    dev_eui: str
    started_at: datetime
    state: CommissioningState = "running"
    device_id: DeviceId | None = None
    label: Mapping[str, Json] = field(default_factory=dict)
    plan: Mapping[str, Json] = field(default_factory=dict)
    steps: Mapping[str, Json] = field(default_factory=dict)
    version: int = 0


def step_list(record: Commissioning) -> list[Json]:
    """The outcomes in the workflow's order: name, state, seconds."""
    found: list[Json] = []
    for name in STEPS:
        entry = record.steps.get(name)
        if isinstance(entry, dict):
            found.append({"name": name, "state": entry["state"], "seconds": entry["seconds"]})
    return found
