"""Whose device it becomes: known before the first step, so that all of it goes to the same platforms."""

from __future__ import annotations

from fieldtool.commissioning.run import Run
from fieldtool.operators import Ownership


def ownership(run: Run) -> Ownership:
    """What the plan says, else the record, the device and the ticket. Raises OperatorsMixed."""
    found = Ownership(run.profile.store.connection, run.plan.operator)
    device = run.known_device()
    known = (run.record.id, device.id if device is not None else None, run.plan.ticket)
    for entity_id in known:
        if entity_id is not None:
            found.changed(entity_id, {}, None)
    return found
