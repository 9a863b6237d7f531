"""Answers of GeoReport v2, as JSON or XML, to plain values. Pure, and tolerant: no two cities answer alike.

Seen at real servers (../shared/data/open311): ids as numbers, coordinates as texts, `address_string` or
`adress_id`, texts that are missing or null, extended attributes of CitySDK, a `title`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/Berlin")
"""What a time without an offset is taken for."""


class Unreadable(Exception):
    """Neither a list in JSON nor in XML. `half`: it breaks off; `page`: a web page."""

    def __init__(self, *, half: bool = False, page: bool = False) -> None:
        super().__init__(half, page)
        self.half, self.page = half, page


@dataclass(frozen=True, slots=True)
class Request:
    """`status` is the extended one where there is one, in capitals; `attributes` every other text."""

    id: str
    status: str
    service_code: str | None
    service_name: str | None
    title: str | None
    description: str | None
    lon: float | None
    lat: float | None
    address: str | None
    requested_at: datetime | None
    updated_at: datetime | None
    coarse: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Update:
    id: str
    request: str
    status: str | None
    text: str
    at: datetime | None


def items(body: bytes) -> list[dict[str, Any]]:
    """The list of an answer. One thing alone, or wrapped in its name, is a list of one. Raises Unreadable."""
    text = body.strip()
    if text.startswith(b"<"):
        return _from_xml(text)
    try:
        loaded = json.loads(text)
    except ValueError:
        raise Unreadable(half=text[:1] in (b"[", b"{")) from None
    if isinstance(loaded, dict):
        inner = [value for value in loaded.values() if isinstance(value, list)]
        loaded = inner[0] if len(loaded) == 1 and inner else [loaded]
    if not isinstance(loaded, list) or not all(isinstance(one, dict) for one in loaded):
        raise Unreadable
    return loaded


def _from_xml(text: bytes) -> list[dict[str, Any]]:
    """Without document types: entities can grow beyond all memory."""
    head = text[:200].lower()
    if b"<!doctype html" in head or b"<html" in head:
        raise Unreadable(page=True)
    if b"<!doctype" in text.lower() or b"<!entity" in text.lower():
        raise Unreadable
    try:
        root = ET.fromstring(text)
    except ET.ParseError:
        raise Unreadable(half=True) from None
    return [_element(one) for one in root]


def _element(element: ET.Element) -> Any:
    if len(element) == 0:
        return (element.text or "").strip() or None
    if all(child.tag == "value" for child in element):
        return [_element(child) for child in element]
    return {child.tag: _element(child) for child in element}


def text_of(value: Any) -> str | None:
    """Numbers and texts as texts; what is empty is nothing."""
    if isinstance(value, bool) or value is None or isinstance(value, dict | list):
        return None
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return text.strip() or None


def number_of(value: Any) -> float | None:
    """With a point or a decimal comma."""
    text = text_of(value) if not isinstance(value, float) else repr(value)
    try:
        return None if text is None else float(text.replace(",", "."))
    except ValueError:
        return None


def moment_of(value: Any) -> datetime | None:
    text = text_of(value)
    try:
        found = None if text is None else datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=LOCAL) if found is not None and found.tzinfo is None else found


def request_of(item: Mapping[str, Any]) -> Request | None:
    """None for what has no id."""
    identifier = text_of(item.get("service_request_id"))
    if identifier is None:
        return None
    extended = item.get("extended_attributes")
    detail = text_of(extended.get("detailed_status")) if isinstance(extended, dict) else None
    coarse = (text_of(item.get("status")) or "open").upper()
    lon, lat = number_of(item.get("long")), number_of(item.get("lat"))
    placed = lon is not None and lat is not None and abs(lon) <= 180 and abs(lat) <= 90
    return Request(
        id=identifier,
        status=(detail or coarse).upper(),
        service_code=text_of(item.get("service_code")),
        service_name=text_of(item.get("service_name")),
        title=text_of(item.get("title")),
        description=text_of(item.get("description")),
        lon=lon if placed else None,
        lat=lat if placed else None,
        address=next(
            (found for name in ("address", "address_string") if (found := text_of(item.get(name)))), None
        ),
        requested_at=moment_of(item.get("requested_datetime")),
        updated_at=moment_of(item.get("updated_datetime")),
        coarse=coarse,
        attributes=dict(_texts(extended)),
    )


def _texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _texts(part, str(key))
    elif (text := text_of(value)) is not None:
        yield name, text


def update_of(item: Mapping[str, Any]) -> Update | None:
    """None for what has no id or belongs to nothing."""
    identifier, request = text_of(item.get("update_id")), text_of(item.get("service_request_id"))
    if identifier is None or request is None:
        return None
    status = text_of(item.get("status"))
    return Update(
        identifier,
        request,
        None if status is None else status.upper(),
        text_of(item.get("description")) or "",
        moment_of(item.get("updated_datetime")),
    )


def errors(body: bytes) -> str:
    """What an error answer says; empty where it is none of GeoReport."""
    try:
        found: Sequence[Mapping[str, Any]] = items(body)
    except Unreadable:
        return ""
    return "; ".join(text for one in found if (text := text_of(one.get("description"))) is not None)
