"""What the screen shows beside the map. No Qt: it runs in the threads of the lanes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from drivers.reading import Fix
from fieldtool import base_maps, measuring
from fieldtool.asset import Asset
from fieldtool.base_maps import BaseMap, Maps
from fieldtool.crs import utm32
from fieldtool.measuring import Place
from fieldtool.naming import asset_text
from fieldtool.profile import Profile
from fieldtool.store import map_rows
from fieldtool.store.errors import NotFound
from fieldtool.store.map_rows import Colouring
from fieldtool.store.places import Box
from fieldtool.texts import N_, _, decimal

MOST_CHOSEN = 200
"""So many of what is selected are listed."""
FIXES, FIX_SECONDS = 10, 60.0
Tool = Literal["look", "box", "polygon", "distance", "area"]
TOOLS: dict[Tool, str] = {
    "look": N_("Look and select one"),
    "box": N_("Select in a rectangle"),
    "polygon": N_("Select in an outline"),
    "distance": N_("Measure a distance"),
    "area": N_("Measure an area"),
}
HINTS: dict[Tool, str] = {
    "look": N_("Click an asset; or move the map with the arrow keys and press Enter."),
    "box": N_("Click two opposite corners; or press Enter with the cross on each."),
    "polygon": N_("Click the corners one after the other; or press Enter with the cross on each."),
    "distance": N_("Click point after point; or press Enter with the cross on each."),
    "area": N_("Click corner after corner; or press Enter with the cross on each."),
}
COLOURINGS: dict[Colouring, str] = {"class": N_("Class"), "condition": N_("Condition"), "age": N_("Age")}


@dataclass(frozen=True, slots=True)
class Beginning:
    """`extent` is the box of all assets."""

    maps: Maps
    extent: Box | None


@dataclass(frozen=True, slots=True)
class Chosen:
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Found:
    """An asset that the map turns to."""

    seq: int
    box: Box


@dataclass(frozen=True, slots=True)
class Based:
    maps: Maps
    extent: Box | None


def begin(profile: Profile) -> Beginning:
    maps = base_maps.read_maps(profile.directory)
    return Beginning(maps, map_rows.extent(profile.store.connection))


def chosen(profile: Profile, seqs: Sequence[int]) -> tuple[Chosen, ...]:
    store = profile.store
    ids = map_rows.ids(store.connection, list(seqs[:MOST_CHOSEN]))
    found = (store.find(Asset, one) for one in ids)
    return tuple(Chosen(asset.id, asset_text(asset)) for asset in found if asset is not None)


def find(profile: Profile, asset_id: str) -> Found | None:
    """None where it has no place. Raises NotFound."""
    placed = map_rows.place_of(profile.store.connection, asset_id)
    if placed is None:
        if profile.store.find(Asset, asset_id) is None:
            raise NotFound("asset", asset_id)
        return None
    return Found(*placed)


def place_facts(lon: float, lat: float) -> tuple[tuple[str, str], ...]:
    east, north = utm32(lon, lat)
    known = math.isfinite(east) and math.isfinite(north)
    utm = f"{decimal(east, 1)} {_('East')}, {decimal(north, 1)} {_('North')}" if known else "–"
    return ("WGS84", f"{decimal(lat, 6)}° N, {decimal(lon, 6)}° E"), ("ETRS89/UTM 32", utm)


def measured(tool: Tool, corners: Sequence[Place]) -> str:
    if tool == "distance":
        length = measuring.length_text(measuring.length_m(corners))
        return _("Distance: {length}").format(length=length)
    area = measuring.area_text(measuring.area_m2(corners))
    around = measuring.length_text(measuring.length_m([*corners, *corners[:1]]))
    return _("Area: {area}, around it {length}").format(area=area, length=around)


def position(port: str, tell: Callable[[Fix], None]) -> Fix:
    """Raises PortError, NoFix."""
    from fieldtool.locating import locate

    return locate(
        port,
        fixes=FIXES,
        seconds=FIX_SECONDS,
        minimum_accuracy_m=None,
        trace=lambda _direction, _text: None,
        on_fix=tell,
    )


def position_text(fix: Fix) -> str:
    if fix.accuracy_m is None:
        return _("You are in the middle of the map; the receiver does not say how accurately.")
    return _("You are in the middle of the map, within {metres} m.").format(metres=decimal(fix.accuracy_m, 1))


def leave_at(profile: Profile, place: tuple[float, float, float]) -> None:
    base_maps.write_maps(profile.directory, replace(base_maps.read_maps(profile.directory), place=place))


def add_file(profile: Profile, path: Path) -> Based:
    """Raises MapFileUnusable."""
    return _keep(profile, base_maps.with_file(base_maps.read_maps(profile.directory), path))


def add_service(
    profile: Profile, title: str, url: str, attribution: str, layers: str, zooms: tuple[int, int]
) -> Based:
    """Raises MapServiceUnusable."""
    maps = base_maps.read_maps(profile.directory)
    made = base_maps.with_service(
        maps, title=title, url=url, attribution=attribution, layers=layers, zooms=zooms
    )
    return _keep(profile, made)


def choose(profile: Profile, base_id: str) -> Based:
    """Raises MapFileUnusable: then it stays with what was chosen before."""
    return _keep(profile, replace(base_maps.read_maps(profile.directory), chosen=base_id))


def remove(profile: Profile, base_id: str) -> Based:
    return _keep(profile, base_maps.without(base_maps.read_maps(profile.directory), base_id))


def _keep(profile: Profile, maps: Maps) -> Based:
    base = maps.base()
    extent = None if base is None else base_maps.extent(base)
    base_maps.write_maps(profile.directory, maps)
    return Based(maps, extent)


def base_title(base: BaseMap) -> str:
    return _("{title} (online)").format(title=base.title) if base.online else base.title
