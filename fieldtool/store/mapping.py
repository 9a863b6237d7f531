"""Which table holds an entity, and how its fields stand in the columns.

A column has its field's name; mappings are JSON text, everything else is as in `entities.to_fields`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import orjson

from fieldtool.entities import ENTITY_TYPES, E, Fields, entity_name, fields_of, from_fields, json_text


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


def to_values(table: Table, fields: Fields) -> list[Any]:
    values: list[Any] = list(fields.values())
    for index in table.json_columns:
        if values[index] is not None:
            values[index] = json_text(values[index])
    return values


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
    table = table_of(kind)
    fields: Fields = {}
    for index, (name, value) in enumerate(zip(table.columns, row[2:], strict=True)):
        fields[name] = json.loads(value) if index in table.json_columns and value is not None else value
    return from_fields(kind, row[0], fields, row[1])
