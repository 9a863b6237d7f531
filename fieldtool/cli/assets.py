"""`fieldtool assets`: what the infrastructure database of this profile holds."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, cast

from fieldtool.arguments import at_least_one, box
from fieldtool.asset import Asset
from fieldtool.asset_classes import asset_class, class_ids
from fieldtool.cli_conditions import add_conditions, query_of
from fieldtool.command import Command, Invocation
from fieldtool.jsontypes import Json
from fieldtool.operation import DeliveryState
from fieldtool.texts import N_, _

if TYPE_CHECKING:
    from fieldtool.store import Store


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--class", dest="asset_class", metavar="C", help=_("only this asset class"))
    parser.add_argument("--bbox", type=box, metavar="W,S,E,N", help=_("only within these degrees (WGS84)"))
    parser.add_argument("--search", metavar="TEXT", help=_("words of number, name and attributes"))
    parser.add_argument(
        "--similar", action="store_true", help=_("with --search: also what is spelt a little differently")
    )
    parser.add_argument("--id", metavar="ID")
    add_conditions(parser)
    parser.add_argument("--sort", metavar="COLUMN", help=_("by this column, else as they came"))
    parser.add_argument("--descending", action="store_true", help=_("the largest and the last first"))
    parser.add_argument("--limit", type=at_least_one, metavar="N", help=_("at most so many"))


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.profile import open_invocation_profile

    if options.asset_class is not None:
        asset_class(options.asset_class)  # raises UnknownAssetClass
    found = 0
    with open_invocation_profile(invocation, write=False) as profile:
        if options.similar and options.search is not None:
            options.search = _similar(profile.store, options.search, invocation)
        for asset in _found(profile.store, options):
            invocation.row(row(asset, profile.store.sync_states(asset.id)), text(asset))
            found += 1
    if not found:
        invocation.say(_("Nothing found."))
    return 0


def _similar(store: Store, text: str, invocation: Invocation) -> str:
    from fieldtool.similar import similar, told_instead

    suggestion = similar(store, text)
    if suggestion is None:
        return text
    for line in told_instead(suggestion):
        invocation.progress(line)
    return suggestion.text


def _found(store: Store, options: argparse.Namespace) -> Iterator[Asset]:
    """In the order of the ids where nothing of a table is wanted: then they come while they are read."""
    if options.id is not None or not (options.where or options.sort or options.descending):
        return store.assets(
            asset_class=options.asset_class,
            bbox=options.bbox,
            search=options.search,
            id=options.id,
            limit=options.limit,
        )
    from fieldtool.asset_columns import known_column, sorted_by

    column = None if options.sort is None else known_column(options.asset_class, options.sort)
    query = sorted_by(query_of(options), column, descending=options.descending)
    return store.assets_of(query, options.limit)


def row(asset: Asset, sync: Mapping[str, DeliveryState]) -> dict[str, Json]:
    return {
        "id": asset.id,
        "class": asset.asset_class,
        "number": asset.number,
        "name": asset.name,
        "geometry": cast("Json", asset.geometry),
        "attributes": dict(asset.attributes),
        "parent_id": asset.parent_id,
        "version": asset.version,
        "sync": dict(sync),
    }


def text(asset: Asset) -> str:
    known = asset.asset_class in class_ids()
    title = asset_class(asset.asset_class).title() if known else asset.asset_class
    return "  ".join(part for part in (title, asset.number, asset.name, asset.id) if part)


COMMAND = Command(N_("list the assets of the profile"), arguments, run)
