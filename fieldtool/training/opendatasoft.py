"""Opendatasoft Explore API v2.1 below /opendata/api/explore/v2.1, as far as reading needs it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from fieldtool.training import open_data
from fieldtool.training.open_data import Published
from fieldtool.training.wire import Answer, Asked, json_answer

ROOT = "opendata"
CATALOGUE = (ROOT, "api", "explore", "v2.1", "catalog", "datasets")
MOST = 100
WORD = re.compile(r'"((?:[^"\\]|\\.)*)"')
WHERE = re.compile(r'"(?:[^"\\]|\\.)*"(?: AND "(?:[^"\\]|\\.)*")*')


def answer(asked: Asked) -> Answer:
    if asked.method not in ("GET", "HEAD"):
        return _refused(405, "MethodNotAllowed", "only GET is offered")
    path = asked.segments
    if path == CATALOGUE:
        return _listed(dict(parse_qsl(asked.query)))
    found = next((one for one in open_data.published("opendatasoft") if path[6:7] == (one.id,)), None)
    if path[:6] != CATALOGUE or found is None:
        return _refused(404, "DatasetNotFound", f"There is nothing at {asked.path}")
    if len(path) == 7:
        return json_answer(200, _dataset(found))
    if len(path) == 9 and path[7] == "exports" and path[8] in open_data.TYPES:
        return Answer(
            200,
            open_data.written(found, path[8]),
            {
                "Content-Type": open_data.TYPES[path[8]],
                "Content-Disposition": f'attachment; filename="{found.id}.{path[8]}"',
            },
        )
    return _refused(404, "NotFound", f"There is nothing at {asked.path}")


def _listed(query: dict[str, str]) -> Answer:
    try:
        limit, offset = int(query.get("limit", 10)), int(query.get("offset", 0))
    except ValueError:
        return _refused(400, "InvalidRESTParameterError", "limit and offset are numbers")
    if not (-1 <= limit <= MOST and offset >= 0):
        return _refused(400, "InvalidRESTParameterError", f"limit is at most {MOST}")
    where = query.get("where", "")
    if where and not WHERE.fullmatch(where):
        return _refused(400, "ODSQLError", "this platform understands only words in quotation marks")
    words = [re.sub(r"\\(.)", r"\1", word) for word in WORD.findall(where)]
    found = [one for one in open_data.published("opendatasoft") if one.says(words)]
    shown = [_dataset(one) for one in found[offset : offset + limit]]
    return json_answer(200, {"total_count": len(found), "results": shown})


def _dataset(one: Published) -> dict[str, Any]:
    told = one.told
    return {
        "dataset_id": one.id,
        "dataset_uid": f"da_{one.id}",
        "attachments": [],
        "has_records": one.records > 0,
        "data_visible": True,
        "features": ["analyze", "geo"] if one.records else [],
        "metas": {
            "default": {
                "title": told["title"],
                "description": f"<p>{told['description']}</p>",
                "publisher": told["publisher"],
                "license": told["licence"] or None,
                "modified": told["modified"],
                "records_count": one.records,
            }
        },
        "fields": [{"name": name, "label": name, "type": "text"} for name in ("Nummer", *told["columns"])],
    }


def _refused(status: int, code: str, message: str) -> Answer:
    return json_answer(status, {"error_code": code, "message": message})
