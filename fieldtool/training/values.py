"""Values: URIs, names, moments, geometries, and the NGSI-LD Null."""

from __future__ import annotations

import json
import math
import re
from datetime import date, datetime, time
from typing import Any

from fieldtool.training.wire import Kind, Refused, problem

NULL = "urn:ngsi-ld:null"

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`\x00-\x1f]+")
# 4.6.2: a letter, then letters, numbers and "_"; or such a name behind a prefix.
_NAME = re.compile(r"(?:[^\W\d_]\w*:)?[^\W\d_]\w*")
# 4.6.3: always UTC, always "Z", never an offset. Sub-seconds as many as the source has.
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([.,]\d+)?Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"\d\d:\d\d:\d\d([.,]\d+)?Z")

DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}


def bad(detail: str) -> Refused:
    return problem(Kind.BAD_REQUEST_DATA, detail)


def is_uri(text: object) -> bool:
    return isinstance(text, str) and _URI.fullmatch(text) is not None


def is_name(text: object) -> bool:
    """A term, or a URI where the sender expanded it."""
    return isinstance(text, str) and (_NAME.fullmatch(text) is not None or ("://" in text and is_uri(text)))


def is_date_time(text: object) -> bool:
    return _moment(text, _DATE_TIME, datetime.fromisoformat)


def _moment(text: object, shape: re.Pattern[str], parse: Any) -> bool:
    if not isinstance(text, str) or shape.fullmatch(text) is None:
        return False
    try:
        parse(re.sub(r"[.,]\d+", "", text).removesuffix("Z"))
    except ValueError:
        return False
    return True


def check_typed(place: str, value: object) -> None:
    """4.6.3: a value with "@type" DateTime, Date or Time is written as one."""
    if not isinstance(value, dict) or value.get("@type") not in ("DateTime", "Date", "Time"):
        return
    text = value.get("@value")
    right = {
        "DateTime": is_date_time(text),
        "Date": _moment(text, _DATE, date.fromisoformat),
        "Time": _moment(text, _TIME, time.fromisoformat),
    }[value["@type"]]
    if not right:
        raise bad(f"{place}: {text!r} is no {value['@type']} (4.6.3: UTC with a trailing Z, no offset)")


def holds_null(value: object) -> bool:
    """The NGSI-LD Null anywhere inside (5.5.4)."""
    if isinstance(value, dict):
        return any(holds_null(item) for item in value.values())
    if isinstance(value, list):
        return any(holds_null(item) for item in value)
    return value == NULL


def geometry(place: str, value: object) -> dict[str, Any]:
    """A GeoJSON geometry in WGS84, lon before lat; GeometryCollection is excluded (4.7.1). 4.7.2 allows the
    whole geometry as a JSON string."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise bad(f"{place}: the text is no GeoJSON geometry") from None
    if not isinstance(value, dict) or value.get("type") not in DEPTHS:
        raise bad(f"{place}: no GeoJSON geometry ({', '.join(DEPTHS)})")
    kind = value["type"]
    _positions(place, value.get("coordinates"), DEPTHS[kind], kind)
    return value


def _positions(place: str, value: object, depth: int, kind: str) -> None:
    if not isinstance(value, list) or not value:
        raise bad(f"{place}: the coordinates of a {kind} are arrays of positions")
    if depth == 0:
        _position(place, value)
        return
    for item in value:
        _positions(place, item, depth - 1, kind)
    if depth == 1:
        _line(place, value, kind)


def _line(place: str, line: list[Any], kind: str) -> None:
    if kind.endswith("Polygon") and (len(line) < 4 or line[0] != line[-1]):
        raise bad(f"{place}: a ring has four positions or more and ends where it begins (RFC 7946, 3.1.6)")
    if kind.endswith("LineString") and len(line) < 2:
        raise bad(f"{place}: a line has two positions or more (RFC 7946, 3.1.4)")


def _position(place: str, position: list[Any]) -> None:
    numbers = all(
        isinstance(number, int | float) and not isinstance(number, bool) and math.isfinite(number)
        for number in position
    )
    if not numbers or len(position) not in (2, 3):
        raise bad(f"{place}: a position is [lon, lat] or [lon, lat, height]")
    if not (-180 <= position[0] <= 180 and -90 <= position[1] <= 90):
        raise bad(f"{place}: {position[:2]} is not [lon, lat] in degrees of WGS84 (RFC 7946, 4)")
