"""Map services below /maps: WMTS 1.0.0 (RESTful) and WMS 1.3.0 in EPSG:3857. Reading is public.

/maps/wmts/1.0.0/WMTSCapabilities.xml
/maps/wmts/uebungskarte/default/web/{TileMatrix}/{TileRow}/{TileCol}.png   404 outside of what it covers
/maps/wms?SERVICE=WMS&REQUEST=GetCapabilities or GetMap                    exceptions with 200, as many do
"""

from __future__ import annotations

import re
import struct
import zlib
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from fieldtool.training.platform import Platform
from fieldtool.training.wire import Answer, Asked

ROOT = "maps"
LAYER = "uebungskarte"
TITLE = "Übungskarte, keine echte Karte"
HALF_M = 20037508.342789244
SCALE = 559082264.0287178
DEEPEST = 20
COVERED = (7.2, 51.3, 7.8, 51.7)
COVERED_M = (801500.0, 6673000.0, 868400.0, 6745000.0)
PIXELS = 256
PNG = {"Content-Type": "image/png", "Cache-Control": "max-age=604800"}
XML = {"Content-Type": "text/xml; charset=utf-8"}
CREDIT = "Übungsstadt, erfunden"


def answer(_: Platform, asked: Asked) -> Answer:
    base = f"http://{asked.headers.get('host', '127.0.0.1')}/{ROOT}"
    if asked.method not in ("GET", "HEAD"):
        return refused(405, f"{asked.method} is not offered here")
    match asked.segments[1:]:
        case ("wmts", "1.0.0", "WMTSCapabilities.xml"):
            return Answer(200, wmts_capabilities(base).encode(), XML)
        case ("wmts", layer, "default", "web", zoom, row, column) if layer == LAYER:
            return _tile(zoom, row, column)
        case ("wms",):
            return _wms({name.upper(): value for name, value in parse_qsl(asked.query)}, base)
    return refused(404, f"there is nothing at {asked.path}")


def refused(status: int, words: str) -> Answer:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1" version="1.0.0">'
        f'<ows:Exception exceptionCode="NoApplicableCode"><ows:ExceptionText>{escape(words)}'
        "</ows:ExceptionText></ows:Exception></ows:ExceptionReport>"
    )
    return Answer(status, body.encode(), XML)


def _service_exception(words: str) -> Answer:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<ServiceExceptionReport version="1.3.0" xmlns="http://www.opengis.net/ogc">'
        f"<ServiceException>{escape(words)}</ServiceException></ServiceExceptionReport>"
    )
    return Answer(200, body.encode(), XML)


def _tile(zoom: str, row: str, column: str) -> Answer:
    found = re.fullmatch(r"(\d+)\.png", column)
    if found is None or not zoom.isdigit() or not row.isdigit() or int(zoom) > DEEPEST:
        return refused(400, "TileMatrix, TileRow or TileCol is out of range")
    size = 2 * HALF_M / 2 ** int(zoom)
    west, north = int(found[1]) * size - HALF_M, HALF_M - int(row) * size
    if not overlaps(west, north - size, west + size, north):
        return refused(404, "there is no tile here")
    return Answer(200, picture(int(zoom) * 7919 + int(row) * 31 + int(found[1])), PNG)


def overlaps(west: float, south: float, east: float, north: float) -> bool:
    return west < COVERED_M[2] and east > COVERED_M[0] and south < COVERED_M[3] and north > COVERED_M[1]


def _wms(asked: dict[str, str], base: str) -> Answer:
    request = asked.get("REQUEST", "")
    if request == "GetCapabilities":
        return Answer(200, wms_capabilities(base).encode(), XML)
    if request != "GetMap":
        return _service_exception(f"REQUEST {request} is not offered")
    if asked.get("LAYERS") != LAYER:
        return _service_exception(f"LayerNotDefined: {asked.get('LAYERS', '')}")
    if asked.get("CRS") != "EPSG:3857" or asked.get("VERSION") != "1.3.0":
        return _service_exception("InvalidCRS: this training platform knows EPSG:3857 and version 1.3.0")
    try:
        west, south, east, north = (float(edge) for edge in asked.get("BBOX", "").split(","))
        width, height = int(asked["WIDTH"]), int(asked["HEIGHT"])
    except (KeyError, ValueError):
        return _service_exception("BBOX, WIDTH or HEIGHT cannot be read")
    if west >= east or south >= north or not 0 < width <= 2048 or not 0 < height <= 2048:
        return _service_exception("BBOX, WIDTH or HEIGHT is out of range")
    return Answer(200, picture(round(west) * 31 + round(south)), PNG)


