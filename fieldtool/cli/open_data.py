"""`fieldtool open-data`: datasets of the cities' portals, found and fetched."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtool.arguments import at_least_one
from fieldtool.command import Command, Invocation
from fieldtool.jsontypes import Json
from fieldtool.texts import N_, _, local_time, thousands

if TYPE_CHECKING:
    from fieldtool.connectors.portals.datasets import Dataset
    from fieldtool.portals import Portal

AT_ONCE = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    search = verbs.add_parser("search", help=_("find datasets"), allow_abbrev=False)
    search.add_argument("words", nargs="*", metavar="WORDS")
    search.add_argument("--limit", type=at_least_one, default=AT_ONCE, metavar="N")
    fetch = verbs.add_parser("fetch", help=_("fetch a dataset as a file"), allow_abbrev=False)
    fetch.add_argument("dataset", metavar="ADDRESS-OR-ID")
    fetch.add_argument("--into", type=Path, metavar="FILE", help=_("else a file here, named after it"))
    fetch.add_argument("--format", default="", metavar="F", help=_("geojson, csv, xlsx …; else the best"))
    fetch.add_argument("--force", action="store_true", help=_("replace a file that is there"))
    for one in (search, fetch):
        one.add_argument("--portal", metavar="URL", help=_("this portal, and none of those that are kept"))
    verbs.add_parser("portals", help=_("the portals that are kept"), allow_abbrev=False)
    for name, words in (("add", N_("keep a portal")), ("remove", N_("forget a portal"))):
        verbs.add_parser(name, help=_(words), allow_abbrev=False).add_argument("url", metavar="URL")


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool import portals

    directory = invocation.profile_directory
    match options.verb:
        case "search":
            _search(options, invocation)
        case "fetch":
            _fetch(options, invocation)
        case "add":
            _tell(portals.keep_portal(directory, options.url), invocation)
        case "remove":
            for portal in portals.forget_portal(directory, options.url.rstrip("/")):
                _tell(portal, invocation)
        case _:
            for portal in portals.kept_portals(directory):
                _tell(portal, invocation)
    return 0


def _tell(portal: Portal, invocation: Invocation) -> None:
    row: dict[str, Json] = {"url": portal.url, "kind": portal.kind, "title": portal.title}
    invocation.row(row, f"{portal.title}: {portal.url} ({portal.kind})")


def chosen_portals(url: str | None, invocation: Invocation) -> tuple[Portal, ...]:
    from fieldtool.connectors.http import checked_url
    from fieldtool.connectors.portals import kind_of
    from fieldtool.online import reading
    from fieldtool.portals import Portal, kept_portals

    kept = kept_portals(invocation.profile_directory)
    if url is None:
        return kept
    base = checked_url(url)
    known = tuple(one for one in kept if one.url == base)
    if known:
        return known
    with reading():
        return (Portal(base, kind_of(base), base),)


def _search(options: argparse.Namespace, invocation: Invocation) -> None:
    from fieldtool import open_data

    for portal in chosen_portals(options.portal, invocation):
        hits = open_data.search(portal, " ".join(options.words), options.limit)
        for dataset in hits.datasets:
            invocation.row(_row(portal.url, dataset), _line(dataset))
        if hits.total > len(hits.datasets):
            left = hits.total - len(hits.datasets)
            invocation.say(_("and {count} more").format(count=thousands(left)))
        elif not hits.total:
            invocation.say(_("{portal} has nothing with these words.").format(portal=portal.title))


def _row(portal: str, dataset: Dataset) -> dict[str, Json]:
    return {
        "portal": portal,
        "dataset": dataset.id,
        "title": dataset.title,
        "description": dataset.description,
        "publisher": dataset.publisher,
        "licence": dataset.licence,
        "modified": None if dataset.modified is None else dataset.modified.isoformat(),
        "records": dataset.records,
        "page": dataset.page,
        "files": [{"format": one.format, "url": one.url, "bytes": one.size} for one in dataset.files],
    }


def _line(dataset: Dataset) -> str:
    facts = [
        dataset.licence or _("no licence named"),
        "" if dataset.modified is None else local_time(dataset.modified),
        "" if dataset.records is None else _("{count} records").format(count=thousands(dataset.records)),
        ", ".join(dict.fromkeys(one.format for one in dataset.files)),
    ]
    return f"{dataset.id}: {dataset.title} · {' · '.join(fact for fact in facts if fact)}"


def _fetch(options: argparse.Namespace, invocation: Invocation) -> None:
    from fieldtool import open_data

    address = open_data.is_address(options.dataset)
    portals = () if address else chosen_portals(options.portal, invocation)
    chosen = open_data.choose(options.dataset, portals, options.format)
    into: Path = options.into or Path(open_data.file_name(chosen))
    if into.exists() and not options.force:
        raise open_data.FileThere(str(into))
    origin, size = open_data.fetch(chosen, into)
    invocation.document({"file": str(into), "bytes": size, **asdict(origin)})
    invocation.say(_("{file}: {count} bytes").format(file=into, count=thousands(size)))
    invocation.say(origin.told())


COMMAND = Command(N_("find and fetch datasets of open data portals"), arguments, run)
