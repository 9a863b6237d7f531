"""`fieldtool open-data`: search a portal, fetch a dataset as a file. Needs no profile."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtool.command import Command, Invocation
from fieldtool.jsontypes import Json
from fieldtool.texts import N_, _, thousands

if TYPE_CHECKING:
    from fieldtool.connectors.open_data.portal import Dataset
    from fieldtool.open_data import Fetched
    from fieldtool.portals import KnownPortal

KILOBYTE = 1024
STEP = 4 * 1024 * 1024


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    search = verbs.add_parser("search", help=_("search the portal's datasets"), allow_abbrev=False)
    search.add_argument("words", nargs="*", metavar="WORD")
    search.add_argument("--limit", type=int, default=20, choices=range(1, 101), metavar="N")
    fetch = verbs.add_parser("fetch", help=_("fetch a dataset or a file"), allow_abbrev=False)
    fetch.add_argument(
        "what", metavar="ID", help=_("a dataset's id, its page's address, or a file's address")
    )
    fetch.add_argument("--into", type=Path, default=Path(), metavar="FILE", help=_("a file or a folder"))
    fetch.add_argument("--format", metavar="F", help=_("such as geojson, csv, xlsx"))
    fetch.add_argument("--force", action="store_true", help=_("replace a file that is there"))
    for verb in (search, fetch):
        verb.add_argument("--portal", metavar="URL", help=_("the portal's address; else the one chosen last"))


def run(options: argparse.Namespace, invocation: Invocation) -> int:
    return {"search": _search, "fetch": _fetch}[options.verb](options, invocation)


def _portal(options: argparse.Namespace, invocation: Invocation) -> KnownPortal:
    from fieldtool.portals import KnownPortal, read_portals

    portals = read_portals(invocation.profile_directory)
    url = None if options.portal is None else options.portal.rstrip("/")
    return portals.portal(url) or KnownPortal("", url or portals.chosen, "")


def _search(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.open_data import portal_at

    chosen = _portal(options, invocation)
    with portal_at(chosen.url, chosen.kind or None) as portal:
        found = portal.search(" ".join(options.words), limit=options.limit)
        document: dict[str, Json] = {
            "portal": portal.url,
            "kind": portal.kind,
            "total": found.total,
            "datasets": [document_of(dataset) for dataset in found.found],
        }
    invocation.document(document)
    for dataset in found.found:
        invocation.say(text_of(dataset))
    invocation.say(_("{shown} of {total} datasets").format(shown=len(found.found), total=found.total))
    return 0


def document_of(dataset: Dataset) -> dict[str, Json]:
    resources: list[Json] = [{**asdict(one)} for one in dataset.resources]
    return {**asdict(dataset), "resources": resources}


def text_of(dataset: Dataset) -> str:
    parts = [dataset.licence or _("no licence stated"), (dataset.modified or "–")[:10]]
    if dataset.records is not None:
        parts.append(_("{count} records").format(count=thousands(dataset.records)))
    formats = ", ".join(sorted({one.format for one in dataset.resources if one.format}))
    return f"{dataset.id}\n  {dataset.title}\n  {' · '.join(parts)}\n  {formats}"


def _fetch(options: argparse.Namespace, invocation: Invocation) -> int:
    from fieldtool.open_data import dataset_page, fetch_dataset, fetch_file

    reported = 0

    def told(size: int, announced: int | None) -> None:
        nonlocal reported
        if size - reported >= STEP:
            reported = size
            of = "" if announced is None else f" / {thousands(announced // KILOBYTE)}"
            invocation.progress(f"  {thousands(size // KILOBYTE)}{of} kB")

    page = dataset_page(options.what)
    if page is None and "://" in options.what:
        fetched = fetch_file(options.what, options.into, force=options.force, told=told)
    else:
        chosen = _portal(options, invocation)
        url, dataset_id, kind = (*page, None) if page else (chosen.url, options.what, chosen.kind or None)
        fetched = fetch_dataset(
            url, dataset_id, options.into, kind=kind, form=options.format, force=options.force, told=told
        )
    _tell(fetched, invocation)
    return 0


def _tell(fetched: Fetched, invocation: Invocation) -> None:
    source = fetched.source
    invocation.document(
        {
            "file": str(fetched.file.absolute()),
            "source_file": str(fetched.source_file.absolute()),
            "source": {**asdict(source)},
        }
    )
    invocation.say(f"{fetched.file} ({thousands(max(1, source.size // KILOBYTE))} kB)")
    for title, value in (
        (_("Title"), source.title),
        (_("Publisher"), source.publisher),
        (_("Licence"), source.licence or _("no licence stated")),
        (_("Changed"), (source.modified or "–")[:10]),
        (_("From"), source.url),
    ):
        if value:
            invocation.say(f"  {title}: {value}")
    invocation.say(_("Kept beside it: {file}").format(file=fetched.source_file.name))
    invocation.say(_("Take it over with: fieldtool import {file}").format(file=fetched.file))


COMMAND = Command(summary=N_("search open data portals and fetch from them"), arguments=arguments, run=run)
