"""What differs from server to server, told to this one by PUT (with the token), and somebody else at work.

/training/open311                {"tokens": true, …}: how it answers from now on, for every jurisdiction; what
                                 is left out is as at first. GET shows it.
/training/open311/requests/{id}  {"status": …, "description": …, "media_url": …}: the office closes or
                                 comments a request by an update of its own; answers its update_id.
                                 {"released": true} shows a description that was withheld.
                                 ?jurisdiction_id= names whose it is.
"""

from __future__ import annotations

import dataclasses
import re
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from fieldtool.training import content, open311_statuses, open311_store
from fieldtool.training.database import Work
from fieldtool.training.open311_store import Filter, Request, Update
from fieldtool.training.open311_wire import Open311Refused, now
from fieldtool.training.platform import Platform
from fieldtool.training.values import bad
from fieldtool.training.wire import Answer, Asked, Kind, json_answer, no_content, problem

OFFICE = "office"
TEXTS = ("status", "description", "media_url")

_ID = re.compile(r"([0-9]{1,15})(-[0-9]{4})?")


@dataclass(frozen=True)
class Settings:
    """`delay_gets`: how often a token is asked before its id is there. `citysdk`: extended attributes,
    statuses and the misspelt adress_id as in Rostock. `sparse`: what is empty is left out,
    and more, as in Cologne. `local_times`: the time of Berlin with milliseconds. `update_authors`: updates
    say who wrote them."""

    tokens: bool = False
    delay_gets: int = 0
    moderated: bool = False
    string_coordinates: bool = False
    integer_ids: bool = False
    citysdk: bool = False
    sparse: bool = False
    local_times: bool = False
    update_authors: bool = False


def current(work: Work) -> Settings:
    return Settings(**open311_store.settings(work))


def show(platform: Platform, _: Asked, __: str) -> Answer:
    with open311_store.opened(platform.database) as work:
        return json_answer(200, dataclasses.asdict(current(work)))


def change(platform: Platform, asked: Asked, _: str) -> Answer:
    given = _document(asked)
    defaults = dataclasses.asdict(Settings())
    for name, value in given.items():
        if name not in defaults:
            raise bad(f"{name}: none of {', '.join(defaults)}")
        if type(value) is not type(defaults[name]) or not 0 <= value <= 1000:
            raise bad(f"{name}: {value!r} is not what is set here")
    with open311_store.opened(platform.database) as work:
        open311_store.set_settings(work, given)
    return no_content()


def act(platform: Platform, asked: Asked, tenant: str) -> Answer:
    """The office's update. Later than all before it, whatever the clocks of others said."""
    given = _checked(_document(asked))
    jurisdiction = parse_qs(asked.query).get("jurisdiction_id", [tenant])[-1]
    with open311_store.opened(platform.database) as work:
        request = by_id(work, jurisdiction, asked.segments[-1])
        if request is None:
            raise problem(Kind.NOT_FOUND, f"there is no request {asked.segments[-1]}")
        if given.get("released"):
            open311_store.release(work, request)
        if not given.keys() & {*TEXTS}:
            return no_content()
        update = Update(
            id=f"{OFFICE}-{secrets.token_hex(8)}",
            status=given.get("status", request.status),
            description=given.get("description", ""),
            media_url=given.get("media_url"),
            at=max(now().isoformat(), open311_store.last_update(work, request)),
            author=OFFICE,
        )
        open311_store.add_update(work, jurisdiction, request, update)
    return json_answer(200, {"update_id": update.id})


def by_id(work: Work, tenant: str, identifier: str) -> Request | None:
    """By "12-2026", or "12" as from a server whose ids are integers."""
    return next(iter(by_ids(work, tenant, [identifier], Filter())), None)


def by_ids(work: Work, tenant: str, identifiers: list[str], page: Filter) -> list[Request]:
    """Those that are there, the latest first."""
    years = {
        int(found[1]): (found[2] or "").removeprefix("-")
        for found in map(_ID.fullmatch, identifiers)
        if found is not None
    }
    wanted = dataclasses.replace(page, numbers=list(years))
    return [
        request
        for request in open311_store.requests(work, tenant, wanted)
        if years[request.number] in ("", request.requested_at[:4])
    ]


def _document(asked: Asked) -> dict[str, Any]:
    document = content.parsed(content.unpacked(asked))
    if not isinstance(document, dict):
        raise bad("a JSON object is expected")
    return document


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    for name, value in given.items():
        if name == "released":
            if value is not True:
                raise bad("released: can only be true")
        elif name not in TEXTS or not isinstance(value, str) or not _is_text(value):
            raise bad(f"{name}: none of the texts {', '.join(TEXTS)}")
    try:
        return {**given, **({"status": open311_statuses.known(given["status"])} if "status" in given else {})}
    except Open311Refused as refused:
        raise bad(refused.description) from refused


def _is_text(value: str) -> bool:
    """JSON can write halves of a character, which are none."""
    return not any("\ud800" <= character <= "\udfff" for character in value)
