"""A part of a map service taken along as an MBTiles file, as far as its provider allows."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from fieldtool import map_providers
from fieldtool.base_areas_errors import BaseMapUnknown, NothingThere
from fieldtool.base_maps import BaseMap, Maps, picture_kind, read_maps, with_file, without, write_maps
from fieldtool.connectors.map_services.pictures import Pictures, Service
from fieldtool.connectors.source_errors import (
    SourceBusy,
    SourceFailed,
    SourceUnreachable,
    SourceUnusable,
    TileRefused,
)
from fieldtool.map_providers import Provider
from fieldtool.store.connection import system_errors
from fieldtool.store.errors import DiskFull
from fieldtool.store.mbtiles_writing import (
    TileWriting,
    counted,
    job_of,
    put_in_place,
    remove,
    settle,
    tile_writing,
)
from fieldtool.tile_grid import Area, Tile, count, tiles

FOLDER = "maps"
FORMATS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
SUFFIX = ".mbtiles"
PART = ".part"
COMMIT_EVERY = 50
COMMIT_AFTER_S = 5.0
ATTEMPTS = 3
LONGEST_WAIT_S = 30.0
MOST_UNUSABLE_IN_A_ROW = 8
"""So many answers that are no pictures are no chance any more: it ends."""
SPARE = 64 * 1024 * 1024
"""What is to stay free on the disk."""


@dataclass(frozen=True, slots=True)
class Wish:
    """`confirmed`: a person says that the provider allows it."""

    base: BaseMap
    area: Area
    title: str
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """`done` of `all` tiles have been looked at; `fresh` of them, with `size` bytes, came in this run."""

    done: int
    all: int
    fresh: int
    size: int


@dataclass(frozen=True, slots=True)
class Taken:
    """`resumed` of the tiles were there from before, `absent` the service does not have."""

    file: Path
    tiles: int
    size: int
    absent: int
    resumed: int


@dataclass(frozen=True, slots=True)
class Unfinished:
    file: Path
    title: str
    wish: Wish


Pause = Callable[[float], None]
Told = Callable[[State], None]


def take(wish: Wish, target: Path, *, told: Told, pause: Pause = time.sleep) -> Taken:
    """What has come stays in a file beside, whatever ends it; the same wish goes on from there. `told` and
    `pause` may end it by raising.

    Raises BulkForbidden, BulkUnconfirmed, ZoomTooDeep, AreaTooLarge, SourceError, NothingThere, DiskFull.
    """
    provider = map_providers.provider_of(wish.base.source)
    map_providers.check(provider, wish.area, confirmed=wish.confirmed)
    _check_space(target, provider, wish.area)
    partial = part_of(target)
    with system_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    pictures = Pictures(Service(wish.base.source, wish.base.layers))
    try:
        with tile_writing(partial, job_text(wish)) as writing:
            fetching = _Fetching(wish, provider, pictures, writing, told, pause)
            taken = fetching.all(target)
            writing.describe(_metadata(wish, FORMATS[picture_kind(writing.any_tile())]))
            writing.finish()
    finally:
        pictures.close()
    with system_errors(target):
        put_in_place(partial, target)
    settle(target, mark_of(wish))
    return taken


def take_along(directory: Path, wish: Wish, *, told: Told, pause: Pause = time.sleep) -> tuple[Taken, Maps]:
    """Into the profile's folder, and known as a base map; what is chosen stays chosen. Raises as `take`."""
    taken = _forgotten(directory, wish)
    if taken is None:
        taken = take(wish, target_for(directory / FOLDER, wish), told=told, pause=pause)
    maps = read_maps(directory)
    known = replace(with_file(maps, taken.file), chosen=maps.chosen)
    write_maps(directory, known)
    return taken, known


def _forgotten(directory: Path, wish: Wish) -> Taken | None:
    """Finished, but killed before it was known as a map."""
    known = {one.source for one in read_maps(directory).known}
    for path in sorted((directory / FOLDER).glob(f"*{SUFFIX}")):
        if str(path) not in known and job_of(path) in (job_text(wish), mark_of(wish)):
            stored, size = counted(path)
            settle(path, mark_of(wish))
            return Taken(path, stored, size, count(wish.area) - stored, stored)
    return None


