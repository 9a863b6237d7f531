"""Areas of a base map taken along: fetched ahead into MBTiles in DIR/maps, within what providers allow.

CoreError
├── AreaNotAllowed(service)                  it forbids it
├── AreaNeedsWord(service)                   nobody has said that the provider allows it
├── AreaTooLarge(service, tiles, most)
├── AreaUnsound(reason)
└── AreaUnknown(name)
"""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from fieldtool.base_maps import BaseMap, picture_kind
from fieldtool.data_files import read_data
from fieldtool.errors import CoreError
from fieldtool.ids import new_id
from fieldtool.online import reading
from fieldtool.store import mbtiles
from fieldtool.store.connection import system_errors
from fieldtool.store.growing_tiles import GrowingTiles, growing
from fieldtool.texts import N_, RESOURCES
from fieldtool.tile_grid import PIXELS, Area, blocks, tile_box_m, tile_count

if TYPE_CHECKING:
    from fieldtool.connectors.map_services import MapService

FOLDER = "maps"
OWN = "fieldtool:area"
TILE_BYTES = 25_000
"""A rough guess, until a tile of the service is known."""
AT_ONCE = 32
TRIES = 3
LONGEST_PAUSE = 60.0
FAILED_IN_A_ROW = 12
NOT_ONLINE = N_("this base map is a file and at hand already")
UPSIDE_DOWN = N_("west has to be below east, south below north, and the zooms from small to large, up to 22")
ZOOM_TOO_HIGH = N_("the service or its provider ends at a lower zoom")


@dataclass(eq=False)
class AreaNotAllowed(CoreError):
    service: str


@dataclass(eq=False)
class AreaNeedsWord(CoreError):
    service: str


@dataclass(eq=False)
class AreaTooLarge(CoreError):
    service: str
    tiles: int
    most: int


@dataclass(eq=False)
class AreaUnsound(CoreError):
    """`reason` is one of the texts above."""

    reason: str


