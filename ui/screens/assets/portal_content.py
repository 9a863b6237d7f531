"""What the page of open data portals asks for; everything here runs beside the window's thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtool.portals import KnownPortal, Portals, read_portals, with_portal, write_portals
from fieldtool.texts import _, thousands
from fieldtool.titles import day

if TYPE_CHECKING:
    from fieldtool.connectors.open_data.portal import Dataset
    from fieldtool.profile import Profile
    from ui.background import Job

FOLDER = "open-data"
PAGE = 20
KILOBYTE = 1024
TOLD_EVERY = 256 * KILOBYTE


@dataclass(frozen=True, slots=True)
class Offer:
    """A dataset as the page shows it. `formats` are (resource id, title), the one that suits best first."""

    id: str
    title: str
    licence: str
    changed: str
    amount: str
    description: str
    facts: tuple[tuple[str, str], ...]
    formats: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Offers:
    """`words` and `portal` are those that were asked for."""

    portal: str
    words: str
    total: int
    found: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    size: int
    announced: int | None


@dataclass(frozen=True, slots=True)
class Taken:
    file: Path
    licence: str


def begin(profile: Profile) -> Portals:
    return read_portals(profile.directory)


def choose(profile: Profile, url: str) -> Portals:
    portals = read_portals(profile.directory)
    chosen = portals.portal(url)
    made = portals if chosen is None else with_portal(portals, chosen)
    write_portals(profile.directory, made)
    return made


def add(profile: Profile, address: str) -> Portals:
    """Asks the address what it is. Raises SourceError, NoPortal."""
    from fieldtool.open_data import portal_at

    with portal_at(address) as portal:
        portal.check()
        added = KnownPortal(portal.url.partition("://")[2], portal.url, portal.kind)
    made = with_portal(read_portals(profile.directory), added)
    write_portals(profile.directory, made)
    return made


def search(chosen: KnownPortal, words: str, offset: int) -> Offers:
    """Raises SourceError, NoPortal."""
    from fieldtool import open_data

    found = open_data.search(chosen.url, words, kind=chosen.kind, offset=offset, limit=PAGE)
    return Offers(chosen.url, words, found.total, tuple(offer(dataset) for dataset in found.found))


def fetch(profile: Profile, job: Job[Taken], chosen: KnownPortal, dataset_id: str, resource: str) -> Taken:
    """What was fetched before is replaced. Raises SourceError, DatasetUnknown and those of saving."""
    from fieldtool import open_data

    reported = 0

    def told(size: int, announced: int | None) -> None:
        nonlocal reported
        job.check()
        if size - reported >= TOLD_EVERY or size == announced:
            reported = size
            job.tell(Progress(size, announced))

    folder = profile.directory / FOLDER
    folder.mkdir(exist_ok=True)
    fetched = open_data.fetch_dataset(
        chosen.url, dataset_id, folder, kind=chosen.kind, form=resource, force=True, told=told
    )
    return Taken(fetched.file, fetched.source.licence)


def offer(dataset: Dataset) -> Offer:
    from fieldtool.open_data import WANTED

    usable = sorted(
        (one for one in dataset.resources if one.format in WANTED), key=lambda one: WANTED.index(one.format)
    )
    formats = tuple((one.id, titled(one.format, one.size)) for one in usable)
    licence = dataset.licence or _("no licence stated")
    changed = date_text(dataset.modified)
    amount = "–" if dataset.records is None else thousands(dataset.records)
    if dataset.records is None and usable and usable[0].size is not None:
        amount = size_text(usable[0].size)
    facts = (
        (_("Publisher"), dataset.publisher),
        (_("Licence"), licence),
        (_("Changed"), changed),
        (_("Records"), "–" if dataset.records is None else thousands(dataset.records)),
        (_("Page"), dataset.page),
    )
    return Offer(dataset.id, dataset.title, licence, changed, amount, dataset.description, facts, formats)


def titled(form: str, size: int | None) -> str:
    return form.upper() if size is None else f"{form.upper()} ({size_text(size)})"


def size_text(size: int) -> str:
    return f"{thousands(max(1, size // KILOBYTE))} kB"


def date_text(text: str | None) -> str:
    """Portals write moments; what is none is shown as it is."""
    if text is None:
        return "–"
    try:
        return day(datetime.fromisoformat(text).date())
    except ValueError:
        return text
