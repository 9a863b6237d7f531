"""Our own Shapefiles: what their ten letters and 254 characters could not say stands in files beside them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from fieldtool.entities import json_text
from fieldtool.exports.columns import CLASS, EXACT, ID, as_text, column_of
from fieldtool.exports.formats.shapefile import EXACT_HEAD, EXACT_TABLE, FIELDS_HEAD, OWN_KIND, cut
from fieldtool.exports.saving import FOLDER_MARK
from fieldtool.imports.source import Row, Source
from fieldtool.jsontypes import Json


@dataclass(frozen=True, slots=True)
class _Field:
    column: str
    kind: str


def with_companions(source: Source) -> Source:
    """The table as it would be in a format that can say everything; any other Shapefile as it is."""
    folder = source.path.parent
    fields = _fields(folder / FOLDER_MARK, _class(source))
    if not fields or ID not in source.columns:
        return source
    exact = _exact(folder / EXACT_TABLE)
    names = [fields[column].column if column in fields else column for column in source.columns]
    return replace(
        source,
        columns=(*names, EXACT),
        rows=[row._replace(values=dict(_values(row, fields, exact))) for row in source.rows],
    )


def _class(source: Source) -> str | None:
    return next((str(row.values[CLASS]) for row in source.rows if CLASS in row.values), None)


def _fields(path: Path, asset_class: str | None) -> dict[str, _Field]:
    """By their short names."""
    return {
        name: _Field(key if kind == OWN_KIND else column_of(key), kind)
        for of_class, name, key, _title, kind in _table(path, FIELDS_HEAD, ";")
        if of_class == asset_class
    }


def _exact(path: Path) -> dict[str, str]:
    return {row[0]: row[1] for row in _table(path, EXACT_HEAD, ",")}


def _table(path: Path, head: tuple[str, ...], delimiter: str) -> Iterator[list[str]]:
    """Nothing where there is no such file, or another one of that name."""
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except FileNotFoundError:
        return
    rows = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    if tuple(next(rows, ())) == head:
        yield from (row for row in rows if len(row) == len(head))


def _values(row: Row, fields: Mapping[str, _Field], exact: Mapping[str, str]) -> Iterator[tuple[str, Json]]:
    told = _told(exact.get(str(row.values.get(ID))))
    kept = dict(told.attributes)
    cells = {
        (fields[name].column if name in fields else name): _typed(value, fields.get(name))
        for name, value in row.values.items()
    }
    for key, value in told.long.items():
        column = column_of(key)
        if cells.get(column) == (cut(value).strip() if isinstance(value, str) else None):
            cells[column] = as_text(value)
            kept[key] = value
    yield from cells.items()
    members = {**told.others, **({"attributes": kept} if kept else {})}
    if members:
        yield EXACT, json_text(members)


@dataclass(frozen=True, slots=True)
class _Told:
    """Of one thing: what its EXACT cell would say, and what was too long for its cell."""

    others: Mapping[str, Json]
    attributes: Mapping[str, Json]
    long: Mapping[str, Json]


def _told(text: str | None) -> _Told:
    found = _mapping(text)
    cell = found.get("cell")
    members = _mapping(cell if isinstance(cell, str) else None)
    attributes, long = members.pop("attributes", None), found.get("long")
    return _Told(
        members,
        attributes if isinstance(attributes, dict) else {},
        long if isinstance(long, dict) else {},
    )


def _mapping(text: str | None) -> dict[str, Json]:
    try:
        found = json.loads(text) if text is not None else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _typed(value: Json, field: _Field | None) -> Json:
    """dBase knows neither whole numbers nor truth apart from figures."""
    if field is None or isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if field.kind == "boolean":
        return bool(value)
    if field.kind == "number":
        return float(value)
    return int(value) if field.kind == "integer" and float(value).is_integer() else value
