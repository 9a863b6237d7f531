"""The maps below the points: files the person has, and services they have chosen. Kept in DIR/maps.json."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from fieldtool.errors import CoreError
from fieldtool.ids import new_id
from fieldtool.map_page import ROOT, File
from fieldtool.store import mbtiles
from fieldtool.store.connection import system_errors
from fieldtool.store.places import Box
from fieldtool.texts import N_

FILE = "maps.json"
Kind = Literal["mbtiles", "xyz", "wms"]
NO_ADDRESS = N_("it does not begin with https:// or http://")
NO_PLACES = N_("{z}, {x} and {y} are missing in it, and no layer of a WMS is named")
WMTS_PLACES = {"TileMatrix": "z", "TileRow": "y", "TileCol": "x"}


@dataclass(eq=False)
class MapServiceUnusable(CoreError):
    """`reason` is one of the texts above."""

    url: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseMap:
    """`source` is the file's path or the service's address: for tiles with the places {z}, {x} and {y}."""

    id: str
    kind: Kind
    title: str
    source: str
    attribution: str = ""
    layers: str = ""
    min_zoom: int = 0
    max_zoom: int = 19

    @property
    def online(self) -> bool:
        return self.kind != "mbtiles"


@dataclass(frozen=True, slots=True)
class Maps:
    """`chosen` is an id of `known` or empty; `place` lon, lat and zoom where the map was left."""

    known: tuple[BaseMap, ...] = ()
    chosen: str = ""
    place: tuple[float, float, float] | None = None

    def base(self) -> BaseMap | None:
        return next((one for one in self.known if one.id == self.chosen), None)


@dataclass(frozen=True, slots=True)
class Layer:
    """For the page."""

    url: str
    attribution: str
    min_zoom: int
    max_zoom: int
    layers: str = field(default="")


def layer(base: BaseMap) -> Layer:
    url = base.source if base.online else f"{ROOT}tiles/{base.id}/{{z}}/{{x}}/{{y}}"
    return Layer(url, base.attribution or base.title, base.min_zoom, base.max_zoom, base.layers)


def read_maps(directory: Path) -> Maps:
    """What cannot be read or used is as at first."""
    try:
        document = json.loads((directory / FILE).read_text(encoding="utf-8"))
        known = tuple(BaseMap(**one) for one in document["known"] if one["kind"] in get_args(Kind))
        place = document["place"]
        return Maps(known, str(document["chosen"]), None if place is None else (place[0], place[1], place[2]))
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return Maps()


def write_maps(directory: Path, maps: Maps) -> None:
    """Whole or not at all. Raises the store's errors of a full or failing disk."""
    path = directory / FILE
    new = path.with_suffix(".new")
    with system_errors(path):
        new.write_text(json.dumps(asdict(maps), ensure_ascii=False), encoding="utf-8")
        new.replace(path)


def with_file(maps: Maps, path: Path) -> Maps:
    """Chosen as well. Raises MapFileUnusable."""
    told = mbtiles.describe(path)
    old = next((one for one in maps.known if one.source == str(path)), None)
    made = BaseMap(
        id=old.id if old else new_id(),
        kind="mbtiles",
        title=told.title,
        source=str(path),
        attribution=plain(told.attribution),
        min_zoom=told.min_zoom,
        max_zoom=told.max_zoom,
    )
    return _with(maps, made)


def with_service(
    maps: Maps,
    *,
    title: str,
    url: str,
    attribution: str,
    layers: str = "",
    zooms: tuple[int, int] = (0, 19),
) -> Maps:
    """A tile service by its template (XYZ, or WMTS with {TileMatrix}, {TileRow}, {TileCol}), or with `layers`
    a WMS. Chosen as well. Raises MapServiceUnusable."""
    for place, ours in WMTS_PLACES.items():
        url = url.replace(f"{{{place}}}", f"{{{ours}}}")
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise MapServiceUnusable(url, NO_ADDRESS)
    tiled = all(f"{{{place}}}" in url for place in "zxy")
    if not tiled and not layers:
        raise MapServiceUnusable(url, NO_PLACES)
    made = BaseMap(
        id=new_id(),
        kind="xyz" if tiled else "wms",
        title=title or parts.hostname,
        source=url,
        attribution=attribution or parts.hostname,
        layers="" if tiled else layers,
        min_zoom=zooms[0],
        max_zoom=zooms[1],
    )
    return _with(maps, made)


def without(maps: Maps, base_id: str) -> Maps:
    """The file itself stays where it is."""
    known = tuple(one for one in maps.known if one.id != base_id)
    return replace(maps, known=known, chosen="" if maps.chosen == base_id else maps.chosen)


def _with(maps: Maps, made: BaseMap) -> Maps:
    others = tuple(one for one in maps.known if one.id != made.id and one.source != made.source)
    return replace(maps, known=(*others, made), chosen=made.id)


def extent(base: BaseMap) -> Box | None:
    """Raises MapFileUnusable."""
    return None if base.online else mbtiles.describe(Path(base.source)).box


def tile(base: BaseMap, zoom: int, column: int, row: int) -> File | None:
    """None where the file has none there. Raises MapFileUnusable."""
    found = mbtiles.tile(Path(base.source), zoom, column, row)
    return None if found is None else File(picture_kind(found), found)


def picture_kind(data: bytes) -> str:
    if data.startswith(b"\xff\xd8"):
        return "image/jpeg"
    return "image/webp" if data[8:12] == b"WEBP" else "image/png"


def plain(attribution: str) -> str:
    """MBTiles have HTML here."""
    text: Any = re.sub(r"<[^>]*>", "", attribution)
    return " ".join(str(text).replace("&copy;", "©").replace("&amp;", "&").split())
