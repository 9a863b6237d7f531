"""Open311 GeoReport v2 with FixMyStreet's service request updates, below /open311/v2.

The jurisdiction is the platform's tenant; none is the default one. Reading is public. Writing needs an
api_key, which is the platform's token.
"""

from __future__ import annotations

import hmac
import sqlite3
from collections.abc import Callable

from drivers.secret import Secret
from fieldtool.training import (
    open311_requests,
    open311_services,
    open311_settings,
    open311_store,
    open311_updates,
    tokens,
)
from fieldtool.training.database import Work
from fieldtool.training.open311_wire import (
    MEDIA_TYPES,
    Call,
    Document,
    Open311Refused,
    call,
    chosen_format,
    written,
)
from fieldtool.training.platform import Platform
from fieldtool.training.wire import Answer, Asked

ROOT = "open311"
VERSION = "v2"
CHANGED = "2026-11-23 11:00"

Handler = Callable[[Work, Call], Document]
OfOne = Callable[[Work, Call, str], Document]


def services(work: Work, _: Call) -> Document:
    return open311_services.listed("batch" if open311_settings.current(work).tokens else "realtime")


def definition(_: Work, asked: Call, code: str) -> Document:
    return open311_services.definition(asked, code)


def discovery(_: Work, asked: Call) -> Document:
    """wiki.open311.org/Service_Discovery."""
    return "discovery", {
        "changeset": CHANGED,
        "contact": open311_services.texts()["agency"],
        "key_service": open311_services.texts()["service_notice"],
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": f"http://{asked.host}/{ROOT}/{VERSION}",
                "changeset": CHANGED,
                "type": "test",
                "formats": [media_type.split(";")[0] for media_type in MEDIA_TYPES.values()],
            }
        ],
    }


COLLECTIONS: dict[str, dict[str, Handler]] = {
    "discovery": {"GET": discovery},
    "services": {"GET": services},
    "requests": {"GET": open311_requests.query, "POST": open311_requests.create},
    "servicerequestupdates": {"GET": open311_updates.query, "POST": open311_updates.create},
}
ITEMS: dict[str, OfOne] = {
    "services": definition,
    "requests": open311_requests.retrieve,
    "tokens": open311_requests.of_token,
}


def answer(platform: Platform, asked: Asked) -> Answer:
    """Does the work; it is on the disk by then. Raises Closed while the platform goes down."""
    path, form = chosen_format(asked)
    try:
        work = chosen(path, asked.method)
        if work is None:
            return Answer(204, headers={"Allow": _allowed(path)})
        parameters = call(platform, asked)
        with open311_store.opened(platform.database) as opened:
            check(opened, asked, parameters)
            document = work(opened, parameters)
    except Open311Refused as refused:
        return refused.answer(form)
    except sqlite3.Error as error:
        return Open311Refused(500, f"nothing was stored: {error}").answer(form)
    return written(document, form)


def chosen(path: tuple[str, ...], method: str) -> Handler | None:
    """None: only the allowed methods are asked for."""
    allowed = _allowed(path)
    if method == "OPTIONS":
        return None
    if method not in allowed.split(", "):
        raise Open311Refused(405, f"{method} is not offered here", {"Allow": allowed})
    verb = "GET" if method == "HEAD" else method
    if len(path) == 3:
        return COLLECTIONS[path[2]][verb]
    of_one, name = ITEMS[path[2]], path[3]
    return lambda work, parameters: of_one(work, parameters, name)


def _allowed(path: tuple[str, ...]) -> str:
    if path[:2] == (ROOT, VERSION):
        if len(path) == 3 and path[2] in COLLECTIONS:
            return ", ".join(sorted({*COLLECTIONS[path[2]], "HEAD", "OPTIONS"}))
        if len(path) == 4 and path[2] in ITEMS and path[3]:
            return "GET, HEAD, OPTIONS"
    raise Open311Refused(404, f"there is nothing at /{'/'.join(path)}")


def check(work: Work, asked: Asked, parameters: Call) -> None:
    """A key that is missing or wrong is 403 (GeoReport v2, Errors)."""
    if not work.has_tenant(parameters.jurisdiction):
        raise Open311Refused(404, f"jurisdiction_id {parameters.jurisdiction} was not found")
    if asked.method != "POST":
        return
    if "api_key" not in parameters.parameters:
        raise Open311Refused(403, "api_key was not provided")
    given = tokens.digest(Secret(parameters.parameters["api_key"]))
    if not any(hmac.compare_digest(given, known) for known in work.token_digests()):
        raise Open311Refused(403, "api_key is not valid")
