"""How a request and an update look on the wire, by the settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fieldtool.texts import BERLIN
from fieldtool.training.open311_services import services, texts
from fieldtool.training.open311_settings import Settings
from fieldtool.training.open311_statuses import CITYSDK, core
from fieldtool.training.open311_store import Request, Update


def shown_id(request: Request, settings: Settings) -> str | int:
    return request.number if settings.integer_ids else f"{request.number}-{request.requested_at[:4]}"


def shown_moment(at: str, settings: Settings) -> str:
    if not settings.local_times:
        return at
    return datetime.fromisoformat(at).astimezone(BERLIN).isoformat(timespec="milliseconds")


def shown_request(request: Request, settings: Settings) -> dict[str, Any]:
    service = services().get(request.service_code)
    document = {
        "service_request_id": shown_id(request, settings),
        "status": core(request.status),
        "status_notes": request.notes,
        "service_name": service.name if service else None,
        "service_code": request.service_code,
        "description": request.description if request.released else texts()["withheld"],
        "agency_responsible": texts()["agency"],
        "service_notice": None,
        "requested_datetime": shown_moment(request.requested_at, settings),
        "updated_datetime": shown_moment(request.updated_at, settings),
        "expected_datetime": None,
        "address": request.address,
        "adress_id" if settings.citysdk else "address_id": request.address_id,
        "zipcode": None,
        "lat": _coordinate(request.lat, settings),
        "long": _coordinate(request.long, settings),
        "media_url": request.media_url,
        "extended_attributes": _extended(request, settings),
    }
    return _sparse(document) if settings.sparse else document


def shown_update(request: Request, update: Update, settings: Settings) -> dict[str, Any]:
    document = {
        "update_id": update.id,
        "service_request_id": shown_id(request, settings),
        "status": update.status,
        "updated_datetime": shown_moment(update.at, settings),
        "description": update.description or None,
        "media_url": update.media_url,
    }
    return {**document, "author": update.author} if settings.update_authors else document


def _coordinate(value: float | None, settings: Settings) -> float | str | None:
    return str(value) if settings.string_coordinates and value is not None else value


def _extended(request: Request, settings: Settings) -> dict[str, Any]:
    status = CITYSDK[request.status] if settings.citysdk else request.status
    document: dict[str, Any] = {
        "detailed_status": status,
        "detailed_status_datetime": shown_moment(request.status_at, settings),
        "description_public": request.released,
    }
    if settings.citysdk:
        media = [request.media_url] if request.media_url else []
        document |= {"media_urls": media, "photo_required": False, "trust": 0, "votes": 0}
    return {**document, "attributes": request.attributes}


def _sparse(document: dict[str, Any]) -> dict[str, Any]:
    """As in facts/data, Cologne: with a title, the address as address_string, and little else."""
    kept = {
        name: value
        for name, value in document.items()
        if value is not None
        and name
        not in ("address", "service_code", "updated_datetime", "agency_responsible", "extended_attributes")
    }
    title = f"#{document['service_request_id']} {document['service_name']}"
    address = {} if document["address"] is None else {"address_string": document["address"]}
    return {"title": title, **kept, **address}
