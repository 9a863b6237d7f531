"""CKAN's Action API v3, reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urljoin

from fieldtool.connectors.errors import Unexpected, UnexpectedAnswer
from fieldtool.connectors.http import PATIENCE, HttpSession, Patience
from fieldtool.connectors.portals.datasets import (
    DataFile,
    Dataset,
    Hits,
    format_of,
    moment_of,
    number_of,
    part,
    prose,
    words_of,
)

ACTIONS = "/api/3/action"
MOST_AT_ONCE = 100


class Ckan:
    def __init__(self, base: str, patience: Patience = PATIENCE) -> None:
        self._there = HttpSession(base, None, {}, patience)

    def close(self) -> None:
        self._there.close()

    def search(self, words: str, limit: int, offset: int = 0) -> Hits:
        """Raises ConnectorError."""
        asked = {"q": words.strip() or "*:*", "rows": str(min(limit, MOST_AT_ONCE)), "start": str(offset)}
        result = self._act("package_search", asked)
        found, total = result.get("results"), number_of(result.get("count"))
        if not isinstance(found, list) or total is None:
            raise UnexpectedAnswer(self._there.target, Unexpected.WRONG_SHAPE)
        return Hits(total, tuple(self._dataset(one) for one in found if isinstance(one, dict)))

    def dataset(self, name: str) -> Dataset:
        """Raises ConnectorError."""
        return self._dataset(self._act("package_show", {"id": name}))

    def _act(self, action: str, asked: Mapping[str, str]) -> Mapping[str, Any]:
        body = self._there.ask("GET", f"{ACTIONS}/{action}", params=asked).body
        result = body.get("result") if isinstance(body, dict) and body.get("success") is True else None
        if not isinstance(result, dict):
            raise UnexpectedAnswer(self._there.target, Unexpected.WRONG_SHAPE)
        return result

    def _dataset(self, told: Mapping[str, Any]) -> Dataset:
        name = words_of(told.get("name")) or words_of(told.get("id"))
        resources = told.get("resources")
        found = [self._file(one) for one in resources if isinstance(one, dict)] if resources else []
        return Dataset(
            id=name,
            title=words_of(told.get("title")) or name,
            description=prose(told.get("notes")),
            publisher=words_of(part(told, "organization").get("title")),
            licence=words_of(told.get("license_title")) or words_of(told.get("license_id")),
            modified=moment_of(told.get("metadata_modified")),
            page=f"{self._there.target}/dataset/{quote(name, safe='')}",
            files=tuple(one for one in found if one is not None),
        )

    def _file(self, told: Mapping[str, Any]) -> DataFile | None:
        url = words_of(told.get("url"))
        form = format_of(told.get("format"), told.get("mimetype"), url)
        if not url or not form:
            return None
        return DataFile(form, urljoin(f"{self._there.target}/", url), number_of(told.get("size")))
