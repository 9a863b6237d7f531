"""Single tiles. Whatever is no whole picture is an error, also with the status of success."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from fieldtool.connectors.errors import Unexpected
from fieldtool.connectors.http import Patience
from fieldtool.connectors.source import Source
from fieldtool.connectors.source_errors import SourceMissing, SourceUnusable, TileRefused
from fieldtool.tile_grid import Tile

PICTURES = ("image/png", "image/jpeg", "image/webp")
PIXELS = 256
LONGEST_SAID = 200
PATIENCE = Patience(whole=60)


@dataclass(frozen=True, slots=True)
class Service:
    """`url` is a template with {z}, {x} and {y}, or with `layers` the address of a WMS."""

    url: str
    layers: str = ""


class Pictures:
    """One thread at a time. Raises SourceError."""

    def __init__(self, service: Service, patience: Patience = PATIENCE) -> None:
        parts = urlsplit(service.url)
        self._service = service
        self._source = Source(f"{parts.scheme}://{parts.netloc}", patience)

    def close(self) -> None:
        self._source.close()

    def tile(self, tile: Tile) -> bytes | None:
        """None where the service has none there. Raises SourceError, TileRefused."""
        path, asked = request(self._service, tile)
        try:
            raw = self._source.answer(path, asked)
        except SourceMissing:
            return None
        if raw.status == 204 or (raw.status == 200 and not raw.body):
            return None
        if is_picture(raw.body):
            return raw.body
        said = exception_text(raw.body)
        if said is not None:
            raise TileRefused(self._source.target, said)
        what = Unexpected.HALF if starts_picture(raw.body) else Unexpected.HTML
        raise SourceUnusable(self._source.target, what)


def request(service: Service, tile: Tile) -> tuple[str, Mapping[str, str]]:
    if not service.layers:
        url = service.url
        for name, value in (("z", tile.zoom), ("x", tile.column), ("y", tile.row)):
            url = url.replace(f"{{{name}}}", str(value))
        url = url.replace("{s}", "a").replace("{r}", "")
        parts = urlsplit(url)
        return parts.path, dict(parse_qsl(parts.query, keep_blank_values=True))
    parts = urlsplit(service.url)
    given = {
        name: value
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name.upper() not in MAP_WORDS
    }
    west, south, east, north = tile.metres()
    return parts.path, {
        **given,
        "SERVICE": "WMS",
        "VERSION": "1.3.0",
        "REQUEST": "GetMap",
        "LAYERS": service.layers,
        "STYLES": "",
        "CRS": "EPSG:3857",
        "BBOX": f"{west:.3f},{south:.3f},{east:.3f},{north:.3f}",
        "WIDTH": str(PIXELS),
        "HEIGHT": str(PIXELS),
        "FORMAT": "image/png",
    }


MAP_WORDS = frozenset(
    {"SERVICE", "VERSION", "REQUEST", "LAYERS", "STYLES", "CRS", "SRS", "BBOX", "WIDTH", "HEIGHT", "FORMAT"}
)


def starts_picture(data: bytes) -> bool:
    return data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or data[8:12] == b"WEBP"


def is_picture(data: bytes) -> bool:
    """From its signature to its last bytes: half a picture is none."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return data[-8:-4] == b"IEND"
    if data.startswith(b"\xff\xd8\xff"):
        return data.rstrip(b"\0").endswith(b"\xff\xd9")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return len(data) >= int.from_bytes(data[4:8], "little") + 8
    return False


def exception_text(data: bytes) -> str | None:
    """What a service says in an XML of its own (WMS, OWS); None where it is none."""
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return None
    text = data[:20_000].decode("utf-8", "replace")
    if "Exception" not in text:
        return None
    found = re.search(r"<(?:\w+:)?(?:ServiceException|ExceptionText)\b[^>]*>(.*?)</", text, re.DOTALL)
    words = " ".join(re.sub(r"<!\[CDATA\[|\]\]>|<[^>]*>", " ", found[1]).split()) if found else ""
    return words[:LONGEST_SAID] or "–"


def without_query(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))


def with_query(url: str, asked: Mapping[str, str]) -> str:
    """What the address says already stays, unless it is asked for anew."""
    parts = urlsplit(url)
    upper = {name.upper() for name in asked}
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name.upper() not in upper]
    query = urlencode([*kept, *asked.items()], safe="{}:/")
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
