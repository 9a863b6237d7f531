"""What the provider of a map service allows, and what taking an area along would mean."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal
from urllib.parse import urlsplit

from fieldtool.data_files import read_data
from fieldtool.errors import CoreError
from fieldtool.texts import RESOURCES
from fieldtool.tile_grid import Area, count

FILE = RESOURCES / "sources" / "map_services.yaml"
Bulk = Literal["forbidden", "ask", "allowed"]


@dataclass(eq=False)
class BulkForbidden(CoreError):
    provider: str


@dataclass(eq=False)
class BulkUnconfirmed(CoreError):
    """Nobody has said yet that this provider allows it."""

    provider: str


@dataclass(eq=False)
class AreaTooLarge(CoreError):
    provider: str
    tiles: int
    limit: int


@dataclass(eq=False)
class ZoomTooDeep(CoreError):
    provider: str
    zoom: int
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """`delay_s` is waited between two requests, `tile_kb` is a guess."""

    title: str
    bulk: Bulk
    max_tiles: int
    max_zoom: int
    delay_s: float
    tile_kb: float
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    tiles: int
    megabytes: float
    seconds: float


def provider_of(url: str) -> Provider:
    host = (urlsplit(url).hostname or "").casefold()
    rules = _rules()
    for known in rules["services"]:
        if any(fnmatchcase(host, pattern) for pattern in known["hosts"]):
            return Provider(**{name: value for name, value in known.items() if name != "hosts"})
    return Provider(title=host, **rules["others"])


def estimate(provider: Provider, area: Area) -> Estimate:
    """The time is what is waited alone: how fast the network is nobody knows yet."""
    tiles = count(area)
    return Estimate(tiles, tiles * provider.tile_kb / 1024, tiles * provider.delay_s)


def check(provider: Provider, area: Area, *, confirmed: bool) -> None:
    """Raises BulkForbidden, BulkUnconfirmed, ZoomTooDeep, AreaTooLarge."""
    if provider.bulk == "forbidden":
        raise BulkForbidden(provider.title)
    if area.max_zoom > provider.max_zoom:
        raise ZoomTooDeep(provider.title, area.max_zoom, provider.max_zoom)
    tiles = count(area)
    if tiles > provider.max_tiles:
        raise AreaTooLarge(provider.title, tiles, provider.max_tiles)
    if provider.bulk == "ask" and not confirmed:
        raise BulkUnconfirmed(provider.title)


@functools.cache
def _rules() -> dict[str, Any]:
    return read_data(FILE, "map-services")
