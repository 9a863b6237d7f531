"""`fieldtool assets`: what the infrastructure database of this profile holds."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import cast

from fieldtool.arguments import at_least_one, box
from fieldtool.asset import Asset
from fieldtool.asset_classes import asset_class, class_ids
from fieldtool.command import Command, Invocation
from fieldtool.jsontypes import Json
from fieldtool.operation import DeliveryState
from fieldtool.texts import N_, _


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--class", dest="asset_class", metavar="C", help=_("only this asset class"))
    parser.add_argument("--bbox", type=box, metavar="W,S,E,N", help=_("only within these degrees (WGS84)"))
    parser.add_argument("--search", metavar="TEXT", help=_("words of number, name and attributes"))
    parser.add_argument("--id", metavar="ID")
    parser.add_argument("--limit", type=at_least_one, metavar="N", help=_("at most so many"))


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.profile import open_invocation_profile

    if options.asset_class is not None:
        asset_class(options.asset_class)  # raises UnknownAssetClass
    found = 0
    with open_invocation_profile(invocation, write=False) as profile:
        for asset in profile.store.assets(
            asset_class=options.asset_class,
            bbox=options.bbox,
            search=options.search,
            id=options.id,
            limit=options.limit,
        ):
            invocation.row(row(asset, profile.store.sync_states(asset.id)), text(asset))
            found += 1
    if not found:
        invocation.say(_("Nothing found."))
    return 0


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