@dataclass(frozen=True, slots=True)
class Gone:
    """`file` None: there was none of ours."""

    title: str
    file: Path | None


def delete(directory: Path, wanted: str) -> Gone:
    """By id or title, finished or begun. A file that lies elsewhere is the person's own and stays. Raises
    BaseMapUnknown."""
    folder, maps = directory / FOLDER, read_maps(directory)
    base = next((one for one in maps.known if wanted in (one.id, one.title)), None)
    if base is not None:
        file = None if base.online else Path(base.source)
        ours = file if file is not None and file.parent.resolve() == folder.resolve() else None
        write_maps(directory, without(maps, base.id))
        if ours is not None:
            forget(ours)
        return Gone(base.title, ours)
    begun = next((one for one in unfinished(folder) if wanted in (one.title, one.file.stem)), None)
    if begun is None:
        raise BaseMapUnknown(wanted)
    forget(begun.file)
    return Gone(begun.title, part_of(begun.file))


class _Fetching:
    def __init__(
        self,
        wish: Wish,
        provider: Provider,
        pictures: Pictures,
        writing: TileWriting,
        told: Told,
        pause: Pause,
    ) -> None:
        self.wish, self.provider, self.pictures = wish, provider, pictures
        self.writing, self.told, self.pause = writing, told, pause
        self._committed = time.monotonic()
        self._unusable_in_a_row = 0

    def all(self, target: Path) -> Taken:
        whole, size, resumed, waiting = count(self.wish.area), 0, 0, 0
        unusable: list[Tile] = []
        try:
            for done, tile in enumerate(tiles(self.wish.area), start=1):
                if self.writing.has(tile.zoom, tile.column, tile.row):
                    resumed += 1
                else:
                    try:
                        size += self._take(tile)
                    except (TileRefused, SourceUnusable) as error:
                        unusable.append(tile)
                        self._endure(error)
                    waiting += 1
                    if waiting >= COMMIT_EVERY or time.monotonic() - self._committed > COMMIT_AFTER_S:
                        self._commit()
                        waiting = 0
                    if self.provider.delay_s and done < whole:
                        self.pause(self.provider.delay_s)
                self.told(State(done, whole, done - resumed, size))
            for tile in unusable:
                self._once_more(tile)
        finally:
            self._commit()
        stored, stored_size = self.writing.stored()
        if not stored:
            raise NothingThere(self.wish.base.title)
        return Taken(target, stored, stored_size, whole - stored, resumed)

    def _take(self, tile: Tile) -> int:
        data = self._one(tile)
        self.writing.keep(tile.zoom, tile.column, tile.row, data)
        self._unusable_in_a_row = 0
        return len(data or b"")

    def _endure(self, error: TileRefused | SourceUnusable) -> None:
        """Raises it where the service itself is no more."""
        self._unusable_in_a_row += 1
        if self._unusable_in_a_row >= min(MOST_UNUSABLE_IN_A_ROW, count(self.wish.area)):
            raise error

    def _once_more(self, tile: Tile) -> None:
        """What is no picture at the second time either is left out: one bad tile must not cost the area."""
        try:
            self._take(tile)
        except (TileRefused, SourceUnusable) as error:
            self._endure(error)
            self.writing.keep(tile.zoom, tile.column, tile.row, None)
        self.pause(self.provider.delay_s)

    def _commit(self) -> None:
        self.writing.commit()
        self._committed = time.monotonic()

    def _one(self, tile: Tile) -> bytes | None:
        """Tried again where the service asks to wait a little, or the line broke; then it ends."""
        attempt = 1
        while True:
            try:
                return self.pictures.tile(tile)
            except (SourceBusy, SourceFailed, SourceUnreachable) as error:
                wait = getattr(error, "retry_after", None)
                wait = float(attempt) if wait is None else wait
                if attempt >= ATTEMPTS or wait > LONGEST_WAIT_S:
                    raise
                attempt += 1
                self._commit()
                self.pause(wait)


