"""CKAN's Action API v3 below /ckan/api/3/action, and the files its resources name."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import parse_qsl

from fieldtool.training import open_data
from fieldtool.training.open_data import Published
from fieldtool.training.wire import Answer, Asked, json_answer

ROOT = "ckan"
ACTIONS = (ROOT, "api", "3", "action")
MOST = 1000


def answer(asked: Asked) -> Answer:
    path = asked.segments
    if asked.method not in ("GET", "HEAD"):
        return _refused(405, "Method Not Allowed", "only GET is offered")
    if path[:4] == ACTIONS and len(path) == 5:
        return _acted(path[4], dict(parse_qsl(asked.query)), asked)
    if path[:2] == (ROOT, "files") and len(path) == 3:
        name, _, form = path[2].partition(".")
        found = _named(name)
        if found is not None and form in open_data.TYPES:
            return open_data.ranged(asked, open_data.written(found, form), open_data.TYPES[form])
    if path[:2] == (ROOT, "moved") and len(path) == 3:
        return Answer(302, headers={"Location": f"/{ROOT}/files/{path[2]}"})
    return _refused(404, "Not Found Error", "Not found")


def _acted(action: str, query: dict[str, str], asked: Asked) -> Answer:
    match action:
        case "package_search":
            return _searched(query, asked)
        case "package_show":
            found = _named(query.get("id", ""))
            if found is None:
                return _refused(404, "Not Found Error", "Not found")
            return _success(_package(found, asked))
    return json_answer(400, f"Bad request - Action name not known: {action}")


def _searched(query: dict[str, str], asked: Asked) -> Answer:
    try:
        rows, start = min(int(query.get("rows", 10)), MOST), int(query.get("start", 0))
    except ValueError:
        return _refused(409, "Validation Error", "rows and start are numbers")
    words = query.get("q", "").replace("*:*", "").split()
    found = [one for one in open_data.published("ckan") if one.says(words)]
    shown = [_package(one, asked) for one in found[start : start + rows]]
    return _success({"count": len(found), "sort": "score desc", "facets": {}, "results": shown})


def _named(name: str) -> Published | None:
    return next((one for one in open_data.published("ckan") if name in (one.id, _uuid(one.id))), None)


def _package(one: Published, asked: Asked) -> dict[str, Any]:
    told = one.told
    base = f"http://{asked.headers.get('host', '')}/{ROOT}"
    return {
        "id": _uuid(one.id),
        "name": one.id,
        "title": told["title"],
        "notes": told["description"],
        "license_id": "dl-de-by-2.0",
        "license_title": told["licence"],
        "metadata_modified": told["modified"].removesuffix("+00:00") + ".000000",
        "organization": {"name": "uebung", "title": told["publisher"]},
        "num_resources": 3,
        "resources": [
            {
                "id": _uuid(f"{one.id}.pdf"),
                "name": "Beschreibung",
                "format": "PDF",
                "url": f"{base}/files/a.pdf",
            },
            *(
                {
                    "id": _uuid(f"{one.id}.{form}"),
                    "name": form.upper(),
                    "format": {"csv": "CSV", "geojson": "GeoJSON"}[form],
                    "mimetype": open_data.TYPES[form].split(";")[0],
                    "size": len(open_data.written(one, form)),
                    "url": f"{base}/moved/{one.id}.{form}",
                    "last_modified": told["modified"].removesuffix("+00:00"),
                }
                for form in ("csv", "geojson")
            ),
        ],
    }


def _uuid(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def _success(result: dict[str, Any]) -> Answer:
    return json_answer(200, {"help": "", "success": True, "result": result})


def _refused(status: int, kind: str, message: str) -> Answer:
    return json_answer(status, {"success": False, "error": {"__type": kind, "message": message}})
