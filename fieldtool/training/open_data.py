"""Made-up datasets of the two portals: resources/training/open_data.yaml."""

from __future__ import annotations

import csv
import functools
import hashlib
import io
import json
import re
from dataclasses import dataclass
from typing import Any

from fieldtool.data_files import read_data
from fieldtool.texts import RESOURCES
from fieldtool.training.wire import Answer, Asked

STEP = 0.0004
IN_A_ROW = 20
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "json": "application/json",
}


@dataclass(frozen=True)
class Published:
    told: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.told["id"])

    @property
    def records(self) -> int:
        return int(self.told["records"])

    def says(self, words: list[str]) -> bool:
        text = " ".join(str(self.told[name]) for name in ("id", "title", "description", "publisher")).lower()
        return all(word.lower() in text for word in words)


def published(portal: str) -> list[Published]:
    return [one for one in _all() if one.told["portal"] == portal]


@functools.cache
def _all() -> list[Published]:
    document = read_data(RESOURCES / "training" / "open_data.yaml", "open_data_training")
    return [Published(one) for one in document["datasets"]]


def rows(dataset: Published) -> list[tuple[dict[str, Any], tuple[float, float]]]:
    lon, lat = dataset.told["place"]
    found = []
    for index in range(dataset.records):
        values = {name: options[index % len(options)] for name, options in dataset.told["columns"].items()}
        row = {"Nummer": f"{dataset.told['prefix']}{index + 1:05d}", **values}
        east, north = index % IN_A_ROW * STEP, index // IN_A_ROW * STEP
        found.append((row, (round(lon + east, 6), round(lat + north, 6))))
    return found


def written(dataset: Published, form: str) -> bytes:
    if form == "csv":
        return _csv(dataset)
    if form == "geojson":
        features = [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": list(place)},
                "properties": row,
            }
            for row, place in rows(dataset)
        ]
        return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
    plain = [{**row, "geo_point_2d": {"lon": place[0], "lat": place[1]}} for row, place in rows(dataset)]
    return json.dumps(plain, ensure_ascii=False).encode()


def _csv(dataset: Published) -> bytes:
    """As Opendatasoft's: with a byte order mark, semicolons, and the place as "lat, lon"."""
    text = io.StringIO()
    names = ["Nummer", *dataset.told["columns"], "geo_point_2d"]
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(names)
    for row, (lon, lat) in rows(dataset):
        writer.writerow([*row.values(), f"{lat}, {lon}"])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def ranged(asked: Asked, body: bytes, kind: str) -> Answer:
    """RFC 9110, 14: one range to the end, only of what If-Range names."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"Content-Type": kind, "ETag": tag, "Accept-Ranges": "bytes"}
    wanted = re.fullmatch(r"bytes=(\d+)-", asked.headers.get("range", ""))
    if wanted is None or asked.headers.get("if-range", tag) != tag:
        return Answer(200, body, headers)
    start = int(wanted[1])
    if start >= len(body):
        return Answer(416, b"", {**headers, "Content-Range": f"bytes */{len(body)}"})
    place = f"bytes {start}-{len(body) - 1}/{len(body)}"
    return Answer(206, body[start:], {**headers, "Content-Range": place})
