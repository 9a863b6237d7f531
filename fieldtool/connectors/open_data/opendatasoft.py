"""Opendatasoft Explore API v2.1: /api/explore/v2.1/catalog/datasets and its exports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO
from urllib.parse import quote

from fieldtool.connectors.errors import Unexpected
from fieldtool.connectors.open_data.portal import (
    Dataset,
    Datasets,
    Resource,
    a_count,
    a_list,
    a_text,
    an_object,
    plain,
)
from fieldtool.connectors.source import Received, Source
from fieldtool.connectors.source_errors import DatasetUnknown, NoPortal, SourceMissing, SourceUnusable

KIND = "opendatasoft"
API = "/api/explore/v2.1"
MOST_AT_ONCE = 100
EXPORTS = {"geojson": "GeoJSON", "csv": "CSV", "xlsx": "Excel", "shp": "Shapefile", "kml": "KML"}
PLACED = ("geojson", "shp", "kml")
WITH_COLUMN_NAMES = {"csv": "?delimiter=%3B&use_labels=false", "xlsx": "?use_labels=false"}


class Opendatasoft:
    kind = KIND

    def __init__(self, source: Source) -> None:
        self._source = source
        self.url = source.target

    def close(self) -> None:
        self._source.close()

    def check(self) -> None:
        if "total_count" not in an_object(self._source.json(f"{API}/catalog/datasets", {"limit": "1"})):
            raise NoPortal(self.url)

    def search(self, words: str, *, offset: int = 0, limit: int = 20) -> Datasets:
        asked = {"limit": str(min(limit, MOST_AT_ONCE)), "offset": str(offset)}
        if words.strip():
            asked["where"] = f"search({literal(words.strip())})"
        answer = an_object(self._source.json(f"{API}/catalog/datasets", asked))
        total = a_count(answer.get("total_count"))
        if total is None:
            raise SourceUnusable(self.url, Unexpected.WRONG_SHAPE)
        return Datasets(total, tuple(self._dataset(one) for one in a_list(answer.get("results"))))

    def dataset(self, dataset_id: str) -> Dataset:
        try:
            answer = self._source.json(f"{API}/catalog/datasets/{quote(dataset_id, safe='')}")
        except SourceMissing:
            raise DatasetUnknown(self.url, dataset_id) from None
        return self._dataset(answer)

    def download(
        self, resource: Resource, into: BinaryIO, *, most: int, told: Callable[[int, int | None], None]
    ) -> Received:
        return self._source.download(resource.url, into, most=most, told=told)

    def _dataset(self, told: Any) -> Dataset:
        given = an_object(told)
        dataset_id = a_text(given.get("dataset_id"))
        if not dataset_id:
            raise SourceUnusable(self.url, Unexpected.WRONG_SHAPE)
        metas = an_object(an_object(given.get("metas")).get("default"))
        return Dataset(
            id=dataset_id,
            title=a_text(metas.get("title")) or dataset_id,
            description=plain(a_text(metas.get("description"))),
            publisher=a_text(metas.get("publisher")),
            licence=a_text(metas.get("license")),
            licence_url=a_text(metas.get("license_url")),
            modified=a_text(metas.get("data_processed")) or a_text(metas.get("modified")) or None,
            records=a_count(metas.get("records_count")),
            page=f"{self.url}/explore/dataset/{quote(dataset_id, safe='')}/",
            resources=self._exports(dataset_id, given, metas),
        )

    def _exports(self, dataset_id: str, given: dict[str, Any], metas: dict[str, Any]) -> tuple[Resource, ...]:
        """It writes any format on demand; those with places only where there are places."""
        if given.get("has_records") is False:
            return ()
        placed = "geo" in a_list(given.get("features"))
        base = f"{self.url}{API}/catalog/datasets/{quote(dataset_id, safe='')}/exports"
        return tuple(
            Resource(
                id=name,
                title=title,
                format=name,
                url=f"{base}/{name}{WITH_COLUMN_NAMES.get(name, '')}",
                modified=a_text(metas.get("data_processed")) or None,
            )
            for name, title in EXPORTS.items()
            if placed or name not in PLACED
        )


def literal(text: str) -> str:
    """Of the query language: in quotation marks, with a backslash before one."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