@dataclass(eq=False)
class AreaUnknown(CoreError):
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`delay` in seconds between two requests."""

    bulk: Literal["no", "ask", "yes"]
    max_tiles: int
    max_zoom: int
    delay: float
    title: str = ""
    attribution: str = ""
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Estimate:
    tiles: int
    bytes: int
    seconds: float
    most: int


@dataclass(frozen=True, slots=True)
class At:
    """`failed` tiles were answered with something that is no picture; they are not in `done`."""

    done: int
    wanted: int
    bytes: int
    failed: int = 0


@dataclass(frozen=True, slots=True)
class KeptArea:
    id: str
    path: Path
    base: BaseMap
    area: Area
    at: At

    @property
    def complete(self) -> bool:
        return self.at.done >= self.at.wanted


def rules_of(url: str) -> Rules:
    """Of the provider, by its host."""
    host = (urlsplit(url).hostname or "").lower()
    known, default = _rules()
    for one in known:
        if any(host == name or host.endswith(f".{name}") for name in one.hosts):
            return one
    return replace(default, title=host)


@functools.cache
def _rules() -> tuple[tuple[Rules, ...], Rules]:
    told = read_data(RESOURCES / "map" / "services.yaml", "map_services")
    known = tuple(Rules(**{**one, "hosts": tuple(one["hosts"])}) for one in told["services"])
    return known, Rules(**told["default"])


def estimate(base: BaseMap, area: Area, kept: tuple[KeptArea, ...] = ()) -> Estimate:
    """By the tiles of the same service that are here, where there are some. Raises AreaUnsound."""
    _require_sound(base, area)
    rules, tiles = rules_of(base.source), tile_count(area)
    same = [one.at for one in kept if one.base.source == base.source and one.at.bytes]
    done = sum(at.done for at in same)
    each = sum(at.bytes for at in same) / done if done else TILE_BYTES
    return Estimate(tiles, round(tiles * each), tiles * max(rules.delay, 0.05), rules.max_tiles)


def require_allowed(base: BaseMap, area: Area, *, word: bool) -> None:
    """`word`: a person says that the provider allows it. Raises AreaNotAllowed, AreaNeedsWord, AreaTooLarge,
    AreaUnsound."""
    rules = rules_of(base.source)
    if rules.bulk == "no":
        raise AreaNotAllowed(rules.title)
    tiles = estimate(base, area).tiles
    if tiles > rules.max_tiles:
        raise AreaTooLarge(rules.title, tiles, rules.max_tiles)
    if rules.bulk == "ask" and not word:
        raise AreaNeedsWord(rules.title)


def _require_sound(base: BaseMap, area: Area) -> None:
    if not base.online:
        raise AreaUnsound(NOT_ONLINE)
    if not area.sound:
        raise AreaUnsound(UPSIDE_DOWN)
    if area.max_zoom > min(base.max_zoom, rules_of(base.source).max_zoom):
        raise AreaUnsound(ZOOM_TOO_HIGH)


def begin(directory: Path, base: BaseMap, area: Area, title: str, *, word: bool = False) -> KeptArea:
    """An empty one, to be continued. Raises what require_allowed does, DiskFull …"""
    require_allowed(base, area, word=word)
    name = new_id()
    path = directory / FOLDER / f"{name}.mbtiles"
    rules = rules_of(base.source)
    at = At(0, tile_count(area), 0)
    with growing(path) as file:
        file.tell(
            {
                "name": title,
                "type": "baselayer",
                "attribution": base.attribution or rules.attribution or base.title,
                "bounds": ",".join(str(edge) for edge in area.box),
                "minzoom": str(area.min_zoom),
                "maxzoom": str(area.max_zoom),
                "format": "png",
                OWN: _written(base, area, at),
            }
        )
    return KeptArea(name, path, base, area, at)


def go_on(
    kept: KeptArea,
    tell: Callable[[At], object] = lambda _at: None,
    pause: Callable[[float], None] = time.sleep,
) -> KeptArea:
    """Fetches what is missing; what came before an error stays. Raises the errors of fieldtool.online,
    DiskFull, DiskFailed."""
    from fieldtool.connectors.map_services import MapService

    with reading(), closing(MapService(kept.base.source)) as service, growing(kept.path) as file:
        return _Fetching(kept, file, service, pause).run(tell)


class _Fetching:
    def __init__(
        self, kept: KeptArea, file: GrowingTiles, service: MapService, pause: Callable[[float], None]
    ) -> None:
        self._kept, self._file, self._service, self._pause = kept, file, service, pause
        self._delay = rules_of(kept.base.source).delay
        self._failed = self._in_a_row = 0

    def run(self, tell: Callable[[At], object]) -> KeptArea:
        kept = self._now()
        tell(kept.at)
        for number, (zoom, column, row) in enumerate(self._missing(), start=1):
            self._one(zoom, column, row)
            if number % AT_ONCE == 0:
                kept = self._now()
            tell(replace(kept.at, done=min(kept.at.done + number % AT_ONCE, kept.at.wanted)))
            if self._delay:
                self._pause(self._delay)
        kept = self._now()
        tell(kept.at)
        return kept

    def _missing(self) -> Iterator[tuple[int, int, int]]:
        for block in blocks(self._kept.area):
            for column in range(block.first_column, block.last_column + 1):
                known = self._file.known(block.zoom, column, block.first_row, block.last_row)
                for row in range(block.first_row, block.last_row + 1):
                    if row not in known:
                        yield block.zoom, column, row

    def _now(self) -> KeptArea:
        tiles, size, nothing = self._file.counts()
        at = At(tiles + nothing, self._kept.at.wanted, size, self._failed)
        kept = replace(self._kept, at=at)
        self._file.tell({OWN: _written(kept.base, kept.area, at)})
        self._file.commit()
        return kept

    def _one(self, zoom: int, column: int, row: int) -> None:
        """A few answers that are no pictures are left out; many in a row are no service."""
        from fieldtool.connectors.errors import UnexpectedAnswer

        try:
            data = self._patiently(tile_url(self._kept.base, zoom, column, row))
        except UnexpectedAnswer:
            self._failed += 1
            self._in_a_row += 1
            if self._in_a_row >= FAILED_IN_A_ROW:
                raise
            return
        self._in_a_row = 0
        if data is not None and zoom == self._kept.area.min_zoom:
            self._file.tell({"format": picture_kind(data).rpartition("/")[2].replace("jpeg", "jpg")})
        self._file.add(zoom, column, row, data)

    def _patiently(self, url: str) -> bytes | None:
        from fieldtool.connectors.errors import RateLimited, ServerFailed, Unreachable

        for attempt in range(1, TRIES):
            try:
                return self._service.picture(url)
            except (RateLimited, ServerFailed) as error:
                wished = error.retry_after
                if wished is not None and wished > LONGEST_PAUSE:
                    raise
                self._pause(attempt if wished is None else wished)
            except Unreachable:
                self._pause(attempt)
        return self._service.picture(url)


def tile_url(base: BaseMap, zoom: int, column: int, row: int) -> str:
    from fieldtool.connectors.map_services import with_query

    if base.kind == "xyz":
        places = {"z": zoom, "x": column, "y": row, "s": "a", "r": ""}
        url = base.source
        for place, value in places.items():
            url = url.replace(f"{{{place}}}", str(value))
        return url
    return with_query(
        base.source,
        service="WMS",
        version="1.3.0",
        request="GetMap",
        layers=base.layers,
        styles="",
        crs="EPSG:3857",
        bbox=",".join(repr(edge) for edge in tile_box_m(zoom, column, row)),
        width=str(PIXELS),
        height=str(PIXELS),
        format="image/png",
    )


def kept_areas(directory: Path) -> tuple[KeptArea, ...]:
    """Finished or not; what is no area of ours is left alone."""
    found = (_read(path) for path in sorted((directory / FOLDER).glob("*.mbtiles")))
    return tuple(one for one in found if one is not None)


def kept_area(directory: Path, name: str) -> KeptArea:
    """Raises AreaUnknown."""
    found = [one for one in kept_areas(directory) if one.id == name]
    if not found:
        raise AreaUnknown(name)
    return found[0]


def delete_area(directory: Path, name: str) -> KeptArea:
    """Raises AreaUnknown, ProfileReadOnly."""
    kept = kept_area(directory, name)
    with system_errors(kept.path):
        kept.path.unlink()
    return kept


def area_title(kept: KeptArea) -> str:
    return mbtiles.metadata(kept.path).get("name", "") or kept.base.title


def _read(path: Path) -> KeptArea | None:
    try:
        told = json.loads(mbtiles.metadata(path)[OWN])
        area = Area(tuple(told["area"]["box"]), told["area"]["min_zoom"], told["area"]["max_zoom"])
        tiles, size = mbtiles.counts(path)
        at = replace(At(**told["at"]), done=tiles + mbtiles.nothing_there(path), bytes=size)
        return KeptArea(path.stem, path, BaseMap(**told["base"]), area, at)
    except (mbtiles.MapFileUnusable, ValueError, KeyError, TypeError):
        return None


def _written(base: BaseMap, area: Area, at: At) -> str:
    return json.dumps({"base": asdict(base), "area": asdict(area), "at": asdict(at)}, ensure_ascii=False)
