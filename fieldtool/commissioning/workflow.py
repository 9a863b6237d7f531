"""The sequence itself: performs what is outstanding, records each outcome at once, resumes by looking.

Every outcome is one operation: the step's entry in the record and all rows that belong to the step
commit together. A step that was recorded is not believed: its `holds` looks at the device (or the row)
again, and only then is it passed over.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from drivers.errors import ExpectedError
from drivers.family import Trace
from drivers.secret import Secret
from fieldtool.catalogue import DeviceProfile
from fieldtool.commissioning import device_steps, reading_step, site_steps
from fieldtool.commissioning.errors import AlreadyCommissioned, LabelWithoutDevEui
from fieldtool.commissioning.plan import Plan
from fieldtool.commissioning.planned_asset import operator
from fieldtool.commissioning.record import STEPS, Commissioning
from fieldtool.commissioning.report import report_path, write_report
from fieldtool.commissioning.run import Outcome, Run
from fieldtool.explain import explain
from fieldtool.ids import CommissioningId, new_id
from fieldtool.journal import operation
from fieldtool.jsontypes import Json
from fieldtool.labels import Label, read_label
from fieldtool.profile import Profile

StepEvent = Literal["started", "done", "skipped", "failed", "held"]
OnStep = Callable[[str, StepEvent], None]


@dataclass(frozen=True)
class Step:
    name: str
    perform: Callable[[Run], Outcome]
    holds: Callable[[Run], bool]


def identify(run: Run) -> Outcome:
    return Outcome("done", {"label": dict(label_facts(run.label))})


def identify_holds(run: Run) -> bool:
    return run.step("identify").get("label") == dict(label_facts(run.label))


def summary(run: Run) -> Outcome:
    write_report(run.profile, run.record)
    return Outcome("done", {"report": report_path(run.profile, run.record).name})


def summary_holds(run: Run) -> bool:
    return report_path(run.profile, run.record).exists()


def always(_run: Run) -> bool:
    return True


SEQUENCE = (
    Step("identify", identify, identify_holds),
    Step("connect", device_steps.connect, device_steps.connect_holds),
    Step("compare", device_steps.compare, device_steps.compare_holds),
    Step("plan", device_steps.plan, device_steps.plan_holds),
    Step("write", device_steps.write, device_steps.write_holds),
    Step("read_back", device_steps.read_back, device_steps.read_back_holds),
    Step("join", device_steps.join, device_steps.join_holds),
    Step("readings", reading_step.readings, always),
    Step("place", site_steps.place, site_steps.place_holds),
    Step("mount", site_steps.mount, site_steps.mount_holds),
    Step("summary", summary, summary_holds),
    Step("finish", site_steps.finish, always),
)
if tuple(step.name for step in SEQUENCE) != STEPS:
    raise AssertionError("the workflow and the record name other steps")


@contextmanager
def opened_run(
    profile: Profile,
    device_profile: DeviceProfile,
    *,
    port: str,
    plan: Plan,
    password: Secret | None,
    trace: Trace,
    again: bool = False,
    label: Label | None = None,
) -> Iterator[Run]:
    """The unfinished commissioning of this device, or a new one; the port is released at the end. `label`
    where it has been read already, else it is the plan's.

    Raises the label's errors, LabelWithoutDevEui and AlreadyCommissioned.
    """
    label = label or read_label(plan.label)
    if label.dev_eui is None:
        raise LabelWithoutDevEui(label.format)
    with ExitStack() as closing:
        run = Run(
            profile=profile,
            device_profile=device_profile,
            port=port,
            plan=plan,
            label=label,
            record=found_record(profile, device_profile, label.dev_eui, plan, again=again),
            password=password,
            trace=trace,
            closing=closing,
        )
        yield run


def found_record(
    profile: Profile, device_profile: DeviceProfile, dev_eui: str, plan: Plan, *, again: bool
) -> Commissioning:
    """The running record, the finished one of the same plan (a repeat does nothing twice), or a new one
    that is not stored before its first outcome."""
    records = profile.store.commissionings(dev_eui=dev_eui)
    running = [record for record in records if record.state == "running"]
    if running:
        return running[-1]
    finished = [record for record in records if record.state == "finished"]
    if finished and not again:
        last = finished[-1]
        if last.plan == plan.kept() and last.profile == device_profile.id:
            return last
        entry = last.steps.get("finish")
        at = str(entry.get("at")) if isinstance(entry, dict) else "–"
        raise AlreadyCommissioned(dev_eui, at)
    return Commissioning(
        id=CommissioningId(new_id()),
        profile=device_profile.id,
        dev_eui=dev_eui,
        started_at=datetime.now(UTC),
    )


def commission(run: Run, on_step: OnStep) -> Commissioning:
    """Performs every outstanding step. Raises the ExpectedError of the step that failed, after it has
    been recorded; calling again goes on there. Raises OperatorsMixed before the first one."""
    operator(run)
    if run.record.state == "finished":
        for step in SEQUENCE:
            on_step(step.name, "held")
    else:
        for step in SEQUENCE:
            take_step(run, step, on_step)
    write_report(run.profile, run.record)
    return run.record


def take_step(run: Run, step: Step, on_step: OnStep) -> None:
    on_step(step.name, "started")
    began = time.monotonic()
    run.partial = {}
    try:
        if run.step(step.name).get("state") in ("done", "skipped") and step.holds(run):
            on_step(step.name, "held")
            return
        outcome = step.perform(run)
    except ExpectedError as error:
        record_failure(run, step.name, error, time.monotonic() - began)
        on_step(step.name, "failed")
        raise
    record_outcome(run, step.name, outcome, time.monotonic() - began)
    on_step(step.name, outcome.state if outcome.state != "failed" else "failed")


def record_outcome(run: Run, name: str, outcome: Outcome, seconds: float) -> None:
    entry: dict[str, Json] = {
        "state": outcome.state,
        "at": datetime.now(UTC).isoformat(),
        "seconds": round(seconds, 3),
        **outcome.found,
    }
    steps = {**run.record.steps, name: entry}
    kind = f"commissioning.{name}"
    store, actor = run.profile.store, run.profile.actor
    with operation(store, actor, kind, reason=outcome.reason, operator=operator(run)) as recorder:
        changes = outcome.apply(recorder)
        if run.record.version == 0:
            new = replace(run.record, label=label_facts(run.label), plan=run.plan.kept(), steps=steps)
            record = recorder.create(new)
        else:
            record = recorder.update(run.record, steps=steps, **changes)
    run.record = record


def record_failure(run: Run, name: str, error: ExpectedError, seconds: float) -> None:
    found: dict[str, Json] = {"error": explain(error).code, **run.partial}
    try:
        record_outcome(run, name, Outcome("failed", found), seconds)
    except ExpectedError as second:
        # The store itself failed (disk full): the step's own error is the one to act on first.
        raise error from second


def label_facts(label: Label) -> Mapping[str, Json]:
    return {
        "format": label.format,
        "dev_eui": label.dev_eui,
        "join_eui": label.join_eui,
        "profile_id": label.profile_id,
        "serial": label.serial,
        "secrets": list(label.secret_names()),
    }
