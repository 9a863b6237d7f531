"""Requests to the platform's Open311 interface by http.client: nothing of our connector."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from tests.fieldtool.training.process import Reply, Running

V2 = "/open311/v2"
UPDATES = "servicerequestupdates.json"
FORM = "application/x-www-form-urlencoded"
PLACE = {"lat": "51.5136", "long": "7.4653"}
REPORT = {"service_code": "lamp_failure", "description": "Leuchte dunkel", **PLACE}

_numbers = itertools.count(1)


def get(platform: Running, path: str, query: dict[str, str] | None = None, **headers: str | None) -> Reply:
    asked = f"{V2}/{path}" + (f"?{urlencode(query)}" if query else "")
    return platform.ask("GET", asked, **{"Authorization": None, **headers})


def post(platform: Running, path: str, form: dict[str, str] | list[tuple[str, str]], key: str = "") -> Reply:
    """With the right api_key unless `key` names another; "-" for none."""
    pairs = list(form.items() if isinstance(form, dict) else form)
    if key != "-":
        pairs.append(("api_key", key or platform.token))
    body = urlencode(pairs).encode()
    return platform.ask("POST", f"{V2}/{path}", body, Authorization=None, Content_Type=FORM)


def reported(platform: Running, **more: str) -> str:
    answer = post(platform, "requests.json", {**REPORT, **more})
    assert answer.status == 200, answer.raw
    return str(answer.json[0]["service_request_id"])


def one(platform: Running, identifier: str, jurisdiction: str = "") -> dict[str, Any]:
    answer = get(platform, f"requests/{identifier}.json", {"jurisdiction_id": jurisdiction})
    assert answer.status == 200, answer.raw
    (found,) = answer.json
    return dict(found)


def update(identifier: str, status: str = "IN_PROGRESS", **more: str) -> dict[str, str]:
    return {
        "update_id": f"u-{next(_numbers):05d}",
        "service_request_id": identifier,
        "status": status,
        "updated_datetime": "2026-11-23T09:30:00+01:00",
        "description": "Ist in Arbeit",
        **more,
    }


def settings(platform: Running, **values: object) -> None:
    assert platform.ask("PUT", "/training/open311", values).status == 204


def office(platform: Running, identifier: str, query: str = "", **document: object) -> Reply:
    return platform.ask("PUT", f"/training/open311/requests/{identifier}{query}", document)


def xml(reply: Reply) -> ET.Element:
    assert reply.headers["content-type"] == "text/xml; charset=utf-8"
    assert reply.raw.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    return ET.fromstring(reply.raw)


def refusal(reply: Reply) -> tuple[int, str]:
    """Status and description; the code in it is the status."""
    (error,) = reply.json
    assert error["code"] == reply.status
    assert set(error) == {"code", "description"}
    return reply.status, error["description"]


def at(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat(timespec="seconds")


def updates(platform: Running, **query: str) -> list[dict[str, Any]]:
    answer = get(platform, UPDATES, query)
    assert answer.status == 200, answer.raw
    return list(answer.json)


def of(platform: Running, identifier: str, **query: str) -> list[dict[str, Any]]:
    return [one for one in updates(platform, **query) if one["service_request_id"] == identifier]
