"""The readings step: does the probe measure something plausible?"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence

from drivers.reading import Reading
from fieldtool.catalogue import DeviceProfile
from fieldtool.commissioning.errors import CommissioningError, ReadingImplausible, ReadingStuck
from fieldtool.commissioning.run import Outcome, Run
from fieldtool.ids import DatastreamId, ObservationId, new_id
from fieldtool.journal import Recorder
from fieldtool.jsontypes import Json
from fieldtool.observation import Datastream, Observation, Quality
from fieldtool.texts import decimal
from fieldtool.units import printed


def readings(run: Run) -> Outcome:
    """Raises ReadingImplausible, ReadingStuck unless the plan accepts them with a reason; what was read
    is then kept and marked implausible."""
    taken = take(run)
    problem = first_problem(taken, run.device_profile)
    if problem is not None and run.plan.accept_readings is None:
        run.partial = {"readings": shown(taken)}
        raise problem
    quality: Quality = "plausible" if problem is None else "implausible"

    def apply(recorder: Recorder) -> Mapping[str, object]:
        streams = datastreams(run, recorder)
        for reading in taken:
            recorder.create(
                Observation(
                    id=ObservationId(new_id()),
                    datastream_id=streams[reading.quantity].id,
                    phenomenon_time=reading.time,
                    result=reading.value,
                    raw=reading.raw,
                    quality=quality,
                )
            )
        return {}

    reason = run.plan.accept_readings if problem is not None else None
    return Outcome("done", {"readings": shown(taken), "quality": quality}, apply, reason)


def take(run: Run) -> list[Reading]:
    wanted = [entry.quantity for entry in run.device_profile.quantities]
    taken: list[Reading] = []
    for number in range(run.plan.readings):
        if number:
            time.sleep(run.plan.reading_pause)
        taken.extend(run.ask(lambda device: device.measure(wanted)))
    return taken


def first_problem(taken: Sequence[Reading], profile: DeviceProfile) -> CommissioningError | None:
    series: dict[str, list[Reading]] = defaultdict(list)
    for reading in taken:
        low, high = profile.quantity(reading.quantity).plausible
        if not low <= reading.value <= high:
            return ReadingImplausible(
                reading.quantity, decimal(reading.value), printed(reading.unit), decimal(low), decimal(high)
            )
        series[reading.quantity].append(reading)
    stuck_after = profile.stuck_after
    if stuck_after is None or not series:
        return None
    # One quantity may stand still (battery voltage does); a probe is stuck when all of them do.
    if all(len(run) >= stuck_after and len({r.value for r in run}) == 1 for run in series.values()):
        name, run = next(iter(series.items()))
        return ReadingStuck(name, decimal(run[0].value), len(run))
    return None


def datastreams(run: Run, recorder: Recorder) -> Mapping[str, Datastream]:
    device = run.stored_device()
    known = {stream.observed_property: stream for stream in run.profile.store.datastreams(device.id)}
    streams: dict[str, Datastream] = {}
    for entry in run.device_profile.quantities:
        stream = known.get(entry.observed_property)
        if stream is None:
            stream = recorder.create(
                Datastream(
                    id=DatastreamId(new_id()),
                    device_id=device.id,
                    observed_property=entry.observed_property,
                    unit=entry.quantity.unit,
                )
            )
        streams[entry.quantity.name] = stream
    return streams


def shown(taken: Sequence[Reading]) -> list[Json]:
    return [
        {"quantity": r.quantity, "value": r.value, "unit": r.unit, "time": r.time.isoformat()} for r in taken
    ]
