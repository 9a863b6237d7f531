"""Carrying a commissioning out on the lane of the devices, and what it tells while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from drivers.secret import Secret
from fieldtool.catalogue import device_profile
from fieldtool.commissioning.draft import Draft, plan_of
from fieldtool.commissioning.record import Commissioning
from fieldtool.commissioning.report import report_path
from fieldtool.commissioning.workflow import StepEvent, commission, opened_run
from fieldtool.profile import Profile
from ui.background import Job


@dataclass(frozen=True, slots=True)
class StepNews:
    """`record` is as it was when this happened."""

    name: str
    event: StepEvent
    record: Commissioning


@dataclass(frozen=True, slots=True)
class Exchanged:
    """One line of the exchange with the device, secrets masked."""

    direction: Literal[">", "<"]
    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    record: Commissioning
    asset_id: str | None
    report: str


def carry_out(profile: Profile, job: Job[Finished], draft: Draft, password: Secret | None) -> Finished:
    """Ends at the next line of the exchange, or the next step, once the job is cancelled; what was reached is
    recorded. Raises ExpectedError."""
    kind = device_profile(draft.device_type)
    with opened_run(
        profile,
        kind,
        port=draft.port,
        plan=plan_of(draft, kind),
        password=password,
        trace=lambda direction, text: job.tell(Exchanged(direction, text)),
        label=draft.label,
    ) as run:
        record = commission(run, lambda name, event: job.tell(StepNews(name, event, run.record)))
        return Finished(record, run.stored_device().asset_id, str(report_path(profile, record)))
