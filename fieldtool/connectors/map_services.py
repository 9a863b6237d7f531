"""Map services, reading: what a WMTS 1.0.0 or WMS 1.1.1/1.3.0 offers in EPSG:3857, and single pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit
from xml.etree import ElementTree as ET

from fieldtool.connectors.errors import (
    RequestRejected,
    ServerFailed,
    TargetNotFound,
    TargetUrlInvalid,
    Unexpected,
    UnexpectedAnswer,
)
from fieldtool.connectors.http import PATIENCE, HttpSession, Patience

SCALE_0 = 559082264.0287178
"""Of zoom 0, at 0.28 mm a pixel (OGC 07-057r7, annex E.4)."""
MERCATOR = re.compile(r"(EPSG:.*:|EPSG:)(3857|900913)$", re.IGNORECASE)
PICTURES = ("image/png", "image/jpeg", "image/png8", "image/webp")


@dataclass(frozen=True, slots=True)
class Offer:
    """A layer. `url` is a template with {z}, {x} and {y}, or with kind "wms" the address of GetMap."""

    kind: Literal["xyz", "wms"]
    name: str
    title: str
    url: str
    attribution: str
    min_zoom: int
    max_zoom: int


class MapService:
    """One thread at a time."""

    def __init__(self, url: str, patience: Patience = PATIENCE) -> None:
        try:
            parts = urlsplit(url.strip())
        except ValueError:
            raise TargetUrlInvalid("?") from None
        self._url = urlunsplit(parts)
        self._there = HttpSession(
            urlunsplit((parts.scheme, parts.netloc, "", "", "")), None, {"Accept": "*/*"}, patience
        )

    def close(self) -> None:
        self._there.close()

    def picture(self, url: str) -> bytes | None:
        """None where the service has nothing. Raises ConnectorError: UnexpectedAnswer for what is no whole
        picture, whatever its status and type."""
        parts = urlsplit(url)
        answer = self._there.raw("GET", urlunsplit(("", "", parts.path, parts.query, "")))
        if answer.status in (204, 404, 410):
            return None
        self._there.require_success(answer, "")
        if not whole_picture(answer.body):
            what = Unexpected.HTML if answer.body.lstrip()[:1] == b"<" else Unexpected.HALF
            raise UnexpectedAnswer(self._there.target, what if answer.body else Unexpected.NOTHING)
        return answer.body

    def offers(self) -> tuple[Offer, ...]:
        """Raises ConnectorError: UnexpectedAnswer where it is no WMTS or WMS."""
        failed: Exception | None = None
        for url in _questions(self._url):
            parts = urlsplit(url)
            try:
                answer = self._there.raw("GET", urlunsplit(("", "", parts.path, parts.query, "")))
                self._there.require_success(answer, "")
                return tuple(self._read(answer.body, url))
            except (UnexpectedAnswer, TargetNotFound, RequestRejected, ServerFailed) as error:
                failed = failed or error
        raise failed or UnexpectedAnswer(self._there.target, Unexpected.NOTHING)

    def _read(self, body: bytes, url: str) -> list[Offer]:
        root = self._parsed(body)
        match _name(root):
            case "Capabilities":
                return list(_wmts(root, url))
            case "WMS_Capabilities" | "WMT_MS_Capabilities":
                return list(_wms(root, url))
        raise UnexpectedAnswer(self._there.target, Unexpected.WRONG_SHAPE)

    def _parsed(self, body: bytes) -> ET.Element:
        """WMS 1.1.1 names a document type; one that declares entities is not read."""
        if b"<!entity" in body.lower() or b"<html" in body[:500].lower():
            raise UnexpectedAnswer(self._there.target, Unexpected.HTML)
        try:
            return ET.fromstring(body)
        except ET.ParseError:
            raise UnexpectedAnswer(self._there.target, Unexpected.HALF) from None


def whole_picture(data: bytes) -> bool:
    """By beginning and end: of a line that broke the beginning is a picture, too."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return data.rstrip(b"\0").endswith(b"IEND\xaeB`\x82")
    if data.startswith(b"\xff\xd8"):
        return data.rstrip(b"\0\r\n").endswith(b"\xff\xd9")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return len(data) >= int.from_bytes(data[4:8], "little") + 8
    return False


def with_query(url: str, **more: str) -> str:
    """Replacing what is there of the same names, whatever their case."""
    parts = urlsplit(url)
    names = {name.lower() for name in more}
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name.lower() not in names]
    query = urlencode([*kept, *((name.upper(), value) for name, value in more.items())])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def _questions(url: str) -> Iterator[str]:
    if "getcapabilities" in url.lower() or urlsplit(url).path.lower().endswith(".xml"):
        yield url
        return
    yield with_query(url, service="WMTS", request="GetCapabilities", version="1.0.0")
    yield with_query(url, service="WMS", request="GetCapabilities")


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _inside(element: ET.Element, *path: str) -> Iterator[ET.Element]:
    for child in element:
        if _name(child) == path[0]:
            if len(path) == 1:
                yield child
            else:
                yield from _inside(child, *path[1:])


def _words(element: ET.Element, *path: str) -> str:
    return next((found.text.strip() for found in _inside(element, *path) if found.text), "")


def _wmts(root: ET.Element, url: str) -> Iterator[Offer]:
    zooms = {
        _words(one, "Identifier"): found
        for one in _inside(root, "Contents", "TileMatrixSet")
        if (found := _zooms(one)) is not None
    }
    source = _words(root, "ServiceProvider", "ProviderName") or _words(root, "ServiceIdentification", "Title")
    for layer in _inside(root, "Contents", "Layer"):
        links = [_words(one, "TileMatrixSet") for one in _inside(layer, "TileMatrixSetLink")]
        chosen = next((name for name in links if name in zooms), None)
        formats = [one.text or "" for one in _inside(layer, "Format")]
        form = next((one for one in PICTURES if one in formats), None)
        if chosen is None or form is None:
            continue
        prefix, lowest, highest = zooms[chosen]
        template = _template(layer, form, chosen, prefix) or _key_value(layer, form, chosen, prefix, url)
        name = _words(layer, "Identifier")
        yield Offer("xyz", name, _words(layer, "Title") or name, template, source, lowest, highest)


def _zooms(matrix_set: ET.Element) -> tuple[str, int, int] | None:
    """What stands before the zoom in its matrices' names, and the lowest and highest. None unless it is the
    grid of the web's maps."""
    if MERCATOR.search(_words(matrix_set, "SupportedCRS")) is None:
        return None
    found: dict[int, str] = {}
    for matrix in _inside(matrix_set, "TileMatrix"):
        try:
            scale = float(_words(matrix, "ScaleDenominator"))
            corner = float(_words(matrix, "TopLeftCorner").split()[0])
        except (ValueError, IndexError):
            return None
        zoom = round_zoom(scale)
        if zoom is None or abs(abs(corner) - 20037508.34) > 1 or _words(matrix, "TileWidth") != "256":
            return None
        found[zoom] = _words(matrix, "Identifier")
    prefixes = {name.removesuffix(str(zoom)) for zoom, name in found.items() if name.endswith(str(zoom))}
    if len(prefixes) != 1 or any(not name.endswith(str(zoom)) for zoom, name in found.items()):
        return None
    return prefixes.pop(), min(found), max(found)


def round_zoom(scale: float) -> int | None:
    for zoom in range(25):
        if abs(scale * 2**zoom / SCALE_0 - 1) < 0.001:
            return zoom
    return None


def _template(layer: ET.Element, form: str, matrix_set: str, prefix: str) -> str:
    for one in _inside(layer, "ResourceURL"):
        if one.get("resourceType") == "tile" and one.get("format") == form:
            template = one.get("template", "")
            for place, value in (
                ("Style", quote(_style(layer))),
                ("style", quote(_style(layer))),
                ("TileMatrixSet", quote(matrix_set)),
                ("TileMatrix", f"{prefix}{{z}}"),
                ("TileRow", "{y}"),
                ("TileCol", "{x}"),
            ):
                template = template.replace(f"{{{place}}}", value)
            if set(re.findall(r"{(\w+)}", template)) == {"z", "y", "x"}:
                return template
    return ""


def _style(layer: ET.Element) -> str:
    styles = list(_inside(layer, "Style"))
    default = [one for one in styles if one.get("isDefault") == "true"] or styles
    return _words(default[0], "Identifier") if default else "default"


def _key_value(layer: ET.Element, form: str, matrix_set: str, prefix: str, url: str) -> str:
    whole = with_query(
        url,
        service="WMTS",
        request="GetTile",
        version="1.0.0",
        layer=_words(layer, "Identifier"),
        style=_style(layer),
        format=form,
        tilematrixset=matrix_set,
    )
    return f"{whole}&TILEMATRIX={quote(prefix)}{{z}}&TILEROW={{y}}&TILECOL={{x}}"


def _wms(root: ET.Element, url: str) -> Iterator[Offer]:
    source = _words(root, "Service", "Title")
    address = with_query(url, request="GetMap")
    for resource in _inside(
        root, "Capability", "Request", "GetMap", "DCPType", "HTTP", "Get", "OnlineResource"
    ):
        address = resource.get("{http://www.w3.org/1999/xlink}href") or address
    names = ("service", "request", "version")
    parts = urlsplit(address)
    kept = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name.lower() not in names])
    address = urlunsplit((parts.scheme, parts.netloc, parts.path, kept, ""))
    for layer in _inside(root, "Capability", "Layer"):
        yield from _wms_layers(layer, address, source, known=False)


def _wms_layers(layer: ET.Element, url: str, source: str, *, known: bool) -> Iterator[Offer]:
    """Coordinate systems are inherited."""
    told = [one.text or "" for kind in ("CRS", "SRS") for one in _inside(layer, kind)]
    known = known or any(MERCATOR.search(one.strip()) for words in told for one in words.split())
    source = _words(layer, "Attribution", "Title") or source
    name = _words(layer, "Name")
    if name and known:
        yield Offer("wms", name, _words(layer, "Title") or name, url, source, 0, 19)
    for below in _inside(layer, "Layer"):
        yield from _wms_layers(below, url, source, known=known)
