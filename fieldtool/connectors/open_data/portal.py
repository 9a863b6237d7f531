"""What both kinds of portals tell, in one form."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from fieldtool.connectors.source import Received
from fieldtool.jsontypes import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One file of a dataset. `format` in lower case as "geojson"; `size` in bytes where the portal says."""

    id: str
    title: str
    format: str
    url: str
    size: int | None = None
    modified: str | None = None
    licence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """`modified` as the portal says it; `records` None where it does not count."""

    id: str
    title: str
    description: str
    publisher: str
    licence: str
    licence_url: str
    modified: str | None
    records: int | None
    page: str
    resources: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class Datasets:
    """One page of a search; `total` are all there are."""

    total: int
    found: tuple[Dataset, ...]


class Portal(Protocol):
    """Every method but `close` raises SourceError."""

    kind: str
    url: str

    def check(self) -> None:
        """Raises NoPortal."""

    def search(self, words: str, *, offset: int = 0, limit: int = 20) -> Datasets: ...

    def dataset(self, dataset_id: str) -> Dataset:
        """Raises DatasetUnknown."""

    def download(
        self, resource: Resource, into: BinaryIO, *, most: int, told: Callable[[int, int | None], None]
    ) -> Received: ...

    def close(self) -> None: ...


def an_object(value: Json) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def a_list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def a_text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def a_count(value: Any) -> int | None:
    """CKAN has sizes as numbers and as texts."""
    if isinstance(value, str) and value.isdigit():
        return int(value)
    return (
        int(value) if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0 else None
    )


def plain(text: str) -> str:
    """Descriptions are HTML in one and Markdown in the other."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())
