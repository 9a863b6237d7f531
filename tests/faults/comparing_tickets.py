"""The ticket platform after a run: every ticket once, every update once, as the journal has them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from fieldtool.profile import Profile
from fieldtool.store import queries
from fieldtool.ticket import Ticket, TicketEvent
from tests.faults.platform import Platform
from tests.fieldtool.making import sql

CLOSED = ("CLOSED", "closed")


def compare_tickets(platform: Platform, profile: Profile, target: str) -> list[str]:
    """Field by field. What was pulled keeps the id it has there."""
    store = profile.store
    tickets = {one.id: one for one in queries.select(store.connection, Ticket, "ORDER BY id")}
    events = {one.id: one for one in queries.select(store.connection, TicketEvent, "ORDER BY id")}
    remote = remote_ids(profile, target)
    there = {str(request["service_request_id"]): request for request in platform.requests()}
    wanted = {remote.get(("ticket", one)): ticket for one, ticket in tickets.items()}
    updates = platform.updates()
    twins = {
        key
        for key in set(there) - set(wanted)
        if platform.repeated and _is_closed_twin(there[key], updates, wanted)
    }
    there = {key: request for key, request in there.items() if key not in twins}
    updates = [one for one in updates if one["service_request_id"] not in twins]
    if set(wanted) != set(there):
        return [f"tickets here {sorted(map(str, wanted))}, there {sorted(there)}"]
    found = [
        f"ticket {key}: {text}"
        for key, ticket in wanted.items()
        for text in _ticket_differences(there[str(key)], ticket)
    ]
    return found + _event_differences(updates, events, remote)


def _is_closed_twin(
    request: dict[str, Any], updates: list[dict[str, Any]], wanted: dict[str | None, Ticket]
) -> bool:
    """What a proxy made by asking again no client can prevent: it must be closed, by one update that names
    the request that counts, which carries the same ticket's mark."""
    said = [one for one in updates if one["service_request_id"] == request["service_request_id"]]
    return (
        request["status"] == "closed"
        and len(said) == 1
        and any(
            key is not None and str(key) in said[0]["description"] and ticket.id in request["description"]
            for key, ticket in wanted.items()
        )
    )


def remote_ids(profile: Profile, target: str) -> dict[tuple[str, str], str]:
    rows = sql(
        profile,
        """SELECT r.entity, r.entity_id, r.remote_id FROM remote_references r
        JOIN targets t ON t.key = r.target WHERE t.name = ?""",
        target,
    )
    return {(entity, entity_id): remote_id for entity, entity_id, remote_id in rows}


def _ticket_differences(request: dict[str, Any], ticket: Ticket) -> list[str]:
    found = []
    if request["service_code"] != ticket.category:
        found.append(f"service code {request['service_code']}, here {ticket.category}")
    if (request["status"] == "closed") != (ticket.status == "closed"):
        found.append(f"status {request['status']}, here {ticket.status}")
    if ticket.title not in request["description"]:
        found.append(f"title {ticket.title!r} is not in {request['description']!r}")
    if ticket.geometry is not None:
        place = [float(request["long"]), float(request["lat"])]
        if place != ticket.geometry["coordinates"]:
            found.append(f"place {place}, here {ticket.geometry}")
    return found


def _event_differences(
    updates: list[dict[str, Any]], events: dict[str, TicketEvent], remote: dict[tuple[str, str], str]
) -> list[str]:
    times = Counter(str(update["update_id"]) for update in updates)
    found = [f"update {key} is there {count} times" for key, count in times.items() if count > 1]
    there = {str(update["update_id"]): update for update in updates}
    wanted = {remote.get(("ticket_event", one)): event for one, event in events.items()}
    if set(wanted) != set(there):
        return [*found, f"updates here {sorted(map(str, wanted))}, there {sorted(there)}"]
    for key, event in wanted.items():
        update = there[str(key)]
        if update["description"] != event.text:
            found.append(f"update {key}: {update['description']!r}, here {event.text!r}")
        moment = datetime.fromisoformat(update["updated_datetime"])
        if abs(moment - event.at) >= timedelta(seconds=1):
            found.append(f"update {key}: at {moment}, here {event.at}")
        if event.status == "closed" and update["status"] not in CLOSED:
            found.append(f"update {key}: status {update['status']}, here {event.status}")
    return found
