"""The assets that fulfil a query, found condition by condition, each by its own index."""

from __future__ import annotations

from typing import Any

from fieldtool.asset_query import AssetQuery, Condition, Scalar, folded
from fieldtool.store import asset_order, search
from fieldtool.store.asset_columns import compared, of_class
from fieldtool.store.asset_indexes import Indexes
from fieldtool.store.asset_order import EVERYTHING, Seqs, empty_seqs
from fieldtool.store.connection import Connection
from fieldtool.store.places import WITHIN, within

FEW = 20_000
"""Up to so many are sorted by themselves; of more, the order of all is gone through."""


def columns_of(query: AssetQuery) -> list[str]:
    """That should have an index."""
    return [*(one.column for one in query.conditions), *([] if query.sort is None else [query.sort])]


def seqs(connection: Connection, query: AssetQuery, indexes: Indexes) -> Seqs:
    """All of them, in order."""
    if not query.narrowed:
        return asset_order.every(connection, query, indexes)
    found = matching(connection, query, indexes)
    if query.sort is None:
        return found if not query.descending else empty_seqs(reversed(found))
    if not found or len(found) <= FEW:
        return asset_order.in_order(connection, query, found)
    mask = bytearray(found[-1] + 1)
    for seq in found:
        mask[seq] = 1
    top, every = len(mask), asset_order.every(connection, query, indexes)
    return empty_seqs(seq for seq in every if seq < top and mask[seq])


def matching(connection: Connection, query: AssetQuery, indexes: Indexes) -> Seqs:
    """In the order of seq."""
    found: set[int] | None = None
    for one in query.conditions:
        found = _both(found, _fulfilling(connection, query.asset_class, one, indexes))
        if not found:
            return empty_seqs()
    if query.text is not None:
        expression = search.expression(query.text)
        if expression is None:
            return empty_seqs()
        hits = search.matches(connection, expression, query.bbox, query.asset_class, 0, EVERYTHING)
        found = _both(found, set(hits))
    elif query.bbox is not None:
        found = _both(found, _inside(connection, query))
    return empty_seqs(sorted(found or ()))


def _both(found: set[int] | None, more: set[int]) -> set[int]:
    return more if found is None else found & more


def _fulfilling(
    connection: Connection, asset_class: str | None, condition: Condition, indexes: Indexes
) -> set[int]:
    where, values = condition_sql(condition)
    hint = indexes.get(condition.column, "")
    sql = f"SELECT seq FROM assets {hint} WHERE {of_class(asset_class)} AND {where}"
    return {row[0] for row in connection.rows(sql, values)}


def _inside(connection: Connection, query: AssetQuery) -> set[int]:
    sql = f"SELECT b.seq FROM asset_boxes b JOIN assets ON assets.seq = b.seq WHERE {WITHIN}"
    sql += f" AND {of_class(query.asset_class)}"
    return {row[0] for row in connection.rows(sql, within(query.bbox or (0, 0, 0, 0)))}


def condition_sql(condition: Condition) -> tuple[str, tuple[Any, ...]]:
    value = compared(condition.column)
    wanted = tuple(folded(one) for one in condition.values)
    match condition.test:
        case "equals":
            return f"{value} IN ({', '.join('?' * len(wanted))})", wanted
        case "contains":
            return f"{value} IS NOT NULL AND instr({value}, ?) > 0", wanted
        case "between":
            return _between(value, *wanted)
        case "empty":
            return f"({value} IS NULL OR {value} = '')", ()


def _between(value: str, lowest: Scalar, highest: Scalar) -> tuple[str, tuple[Any, ...]]:
    """Texts and numbers are never between each other: SQLite has every number below every text."""
    conditions, values = [], []
    for sign, limit in ((">=", lowest), ("<=", highest)):
        if limit is not None:
            conditions.append(f"{value} {sign} ?")
            values.append(limit)
    of_text = isinstance(lowest if lowest is not None else highest, str)
    if of_text and lowest is None:
        conditions.append(f"{value} > ''")
    elif not of_text and highest is None:
        conditions.append(f"{value} < ''")
    return " AND ".join(conditions), tuple(values)
