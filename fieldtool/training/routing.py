"""Which path does what, and what is checked before it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace

from fieldtool.training import batches, ckan, content, entities, maps, open311, open311_settings, opendatasoft
from fieldtool.training.chirpstack import hooks
from fieldtool.training.database import DEFAULT_TENANT
from fieldtool.training.errors import FaultPlanInvalid
from fieldtool.training.platform import Platform
from fieldtool.training.values import bad
from fieldtool.training.wire import Answer, Asked, Kind, Refused, json_answer, no_content, problem

Handler = Callable[[Platform, Asked, str], Answer]

API = ("ngsi-ld", "v1")
ANY = "*"


def set_faults(platform: Platform, asked: Asked, _: str) -> Answer:
    try:
        platform.faults.set(content.parsed(content.unpacked(asked)), "PUT /training/faults")
    except FaultPlanInvalid as invalid:
        raise bad(f"{invalid.key}: {invalid.reason}") from invalid
    return no_content()


def show_faults(platform: Platform, _: Asked, __: str) -> Answer:
    return json_answer(200, platform.faults.state())


ROUTES: tuple[tuple[tuple[str, ...], dict[str, Handler]], ...] = (
    ((*API, "entities"), {"GET": entities.query, "POST": entities.create}),
    (
        (*API, "entities", ANY),
        {
            "GET": entities.retrieve,
            "PUT": entities.replace_entity,
            "PATCH": entities.merge,
            "DELETE": entities.delete,
        },
    ),
    ((*API, "entities", ANY, "attrs"), {"POST": entities.append, "PATCH": entities.update}),
    ((*API, "entities", ANY, "attrs", ANY), {"DELETE": entities.delete_attribute}),
    ((*API, "entityOperations", "create"), {"POST": batches.create}),
    ((*API, "entityOperations", "upsert"), {"POST": batches.upsert}),
    ((*API, "entityOperations", "update"), {"POST": batches.update}),
    ((*API, "entityOperations", "delete"), {"POST": batches.delete}),
    (("training", "faults"), {"GET": show_faults, "PUT": set_faults}),
    (("training", "open311"), {"GET": open311_settings.show, "PUT": open311_settings.change}),
    (("training", "open311", "requests", ANY), {"PUT": open311_settings.act}),
    (("training", "chirpstack", "join"), {"PUT": hooks.join}),
    (("training", "chirpstack", "profiles"), {"PUT": hooks.add_profile}),
)


def answer(platform: Platform, asked: Asked) -> Answer:
    """Does the work. Raises Closed while the platform goes down."""
    if asked.segments[:1] == (open311.ROOT,):
        return open311.answer(platform, asked)
    if asked.segments[:1] == (opendatasoft.ROOT,):
        return opendatasoft.answer(platform, asked)
    if asked.segments[:1] == (ckan.ROOT,):
        return ckan.answer(platform, asked)
    if asked.segments[:1] == (maps.ROOT,):
        return maps.answer(platform, asked)
    tenant = asked.headers.get("ngsild-tenant", DEFAULT_TENANT)
    try:
        given = _answer(platform, asked, tenant)
    except Refused as refused:
        given = refused.answer()
    except sqlite3.Error as error:
        given = problem(Kind.INTERNAL_ERROR, f"nothing was stored: {error}").answer()
    if tenant != DEFAULT_TENANT:  # 6.3.14: named again in the answer, refusals too
        given = replace(given, headers={**given.headers, "NGSILD-Tenant": tenant})
    return given


def _answer(platform: Platform, asked: Asked, tenant: str) -> Answer:
    methods = _methods(asked)
    allowed = ", ".join(sorted({*methods, "OPTIONS", *(["HEAD"] if "GET" in methods else [])}))
    if asked.method == "OPTIONS":
        return Answer(204, headers={"Allow": allowed})
    handler = methods.get("GET" if asked.method == "HEAD" else asked.method)
    if handler is None:
        raise Refused(405, headers={"Allow": allowed})
    if asked.segments[:2] == API:
        _check_tenant(platform, tenant)
    return handler(platform, asked, tenant)


def _methods(asked: Asked) -> dict[str, Handler]:
    for pattern, methods in ROUTES:
        if len(pattern) == len(asked.segments) and all(
            part in (ANY, segment) for part, segment in zip(pattern, asked.segments, strict=True)
        ):
            return methods
    if asked.segments[:2] == API and len(asked.segments) > 2:
        raise problem(Kind.NOT_SUPPORTED, f"this training platform does not offer {asked.path}")
    raise problem(Kind.NOT_FOUND, f"there is nothing at {asked.path}")


def _check_tenant(platform: Platform, tenant: str) -> None:
    # 5.5.10 lets a create make the tenant; in a city's platform only its administrators do, so here too.
    with platform.database.transaction() as work:
        if not work.has_tenant(tenant):
            raise problem(Kind.NO_TENANT, tenant)
