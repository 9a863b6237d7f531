"""A made-up base map below /maps, as WMTS 1.0.0 (OGC 07-057r7) and WMS 1.3.0 (OGC 06-042).

Around Dortmund and Schwerte only, and to zoom 18. Beyond it the WMTS refuses (TileOutOfRange), the WMS
answers what many do: an exception with status 200.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Mapping
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from fieldtool.training.wire import Answer, Asked

ROOT = "maps"
LAYER, TITLE = "uebung_karte", "Übungskarte"
ATTRIBUTION = "Übungsplattform, erfundene Karte"
AREA = (7.2, 51.3, 7.8, 51.7)
MOST_ZOOM = 18
HALF = math.pi * 6378137
SCALE_0 = 559082264.0287178
SIZE = 256


def answer(asked: Asked) -> Answer:
    if asked.method not in ("GET", "HEAD"):
        return exception(405, "only GET is offered")
    query = {name.lower(): value for name, value in parse_qsl(asked.query)}
    path = asked.segments[1:]
    if path[:1] == ("wmts",):
        if query.get("request", "").lower() == "getcapabilities" or path[1:] == (
            "1.0.0",
            "WMTSCapabilities.xml",
        ):
            return _xml(200, _wmts_capabilities(asked))
        if len(path) == 7 and path[1:4] == (LAYER, "default", "WEBMERCATOR"):
            return _tile(path[4], path[5], path[6].removesuffix(".png"))
        if query.get("request", "").lower() == "gettile" and query.get("layer") == LAYER:
            return _tile(*(query.get(name, "") for name in ("tilematrix", "tilerow", "tilecol")))
    if path == ("wms",):
        if query.get("request", "").lower() == "getcapabilities":
            return _xml(200, _wms_capabilities(asked))
        if query.get("request", "").lower() == "getmap":
            return _map(query)
    return exception(404, f"there is nothing at {asked.path}")


def exception(status: int, words: str, headers: Mapping[str, str] | None = None) -> Answer:
    return _xml(
        status,
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ServiceExceptionReport version="1.3.0" xmlns="http://www.opengis.net/ogc">'
        f"<ServiceException>{escape(words)}</ServiceException></ServiceExceptionReport>",
        headers,
    )


def _xml(status: int, document: str, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, document.encode(), {"Content-Type": "text/xml; charset=utf-8", **(headers or {})})


def _tile(zoom_text: str, row_text: str, column_text: str) -> Answer:
    if not all(text.isascii() and text.isdigit() for text in (zoom_text, row_text, column_text)):
        return exception(400, "TileMatrix, TileRow and TileCol are numbers")
    zoom, row, column = int(zoom_text), int(row_text), int(column_text)
    if zoom > MOST_ZOOM or not _covers(zoom, row, column):
        return exception(404, "TileOutOfRange")
    return _picture(zoom, column, row)


def _covers(zoom: int, row: int, column: int) -> bool:
    size: float = 2 * HALF / 2**zoom
    west, north = -HALF + column * size, HALF - row * size
    area = (*_mercator(AREA[0], AREA[1]), *_mercator(AREA[2], AREA[3]))
    return west < area[2] and west + size > area[0] and north > area[1] and north - size < area[3]


def _mercator(lon: float, lat: float) -> tuple[float, float]:
    return math.radians(lon) * 6378137, math.asinh(math.tan(math.radians(lat))) * 6378137


def _map(query: dict[str, str]) -> Answer:
    try:
        west, south, east, north = (float(edge) for edge in query.get("bbox", "").split(","))
        width, height = int(query.get("width", "")), int(query.get("height", ""))
    except ValueError:
        return exception(200, "BBOX, WIDTH and HEIGHT are numbers")
    if query.get("layers") != LAYER or query.get("crs", query.get("srs")) != "EPSG:3857":
        return exception(200, "LayerNotDefined or InvalidCRS")
    if (width, height) != (SIZE, SIZE) or not (west < east and south < north):
        return exception(200, f"this platform draws only {SIZE} by {SIZE}")
    zoom = round(math.log2(2 * HALF / (east - west)))
    column = round((west + HALF) / (2 * HALF / 2**zoom))
    row = round((HALF - north) / (2 * HALF / 2**zoom))
    if not _covers(zoom, row, column):
        return exception(200, "outside the area")
    return _picture(zoom, column, row)


def _picture(zoom: int, column: int, row: int) -> Answer:
    """A chessboard of tiles with a border, so that one that is out of place is seen."""
    shade = 236 if (column + row) % 2 else 222
    edge = bytes((120, 140 + zoom, 150)) * SIZE
    line = bytes((120, 150, 150)) + bytes((shade, 230, shade - column % 5)) * (SIZE - 1)
    pixels = b"\0" + edge + (b"\0" + line) * (SIZE - 1)
    body = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in (
            (b"IHDR", struct.pack(">IIBBBBB", SIZE, SIZE, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(pixels)),
            (b"IEND", b""),
        )
    )
    return Answer(200, body, {"Content-Type": "image/png"})


def _wmts_capabilities(asked: Asked) -> str:
    base = f"http://{asked.headers.get('host', '')}/{ROOT}/wmts"
    matrices = "".join(
        f"<TileMatrix><ows:Identifier>{zoom}</ows:Identifier>"
        f"<ScaleDenominator>{SCALE_0 / 2**zoom!r}</ScaleDenominator>"
        f"<TopLeftCorner>{-HALF!r} {HALF!r}</TopLeftCorner><TileWidth>{SIZE}</TileWidth>"
        f"<TileHeight>{SIZE}</TileHeight><MatrixWidth>{2**zoom}</MatrixWidth>"
        f"<MatrixHeight>{2**zoom}</MatrixHeight></TileMatrix>"
        for zoom in range(MOST_ZOOM + 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" version="1.0.0"><ows:ServiceIdentification>'
        f"<ows:Title>{TITLE}</ows:Title><ows:ServiceType>OGC WMTS</ows:ServiceType>"
        f"<ows:AccessConstraints>{ATTRIBUTION}</ows:AccessConstraints></ows:ServiceIdentification>"
        f"<Contents><Layer><ows:Title>{TITLE}</ows:Title><ows:WGS84BoundingBox>"
        f"<ows:LowerCorner>{AREA[0]} {AREA[1]}</ows:LowerCorner>"
        f"<ows:UpperCorner>{AREA[2]} {AREA[3]}</ows:UpperCorner></ows:WGS84BoundingBox>"
        f'<ows:Identifier>{LAYER}</ows:Identifier><Style isDefault="true">'
        "<ows:Identifier>default</ows:Identifier></Style><Format>image/png</Format>"
        "<TileMatrixSetLink><TileMatrixSet>WEBMERCATOR</TileMatrixSet></TileMatrixSetLink>"
        '<ResourceURL format="image/png" resourceType="tile" template="'
        f'{base}/{LAYER}/{{Style}}/{{TileMatrixSet}}/{{TileMatrix}}/{{TileRow}}/{{TileCol}}.png"/></Layer>'
        "<TileMatrixSet><ows:Identifier>WEBMERCATOR</ows:Identifier>"
        f"<ows:SupportedCRS>urn:ogc:def:crs:EPSG::3857</ows:SupportedCRS>{matrices}</TileMatrixSet>"
        "</Contents></Capabilities>"
    )


def _wms_capabilities(asked: Asked) -> str:
    base = f"http://{asked.headers.get('host', '')}/{ROOT}/wms"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms" '
        'xmlns:xlink="http://www.w3.org/1999/xlink"><Service><Name>WMS</Name>'
        f"<Title>{TITLE}</Title><AccessConstraints>{ATTRIBUTION}</AccessConstraints></Service>"
        "<Capability><Request><GetMap><Format>image/png</Format><DCPType><HTTP><Get>"
        f'<OnlineResource xlink:href="{base}?"/></Get></HTTP></DCPType></GetMap></Request>'
        f"<Layer><Title>{TITLE}</Title><CRS>EPSG:3857</CRS><CRS>EPSG:25832</CRS>"
        f"<Attribution><Title>{ATTRIBUTION}</Title></Attribution>"
        f"<Layer><Name>{LAYER}</Name><Title>{TITLE}</Title></Layer></Layer></Capability></WMS_Capabilities>"
    )
