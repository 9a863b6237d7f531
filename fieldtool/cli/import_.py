"""`fieldtool import FILE`: a list of assets into the infrastructure database, or what would happen."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtool.arguments import operator
from fieldtool.command import Command, Invocation
from fieldtool.texts import N_, _

if TYPE_CHECKING:
    from fieldtool.store import Store


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help=_("or the address of a dataset of open data"))
    parser.add_argument(
        "--class", dest="asset_class", metavar="C", help=_("the asset class; else it is guessed")
    )
    parser.add_argument("--mapping", type=Path, metavar="M.json", help=_("which column becomes what"))
    parser.add_argument("--crs", metavar="EPSG:N", help=_("the coordinate system of the list"))
    parser.add_argument(
        "--layer", metavar="NAME", help=_("the sheet or layer, of a file that holds several lists")
    )
    parser.add_argument("--operator", type=operator, metavar="NAME", help=_("whose things these are"))
    parser.add_argument("--dry-run", action="store_true", help=_("only say what would happen"))


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.open_data import local_file

    with local_file(options.file, ()) as path:
        return _take(path, options, invocation)


def _take(path: Path, options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.imports.prepare import Wish, prepare, require_crs
    from fieldtool.imports.report import document, lines, make_report
    from fieldtool.imports.write import compare, write
    from fieldtool.profile import open_invocation_profile

    wish = Wish(
        path=path,
        asset_class=options.asset_class,
        mapping=options.mapping,
        crs=options.crs,
        layer=options.layer,
    )
    prepared = prepare(wish)
    if options.dry_run:
        with existing_store(invocation) as store:
            report = make_report(prepared, compare(prepared, store, options.operator), dry_run=True)
    else:
        require_crs(prepared)
        with open_invocation_profile(invocation, write=True) as profile:
            steps = compare(prepared, profile.store, options.operator)
            write(profile.store, profile.actor, prepared, steps, options.operator)
        report = make_report(prepared, steps, dry_run=False)
    invocation.document(document(report))
    for line in lines(report):
        invocation.say(line)
    return 0


@contextmanager
def existing_store(invocation: Invocation) -> Iterator[Store | None]:
    """A dry run compares with the profile where there is one, and needs none."""
    from fieldtool.profile import open_invocation_profile
    from fieldtool.store.errors import ProfileMissing

    with ExitStack() as stack:
        try:
            profile = stack.enter_context(open_invocation_profile(invocation, write=False))
        except ProfileMissing:
            yield None
        else:
            yield profile.store


COMMAND = Command(
    N_("take over a list of assets (CSV, XLSX, ODS, GeoJSON, GeoPackage, Shapefile, KML, GML)"),
    arguments,
    run,
)
