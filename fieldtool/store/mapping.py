"""Which table holds an entity, and how its fields stand in the columns.

A column has its field's name; mappings are JSON text, everything else is as in `entities.to_fields`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

import orjson

from fieldtool.entities import ENTITY_TYPES, Columns, E, entity_name, fields_of, json_texts, parse_time

EXACT_BELOW = 2.0**63


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` are those of the fields, without id and version; `json_columns` the positions of those
    that hold JSON text."""

    name: str
    columns: tuple[str, ...]
    json_columns: frozenset[int]

    @property
    def selected(self) -> str:
        return ", ".join(f"{self.name}.{column}" for column in ("id", "version", *self.columns))


def _table(kind: type[object]) -> Table:
    fields = fields_of(kind)
    return Table(
        f"{entity_name(kind)}s",
        tuple(field.name for field in fields),
        frozenset(index for index, field in enumerate(fields) if field.kind == "json"),
    )


_TABLES: Mapping[type[object], Table] = {kind: _table(kind) for kind in ENTITY_TYPES.values()}


def table_of(kind: type[object]) -> Table:
    return _TABLES[kind]


def to_values(table: Table, columns: Columns) -> list[Sequence[Any]]:
    """What stands in the columns of the table, column by column."""
    return [
        _texts(columns[name]) if index in table.json_columns else columns[name]
        for index, name in enumerate(table.columns)
    ]


def _texts(values: Sequence[Any]) -> Sequence[str | None]:
    if None not in values:
        return json_texts(values)
    texts = iter(json_texts([value for value in values if value is not None]))
    return [None if value is None else next(texts) for value in values]


def row_text(table: Table, values: Sequence[Any]) -> str:
    """`entities.json_text` of the fields behind `values`, whose JSON columns are made already."""
    if float in set(map(type, values)) and not all(
        isfinite(value) for value in values if type(value) is float
    ):
        raise ValueError("NaN and infinity are no JSON")
    document = dict(zip(table.columns, values, strict=True))
    for index in table.json_columns:
        text = values[index]
        if text is not None:
            document[table.columns[index]] = orjson.Fragment(text)
    return orjson.dumps(document).decode()


def to_entity(kind: type[E], row: Sequence[Any]) -> E:
    """`row` is what `Table.selected` names."""
    entity: E = _MAKERS[kind](row)
    return entity


def _maker(kind: type[Any]) -> Callable[[Sequence[Any]], Any]:
    """Slot by slot: a page of assets takes a quarter of what the constructor and `from_fields` take."""
    if hasattr(kind, "__post_init__"):
        raise TypeError(f"{kind.__name__} checks itself when it is made")
    decoders = {"json": _json, "time": parse_time, "date": date.fromisoformat}
    setters = tuple(getattr(kind, name).__set__ for name in ("id", "version", *table_of(kind).columns))
    decoded = tuple(
        (index, setters[index], decoders[field.kind])
        for index, field in enumerate(fields_of(kind), start=2)
        if field.kind in decoders
    )

    def make(row: Sequence[Any]) -> Any:
        entity = object.__new__(kind)
        for put, value in zip(setters, row, strict=True):
            put(entity, value)
        for index, put, decode in decoded:
            if row[index] is not None:
                put(entity, decode(row[index]))
        return entity

    return make


def _json(text: str) -> Any:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:  # figures beyond its own range
        return json.loads(text)
    return found if _is_exact(found.values()) else json.loads(text)


def _is_exact(values: Iterable[Any]) -> bool:
    """A whole number beyond 64 bits is a fraction to orjson."""
    for value in values:
        kind = type(value)
        if kind is float:
            if not -EXACT_BELOW < value < EXACT_BELOW:
                return False
        elif (kind is list and not _is_exact(value)) or (kind is dict and not _is_exact(value.values())):
            return False
    return True


_MAKERS: Mapping[type[object], Callable[[Sequence[Any]], Any]] = {
    kind: _maker(kind) for kind in ENTITY_TYPES.values()
}
