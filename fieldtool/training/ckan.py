"""An open data portal as CKAN's Action API v3 describes it, below /ckan. Reading is public.

One file of each dataset lies behind a redirect, and one is announced that is not there any more.
"""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import parse_qs

from fieldtool.training import open_data, ranges
from fieldtool.training.open_data import MODIFIED, Made
from fieldtool.training.platform import Platform
from fieldtool.training.wire import Answer, Asked, json_answer

ROOT = "ckan"
ACTION = (ROOT, "api", "3", "action")
FILES = {
    "csv": ("CSV", "text/csv", open_data.as_utm_csv),
    "geojson": ("GeoJSON", "application/geo+json", open_data.as_geojson),
}
MOST = 1000


class Wrong(Exception):
    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status, self.kind, self.message = status, kind, message


def answer(_: Platform, asked: Asked) -> Answer:
    try:
        return _answer(asked)
    except Wrong as wrong:
        return refused(wrong.status, wrong.kind, wrong.message)


def refused(status: int, kind: str, message: str) -> Answer:
    return json_answer(status, {"success": False, "error": {"__type": kind, "message": message}})


def _answer(asked: Asked) -> Answer:
    given = {name: values[-1] for name, values in parse_qs(asked.query).items()}
    base = f"http://{asked.headers.get('host', '127.0.0.1')}/{ROOT}"
    match asked.segments[1:]:
        case ("api", "3", "action", "site_read"):
            return _done(True)
        case ("api", "3", "action", "package_search"):
            return _done(_search(given, base))
        case ("api", "3", "action", "package_show"):
            return _done(described(_made(given.get("id", "")), base))
        case ("dataset", name, "resource", form, "download"):
            made = _made(name)
            return Answer(302, headers={"Location": f"/{ROOT}/files/{made.id}.{form}"})
        case ("files", name):
            return ranges.answer(asked, _file(name))
    raise Wrong(404, "Not Found Error", f"there is nothing at {asked.path}")


def _done(result: object) -> Answer:
    return json_answer(200, {"help": "", "success": True, "result": result})


def _made(name: str) -> Made:
    made = open_data.by_id(open_data.CKAN, name)
    if made is None:
        raise Wrong(404, "Not Found Error", "Not found")
    return made


def _search(given: dict[str, str], base: str) -> dict[str, Any]:
    rows, start = given.get("rows", "10"), given.get("start", "0")
    if not rows.isdigit() or not start.isdigit():
        raise Wrong(409, "Validation Error", "rows and start are numbers")
    found = open_data.found(open_data.CKAN, given.get("q", ""))
    page = found[int(start) : int(start) + min(int(rows), MOST)]
    return {"count": len(found), "sort": "score desc", "results": [described(made, base) for made in page]}


def _file(name: str) -> Answer:
    stem, _, form = name.rpartition(".")
    if form not in FILES:
        raise Wrong(404, "Not Found Error", "Not found")
    _title, kind, write = FILES[form]
    return Answer(
        200, write(_made(stem)), {"Content-Type": kind, "Last-Modified": "Mon, 05 Oct 2026 04:12:00 GMT"}
    )


def described(made: Made, base: str) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, made.id)),
        "name": made.id,
        "title": made.title,
        "notes": made.description,
        "license_id": "dl-zero-de/2.0",
        "license_title": "Datenlizenz Deutschland Zero 2.0",
        "license_url": "https://www.govdata.de/dl-de/zero-2-0",
        "metadata_modified": MODIFIED.removesuffix("+00:00"),
        "organization": {"title": "Übungsstadt an der Ruhr"},
        "num_resources": len(FILES) + 1,
        "resources": [_resource(made, form, base) for form in (*FILES, "pdf")],
    }


def _resource(made: Made, form: str, base: str) -> dict[str, Any]:
    title = FILES[form][0] if form in FILES else "PDF"
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{made.id}.{form}")),
        "name": f"{made.title} als {title}",
        "format": title,
        "url": f"{base}/dataset/{made.id}/resource/{form}/download",
        "size": len(FILES[form][2](made)) if form in FILES else None,
        "last_modified": MODIFIED.removesuffix("+00:00"),
        "created": MODIFIED.removesuffix("+00:00"),
    }