def picture(seed: int) -> bytes:
    """256 by 256 pixels of one light colour with a darker edge, so that tiles can be told apart."""
    colours = bytes((200 + seed % 50, 205 + seed // 7 % 45, 195 + seed // 49 % 55, 120, 130, 120))
    edge, inner = b"\x00" + b"\x01" * PIXELS, b"\x00\x01" + b"\x00" * (PIXELS - 2) + b"\x01"
    rows = edge + inner * (PIXELS - 2) + edge
    head = struct.pack(">IIBBBBB", PIXELS, PIXELS, 8, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(name, data)
        for name, data in (
            (b"IHDR", head),
            (b"PLTE", colours),
            (b"IDAT", zlib.compress(rows)),
            (b"IEND", b""),
        )
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def wmts_capabilities(base: str) -> str:
    matrices = "".join(
        f"<TileMatrix><ows:Identifier>{zoom}</ows:Identifier>"
        f"<ScaleDenominator>{SCALE / 2**zoom!r}</ScaleDenominator>"
        f"<TopLeftCorner>{-HALF_M!r} {HALF_M!r}</TopLeftCorner><TileWidth>256</TileWidth>"
        f"<TileHeight>256</TileHeight><MatrixWidth>{2**zoom}</MatrixWidth>"
        f"<MatrixHeight>{2**zoom}</MatrixHeight></TileMatrix>"
        for zoom in range(DEEPEST + 1)
    )
    west, south, east, north = COVERED
    template = f"{base}/wmts/{LAYER}/{{Style}}/{{TileMatrixSet}}/{{TileMatrix}}/{{TileRow}}/{{TileCol}}.png"
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Capabilities xmlns="http://www.opengis.net/wmts/1.0" '
        'xmlns:ows="http://www.opengis.net/ows/1.1" version="1.0.0">'
        f"<ows:ServiceIdentification><ows:Title>{TITLE}</ows:Title>"
        "<ows:ServiceType>OGC WMTS</ows:ServiceType><ows:ServiceTypeVersion>1.0.0</ows:ServiceTypeVersion>"
        f"<ows:AccessConstraints>none</ows:AccessConstraints></ows:ServiceIdentification>"
        f"<ows:ServiceProvider><ows:ProviderName>{CREDIT}</ows:ProviderName></ows:ServiceProvider>"
        f"<Contents><Layer><ows:Title>{TITLE}</ows:Title><ows:WGS84BoundingBox>"
        f"<ows:LowerCorner>{west} {south}</ows:LowerCorner><ows:UpperCorner>{east} {north}</ows:UpperCorner>"
        f"</ows:WGS84BoundingBox><ows:Identifier>{LAYER}</ows:Identifier>"
        '<Style isDefault="true"><ows:Identifier>default</ows:Identifier></Style>'
        "<Format>image/png</Format><TileMatrixSetLink><TileMatrixSet>web</TileMatrixSet></TileMatrixSetLink>"
        f'<ResourceURL format="image/png" resourceType="tile" template="{template}"/></Layer>'
        "<TileMatrixSet><ows:Identifier>web</ows:Identifier>"
        f"<ows:SupportedCRS>urn:ogc:def:crs:EPSG::3857</ows:SupportedCRS>{matrices}</TileMatrixSet>"
        "</Contents></Capabilities>"
    )


def wms_capabilities(base: str) -> str:
    west, south, east, north = COVERED
    address = f'<OnlineResource xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="{base}/wms?"/>'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms">'
        f"<Service><Name>WMS</Name><Title>{TITLE}</Title>{address}<Fees>none</Fees>"
        "<AccessConstraints>none</AccessConstraints></Service><Capability><Request>"
        f"<GetMap><Format>image/png</Format><DCPType><HTTP><Get>{address}</Get></HTTP></DCPType></GetMap>"
        "</Request><Exception><Format>XML</Format></Exception>"
        f"<Layer><Title>{TITLE}</Title><CRS>EPSG:3857</CRS><CRS>EPSG:25832</CRS>"
        f"<Attribution><Title>{CREDIT}</Title></Attribution>"
        f'<Layer queryable="0"><Name>{LAYER}</Name><Title>{TITLE}</Title><EX_GeographicBoundingBox>'
        f"<westBoundLongitude>{west}</westBoundLongitude><eastBoundLongitude>{east}</eastBoundLongitude>"
        f"<southBoundLatitude>{south}</southBoundLatitude><northBoundLatitude>{north}</northBoundLatitude>"
        "</EX_GeographicBoundingBox></Layer></Layer></Capability></WMS_Capabilities>"
    )
