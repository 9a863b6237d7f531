"""CKAN Action API v3: package_search and package_show; the files lie wherever their owners keep them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, BinaryIO
from urllib.parse import quote, urljoin

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
from fieldtool.connectors.source import Received, Source, checked_file_url
from fieldtool.connectors.source_errors import (
    DatasetUnknown,
    NoPortal,
    SourceMissing,
    SourceUnusable,
    SourceUrlInvalid,
)

KIND = "ckan"
API = "/api/3/action"
MOST_AT_ONCE = 100
OTHER_NAMES = {"geopackage": "gpkg", "shapefile": "shp", "excel": "xlsx", "geo json": "geojson"}


class Ckan:
    kind = KIND

    def __init__(self, source: Source) -> None:
        self._source = source
        self.url = source.target

    def close(self) -> None:
        self._source.close()

    def check(self) -> None:
        if an_object(self._source.json(f"{API}/site_read")).get("success") is not True:
            raise NoPortal(self.url)

    def search(self, words: str, *, offset: int = 0, limit: int = 20) -> Datasets:
        asked = {"rows": str(min(limit, MOST_AT_ONCE)), "start": str(offset)}
        if words.strip():
            asked["q"] = words.strip()
        result = self._result("package_search", asked)
        total = a_count(result.get("count"))
        if total is None:
            raise SourceUnusable(self.url, Unexpected.WRONG_SHAPE)
        return Datasets(total, tuple(self._dataset(one) for one in a_list(result.get("results"))))

    def dataset(self, dataset_id: str) -> Dataset:
        try:
            return self._dataset(self._result("package_show", {"id": dataset_id}))
        except SourceMissing:
            raise DatasetUnknown(self.url, dataset_id) from None

    def download(
        self, resource: Resource, into: BinaryIO, *, most: int, told: Callable[[int, int | None], None]
    ) -> Received:
        return self._source.download(resource.url, into, most=most, told=told)

    def _result(self, action: str, asked: Mapping[str, str]) -> dict[str, Any]:
        """What it wants to say is inside an envelope that names success."""
        answer = an_object(self._source.json(f"{API}/{action}", asked))
        result = answer.get("result")
        if answer.get("success") is not True or not isinstance(result, dict):
            raise SourceUnusable(self.url, Unexpected.WRONG_SHAPE)
        return result

    def _dataset(self, told: Any) -> Dataset:
        given = an_object(told)
        name = a_text(given.get("name")) or a_text(given.get("id"))
        if not name:
            raise SourceUnusable(self.url, Unexpected.WRONG_SHAPE)
        organization = an_object(given.get("organization"))
        files = tuple(
            found for one in a_list(given.get("resources")) if (found := self._resource(one)) is not None
        )
        return Dataset(
            id=name,
            title=a_text(given.get("title")) or name,
            description=plain(a_text(given.get("notes"))),
            publisher=a_text(organization.get("title")) or a_text(given.get("author")),
            licence=a_text(given.get("license_title")) or a_text(given.get("license_id")),
            licence_url=a_text(given.get("license_url")),
            modified=a_text(given.get("metadata_modified")) or None,
            records=None,
            page=f"{self.url}/dataset/{quote(name, safe='')}",
            resources=files,
        )

    def _resource(self, told: Any) -> Resource | None:
        """Without an address that can be asked it is not a file."""
        given = an_object(told)
        try:
            url = checked_file_url(urljoin(f"{self.url}/", a_text(given.get("url"))))
        except SourceUrlInvalid:
            return None
        if not a_text(given.get("url")):
            return None
        return Resource(
            id=a_text(given.get("id")),
            title=a_text(given.get("name")) or a_text(given.get("description")),
            format=format_name(a_text(given.get("format")), url),
            url=url,
            size=a_count(given.get("size")),
            modified=a_text(given.get("last_modified")) or a_text(given.get("created")) or None,
            licence=a_text(given.get("license")),
        )


def format_name(said: str, url: str) -> str:
    """What people type there: "CSV", ".csv", "GeoPackage", an address of a list of formats, or nothing."""
    name = said.rstrip("/").rsplit("/", 1)[-1].strip(" .").lower()
    if not name and "." in url.rsplit("/", 1)[-1]:
        name = url.rsplit(".", 1)[-1].lower()
    return OTHER_NAMES.get(name, name)
