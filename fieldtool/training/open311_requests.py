"""Service requests: POST and GET requests, GET tokens."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from fieldtool.training import open311_settings, open311_statuses, open311_store
from fieldtool.training.database import Work
from fieldtool.training.open311_services import check, service, texts
from fieldtool.training.open311_settings import Settings
from fieldtool.training.open311_showing import shown_id, shown_request
from fieldtool.training.open311_store import Filter, New, Request
from fieldtool.training.open311_wire import Call, Document, Open311Refused, now

SPAN = timedelta(days=90)
ROWS = 1000
TEXT_LENGTH = 4000  # characters of a description, by the specification

_DEGREES = re.compile(r"[+-]?\d{1,3}(\.\d{1,20})?")


def create(work: Work, call: Call) -> Document:
    """Of the person who reports nothing is kept: no name, no address, no telephone number."""
    wanted = service(call.required("service_code"))
    check(wanted, call.attributes)
    lat, long = place(call)
    settings = open311_settings.current(work)
    new = New(
        service_code=wanted.code,
        description=text(call, "description"),
        released=not settings.moderated,
        lat=lat,
        long=long,
        address=call.parameters.get("address_string"),
        address_id=call.parameters.get("address_id"),
        media_url=call.parameters.get("media_url"),
        attributes=call.attributes,
        at=now().isoformat(),
        token=secrets.token_hex(8) if settings.tokens else None,
        gets_left=settings.delay_gets,
    )
    made = open311_store.add_request(work, call.jurisdiction, new)
    answer: dict[str, Any] = {"service_request_id": shown_id(made, settings)}
    if new.token is not None:
        answer = {"token": new.token}
    return "service_requests", [{**answer, "service_notice": texts()["service_notice"], "account_id": None}]


def text(call: Call, name: str) -> str | None:
    given = call.parameters.get(name)
    if given is not None and len(given) > TEXT_LENGTH:
        raise Open311Refused(400, f"{name} is longer than {TEXT_LENGTH} characters")
    return given


def place(call: Call) -> tuple[float | None, float | None]:
    given = call.parameters
    if ("lat" in given) != ("long" in given):
        raise Open311Refused(400, "lat and long were not provided together")
    if "lat" in given:
        return degrees(call, "lat", 90), degrees(call, "long", 180)
    if "address_string" not in given and "address_id" not in given:
        raise Open311Refused(400, "lat and long, address_string or address_id was not provided")
    return None, None


def degrees(call: Call, name: str, limit: int) -> float:
    if _DEGREES.fullmatch(call.parameters[name]) is None:
        raise Open311Refused(400, f"{name} is not a number")
    value = float(call.parameters[name])
    if abs(value) > limit:
        raise Open311Refused(400, f"{name} is not between -{limit} and {limit}")
    return value


def of_token(work: Work, call: Call, token: str) -> Document:
    """The request itself is listed from the beginning, so a client whose answer was lost can find it."""
    found = open311_store.of_token(work, call.jurisdiction, token)
    if found is None:
        raise Open311Refused(404, f"token {token} was not found")
    request, ready = found
    identifier = shown_id(request, open311_settings.current(work)) if ready else None
    return "service_requests", [{"service_request_id": identifier, "token": token}]


def query(work: Work, call: Call) -> Document:
    """service_request_id overrides all other arguments."""
    size = number(call, "page_size", ROWS)
    page = Filter(limit=size, offset=(number(call, "page", 1_000_000, 1) - 1) * size)
    identifiers = call.listed("service_request_id")
    if identifiers is not None:
        found = open311_settings.by_ids(work, call.jurisdiction, identifiers, page)
    else:
        first, last = span(call)
        wanted = Filter(
            services=call.listed("service_code"),
            statuses=open311_statuses.filtered(call.listed("status")),
            first=first.isoformat(),
            last=last.isoformat(),
            limit=page.limit,
            offset=page.offset,
        )
        found = open311_store.requests(work, call.jurisdiction, wanted)
    return listed(found, open311_settings.current(work))


def number(call: Call, name: str, largest: int, otherwise: int | None = None) -> int:
    given = call.parameters.get(name, str(otherwise or largest))
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= largest and len(given) < 9):
        raise Open311Refused(400, f"{name} is not a number from 1 to {largest}")
    return int(given)


def span(call: Call) -> tuple[datetime, datetime]:
    """90 days at most, the most recent ones where nothing is said."""
    first, last = call.moment("start_date"), call.moment("end_date")
    try:
        if last is None:
            last = now() if first is None else first + SPAN
        if first is None:
            first = last - SPAN
    except OverflowError:
        raise Open311Refused(400, "start_date or end_date is out of range") from None
    if last - first > SPAN:
        raise Open311Refused(400, f"start_date and end_date span more than {SPAN.days} days")
    return first, last


def retrieve(work: Work, call: Call, identifier: str) -> Document:
    found = open311_settings.by_id(work, call.jurisdiction, identifier)
    if found is None:
        raise Open311Refused(404, f"service_request_id {identifier} was not found")
    return listed([found], open311_settings.current(work))


def listed(found: list[Request], settings: Settings) -> Document:
    return "service_requests", [shown_request(request, settings) for request in found]
