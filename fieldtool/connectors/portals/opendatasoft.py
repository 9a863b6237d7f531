"""Opendatasoft Explore API v2.1, reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fieldtool.connectors.errors import Unexpected, UnexpectedAnswer
from fieldtool.connectors.http import PATIENCE, HttpSession, Patience
from fieldtool.connectors.portals.datasets import (
    DataFile,
    Dataset,
    Hits,
    moment_of,
    number_of,
    part,
    prose,
    words_of,
)

CATALOGUE = "/api/explore/v2.1/catalog/datasets"
MOST_AT_ONCE = 100


class Opendatasoft:
    def __init__(self, base: str, patience: Patience = PATIENCE) -> None:
        self._there = HttpSession(base, None, {}, patience)

    def close(self) -> None:
        self._there.close()

    def search(self, words: str, limit: int, offset: int = 0) -> Hits:
        """Every word has to occur. Raises ConnectorError."""
        asked = {"limit": str(min(limit, MOST_AT_ONCE)), "offset": str(offset)}
        if words.split():
            asked["where"] = " AND ".join(f'"{_literal(word)}"' for word in words.split())
        body = self._there.ask("GET", CATALOGUE, params=asked).body
        results = body.get("results") if isinstance(body, dict) else None
        total = number_of(body.get("total_count")) if isinstance(body, dict) else None
        if not isinstance(results, list) or total is None:
            raise UnexpectedAnswer(self._there.target, Unexpected.WRONG_SHAPE)
        return Hits(total, tuple(self._dataset(one) for one in results if isinstance(one, dict)))

    def dataset(self, name: str) -> Dataset:
        """Raises ConnectorError."""
        body = self._there.ask("GET", f"{CATALOGUE}/{quote(name, safe='')}").body
        if not isinstance(body, dict) or "dataset_id" not in body:
            raise UnexpectedAnswer(self._there.target, Unexpected.WRONG_SHAPE)
        return self._dataset(body)

    def _dataset(self, told: Mapping[str, Any]) -> Dataset:
        metas = part(part(told, "metas"), "default")
        name = words_of(told.get("dataset_id"))
        features = told.get("features")
        placed = isinstance(features, list) and "geo" in features
        formats = ("geojson", "csv", "xlsx") if placed else ("csv", "xlsx")
        return Dataset(
            id=name,
            title=words_of(metas.get("title")) or name,
            description=prose(metas.get("description")),
            publisher=words_of(metas.get("publisher")),
            licence=words_of(metas.get("license")),
            modified=moment_of(metas.get("modified")),
            records=number_of(metas.get("records_count")),
            page=f"{self._there.target}/explore/dataset/{quote(name, safe='')}/",
            files=() if told.get("has_records") is False else tuple(self._file(name, one) for one in formats),
        )

    def _file(self, name: str, form: str) -> DataFile:
        options = "?delimiter=%3B" if form == "csv" else ""
        return DataFile(
            form, f"{self._there.target}{CATALOGUE}/{quote(name, safe='')}/exports/{form}{options}"
        )


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"')