def part_of(target: Path) -> Path:
    return target.with_name(target.name + PART)


def job_text(wish: Wish) -> str:
    base, area = wish.base, wish.area
    return json.dumps(
        {
            "source": base.source,
            "layers": base.layers,
            "kind": base.kind,
            "title": wish.title,
            "service": base.title,
            "attribution": base.attribution,
            "box": [round(edge, 7) for edge in area.box],
            "zooms": [area.min_zoom, area.max_zoom],
        },
        ensure_ascii=False,
        sort_keys=True,
    )


def mark_of(wish: Wish) -> str:
    return hashlib.sha256(job_text(wish).encode()).hexdigest()


def unfinished(folder: Path) -> tuple[Unfinished, ...]:
    """What can be gone on with."""
    found = []
    for part in sorted(folder.glob(f"*{SUFFIX}{PART}")):
        told = job_of(part)
        if told is not None:
            wish = _wish(told)
            found.append(Unfinished(part.with_name(part.name.removesuffix(PART)), wish.title, wish))
    return tuple(found)


def forget(target: Path) -> None:
    """The file and what was begun of it."""
    with system_errors(target):
        remove(part_of(target))
        remove(target)


def target_for(folder: Path, wish: Wish) -> Path:
    """Where the same was begun or taken before, which is then replaced by what is newer; else a new file."""
    job, mark = job_text(wish), mark_of(wish)
    begun = (one.file for one in unfinished(folder) if job_of(part_of(one.file)) == job)
    before = (path for path in sorted(folder.glob(f"*{SUFFIX}")) if job_of(path) in (job, mark))
    return next(begun, None) or next(before, None) or free_name(folder, wish.title)


def free_name(folder: Path, title: str) -> Path:
    """A file for this title that is not there yet, finished or begun."""
    stem = (
        "".join(letter if letter.isalnum() or letter in " -_" else "_" for letter in title).strip() or "map"
    )
    number, name = 1, stem
    while _is_taken(folder / f"{name}{SUFFIX}"):
        number += 1
        name = f"{stem} {number}"
    return folder / f"{name}{SUFFIX}"


def _is_taken(target: Path) -> bool:
    """What was killed before it said what it is to be is in nobody's way."""
    return target.exists() or (part_of(target).exists() and job_of(part_of(target)) is not None)


def _wish(told: str) -> Wish:
    """Once begun, it was confirmed."""
    document = json.loads(told)
    west, south, east, north = document["box"]
    low, high = document["zooms"]
    base = BaseMap(
        id="",
        kind=document["kind"],
        title=document["service"],
        source=document["source"],
        attribution=document["attribution"],
        layers=document["layers"],
    )
    area = Area((west, south, east, north), low, high)
    return Wish(base, area, document["title"], confirmed=True)


def _metadata(wish: Wish, kind: str) -> dict[str, str]:
    west, south, east, north = wish.area.box
    return {
        "name": wish.title,
        "format": kind,
        "bounds": f"{west:.6f},{south:.6f},{east:.6f},{north:.6f}",
        "center": f"{(west + east) / 2:.6f},{(south + north) / 2:.6f},{wish.area.min_zoom}",
        "minzoom": str(wish.area.min_zoom),
        "maxzoom": str(wish.area.max_zoom),
        "attribution": wish.base.attribution or wish.base.title,
        "type": "baselayer",
    }


def _check_space(target: Path, provider: Provider, area: Area) -> None:
    """Before the first request: else the disk is full in the middle of the night."""
    folder = next((one for one in target.absolute().parents if one.exists()), Path())
    begun = part_of(target)
    there = begun.stat().st_size if begun.exists() else 0
    needed = map_providers.estimate(provider, area).megabytes * 1024 * 1024 - there
    with system_errors(target):
        if shutil.disk_usage(folder).free < needed + SPARE:
            raise DiskFull(str(target))
