"""Datasets of open data: found, fetched as files, and where a file came from kept beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from fieldtool.errors import CoreError
from fieldtool.online import (
    SourceBusy,
    SourceClosed,
    SourceFailed,
    SourceMissing,
    SourceUnlike,
    SourceUnreachable,
    reading,
)
from fieldtool.portals import Portal
from fieldtool.store.connection import system_errors
from fieldtool.texts import _, local_time

if TYPE_CHECKING:
    from fieldtool.connectors.fetching import Progress
    from fieldtool.connectors.portals.datasets import DataFile, Dataset, Hits

BESIDE = ".origin.json"
ADDRESS = re.compile(r"https?://", re.IGNORECASE)
PAGES = (
    ("opendatasoft", re.compile(r"(?P<base>.*?)/explore/dataset/(?P<id>[^/]+)(/.*)?")),
    (
        "opendatasoft",
        re.compile(
            r"(?P<base>.*?)/api/explore/v2\.1/catalog/datasets/(?P<id>[^/]+)(/exports/(?P<format>\w+))?(/.*)?"
        ),
    ),
    ("ckan", re.compile(r"(?P<base>.*?)/dataset/(?P<id>[^/]+)/?")),
)


@dataclass(eq=False)
class AddressUnclear(CoreError):
    text: str


@dataclass(eq=False)
class NothingToFetch(CoreError):
    dataset: str
    formats: str


@dataclass(eq=False)
class FileThere(CoreError):
    path: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """`portal` is empty where the address is that of a file."""

    portal: str
    dataset: Dataset
    file: DataFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """`licence` and `modified` as the portal gave them."""

    portal: str
    dataset: str
    title: str
    publisher: str
    licence: str
    modified: str | None
    format: str
    url: str
    fetched_at: str

    def told(self) -> str:
        fetched = local_time(datetime.fromisoformat(self.fetched_at))
        parts = (self.dataset, urlsplit(self.portal or self.url).netloc, self.licence)
        return ", ".join((*(one for one in parts if one), _("fetched {time}").format(time=fetched)))


def is_address(text: str) -> bool:
    return ADDRESS.match(text) is not None


def search(portal: Portal, words: str, limit: int) -> Hits:
    """Raises the errors of fieldtool.online."""
    from fieldtool.connectors.portals import opened

    with reading(), opened(portal.kind, portal.url) as there:
        return there.search(words, limit)


def choose(text: str, portals: Sequence[Portal], wanted: str = "") -> Chosen:
    """Of a dataset's page or address, of a file, or of an id that one of the portals has. Raises
    AddressUnclear, NothingToFetch, the errors of fieldtool.online."""
    if not is_address(text):
        return _of_id(text, portals, wanted)
    parts = urlsplit(text)
    for kind, pattern in PAGES:
        found = pattern.fullmatch(parts.path)
        if found is not None:
            base = f"{parts.scheme}://{parts.netloc}{found['base']}"
            portal = Portal(base, "ckan" if kind == "ckan" else "opendatasoft", parts.netloc)
            form = found.groupdict().get("format") or ""
            return _of_portal(portal, unquote(found["id"]), wanted or form)
    return _of_file(text)


def _of_id(text: str, portals: Sequence[Portal], wanted: str) -> Chosen:
    if not text or "/" in text:
        raise AddressUnclear(text)
    failed: CoreError | None = None
    for portal in portals:
        try:
            return _of_portal(portal, text, wanted)
        except SourceMissing:
            continue
        except (SourceUnreachable, SourceClosed, SourceBusy, SourceFailed, SourceUnlike) as error:
            failed = failed or error
    raise failed or AddressUnclear(text)


def _of_portal(portal: Portal, name: str, wanted: str) -> Chosen:
    from fieldtool.connectors.portals import opened

    with reading(), opened(portal.kind, portal.url) as there:
        dataset = there.dataset(name)
    return of_dataset(portal.url, dataset, wanted)


def of_dataset(portal: str, dataset: Dataset, wanted: str = "") -> Chosen:
    """Raises NothingToFetch."""
    file = dataset.best(wanted)
    if file is None:
        raise NothingToFetch(dataset.id, ", ".join(dict.fromkeys(one.format for one in dataset.files)) or "–")
    return Chosen(portal, dataset, file)


def _of_file(text: str) -> Chosen:
    from fieldtool.connectors.portals.datasets import DataFile, Dataset, format_of

    form = format_of(urlsplit(text).path)
    if not form:
        raise AddressUnclear(text)
    stem = unquote(urlsplit(text).path).rsplit("/", 1)[-1].removesuffix(f".{form}")
    return Chosen("", Dataset(id=stem or form, title=stem or form), DataFile(form, text))


def file_name(chosen: Chosen) -> str:
    """What a portal calls a dataset is no path."""
    stem = re.sub(r"[^\w.-]+", "_", chosen.dataset.id).strip("._") or "dataset"
    return f"{stem[:80]}.{chosen.file.suffix}"


def fetch(
    chosen: Chosen, into: Path, tell: Callable[[Progress], object] = lambda _progress: None
) -> tuple[Origin, int]:
    """The size, too. Raises the errors of fieldtool.online, DiskFull, DiskFailed, TargetUrlInvalid."""
    from fieldtool.connectors.fetching import fetch_file

    with reading():
        size = fetch_file(chosen.file.url, into, tell)
    dataset = chosen.dataset
    origin = Origin(
        portal=chosen.portal,
        dataset=dataset.id,
        title=dataset.title,
        publisher=dataset.publisher,
        licence=dataset.licence,
        modified=None if dataset.modified is None else dataset.modified.isoformat(),
        format=chosen.file.format,
        url=chosen.file.url,
        fetched_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    beside = _beside(into)
    with system_errors(beside):
        beside.write_text(json.dumps(asdict(origin), ensure_ascii=False, indent=1), encoding="utf-8")
    return origin, size


def origin_of(path: Path) -> Origin | None:
    """None for a file that was not fetched here, or is another by now."""
    try:
        told = _beside(path)
        if told.stat().st_mtime_ns < path.stat().st_mtime_ns:
            return None
        return Origin(**json.loads(told.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def source_text(path: Path) -> str:
    """What the history says of an import."""
    origin = origin_of(path)
    return path.name if origin is None else origin.told()


@contextmanager
def local_file(text: str, portals: Sequence[Portal]) -> Iterator[Path]:
    """A path as it is; of an address the file behind it, which is gone afterwards."""
    if not is_address(text):
        yield Path(text)
        return
    chosen = choose(text, portals)
    with TemporaryDirectory(prefix="fieldtool-") as folder:
        path = Path(folder) / file_name(chosen)
        fetch(chosen, path)
        yield path


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}{BESIDE}")
