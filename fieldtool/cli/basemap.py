"""`fieldtool basemap`: what a map service offers, areas taken along, and the base maps that are known."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtool.command import Command, Invocation
from fieldtool.jsontypes import Json
from fieldtool.store.places import Box
from fieldtool.texts import N_, _, decimal, thousands

if TYPE_CHECKING:
    from fieldtool.base_areas import State
    from fieldtool.base_maps import BaseMap, Maps
    from fieldtool.map_providers import Provider
    from fieldtool.tile_grid import Area

TOLD_EVERY = 100
DEEPEST = 22


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    layers = verbs.add_parser("layers", help=_("what a WMTS or WMS offers"), allow_abbrev=False)
    layers.add_argument("url", metavar="URL")
    fetch = verbs.add_parser("fetch", help=_("take an area of a map service along"), allow_abbrev=False)
    fetch.add_argument(
        "service", metavar="SERVICE", help=_("a known service's title or id, or the address of its tiles")
    )
    fetch.add_argument("--layer", default="", metavar="NAME", help=_("the layer, of a WMS"))
    fetch.add_argument("--box", type=_box, required=True, metavar="W,S,E,N", help=_("in degrees"))
    fetch.add_argument("--zoom", type=_zooms, required=True, metavar="A-B", help=_("levels, such as 10-16"))
    fetch.add_argument("--title", default="", help=_("what the map is called"))
    fetch.add_argument("--attribution", default="", help=_("source to be named"))
    fetch.add_argument("--estimate", action="store_true", help=_("only say how much it would be"))
    fetch.add_argument(
        "--provider-allows", action="store_true", help=_("you have read that the provider allows this")
    )
    verbs.add_parser("list", help=_("list the base maps"), allow_abbrev=False)
    delete = verbs.add_parser("delete", help=_("forget a base map, with its area"), allow_abbrev=False)
    delete.add_argument("map", metavar="MAP", help=_("its title or id"))


def _box(text: str) -> Box:
    try:
        west, south, east, north = (float(edge) for edge in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(_("a box is west,south,east,north in degrees")) from None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise argparse.ArgumentTypeError(_("a box is west,south,east,north in degrees"))
    return west, south, east, north


def _zooms(text: str) -> tuple[int, int]:
    low, _dash, high = text.partition("-")
    if not (low.isdigit() and (high or low).isdigit() and int(low) <= int(high or low) <= DEEPEST):
        raise argparse.ArgumentTypeError(_("levels are two numbers from 0 to 22, such as 10-16"))
    return int(low), int(high or low)


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    verbs = {"layers": _layers, "fetch": _fetch, "list": _list, "delete": _delete}
    return verbs[options.verb](options, invocation)


def _layers(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.connectors.map_services import capabilities
    from fieldtool.map_providers import provider_of

    offers = capabilities.read(options.url)
    found: list[Json] = [
        {**asdict(one), "box": None if one.box is None else [*one.box], "bulk": provider_of(one.url).bulk}
        for one in offers
    ]
    invocation.document({"layers": found})
    for one in offers:
        invocation.say(f"{one.name}\n  {one.title}\n  {one.url}")
        if one.constraints:
            invocation.say("  " + _("Terms of use: {text}").format(text=one.constraints))
    return 0


def _fetch(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.base_areas import Wish, take_along
    from fieldtool.base_maps import read_maps
    from fieldtool.map_providers import check, provider_of
    from fieldtool.tile_grid import Area

    base = _service(options, read_maps(invocation.profile_directory))
    area = Area(options.box, *options.zoom)
    provider = provider_of(base.source)
    if options.estimate:
        return _estimate(provider, area, invocation)
    check(provider, area, confirmed=options.provider_allows)

    def told(state: State) -> None:
        if state.done % TOLD_EVERY == 0:
            invocation.progress(
                _("  {done} of {all} tiles").format(done=thousands(state.done), all=thousands(state.all))
            )

    wish = Wish(base, area, options.title or base.title, confirmed=options.provider_allows)
    taken, _maps = take_along(invocation.profile_directory, wish, told=told)
    invocation.document(
        {
            "taken": {
                "file": str(taken.file.absolute()),
                "title": wish.title,
                "tiles": taken.tiles,
                "bytes": taken.size,
                "absent": taken.absent,
                "resumed": taken.resumed,
                "attribution": base.attribution or base.title,
            }
        }
    )
    invocation.say(
        _("{file}: {tiles} tiles, {megabytes} MB").format(
            file=taken.file, tiles=thousands(taken.tiles), megabytes=decimal(taken.size / 2**20, 1)
        )
    )
    return 0


def _service(options: argparse.Namespace, maps: Maps) -> BaseMap:
    """Raises MapServiceUnusable."""
    from fieldtool.base_maps import with_service

    known = [one for one in maps.known if one.online and options.service in (one.id, one.title)]
    if known:
        return known[0]
    made = with_service(
        maps, title="", url=options.service, attribution=options.attribution, layers=options.layer
    )
    return made.known[-1]


def _estimate(provider: Provider, area: Area, invocation: Invocation) -> int:
    from fieldtool.map_providers import estimate

    found = estimate(provider, area)
    invocation.document(
        {
            "estimate": {
                **asdict(found),
                "provider": provider.title,
                "bulk": provider.bulk,
                "max_tiles": provider.max_tiles,
                "max_zoom": provider.max_zoom,
            }
        }
    )
    invocation.say(
        _("{tiles} tiles, about {megabytes} MB; {provider} is asked for at most {limit} tiles").format(
            tiles=thousands(found.tiles),
            megabytes=decimal(found.megabytes, 1),
            provider=provider.title,
            limit=thousands(provider.max_tiles),
        )
    )
    return 0


def _list(_options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.base_areas import FOLDER, unfinished
    from fieldtool.base_maps import read_maps

    maps = read_maps(invocation.profile_directory)
    begun = unfinished(invocation.profile_directory / FOLDER)
    known: list[Json] = [
        {**asdict(one), "chosen": one.id == maps.chosen, "bytes": _size(one)} for one in maps.known
    ]
    parts: list[Json] = [{"file": str(one.file), "title": one.title} for one in begun]
    invocation.document({"maps": known, "unfinished": parts})
    for one in maps.known:
        mark = "*" if one.id == maps.chosen else " "
        invocation.say(f"{mark} {one.title}\n    {one.source}")
    for part in begun:
        invocation.say("  " + _("{title}: begun, not finished").format(title=part.title))
    if not maps.known and not begun:
        invocation.say(_("No base map is known."))
    return 0


def _size(base: BaseMap) -> int | None:
    path = Path(base.source)
    return path.stat().st_size if not base.online and path.is_file() else None


def _delete(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.base_areas import delete

    gone = delete(invocation.profile_directory, options.map)
    invocation.document({"deleted": gone.title, "file": None if gone.file is None else str(gone.file)})
    invocation.say(_("{title} was deleted.").format(title=gone.title))
    return 0


COMMAND = Command(summary=N_("base maps, and areas of them taken along"), arguments=arguments, run=run)
