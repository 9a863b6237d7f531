"""Bodies, media types and @context (6.3.4 to 6.3.6)."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from typing import Any

from fieldtool.training.values import bad, is_uri
from fieldtool.training.wire import Asked, Kind, Refused, problem

JSON = "application/json"
LD_JSON = "application/ld+json"
MERGE_PATCH = "application/merge-patch+json"
CORE_CONTEXT = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld"
CONTEXT_RELATION = "http://www.w3.org/ns/json-ld#context"
MAX_BODY = 8 * 1024 * 1024  # bytes, packed and unpacked

_LINK = re.compile(r"<([^>]*)>((?:\s*;[^,<]*)*)")


def unpacked(asked: Asked) -> bytes:
    """The body without its gzip. Raises Refused: 400, 413, 415."""
    coding = asked.headers.get("content-encoding", "identity").strip().lower()
    if coding == "identity":
        return asked.body
    if coding not in ("gzip", "x-gzip"):
        raise Refused(415)
    unpacker = zlib.decompressobj(wbits=31)
    try:
        body = unpacker.decompress(asked.body, MAX_BODY + 1)
    except zlib.error:
        raise problem(Kind.INVALID_REQUEST, "the body is said to be gzip and is not") from None
    if len(body) > MAX_BODY:
        raise Refused(413)
    if not unpacker.eof:
        raise problem(Kind.INVALID_REQUEST, "the gzip body is cut off")
    return body


def parsed(body: bytes) -> Any:
    """5.5.4: what is no JSON is InvalidRequest. NaN and Infinity are no JSON."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise problem(Kind.INVALID_REQUEST, "the body is no JSON in UTF-8") from None


def _no_number(text: str) -> float:
    raise ValueError(text)


def media_type(asked: Asked, *further: str) -> str:
    """6.3.4: another Content-Type, or none, is just 415."""
    named = asked.headers.get("content-type", "").split(";")[0].strip().lower()
    if named not in (JSON, LD_JSON, *further):
        raise Refused(415)
    return named


def document(asked: Asked, *further: str) -> dict[str, Any]:
    """One entity or fragment, its @context (6.3.5) under "@context" whichever way it came."""
    kind = media_type(asked, *further)
    body = parsed(unpacked(asked))
    if not isinstance(body, dict):
        raise bad("the body is not one JSON object")
    return in_context(asked, kind, body)


def in_context(asked: Asked, kind: str, body: dict[str, Any]) -> dict[str, Any]:
    linked = linked_context(asked.headers)
    if kind == LD_JSON:
        if linked is not None:
            raise bad("application/ld+json with a Link to an @context (6.3.5: one or the other)")
        if "@context" not in body:
            raise bad("application/ld+json without @context (6.3.5)")
        check_context(body["@context"])
        return body
    if "@context" in body:
        raise bad("application/json with an @context inside (6.3.5: Link header or application/ld+json)")
    return {**body, "@context": linked or CORE_CONTEXT}


def check_context(context: object) -> None:
    for part in context if isinstance(context, list) else [context]:
        if not is_uri(part) and not isinstance(part, dict):
            raise bad(f"@context: {part!r} is neither a URI nor an object")


def linked_context(headers: Mapping[str, str]) -> str | None:
    found = [target for target, rest in _LINK.findall(headers.get("link", "")) if CONTEXT_RELATION in rest]
    if len(found) > 1 or not all(is_uri(target) for target in found):
        raise bad("Link: one @context with a URI (6.3.5)")
    return found[0] if found else None


def accepted(asked: Asked) -> str:
    """JSON or LD_JSON, by the Accept header (6.3.4, 6.3.6); neither is just 406."""
    header = asked.headers.get("accept", "").strip() or "*/*"
    wanted: dict[str, float] = {}
    for part in header.split(","):
        name, _, rest = part.partition(";")
        weight = re.search(r"q\s*=\s*([0-9.]+)", rest)
        try:
            wanted[name.strip().lower()] = float(weight.group(1)) if weight else 1.0
        except ValueError:
            wanted[name.strip().lower()] = 0.0
    ranked = [(_weight(wanted, name), name) for name in (JSON, LD_JSON)]
    best, name = max(ranked, key=lambda pair: pair[0])  # the first of equals: 6.3.4 lists JSON first
    if best <= 0:
        raise Refused(406)
    return name


def _weight(wanted: Mapping[str, float], name: str) -> float:
    for asked_for in (name, "application/*", "*/*"):
        if asked_for in wanted:
            return wanted[asked_for]
    return 0.0


def context_link(context: str) -> str:
    return f'<{context}>; rel="{CONTEXT_RELATION}"; type="{LD_JSON}"'
