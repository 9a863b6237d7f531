"""Datasets of open data portals, as the page shows them. No Qt: it runs in the threads of the lanes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fieldtool import open_data, portals
from fieldtool.connectors.portals.datasets import Dataset
from fieldtool.portals import Portal
from fieldtool.profile import Profile
from fieldtool.store.connection import system_errors
from fieldtool.texts import _, thousands
from fieldtool.titles import day

FOLDER = "downloads"
AT_ONCE = 50
UNITS = ((1024**3, "GB"), (1024**2, "MB"), (1024, "kB"))


@dataclass(frozen=True, slots=True)
class Shown:
    """`cells` are title, licence, date and size; `facts` all that is known. `formats` may be empty."""

    dataset: Dataset
    cells: tuple[str, str, str, str]
    facts: tuple[tuple[str, str], ...]
    formats: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Result:
    portal: Portal
    total: int
    shown: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Received:
    words: str
    percent: int | None


def kept(profile: Profile) -> tuple[Portal, ...]:
    return portals.kept_portals(profile.directory)


def keep(profile: Profile, address: str) -> tuple[Portal, tuple[Portal, ...]]:
    """Raises TargetUrlInvalid, the errors of fieldtool.online, DiskFull …"""
    made = portals.keep_portal(profile.directory, address)
    return made, portals.kept_portals(profile.directory)


def forget(profile: Profile, url: str) -> tuple[Portal, ...]:
    return portals.forget_portal(profile.directory, url)


def search(portal: Portal, words: str) -> Result:
    """Raises the errors of fieldtool.online."""
    hits = open_data.search(portal, words, AT_ONCE)
    return Result(portal, hits.total, tuple(_shown(one) for one in hits.datasets))


def fetch(
    profile: Profile, portal: Portal, dataset: Dataset, form: str, tell: Callable[[Received], object]
) -> Path:
    """Into a folder of the profile. Raises NothingToFetch, the errors of fieldtool.online, DiskFull …"""
    chosen = open_data.of_dataset(portal.url, dataset, form)
    folder = profile.directory / FOLDER
    with system_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    into = folder / open_data.file_name(chosen)
    open_data.fetch(chosen, into, lambda at: tell(_received(at.received, at.whole or chosen.file.size)))
    return into


def _received(received: int, whole: int | None) -> Received:
    if not whole or whole < received:
        return Received(_("{size} fetched").format(size=size_text(received)), None)
    words = _("{size} of {whole} fetched").format(size=size_text(received), whole=size_text(whole))
    return Received(words, received * 100 // whole)


def size_text(size: int) -> str:
    for unit, name in UNITS:
        if size >= unit:
            return (
                f"{size / unit:.1f} {name}".replace(".", ",")
                if size < 10 * unit
                else f"{size // unit} {name}"
            )
    return _("{count} bytes").format(count=thousands(size))


def _shown(dataset: Dataset) -> Shown:
    best = dataset.best()
    changed = "" if dataset.modified is None else day(dataset.modified.date())
    records = "" if dataset.records is None else _("{count} records").format(count=thousands(dataset.records))
    size = size_text(best.size) if best is not None and best.size is not None else ""
    facts = (
        (_("Published by"), dataset.publisher),
        (_("Licence"), dataset.licence or _("no licence named")),
        (_("Changed on"), changed),
        (_("Size"), " · ".join(one for one in (records, size) if one)),
        (_("Id"), dataset.id),
        (_("Page"), dataset.page),
    )
    names = dict.fromkeys(one.format for one in dataset.files)
    return Shown(
        dataset,
        (dataset.title, dataset.licence or "–", changed or "–", records or size or "–"),
        tuple((name, value) for name, value in facts if value),
        () if best is None else tuple((name, name) for name in sorted(names, key=best.format.__ne__)),
    )
