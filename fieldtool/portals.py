"""Open data portals: those known from the start, and those somebody has typed. Kept in DIR/portals.json."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from fieldtool.data_files import read_data
from fieldtool.store.connection import system_errors
from fieldtool.texts import RESOURCES

FILE = "portals.json"
KNOWN = RESOURCES / "sources" / "portals.yaml"


@dataclass(frozen=True, slots=True)
class KnownPortal:
    """`kind` as its connector is called."""

    title: str
    url: str
    kind: str


@dataclass(frozen=True, slots=True)
class Portals:
    """`chosen` is an address of `known`."""

    known: tuple[KnownPortal, ...]
    chosen: str

    def portal(self, url: str | None = None) -> KnownPortal | None:
        return next((one for one in self.known if one.url == (url or self.chosen)), None)


@functools.cache
def from_the_start() -> tuple[KnownPortal, ...]:
    return tuple(KnownPortal(**one) for one in read_data(KNOWN, "portals")["portals"])


def read_portals(directory: Path) -> Portals:
    """What cannot be read is as at first."""
    first = from_the_start()
    try:
        document = json.loads((directory / FILE).read_text(encoding="utf-8"))
        typed = [
            KnownPortal(str(one["title"]), str(one["url"]), str(one["kind"])) for one in document["known"]
        ]
        chosen = str(document["chosen"])
    except (OSError, ValueError, KeyError, TypeError):
        typed, chosen = [], ""
    known = _each_once((*first, *typed))
    return Portals(known, chosen if any(one.url == chosen for one in known) else known[0].url)


def write_portals(directory: Path, portals: Portals) -> None:
    """Whole or not at all. Raises the store's errors of a full or failing disk."""
    path = directory / FILE
    new = path.with_suffix(".new")
    first = from_the_start()
    typed = [asdict(one) for one in portals.known if one not in first]
    with system_errors(path):
        text = json.dumps({"known": typed, "chosen": portals.chosen}, ensure_ascii=False)
        new.write_text(text, encoding="utf-8")
        new.replace(path)


def with_portal(portals: Portals, added: KnownPortal) -> Portals:
    """Chosen as well."""
    return replace(portals, known=_each_once((*portals.known, added)), chosen=added.url)


def _each_once(portals: Sequence[KnownPortal]) -> tuple[KnownPortal, ...]:
    return tuple({one.url: one for one in reversed(portals)}.values())[::-1]
