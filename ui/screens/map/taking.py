"""Areas of the base map taken along, as the card shows them. No Qt: it runs in the threads of the lanes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fieldtool import base_areas, base_maps
from fieldtool.base_areas import At, KeptArea
from fieldtool.base_maps import BaseMap
from fieldtool.profile import Profile
from fieldtool.store.places import Box
from fieldtool.texts import _, thousands
from fieldtool.tile_grid import Area
from ui.screens.map.content import Based

DEEPER = 3
"""So many zooms below what is seen are proposed."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`possible` is False where nothing may be begun; `word`: a person has to say that it is allowed."""

    area: Area
    words: str
    possible: bool
    word: bool


@dataclass(frozen=True, slots=True)
class Kept:
    id: str
    title: str
    complete: bool


@dataclass(frozen=True, slots=True)
class Step:
    words: str
    percent: int


@dataclass(frozen=True, slots=True)
class Watch:
    """Both may raise, and then it ends."""

    tell: Callable[[Step], object]
    pause: Callable[[float], None]


def zooms(base: BaseMap, seen: float) -> tuple[int, int, int]:
    """The highest there is, and the two that are proposed."""
    most = min(base.max_zoom, base_areas.rules_of(base.source).max_zoom)
    first = max(base.min_zoom, min(round(seen), most))
    return most, first, min(first + DEEPER, most)


def plan(profile: Profile, base: BaseMap, area: Area) -> Plan:
    """Raises AreaUnsound."""
    rules = base_areas.rules_of(base.source)
    if rules.bulk == "no":
        words = _("{service} does not allow areas of its map to be taken along.")
        return Plan(area, words.format(service=rules.title), possible=False, word=False)
    found = base_areas.estimate(base, area, base_areas.kept_areas(profile.directory))
    words = _("{tiles} tiles, about {size} MB, at least {minutes} min").format(
        tiles=thousands(found.tiles),
        size=thousands(max(1, round(found.bytes / 1_000_000))),
        minutes=thousands(max(1, round(found.seconds / 60))),
    )
    if found.tiles <= found.most:
        return Plan(area, words, possible=True, word=rules.bulk == "ask")
    more = _("At most {most} tiles may be taken along: zoom in, or choose fewer zooms.")
    return Plan(area, f"{words}. {more.format(most=thousands(found.most))}", possible=False, word=False)


def take(profile: Profile, base: BaseMap, area: Area, title: str, watch: Watch, *, word: bool) -> Based:
    """Raises what base_areas.begin and go_on do."""
    return _go_on(profile, base_areas.begin(profile.directory, base, area, title, word=word), watch)


def resume(profile: Profile, name: str, watch: Watch) -> Based:
    return _go_on(profile, base_areas.kept_area(profile.directory, name), watch)


def _go_on(profile: Profile, kept: KeptArea, watch: Watch) -> Based:
    """Afterwards it is the chosen base map."""
    done = base_areas.go_on(kept, lambda at: watch.tell(_step(at)), watch.pause)
    maps = base_maps.read_maps(profile.directory)
    if done.at.bytes:
        maps = base_maps.with_file(maps, done.path)
        base_maps.write_maps(profile.directory, maps)
    return Based(maps, done.area.box)


def delete(profile: Profile, name: str) -> Based:
    kept = base_areas.delete_area(profile.directory, name)
    maps = base_maps.read_maps(profile.directory)
    for base in maps.known:
        if base.source == str(kept.path):
            maps = base_maps.without(maps, base.id)
    base_maps.write_maps(profile.directory, maps)
    return Based(maps, None)


def kept(profile: Profile) -> tuple[Kept, ...]:
    return tuple(_kept(one) for one in base_areas.kept_areas(profile.directory))


def _kept(area: KeptArea) -> Kept:
    title = base_areas.area_title(area)
    if area.complete:
        return Kept(area.id, title, complete=True)
    missing = _("{title} – {count} tiles are missing").format(
        title=title, count=thousands(area.at.wanted - area.at.done)
    )
    return Kept(area.id, missing, complete=False)


def _step(at: At) -> Step:
    words = _("{done} of {wanted} tiles, {size} MB").format(
        done=thousands(at.done), wanted=thousands(at.wanted), size=thousands(round(at.bytes / 1_000_000))
    )
    if at.failed:
        words += ", " + _("{count} without a picture").format(count=thousands(at.failed))
    return Step(words, at.done * 100 // max(at.wanted, 1))


def clipped(box: Box, zoom: tuple[int, int]) -> Area:
    """What is seen may go around the world."""
    west, south, east, north = box
    sides = max(-180.0, west), max(-85.0, south), min(180.0, east), min(85.0, north)
    return Area(sides, *zoom)
