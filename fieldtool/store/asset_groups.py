"""How many assets have which value of a column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fieldtool.asset import Asset
from fieldtool.asset_query import AssetQuery, Scalar
from fieldtool.store import asset_filter, asset_order
from fieldtool.store.asset_columns import compared, of_class
from fieldtool.store.asset_indexes import Indexes
from fieldtool.store.connection import Connection

MOST = 500


@dataclass(frozen=True, slots=True)
class Group:
    """`value` as it is compared, None for what has none; `example` is one of its assets, which shows how
    the value is written."""

    value: Scalar
    count: int
    example: Asset


def groups(connection: Connection, query: AssetQuery, column: str, indexes: Indexes) -> list[Group]:
    """The largest first, at most MOST."""
    value, hint = compared(column), indexes.get(column, "")
    # Grouped outside, SQLite takes the values from the index; else it works them out again for each group.
    grouped = f"SELECT value, count(*), min(seq) FROM (SELECT {value} AS value, seq FROM assets"
    behind = f"LIMIT -1) GROUP BY value ORDER BY count(*) DESC, value LIMIT {MOST}"
    found = asset_filter.matching(connection, query, indexes) if query.narrowed else None
    if found is None:
        rows = connection.rows(f"{grouped} {hint} WHERE {of_class(query.asset_class)} {behind}")
    elif len(found) <= asset_filter.FEW:
        among = "WHERE seq IN (SELECT value FROM json_each(?))"
        rows = connection.rows(f"{grouped} {among} {behind}", (asset_order.as_json(found),))
    else:
        sql = f"SELECT {value}, seq FROM assets {hint} WHERE {of_class(query.asset_class)}"
        rows = _counted(connection.rows(sql), set(found))
    examples = dict(asset_order.assets_at(connection, [seq for _value, _count, seq in rows]))
    return [Group(one, number, examples[seq]) for one, number, seq in rows]


def _counted(rows: Iterable[tuple[Any, ...]], found: set[int]) -> list[tuple[Any, ...]]:
    counts: Counter[Scalar] = Counter()
    first: dict[Scalar, int] = {}
    for value, seq in rows:
        if seq in found:
            counts[value] += 1
            first.setdefault(value, seq)
    return [(value, number, first[value]) for value, number in counts.most_common(MOST)]
