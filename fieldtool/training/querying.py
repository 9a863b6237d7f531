"""GET /entities: which entities, which page of them, and the headers that say so (5.7.2, 6.4.3.2, 6.3.10)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode

from fieldtool.training import geo, q_language
from fieldtool.training.database import Row, Work
from fieldtool.training.representing import View
from fieldtool.training.values import bad, is_name, is_uri
from fieldtool.training.wire import Kind, problem

VIEW_PARAMETERS = ("options", "format", "attrs")
PARAMETERS = {
    *VIEW_PARAMETERS,
    *("id", "type", "idPattern", "q", "limit", "offset", "count", "local"),
    *geo.PARAMETERS,
}
DEFAULT_LIMIT = 20
LARGEST_LIMIT = 1000
SYSTEM_NAMES = {"createdAt", "modifiedAt"}

Test = Callable[[Row], bool]


@dataclass(frozen=True)
class Query:
    """`where` and `values` go to SQL; `tests` are what SQL can't do."""

    where: str
    values: tuple[str, ...]
    tests: tuple[Test, ...]
    limit: int
    offset: int
    count: bool


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    total: int


def parameters(query: str, known: set[str]) -> dict[str, str]:
    """6.3.20: an unknown one is InvalidRequest; the same goes for one that is given twice."""
    pairs = parse_qsl(query, keep_blank_values=True)
    found = dict(pairs)
    if len(found) != len(pairs):
        raise problem(Kind.INVALID_REQUEST, "a query parameter is given twice")
    strangers = sorted(set(found) - known)
    if strangers:
        raise problem(Kind.INVALID_REQUEST, f"unknown query parameter: {', '.join(strangers)}")
    return found


def view(given: Mapping[str, str]) -> View:
    options = {option for name in ("options", "format") for option in _listed(given.get(name))}
    unknown = options - {"sysAttrs", "keyValues", "simplified", "normalized"}
    if unknown:
        raise problem(Kind.INVALID_REQUEST, f"options: not offered here: {', '.join(sorted(unknown))}")
    names = _listed(given.get("attrs"))
    return View(
        simplified=bool(options & {"keyValues", "simplified"}),
        system="sysAttrs" in options,
        attributes=frozenset(names) if names else None,
    )


def parse(given: Mapping[str, str], tenant: str) -> Query:
    """Raises Refused."""
    where, values = ["tenant = ?"], [tenant]
    for sql, wanted in (_types(given), _ids(given)):
        where += [sql] if sql else []
        values += wanted
    tests, selective = _tests(given)
    if not ("type" in given or selective or given.get("local") == "true"):
        # 5.7.2.4: "too wide"; an id list alone does not narrow it.
        raise bad("one of type, attrs, q or a geoquery is needed (5.7.2.4)")
    limit = _number(given, "limit", DEFAULT_LIMIT)
    count = _flag(given, "count")
    if limit == 0 and not count:
        raise bad("limit=0 makes sense with count=true only (6.3.13)")
    if limit > LARGEST_LIMIT:
        raise problem(Kind.TOO_MANY_RESULTS, f"limit: at most {LARGEST_LIMIT}")
    return Query(" AND ".join(where), tuple(values), tuple(tests), limit, _number(given, "offset", 0), count)


def _types(given: Mapping[str, str]) -> tuple[str, list[str]]:
    if "type" not in given:
        return "", []
    names = re.split(r"[,|]", given["type"])
    if not all(is_name(name) for name in names):
        raise bad("type: names joined by comma; the rest of 4.17 is not offered here")
    marks = ", ".join("?" * len(names))
    return f"EXISTS (SELECT 1 FROM json_each(types) WHERE value IN ({marks}))", names


def _ids(given: Mapping[str, str]) -> tuple[str, list[str]]:
    if "id" not in given:
        return "", []
    identifiers = given["id"].split(",")
    if not all(is_uri(identifier) for identifier in identifiers):
        raise bad("id: URIs joined by comma")
    return f"id IN ({', '.join('?' * len(identifiers))})", identifiers


def _tests(given: Mapping[str, str]) -> tuple[list[Test], bool]:
    """And whether they narrow the query enough."""
    tests: list[Test] = []
    selective = False
    names = set(_listed(given.get("attrs"))) - SYSTEM_NAMES
    if names:
        tests.append(lambda row: bool(names & set(row.attributes)))
        selective = True
    if "q" in given:
        query = q_language.parse(given["q"])
        tests.append(query.test)
        selective = selective or bool(query.names - SYSTEM_NAMES)
    near = geo.parse(given)
    if near is not None:
        tests.append(near)
        selective = True
    if "idPattern" in given:
        try:
            pattern = re.compile(given["idPattern"])
        except re.error as error:
            raise bad(f"idPattern: {error}") from None
        tests.append(lambda row: pattern.search(row.id) is not None)
    return tests, selective


def page(work: Work, query: Query) -> Page:
    if not query.tests:
        rows = work.select(query.where, query.values, query.limit, query.offset)
        return Page(list(rows), work.count(query.where, query.values))
    rows = work.select(query.where, query.values)
    matching = [row for row in rows if all(test(row) for test in query.tests)]
    return Page(matching[query.offset : query.offset + query.limit], len(matching))


def page_links(path: str, given: Mapping[str, str], query: Query, total: int) -> list[str]:
    """rel next and prev, 6.3.10."""
    links = []
    if query.limit and query.offset + query.limit < total:
        links.append(_page_link(path, given, query.offset + query.limit, "next"))
    if query.limit and query.offset > 0:
        links.append(_page_link(path, given, max(0, query.offset - query.limit), "prev"))
    return links


def _page_link(path: str, given: Mapping[str, str], offset: int, relation: str) -> str:
    target = f"{quote(path)}?{urlencode({**given, 'offset': str(offset)})}"
    return f'<{target}>; rel="{relation}"; type="application/ld+json"'


def _listed(text: str | None) -> list[str]:
    return [part for part in (text or "").split(",") if part]


def _number(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise bad(f"{name}: a whole number, not negative")
    return int(text)


def _flag(given: Mapping[str, str], name: str) -> bool:
    text = given.get(name, "false")
    if text not in ("true", "false"):
        raise bad(f"{name}: true or false")
    return text == "true"
