"""What a portal of open data says of its datasets."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

LONGEST_DESCRIPTION = 600
IMPORTABLE = (
    *("geojson", "csv", "gpkg", "xlsx", "ods", "shp", "kml", "gml", "json", "ndjson", "tsv", "kmz", "xls"),
    "zip",
)
"""The formats the import reads, the better ones first."""
NAMED = {
    "geopackage": "gpkg",
    "shape": "shp",
    "shapefile": "shp",
    "excel": "xlsx",
    "jsonl": "ndjson",
    "geo+json": "geojson",
}


@dataclass(frozen=True, slots=True)
class DataFile:
    """`format` as the end of a file's name; `size` in bytes where the portal says."""

    format: str
    url: str
    size: int | None = None

    @property
    def suffix(self) -> str:
        return "zip" if self.format == "shp" else self.format


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """`page` is where a person reads about it. `licence` is as the portal words it, empty where it says
    nothing: then none is guessed."""

    id: str
    title: str
    description: str = ""
    publisher: str = ""
    licence: str = ""
    modified: datetime | None = None
    records: int | None = None
    page: str = ""
    files: tuple[DataFile, ...] = ()

    def best(self, wanted: str = "") -> DataFile | None:
        usable = [one for one in self.files if one.format in ([wanted] if wanted else IMPORTABLE)]
        return min(usable, key=lambda one: IMPORTABLE.index(one.format), default=None) if usable else None


@dataclass(frozen=True, slots=True)
class Hits:
    """`total` may be more than were given."""

    total: int
    datasets: tuple[Dataset, ...]


def words_of(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def prose(value: object) -> str:
    """Descriptions are HTML or Markdown."""
    plain = html.unescape(re.sub(r"<[^>]*>", " ", words_of(value)))
    return " ".join(plain.split())[:LONGEST_DESCRIPTION]


def number_of(value: object) -> int | None:
    if isinstance(value, str) and value.isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def moment_of(value: object) -> datetime | None:
    """CKAN's have no offset and are UTC."""
    try:
        found = datetime.fromisoformat(words_of(value))
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def format_of(*told: object) -> str:
    """The first that names one: "CSV", "application/geo+json", "https://…/a.gpkg?x"."""
    for value in told:
        words = words_of(value).lower().split("?")[0].split(";")[0]
        name = re.split(r"[./ ]", words.strip())[-1] if words else ""
        name = NAMED.get(name, name)
        if name in IMPORTABLE:
            return name
    return ""


def part(document: object, name: str) -> Mapping[str, Any]:
    found = document.get(name) if isinstance(document, Mapping) else None
    return found if isinstance(found, Mapping) else {}
