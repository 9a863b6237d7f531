"""Open311 on the wire: JSON and XML by the Spark convention, parameters, moments, errors.

Written from GeoReport v2 (wiki.open311.org/GeoReport_v2) and the service request updates of FixMyStreet
(its wiki, Open311-FMS, and the answers of Open311/Updates.pm).
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import parse_qsl

from fieldtool.training.platform import Platform
from fieldtool.training.wire import Answer, Asked

Format = Literal["json", "xml"]
Document = tuple[str, Any]
"""The name of the root, which only XML shows, and what is in it."""
Attributes = dict[str, str | list[str]]

MEDIA_TYPES: dict[Format, str] = {
    "json": "application/json; charset=utf-8",
    "xml": "text/xml; charset=utf-8",
}
FORM = "application/x-www-form-urlencoded"
ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "media_urls": "media_url",
}

_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]+)\](\[\])?")
# W3C NOTE-datetime with a time; the specification asks for the time zone.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Open311Refused(Exception):
    def __init__(self, status: int, description: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, description)
        self.status = status
        self.description = description
        self.headers = headers or {}

    def answer(self, form: Format) -> Answer:
        errors = [{"code": self.status, "description": self.description}]
        return written(("errors", errors), form, self.status, self.headers)


@dataclass(frozen=True)
class Call:
    """`parameters` of the query and the form; one that is empty counts as not given (Optional Arguments).

    `attributes` are those given as attribute[CODE]=value, lists where given as attribute[CODE][]=value.
    """

    platform: Platform
    jurisdiction: str
    parameters: Mapping[str, str]
    attributes: Attributes
    host: str

    def required(self, name: str) -> str:
        if name not in self.parameters:
            raise Open311Refused(400, f"{name} was not provided")
        return self.parameters[name]

    def listed(self, name: str) -> list[str] | None:
        """Comma delimited; None where not given."""
        if name not in self.parameters:
            return None
        return [part.strip() for part in self.parameters[name].split(",") if part.strip()]

    def moment(self, name: str) -> datetime | None:
        return moment(name, self.parameters[name]) if name in self.parameters else None


def chosen_format(asked: Asked) -> tuple[tuple[str, ...], Format]:
    """The path without its extension, and the format: by the extension, else by Accept, else JSON."""
    *path, last = asked.segments
    stem, dot, extension = last.rpartition(".")
    if dot and extension == "json":
        return (*path, stem), "json"
    if dot and extension == "xml":
        return (*path, stem), "xml"
    accepted = asked.headers.get("accept", "")
    places = {form: accepted.find(form) for form in ("json", "xml")}
    wants_xml = places["xml"] >= 0 and (places["json"] < 0 or places["xml"] < places["json"])
    return asked.segments, "xml" if wants_xml else "json"


def call(platform: Platform, asked: Asked) -> Call:
    """Raises Open311Refused where the parameters can't be read."""
    pairs = decoded(asked.query)
    if asked.method == "POST":
        named = asked.headers.get("content-type", "").split(";")[0].strip().lower()
        if named != FORM or asked.headers.get("content-encoding", "identity") != "identity":
            raise Open311Refused(400, f"the body must be sent as {FORM}")
        try:
            pairs += decoded(asked.body.decode("utf-8"))
        except UnicodeDecodeError:
            raise Open311Refused(400, "the body is not UTF-8") from None
    parameters, attributes = sorted_out(pairs)
    return Call(
        platform,
        parameters.get("jurisdiction_id", ""),
        parameters,
        attributes,
        asked.headers.get("host", "127.0.0.1"),
    )


def decoded(form: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(form, encoding="utf-8", errors="strict")  # leaves out what is empty
    except ValueError:
        raise Open311Refused(400, "the parameters are not UTF-8 in form encoding") from None


def sorted_out(pairs: Iterable[tuple[str, str]]) -> tuple[dict[str, str], Attributes]:
    parameters: dict[str, str] = {}
    attributes: Attributes = {}
    for name, value in pairs:
        found = _ATTRIBUTE.fullmatch(name)
        if found is None:
            parameters[name] = value
        elif found[2] is None:
            attributes[found[1]] = value
        else:
            before = attributes.get(found[1])
            attributes[found[1]] = [*before, value] if isinstance(before, list) else [value]
    return parameters, attributes


def moment(name: str, text: str) -> datetime:
    """In UTC, whole seconds."""
    if _MOMENT.fullmatch(text) is not None:
        try:
            return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0)
        except (ValueError, OverflowError):
            pass
    raise Open311Refused(400, f"{name} is not a date and time with a time zone, such as 2026-01-31T08:15:30Z")


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def written(
    document: Document, form: Format, status: int = 200, headers: Mapping[str, str] | None = None
) -> Answer:
    root, content = document
    if form == "json":
        body = json.dumps(content, ensure_ascii=False, allow_nan=False)
    else:
        body = f'<?xml version="1.0" encoding="utf-8"?>\n{element(root, content)}'
    return Answer(status, body.encode(), {"Content-Type": MEDIA_TYPES[form], **(headers or {})})


def element(name: str, content: object) -> str:
    """None is an empty element. Attributes by code have codes that need not be names of elements: there each
    is an attribute with code and value."""
    if isinstance(content, dict) and name == "attributes":
        inner = "".join(element("attribute", entry) for entry in coded(content))
    elif isinstance(content, dict):
        inner = "".join(element(key, value) for key, value in content.items())
    elif isinstance(content, list):
        inner = "".join(element(ITEMS[name], item) for item in content)
    else:
        inner = escaped(content)
    return f"<{name}>{inner}</{name}>" if inner else f"<{name}/>"


def coded(attributes: Attributes) -> list[dict[str, str]]:
    return [
        {"code": code, "value": value}
        for code, given in attributes.items()
        for value in (given if isinstance(given, list) else [given])
    ]


def escaped(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = html.escape(_NOT_IN_XML.sub("\ufffd", str(value)), quote=False)
    return text.replace("\r", "&#13;")  # a bare one would be read as a line feed
