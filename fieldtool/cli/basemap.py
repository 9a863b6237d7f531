"""`fieldtool basemap`: areas of a map service taken along, for work without a network."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from fieldtool.arguments import box
from fieldtool.command import Command, Invocation
from fieldtool.jsontypes import Json
from fieldtool.texts import N_, _, thousands

if TYPE_CHECKING:
    from fieldtool.base_areas import At, Estimate, KeptArea
    from fieldtool.base_maps import BaseMap
    from fieldtool.tile_grid import Area

PARTS = 10
"""Progress is told in so many steps."""


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    offers = verbs.add_parser("offers", help=_("what a WMTS or WMS offers"), allow_abbrev=False)
    offers.add_argument("url", metavar="URL")
    for name, words in (
        ("estimate", N_("how much an area is")),
        ("fetch", N_("take an area along")),
    ):
        one = verbs.add_parser(name, help=_(words), allow_abbrev=False)
        one.add_argument("url", metavar="URL", help=_("of the service, or a template with {z}, {x} and {y}"))
        one.add_argument("--layer", default="", metavar="L", help=_("else the service's first"))
        one.add_argument("--bbox", type=box, required=True, metavar="W,S,E,N")
        one.add_argument("--zoom", type=_zooms, required=True, metavar="A-B")
        if name == "fetch":
            one.add_argument("--title", default="", metavar="T")
            one.add_argument("--allowed", action="store_true", help=_("I know that the provider allows it"))
    go_on = verbs.add_parser("resume", help=_("fetch what is missing of an area"), allow_abbrev=False)
    go_on.add_argument("id", metavar="ID")
    verbs.add_parser("list", help=_("the areas that were taken along"), allow_abbrev=False)
    verbs.add_parser("delete", help=_("delete an area"), allow_abbrev=False).add_argument("id", metavar="ID")


def _zooms(text: str) -> tuple[int, int]:
    first, _dash, last = text.partition("-")
    if not (first.isascii() and first.isdigit() and (not last or (last.isascii() and last.isdigit()))):
        raise argparse.ArgumentTypeError(_("zooms are given as 12-16"))
    return int(first), int(last or first)


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool import base_areas

    directory = invocation.profile_directory
    match options.verb:
        case "offers":
            _offers(options.url, invocation)
        case "estimate":
            base, area = _chosen(options)
            found = base_areas.estimate(base, area, base_areas.kept_areas(directory))
            _tell_estimate(base, found, invocation)
        case "fetch":
            base, area = _chosen(options)
            kept = base_areas.begin(directory, base, area, options.title or base.title, word=options.allowed)
            _fetch(kept, invocation)
        case "resume":
            _fetch(base_areas.kept_area(directory, options.id), invocation)
        case "delete":
            _delete(options.id, invocation)
        case _:
            for kept in base_areas.kept_areas(directory):
                invocation.row(_row(kept), _line(kept))
    return 0


def _offers(url: str, invocation: Invocation) -> None:
    from fieldtool.map_offers import offers

    for one in offers(url):
        row: dict[str, Json] = {
            "kind": one.kind,
            "layer": one.name,
            "title": one.title,
            "url": one.url,
            "attribution": one.attribution,
            "min_zoom": one.min_zoom,
            "max_zoom": one.max_zoom,
        }
        invocation.row(row, f"{one.name}: {one.title} ({one.kind}, {one.min_zoom}-{one.max_zoom})")


def _chosen(options: argparse.Namespace) -> tuple[BaseMap, Area]:
    from fieldtool.map_offers import base_of
    from fieldtool.tile_grid import Area

    return base_of(options.url, options.layer), Area(options.bbox, *options.zoom)


def _tell_estimate(base: BaseMap, found: Estimate, invocation: Invocation) -> None:
    from fieldtool.base_areas import rules_of

    rules = rules_of(base.source)
    invocation.document(
        {
            "tiles": found.tiles,
            "bytes": found.bytes,
            "seconds": found.seconds,
            "most": found.most,
            "allowed": {"no": False, "ask": None, "yes": True}[rules.bulk],
        }
    )
    invocation.say(
        _("{tiles} tiles, about {size} MB; at most {most} are allowed").format(
            tiles=thousands(found.tiles), size=thousands(megabytes(found.bytes)), most=thousands(found.most)
        )
    )


def _fetch(kept: KeptArea, invocation: Invocation) -> None:
    from fieldtool import base_areas, base_maps

    told = [-1]

    def tell(at: At) -> None:
        part = at.done * PARTS // max(at.wanted, 1)
        if part != told[0]:
            told[0] = part
            invocation.progress(progress_text(at))

    invocation.progress(f"{_('Map area')} {kept.id}")
    done = base_areas.go_on(kept, tell)
    maps = base_maps.read_maps(invocation.profile_directory)
    if done.at.bytes:
        base_maps.write_maps(invocation.profile_directory, base_maps.with_file(maps, done.path))
    invocation.document(_row(done))
    invocation.say(_line(done))


def _delete(name: str, invocation: Invocation) -> None:
    from fieldtool import base_areas, base_maps

    directory = invocation.profile_directory
    kept = base_areas.delete_area(directory, name)
    maps = base_maps.read_maps(directory)
    for base in maps.known:
        if base.source == str(kept.path):
            base_maps.write_maps(directory, base_maps.without(maps, base.id))
    invocation.document(_row(kept))
    invocation.say(_("The map area is deleted."))


def _row(kept: KeptArea) -> dict[str, Json]:
    return {
        "id": kept.id,
        "file": str(kept.path),
        "service": kept.base.source,
        "bbox": list(kept.area.box),
        "min_zoom": kept.area.min_zoom,
        "max_zoom": kept.area.max_zoom,
        "done": kept.at.done,
        "wanted": kept.at.wanted,
        "failed": kept.at.failed,
        "bytes": kept.at.bytes,
        "complete": kept.complete,
    }


def _line(kept: KeptArea) -> str:
    return f"{kept.id}: {kept.base.title}, {progress_text(kept.at)}"


def progress_text(at: At) -> str:
    words = _("{done} of {wanted} tiles, {size} MB").format(
        done=thousands(at.done), wanted=thousands(at.wanted), size=thousands(megabytes(at.bytes))
    )
    if not at.failed:
        return words
    return f"{words}, {_('{count} without a picture').format(count=thousands(at.failed))}"


def megabytes(size: int) -> int:
    return max(1, round(size / 1_000_000))


COMMAND = Command(N_("take areas of a base map along"), arguments, run)
