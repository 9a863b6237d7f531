"""Fetching a dataset of an open data portal, or a file by its address; beside it is kept where it is from."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from fieldtool.connectors.open_data import base_of, open_portal
from fieldtool.connectors.open_data.portal import Dataset, Datasets, Portal, Resource
from fieldtool.connectors.source import MEGABYTE, Received, Source, checked_file_url, shown
from fieldtool.connectors.source_errors import FormatNotOffered
from fieldtool.documents import write_document
from fieldtool.exports.saving import replacing

LARGEST = 4096 * MEGABYTE
SOURCE_SUFFIX = ".source.json"
WANTED = ("geojson", "gpkg", "shp", "csv", "xlsx", "ods", "kml", "gml", "tsv", "json", "zip", "xls")
"""What can be imported, the best first: those that say where things are and in which system."""
SUFFIXES = {"shp": "zip"}
PAGES = re.compile(
    r"^(?P<base>.*?)/(?:explore/dataset|api/explore/v[0-9.]+/catalog/datasets|dataset)/(?P<id>[^/?#]+)"
)

Told = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What is kept beside the file. Of a file by its own address no portal tells anything."""

    url: str
    portal: str | None
    dataset: str | None
    title: str
    publisher: str
    licence: str
    licence_url: str
    modified: str | None
    fetched_at: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Fetched:
    file: Path
    source_file: Path
    source: Provenance


@contextmanager
def portal_at(url: str, kind: str | None = None) -> Iterator[Portal]:
    """Raises SourceError, NoPortal."""
    portal = open_portal(url, kind)
    try:
        yield portal
    finally:
        portal.close()


def search(url: str, words: str, *, kind: str | None = None, offset: int = 0, limit: int = 20) -> Datasets:
    """Raises SourceError, NoPortal."""
    with portal_at(url, kind) as portal:
        return portal.search(words, offset=offset, limit=limit)


def fetch_dataset(
    url: str,
    dataset_id: str,
    into: Path,
    *,
    kind: str | None = None,
    form: str | None = None,
    force: bool = False,
    told: Told,
    largest: int = LARGEST,
) -> Fetched:
    """`into` is the file, or a folder for a file named after the dataset; `form` a format or a resource's id,
    None: the one that suits importing best. What `told` raises ends it, and nothing is left behind.

    Raises SourceError, NoPortal, DatasetUnknown, FormatNotOffered, DiskFull and those of saving.
    """
    with portal_at(url, kind) as portal:
        dataset = portal.dataset(dataset_id)
        resource = best(dataset, form, portal.url)
        target = _target(into, f"{dataset.id}.{SUFFIXES.get(resource.format, resource.format or 'dat')}")

        def load(stream: BinaryIO) -> Received:
            return portal.download(resource, stream, most=largest, told=told)

        received, digest = _kept(target, load, force=force)
    source = Provenance(
        url=shown(received.url),
        portal=portal.url,
        dataset=dataset.id,
        title=dataset.title,
        publisher=dataset.publisher,
        licence=resource.licence or dataset.licence,
        licence_url=dataset.licence_url,
        modified=resource.modified or dataset.modified or received.modified,
        fetched_at=_now(),
        size=received.size,
        sha256=digest,
    )
    return _told_beside(target, source)


def fetch_file(url: str, into: Path, *, force: bool = False, told: Told, largest: int = LARGEST) -> Fetched:
    """By the file's own address. Raises SourceError, DiskFull and those of saving."""
    address = checked_file_url(url)
    name = PurePosixPath(unquote(urlsplit(address).path)).name
    target = _target(into, name or f"{urlsplit(address).hostname}.dat")
    parts = urlsplit(address)
    source = Source(f"{parts.scheme}://{parts.netloc}")
    try:
        received, digest = _kept(
            target, lambda stream: source.download(address, stream, most=largest, told=told), force=force
        )
    finally:
        source.close()
    told_of = Provenance(
        url=shown(received.url),
        portal=None,
        dataset=None,
        title=target.name,
        publisher="",
        licence="",
        licence_url="",
        modified=received.modified,
        fetched_at=_now(),
        size=received.size,
        sha256=digest,
    )
    return _told_beside(target, told_of)


def dataset_page(address: str) -> tuple[str, str] | None:
    """The portal and the dataset's id that an address names; None: a file of its own, or no address at all.
    A file below a dataset (".../resource/ID/download/name.csv") is a file."""
    if "://" not in address or "/download" in address:
        return None
    match = PAGES.match(address)
    return None if match is None else (base_of(match["base"]), unquote(match["id"]))


def best(dataset: Dataset, form: str | None, portal: str = "") -> Resource:
    """Raises FormatNotOffered."""
    usable = [one for one in dataset.resources if one.format in WANTED]
    if form is None:
        ranked = sorted(usable, key=lambda one: WANTED.index(one.format))
    else:
        ranked = [one for one in dataset.resources if form.lower() == one.format or form == one.id]
    if not ranked:
        offered = ", ".join(sorted({one.format for one in dataset.resources if one.format})) or "–"
        raise FormatNotOffered(portal, dataset.id, form or ", ".join(WANTED), offered)
    return ranked[0]


def source_file_of(file: Path) -> Path:
    return file.with_name(file.name + SOURCE_SUFFIX)


def _target(into: Path, name: str) -> Path:
    """A portal's ids become a name without folders."""
    safe = re.sub(r"[^\w.@ -]+", "_", name).strip(". ") or "download.dat"
    return into / safe if into.is_dir() else into


def _kept(target: Path, load: Callable[[BinaryIO], Received], *, force: bool) -> tuple[Received, str]:
    with replacing(target, target.suffix, force=force) as partial:
        with partial.open("wb") as stream:
            received = load(stream)
        with partial.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return received, digest


def _told_beside(target: Path, source: Provenance) -> Fetched:
    beside = source_file_of(target)
    write_document(beside, json.dumps(asdict(source), ensure_ascii=False, indent=2) + "\n")
    return Fetched(target, beside, source)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
