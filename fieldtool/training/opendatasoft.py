"""A portal as Opendatasoft's Explore API v2.1 describes it, below /opendatasoft. Reading is public."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs

from fieldtool.training import open_data
from fieldtool.training.open_data import MODIFIED, Made
from fieldtool.training.platform import Platform
from fieldtool.training.wire import Answer, Asked, json_answer

ROOT = "opendatasoft"
DATASETS = (ROOT, "api", "explore", "v2.1", "catalog", "datasets")
MOST = 100
WINDOW = 10_000
SEARCH = re.compile(r'search\("((?:[^"\\]|\\.)*)"\)')
FORMATS = {
    "geojson": ("application/json; charset=utf-8", open_data.as_geojson),
    "csv": ("text/csv; charset=utf-8", open_data.as_csv),
}


class Wrong(Exception):
    """`code` as the API names it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def answer(_: Platform, asked: Asked) -> Answer:
    try:
        return _answer(asked)
    except Wrong as wrong:
        return refused(wrong.status, wrong.code, wrong.message)


def refused(status: int, code: str, message: str) -> Answer:
    return json_answer(status, {"error_code": code, "message": message})


def _answer(asked: Asked) -> Answer:
    if asked.method not in ("GET", "HEAD"):
        raise Wrong(405, "MethodNotAllowed", f"{asked.method} is not allowed here")
    below = asked.segments[len(DATASETS) :]
    if asked.segments[: len(DATASETS)] != DATASETS:
        raise Wrong(404, "NotFound", f"there is nothing at {asked.path}")
    if not below:
        return _search({name: values[-1] for name, values in parse_qs(asked.query).items()})
    made = open_data.by_id(open_data.OPENDATASOFT, below[0])
    if made is None:
        raise Wrong(404, "DatasetNotFound", f"{below[0]} does not exist")
    if len(below) == 1:
        return json_answer(200, described(made))
    if below[1] == "exports" and len(below) == 3:
        return _export(made, below[2])
    raise Wrong(404, "NotFound", f"there is nothing at {asked.path}")


def _search(asked: dict[str, str]) -> Answer:
    limit, offset = _number(asked, "limit", 10), _number(asked, "offset", 0)
    if limit > MOST or offset + limit > WINDOW:
        raise Wrong(400, "InvalidRESTParameterError", f"limit {limit} and offset {offset} are out of range")
    words = ""
    if "where" in asked:
        match = SEARCH.fullmatch(asked["where"].strip())
        if match is None:
            raise Wrong(400, "ODSQLError", f"cannot be understood: {asked['where']}")
        words = re.sub(r"\\(.)", r"\1", match[1])
    found = open_data.found(open_data.OPENDATASOFT, words)
    page = found[offset : offset + limit]
    return json_answer(200, {"total_count": len(found), "results": [described(made) for made in page]})


def _number(asked: dict[str, str], name: str, default: int) -> int:
    text = asked.get(name, str(default))
    if not text.isdigit():
        raise Wrong(400, "InvalidRESTParameterError", f"{name}: {text} is no number")
    return int(text)


def _export(made: Made, form: str) -> Answer:
    if form not in FORMATS:
        raise Wrong(400, "InvalidRESTParameterError", f"{form} is not written by this training platform")
    kind, write = FORMATS[form]
    named = {"Content-Type": kind, "Content-Disposition": f'attachment; filename="{made.id}.{form}"'}
    return Answer(200, write(made), named)


def described(made: Made) -> dict[str, Any]:
    placed = ["geo"] if made.place else []
    return {
        "visibility": "domain",
        "dataset_id": made.id,
        "dataset_uid": f"da_{hash_of(made.id):06x}",
        "has_records": True,
        "features": ["analyze", *placed],
        "attachments": [],
        "data_visible": True,
        "fields": [{"name": name, "label": name.title(), "type": "text"} for name in made.columns],
        "metas": {
            "default": {
                "title": made.title,
                "description": made.description,
                "license": "Datenlizenz Deutschland – Zero – Version 2.0",
                "license_url": "https://www.govdata.de/dl-de/zero-2-0",
                "publisher": "Übungsstadt",
                "keyword": list(made.keywords),
                "modified": MODIFIED,
                "data_processed": MODIFIED,
                "records_count": made.count,
            }
        },
    }


def hash_of(text: str) -> int:
    return sum(ord(character) * place for place, character in enumerate(text, start=1))
