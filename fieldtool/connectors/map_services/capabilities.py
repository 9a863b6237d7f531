"""GetCapabilities: which layers a WMTS or WMS has that fit below our map (EPSG:3857, 256 pixels)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree as ET

from fieldtool.connectors.errors import Unexpected
from fieldtool.connectors.map_services.pictures import PICTURES, exception_text, with_query, without_query
from fieldtool.connectors.source import Source, is_page
from fieldtool.connectors.source_errors import NoMapService, SourceUnusable, TileRefused
from fieldtool.store.places import Box
from fieldtool.tile_grid import EDGE_M

SCALE_0 = 559082264.0287178
"""WMTS 1.0.0, annex E.4: the scale denominator of zoom 0."""
NEAR = 1e-4
WEB = re.compile(r"(EPSG:.*:3857|EPSG:3857|EPSG:.*:900913|EPSG:900913)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """`url` and `layers` as the base maps have them; `constraints` is what the provider says of its use."""

    kind: Literal["xyz", "wms"]
    name: str
    title: str
    url: str
    layers: str
    attribution: str
    min_zoom: int
    max_zoom: int
    box: Box | None
    constraints: str


def read(url: str) -> tuple[Offer, ...]:
    """Of a service's address, with or without the question for its capabilities. Raises SourceError,
    NoMapService."""
    parts = urlsplit(url)
    source = Source(f"{parts.scheme}://{parts.netloc}")
    try:
        parts = urlsplit(_question(url))
        raw = source.answer(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)))
    finally:
        source.close()
    root = _parsed(raw.body)
    found = None if root is None else _offers(root, without_query(url))
    if found:
        return found
    said = exception_text(raw.body)
    if said is not None:
        raise TileRefused(source.target, said)
    if is_page(raw.body):
        raise SourceUnusable(source.target, Unexpected.HTML)
    raise NoMapService(source.target)


def _question(url: str) -> str:
    """A document's own address is asked as it is; else what the address names, else WMS."""
    upper = url.upper()
    if upper.split("?")[0].endswith(".XML") or "REQUEST=GETCAPABILITIES" in upper:
        return url
    kind = "WMTS" if "WMTS" in upper else "WMS"
    return with_query(url, {"SERVICE": kind, "REQUEST": "GetCapabilities"})


def _parsed(data: bytes) -> ET.Element | None:
    """None: no XML. What declares entities of its own is taken for none."""
    if b"<!ENTITY" in data:
        return None
    try:
        return ET.fromstring(data)
    except ET.ParseError:
        return None


def _offers(root: ET.Element, address: str) -> tuple[Offer, ...] | None:
    match _name(root):
        case "Capabilities":
            return tuple(_wmts(root))
        case "WMS_Capabilities" | "WMT_MS_Capabilities":
            return tuple(_wms(root, address))
    return None


def _wmts(root: ET.Element) -> Iterator[Offer]:
    sets = {
        _text(one, "Identifier"): zooms
        for one in _all(root, "Contents/TileMatrixSet")
        if (zooms := _zooms(one))
    }
    constraints = _text(root, "ServiceIdentification/AccessConstraints")
    provider = _text(root, "ServiceProvider/ProviderName") or _text(root, "ServiceIdentification/Title")
    for layer in _all(root, "Contents/Layer"):
        linked = [_text(one, "TileMatrixSet") for one in _all(layer, "TileMatrixSetLink")]
        fitting = next((name for name in linked if name in sets), None)
        if fitting is None:
            continue
        pattern, lowest, highest = sets[fitting]
        template = _template(root, layer, fitting)
        if template is None:
            continue
        filled = (
            template.replace("{TileMatrix}", pattern).replace("{TileRow}", "{y}").replace("{TileCol}", "{x}")
        )
        yield Offer(
            kind="xyz",
            name=_text(layer, "Identifier"),
            title=_text(layer, "Title") or _text(layer, "Identifier"),
            url=filled,
            layers="",
            attribution=provider,
            min_zoom=lowest,
            max_zoom=highest,
            box=_wgs84(layer),
            constraints=constraints,
        )


def _zooms(matrix_set: ET.Element) -> tuple[str, int, int] | None:
    """How a zoom is written there ("EPSG:3857:{z}"), the lowest and the highest; None: another grid."""
    if WEB.search(_text(matrix_set, "SupportedCRS").upper()) is None:
        return None
    known: list[tuple[int, str]] = []
    for matrix in _all(matrix_set, "TileMatrix"):
        zoom = _zoom(matrix)
        if zoom is not None:
            known.append((zoom, _text(matrix, "Identifier")))
    for zoom, identifier in known:
        if not identifier.endswith(str(zoom)):
            return None
    prefixes = {identifier.removesuffix(str(zoom)) for zoom, identifier in known}
    if len(prefixes) != 1:
        return None
    zooms = [zoom for zoom, _identifier in known]
    return f"{prefixes.pop()}{{z}}", min(zooms), max(zooms)


