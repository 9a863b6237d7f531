"""`fieldtool import FILE`: a list of assets into the infrastructure database, or what would happen."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtool.arguments import box, operator
from fieldtool.command import Command, Invocation
from fieldtool.texts import N_, _, thousands

if TYPE_CHECKING:
    from fieldtool.imports.choosing import Choice, Rows
    from fieldtool.imports.doubts import Box
    from fieldtool.imports.matching import Outcome
    from fieldtool.imports.prepare import Wish
    from fieldtool.imports.report import ImportReport
    from fieldtool.imports.several import Part
    from fieldtool.store import Store


@dataclass(frozen=True, slots=True)
class Boundary:
    path: Path
    name: str


ONLY: dict[str, Outcome] = {"new": "imported", "changed": "updated"}
RULE_NAMES = ("placeholders", "numbers", "units", "dates", "words", "shifted")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help=_("or the address of a dataset of an open data portal"))
    parser.add_argument(
        "--class", dest="asset_class", metavar="C", help=_("the asset class; else it is guessed")
    )
    parser.add_argument("--mapping", type=Path, metavar="M.json", help=_("which column becomes what"))
    parser.add_argument(
        "--save-mapping",
        type=Path,
        metavar="M.json",
        help=_("write down which column became what, for --mapping"),
    )
    parser.add_argument("--crs", metavar="EPSG:N", help=_("the coordinate system of the list"))
    parser.add_argument(
        "--layer",
        metavar="NAME",
        help=_("the sheet or layer, of a file that holds several lists; all for every one"),
    )
    parser.add_argument("--operator", type=operator, metavar="NAME", help=_("whose things these are"))
    parser.add_argument(
        "--only", choices=sorted(ONLY), action="append", help=_("take over only these; may be repeated")
    )
    parser.add_argument(
        "--rows", type=_rows, metavar="1,5-9", help=_("take over only these rows of the file")
    )
    parser.add_argument(
        "--overwrite-edited",
        action="store_true",
        help=_("also change what a person has edited since the last list"),
    )
    parser.add_argument(
        "--area",
        type=_area,
        metavar="W,S,E,N|FILE[#NAME]",
        help=_(
            "flag what lies outside these degrees, or outside the boundary called NAME in a file; "
            "kept for later imports, none forgets it"
        ),
    )
    parser.add_argument(
        "--without-rule",
        choices=RULE_NAMES,
        action="append",
        default=[],
        metavar="RULE",
        help=_("switch off a rule of cleaning: {rules}").format(rules=", ".join(RULE_NAMES)),
    )
    parser.add_argument(
        "--report", type=Path, metavar="R.csv", help=_("save what became of every row (.csv or .json)")
    )
    parser.add_argument("--force", action="store_true", help=_("replace a file that is there already"))
    parser.add_argument("--dry-run", action="store_true", help=_("only say what would happen"))


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.import_sources import local_file

    with local_file(options.file) as options.file:
        return _import(options, invocation)


def _import(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.exports.errors import TargetExists
    from fieldtool.imports.errors import SeveralLayers
    from fieldtool.imports.prepare import mapping_of, require_crs
    from fieldtool.imports.remembering import save_mapping, set_area
    from fieldtool.imports.report import documents
    from fieldtool.imports.several import choose, compare_parts, prepare_parts, write_parts
    from fieldtool.profile import open_invocation_profile

    wish = _wish(options, invocation)
    prepared = prepare_parts(wish)
    if len(prepared) > 1 and (options.rows is not None or options.save_mapping is not None):
        raise SeveralLayers(str(options.file), tuple(str(layer) for layer, _one in prepared))
    if options.report is not None and options.report.exists() and not options.force:
        raise TargetExists(str(options.report))
    if options.save_mapping is not None:
        save_mapping(options.save_mapping, mapping_of(prepared[0][1]), force=options.force)
    if options.dry_run:
        with existing_store(invocation) as store:
            parts = choose(compare_parts(prepared, store, options.operator), _choice(options))
        reports = _reports(parts, options)
        with _saved(options, parts, reports):
            pass
    else:
        for _layer, one in prepared:
            require_crs(one)
        with open_invocation_profile(invocation, write=True) as profile:
            parts = choose(compare_parts(prepared, profile.store, options.operator), _choice(options))
            reports = _reports(parts, options)
            with _saved(options, parts, reports):
                if options.area is not None:
                    set_area(profile.store, wish.area)
                write_parts(profile.store, profile.actor, parts, options.operator)
    if invocation.json:
        invocation.document(documents(reports))
    else:
        _say(invocation, reports)
    return 0


def _reports(parts: Sequence[Part], options: argparse.Namespace) -> list[tuple[str | None, ImportReport]]:
    from fieldtool.imports.report import make_report

    return [(part.layer, make_report(part.prepared, part.steps, dry_run=options.dry_run)) for part in parts]


def _saved(
    options: argparse.Namespace, parts: Sequence[Part], reports: Sequence[tuple[str | None, ImportReport]]
) -> AbstractContextManager[None]:
    from fieldtool.imports.row_report import reported

    if options.report is None:
        return nullcontext()
    return reported(options.report, parts, reports, force=options.force)


def _wish(options: argparse.Namespace, invocation: Invocation) -> Wish:
    from fieldtool.imports.prepare import Wish

    return Wish(
        path=options.file,
        asset_class=options.asset_class,
        mapping=options.mapping,
        crs=options.crs,
        layer=options.layer,
        switched_off=frozenset(options.without_rule),
        area=_wanted_area(options, invocation),
    )


def _choice(options: argparse.Namespace) -> Choice:
    from fieldtool.imports.choosing import Choice

    return Choice(
        only=None if options.only is None else frozenset(ONLY[name] for name in options.only),
        rows=options.rows,
        overwrite_edited=options.overwrite_edited and (options.only is None or "changed" in options.only),
    )


def _stored_area(invocation: Invocation) -> Box | None:
    from fieldtool.imports.remembering import area_of

    with existing_store(invocation) as store:
        return None if store is None else area_of(store)


def _rows(text: str) -> Rows:
    from fieldtool.imports.choosing import read_rows

    try:
        return read_rows(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(_("numbers of rows are wanted, like 1,5-9")) from error


def _area(text: str) -> Box | Boundary | tuple[()]:
    if text == "none":
        return ()
    path, _mark, name = text.partition("#")
    return Boundary(Path(path), name) if Path(path).suffix and Path(path).exists() else box(text)


def _wanted_area(options: argparse.Namespace, invocation: Invocation) -> Box | None:
    from fieldtool.imports.areas import area_of_file

    if options.area is None:
        return _stored_area(invocation)
    if isinstance(options.area, Boundary):
        return area_of_file(options.area.path, options.area.name)
    return options.area or None


def _say(invocation: Invocation, reports: list[tuple[str | None, ImportReport]]) -> None:
    from fieldtool.imports.report import lines

    for layer, report in reports:
        if len(reports) > 1:
            invocation.say(_("Layer {layer}:").format(layer=layer))
        for line in lines(report):
            invocation.say(line)
    if len(reports) > 1:
        told = _("Together {count} rows, {imported} new and {updated} changed.")
        sums = [
            sum(getattr(report, name) for _layer, report in reports)
            for name in ("rows", "imported", "updated")
        ]
        invocation.say(
            told.format(**dict(zip(("count", "imported", "updated"), map(thousands, sums), strict=True)))
        )


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
