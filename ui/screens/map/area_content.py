"""Areas taken along, as the map screen asks for them. No Qt: it runs in the threads of the lanes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtool import base_maps
from fieldtool.base_maps import BaseMap, Maps
from fieldtool.map_providers import Bulk, estimate, provider_of
from fieldtool.store.places import Box
from fieldtool.texts import _, decimal, thousands
from fieldtool.tile_grid import Area
from ui.screens.map.content import Based

if TYPE_CHECKING:
    from fieldtool.base_areas import State, Unfinished, Wish
    from fieldtool.connectors.map_services.capabilities import Offer
    from fieldtool.profile import Profile
    from ui.background import Job

SLICE_S = 15.0
"""So long one job fetches; then others in its lane (a sync) have their turn before it goes on."""
TOLD_EVERY_S = 0.2
COARSER, FINER = 3, 4
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Plan:
    """`levels` can be chosen; `reason` says why the area cannot be taken along, if it cannot."""

    area: Area
    lowest: int
    highest: int
    bulk: Bulk
    provider: str
    size: str
    reason: str


@dataclass(frozen=True, slots=True)
class Taken:
    title: str
    said: str
    maps: Maps


def plan(base: BaseMap, box: Box, zoom: float, levels: tuple[int, int] | None) -> Plan:
    """`levels` None: some around what is seen."""
    provider = provider_of(base.source)
    lowest, highest = base.min_zoom, max(base.min_zoom, min(base.max_zoom, provider.max_zoom))
    if levels is None:
        low = min(max(int(zoom) - COARSER, lowest), highest)
        levels = low, min(max(int(zoom) + FINER, low), highest)
    low, high = levels[0], max(levels)
    area = Area(box, low, high)
    found = estimate(provider, area)
    reason = ""
    if provider.bulk == "forbidden":
        reason = _("{provider} does not allow areas to be downloaded ahead.").format(provider=provider.title)
    elif found.tiles > provider.max_tiles:
        reason = _("Too large: {provider} is asked for at most {limit} tiles.").format(
            provider=provider.title, limit=thousands(provider.max_tiles)
        )
    size = _("{tiles} tiles, about {megabytes} MB").format(
        tiles=thousands(found.tiles), megabytes=decimal(found.megabytes, 1)
    )
    if found.seconds >= MINUTE:
        minutes = _("at least {minutes} min").format(minutes=thousands(round(found.seconds / MINUTE)))
        size = f"{size}, {minutes}"
    return Plan(area, lowest, highest, provider.bulk, provider.title, size, reason)


def begun(profile: Profile) -> tuple[Unfinished, ...]:
    from fieldtool.base_areas import FOLDER, unfinished

    return unfinished(profile.directory / FOLDER)


def fetch(profile: Profile, job: Job[Taken | None], wish: Wish) -> Taken | None:
    """None: it goes on in the next job. Raises as `base_areas.take`."""
    from fieldtool.base_areas import take_along

    end, told_at = time.monotonic() + SLICE_S, 0.0

    def told(state: State) -> None:
        nonlocal told_at
        job.check()
        now = time.monotonic()
        if now - told_at > TOLD_EVERY_S or state.done == state.all:
            told_at = now
            job.tell(state)
        if now > end and state.fresh and state.done < state.all:
            raise _Turn

    def pause(seconds: float) -> None:
        job.stopping.wait(seconds)
        job.check()

    try:
        taken, maps = take_along(profile.directory, wish, told=told, pause=pause)
    except _Turn:
        return None
    said = _("“{title}” is taken along: {tiles} tiles, {megabytes} MB. Choose it above when you are offline.")
    size = decimal(taken.size / 2**20, 1)
    return Taken(
        wish.title, said.format(title=wish.title, tiles=thousands(taken.tiles), megabytes=size), maps
    )


def forget(profile: Profile, wish: Wish) -> tuple[Unfinished, ...]:
    """What was begun of it."""
    from fieldtool.base_areas import FOLDER, part_of, target_for
    from fieldtool.store.mbtiles_writing import remove

    remove(part_of(target_for(profile.directory / FOLDER, wish)))
    return begun(profile)


def is_ours(directory: Path, base: BaseMap) -> bool:
    return not base.online and Path(base.source).parent == directory / "maps"


def remove(profile: Profile, base_id: str) -> Based:
    """With its file, where it is one of ours."""
    from fieldtool.base_areas import delete

    delete(profile.directory, base_id)
    return Based(base_maps.read_maps(profile.directory), None)


def look_up(url: str) -> tuple[Offer, ...]:
    """Raises SourceError, NoMapService."""
    from fieldtool.connectors.map_services import capabilities

    return capabilities.read(url)


class _Turn(Exception):
    """Of another job."""