def _zoom(matrix: ET.Element) -> int | None:
    try:
        scale = float(_text(matrix, "ScaleDenominator"))
        left, top = (float(edge) for edge in _text(matrix, "TopLeftCorner").split())
    except ValueError:
        return None
    if scale <= 0 or (_text(matrix, "TileWidth"), _text(matrix, "TileHeight")) != ("256", "256"):
        return None
    exact = math.log2(SCALE_0 / scale)
    at_the_corner = abs(left + EDGE_M) < 1 and abs(top - EDGE_M) < 1
    return round(exact) if at_the_corner and abs(exact - round(exact)) < NEAR and exact > -NEAR else None


def _template(root: ET.Element, layer: ET.Element, matrix_set: str) -> str | None:
    styles = _all(layer, "Style")
    style = next((_text(one, "Identifier") for one in styles if one.get("isDefault") == "true"), None)
    style = style if style is not None else (_text(styles[0], "Identifier") if styles else "default")
    for resource in _all(layer, "ResourceURL"):
        if resource.get("resourceType") == "tile" and resource.get("format") in PICTURES:
            template = resource.get("template", "")
            for name in ("Style", "style"):
                template = template.replace(f"{{{name}}}", style)
            template = template.replace("{TileMatrixSet}", matrix_set)
            if set(re.findall(r"{(\w+)}", template)) == {"TileMatrix", "TileRow", "TileCol"}:
                return template
    formats = [(one.text or "").strip() for one in _all(layer, "Format")]
    picture = next((one for one in formats if one in PICTURES), None)
    address = _kvp_address(root)
    if picture is None or address is None:
        return None
    return with_query(
        address,
        {
            "SERVICE": "WMTS",
            "REQUEST": "GetTile",
            "VERSION": "1.0.0",
            "LAYER": _text(layer, "Identifier"),
            "STYLE": style,
            "FORMAT": picture,
            "TILEMATRIXSET": matrix_set,
            "TILEMATRIX": "{TileMatrix}",
            "TILEROW": "{TileRow}",
            "TILECOL": "{TileCol}",
        },
    )


def _kvp_address(root: ET.Element) -> str | None:
    for operation in _all(root, "OperationsMetadata/Operation"):
        if operation.get("name") == "GetTile":
            for get in _all(operation, "DCP/HTTP/Get"):
                return _link(get)
    return None


def _wms(root: ET.Element, address: str) -> Iterator[Offer]:
    get = next(iter(_all(root, "Capability/Request/GetMap/DCPType/HTTP/Get/OnlineResource")), None)
    url = (None if get is None else _link(get)) or address
    formats = {(one.text or "").strip() for one in _all(root, "Capability/Request/GetMap/Format")}
    if formats and "image/png" not in formats:
        return
    title = _text(root, "Service/Title")
    constraints = _text(root, "Service/AccessConstraints")
    for layer in _all(root, "Capability/Layer"):
        yield from _wms_layers(layer, url.rstrip("?&"), title, constraints, frozenset())


def _wms_layers(
    layer: ET.Element, url: str, credit: str, constraints: str, inherited: frozenset[str]
) -> Iterator[Offer]:
    """A layer has what the one above it has (WMS 1.3.0, 7.2.4.8)."""
    own = {(one.text or "").strip().upper() for kind in ("CRS", "SRS") for one in _all(layer, kind)}
    systems = inherited | own
    credit = _text(layer, "Attribution/Title") or credit
    name = _text(layer, "Name")
    if name and "EPSG:3857" in systems:
        yield Offer(
            kind="wms",
            name=name,
            title=_text(layer, "Title") or name,
            url=url,
            layers=name,
            attribution=credit,
            min_zoom=0,
            max_zoom=19,
            box=_geographic(layer),
            constraints=constraints,
        )
    for below in _all(layer, "Layer"):
        yield from _wms_layers(below, url, credit, constraints, systems)


def _wgs84(layer: ET.Element) -> Box | None:
    try:
        west, south = (float(edge) for edge in _text(layer, "WGS84BoundingBox/LowerCorner").split())
        east, north = (float(edge) for edge in _text(layer, "WGS84BoundingBox/UpperCorner").split())
    except ValueError:
        return None
    return west, south, east, north


def _geographic(layer: ET.Element) -> Box | None:
    names = ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")
    try:
        west, south, east, north = (float(_text(layer, f"EX_GeographicBoundingBox/{name}")) for name in names)
    except ValueError:
        return None
    return west, south, east, north


def _link(element: ET.Element) -> str | None:
    attributes: Mapping[str, str] = element.attrib
    return next((value for name, value in attributes.items() if name.rpartition("}")[2] == "href"), None)


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _all(element: ET.Element, path: str) -> list[ET.Element]:
    """By the names alone: versions differ in their namespaces."""
    found = [element]
    for step in path.split("/"):
        found = [below for one in found for below in one if _name(below) == step]
    return found


def _text(element: ET.Element, path: str) -> str:
    found = _all(element, path)
    return " ".join((found[0].text or "").split()) if found else ""
