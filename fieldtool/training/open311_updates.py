"""Service request updates, as FixMyStreet's extension has them."""

from __future__ import annotations

from datetime import timedelta

from fieldtool.training import open311_settings, open311_statuses, open311_store
from fieldtool.training.database import Work
from fieldtool.training.open311_requests import text
from fieldtool.training.open311_showing import shown_update
from fieldtool.training.open311_store import Update
from fieldtool.training.open311_wire import Call, Document, Open311Refused, moment, now

RECENT = timedelta(hours=2)
CLIENT = "client"


def create(work: Work, call: Call) -> Document:
    """All five are asked for, as in Open311/Updates.pm, which also refuses an update_id it knows."""
    needed = {
        name: call.required(name)
        for name in ("update_id", "service_request_id", "status", "updated_datetime", "description")
    }
    status = open311_statuses.known(needed["status"])
    at = moment("updated_datetime", needed["updated_datetime"])
    request = open311_settings.by_id(work, call.jurisdiction, needed["service_request_id"])
    if request is None:
        raise Open311Refused(404, f"service_request_id {needed['service_request_id']} was not found")
    if open311_store.has_update(work, call.jurisdiction, needed["update_id"]):
        raise Open311Refused(400, f"Bad request: update_id {needed['update_id']} already exists")
    description = text(call, "description") or ""
    update = Update(
        id=needed["update_id"],
        status=status,
        description=description,
        media_url=call.parameters.get("media_url"),
        at=at.isoformat(),
        author=CLIENT,
    )
    open311_store.add_update(work, call.jurisdiction, request, update)
    return "service_request_updates", [{"update_id": update.id}]


def query(work: Work, call: Call) -> Document:
    last = call.moment("end_date") or now()
    first = call.moment("start_date")
    if first is None:
        try:
            first = last - RECENT
        except OverflowError:
            raise Open311Refused(400, "end_date is out of range") from None
    settings = open311_settings.current(work)
    found = open311_store.updates(work, call.jurisdiction, first.isoformat(), last.isoformat())
    return "service_request_updates", [shown_update(request, update, settings) for request, update in found]
