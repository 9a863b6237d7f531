"""`fieldtool export OUT`: assets of the profile as a file for other programs."""

from __future__ import annotations

import argparse
from pathlib import Path

from fieldtool.arguments import box
from fieldtool.asset_classes import asset_class
from fieldtool.cli_conditions import add_conditions, query_of
from fieldtool.command import Command, Invocation
from fieldtool.texts import N_, _, thousands


def arguments(parser: argparse.ArgumentParser) -> None:
    from fieldtool.exports.target import export_formats

    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument(
        "--format", metavar="F", choices=sorted(export_formats()), help=_("else the ending of OUT says it")
    )
    parser.add_argument("--class", dest="asset_class", metavar="C", help=_("only this asset class"))
    parser.add_argument("--bbox", type=box, metavar="W,S,E,N", help=_("only within these degrees (WGS84)"))
    add_conditions(parser)
    parser.add_argument("--crs", metavar="EPSG:N", help=_("the coordinate system of the file"))
    parser.add_argument(
        "--open-data", action="store_true", help=_("only attributes that are released for everyone")
    )
    parser.add_argument("--force", action="store_true", help=_("replace a file that is there already"))


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.exports.run import Wish, document, export
    from fieldtool.profile import open_invocation_profile

    if options.asset_class is not None:
        asset_class(options.asset_class)  # raises UnknownAssetClass
    wish = Wish(
        target=options.out,
        format=options.format,
        asset_class=options.asset_class,
        bbox=options.bbox,
        query=query_of(options) if options.where else None,
        crs=options.crs,
        open_data=options.open_data,
        force=options.force,
    )
    with open_invocation_profile(invocation, write=False) as profile:
        done = export(profile.store, wish)
    invocation.document(document(done))
    invocation.say(
        _("{path}: {count} assets, {crs}").format(path=done.path, count=thousands(done.assets), crs=done.crs)
    )
    if done.attributes["internal"] or done.attributes["protected"]:
        told = _(
            "Not for everyone: {internal} internal and {protected} protected attributes are in this file."
        )
        invocation.progress(told.format(**done.attributes))
    return 0


COMMAND = Command(N_("write assets into a file for other programs"), arguments, run)
