"""Which portals of open data are kept, in DIR/portals.json; at first those of resources/open_data."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from fieldtool.data_files import read_data
from fieldtool.online import reading
from fieldtool.schemas import violation
from fieldtool.store.connection import system_errors
from fieldtool.texts import RESOURCES

if TYPE_CHECKING:
    from fieldtool.connectors.portals import Kind

FILE = "portals.json"
SCHEMA = "portals"


@dataclass(frozen=True, slots=True)
class Portal:
    url: str
    kind: Kind
    title: str


def kept_portals(directory: Path) -> tuple[Portal, ...]:
    """What cannot be read or used is as at first."""
    try:
        document: Any = json.loads((directory / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        document = None
    if document is None or violation(document, SCHEMA) is not None:
        document = read_data(RESOURCES / "open_data" / "portals.yaml", SCHEMA)
    return tuple(Portal(**one) for one in document["portals"])


def keep_portal(directory: Path, address: str) -> Portal:
    """Asks it what it is. Raises TargetUrlInvalid, the errors of fieldtool.online, DiskFull …"""
    from fieldtool.connectors.http import checked_url
    from fieldtool.connectors.portals import kind_of

    base = checked_url(address)
    with reading():
        portal = Portal(base, kind_of(base), urlsplit(base).netloc)
    others = tuple(one for one in kept_portals(directory) if one.url != base)
    _write(directory, (*others, portal))
    return portal


def forget_portal(directory: Path, url: str) -> tuple[Portal, ...]:
    left = tuple(one for one in kept_portals(directory) if one.url != url)
    _write(directory, left)
    return left


def _write(directory: Path, portals: tuple[Portal, ...]) -> None:
    path = directory / FILE
    new = path.with_suffix(".new")
    with system_errors(path):
        directory.mkdir(parents=True, exist_ok=True)
        new.write_text(
            json.dumps({"portals": [asdict(one) for one in portals]}, ensure_ascii=False), encoding="utf-8"
        )
        new.replace(path)
