"""Assets in the order of any column: a page by key, or the keys of all.

An order is a few stretches, one behind the other: the ranked values, the other values, then what has none.
In each, a page goes on behind the last value and seq; equal values follow in the order of seq.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fieldtool.asset import Asset
from fieldtool.asset_query import AssetQuery
from fieldtool.store.asset_columns import compared, of_class
from fieldtool.store.asset_indexes import Indexes
from fieldtool.store.connection import Connection
from fieldtool.store.mapping import table_of, to_entity

if TYPE_CHECKING:
    Seqs = array[int]
else:
    Seqs = array
NATURAL = "id"
PART = 50_000
EVERYTHING = 2**62


@dataclass(frozen=True, slots=True)
class Position:
    """Behind which a page begins."""

    stretch: int
    value: Any
    seq: int


@dataclass(frozen=True, slots=True)
class Page:
    """`last` is None behind the end."""

    seqs: Seqs
    assets: tuple[Asset, ...]
    last: Position | None


@dataclass(frozen=True, slots=True)
class _Stretch:
    """`ordered` is None where all values are equal."""

    where: str
    values: tuple[Any, ...]
    ordered: str | None
    descending: bool


def empty_seqs(values: Iterable[int] = ()) -> Seqs:
    return array("I", values)


def page(
    connection: Connection, query: AssetQuery, indexes: Indexes, after: Position | None, limit: int
) -> Page:
    """Of a query that is not narrowed."""
    table = table_of(Asset)
    rows, last = _rows(connection, query, indexes, f", {table.selected}", after, limit)
    assets = tuple(to_entity(Asset, row[2:]) for row in rows)
    return Page(empty_seqs(row[0] for row in rows), assets, last)


def part(
    connection: Connection, query: AssetQuery, indexes: Indexes, after: Position | None, limit: int
) -> tuple[Seqs, Position | None]:
    """The keys alone; the position is None behind the end."""
    rows, last = _rows(connection, query, indexes, "", after, limit)
    return empty_seqs(row[0] for row in rows), last


def every(connection: Connection, query: AssetQuery, indexes: Indexes) -> Seqs:
    """The keys of all, without the conditions of the query."""
    size = PART if query.sort is None or query.sort in indexes else EVERYTHING
    found, last = part(connection, query, indexes, None, size)
    while last is not None:
        more, last = part(connection, query, indexes, last, size)
        found.extend(more)
    return found


def _rows(
    connection: Connection,
    query: AssetQuery,
    indexes: Indexes,
    selected: str,
    after: Position | None,
    limit: int,
) -> tuple[list[tuple[Any, ...]], Position | None]:
    hint = "" if query.sort is None else indexes.get(query.sort, "")
    ordered = _stretches(query)
    found: list[tuple[Any, ...]] = []
    first = 0 if after is None else after.stretch
    for number, stretch in list(enumerate(ordered))[first:]:
        behind = after if after is not None and after.stretch == number else None
        for where, values, order in _steps(stretch, behind):
            value = stretch.ordered or "NULL"
            sql = (
                f"SELECT seq, {value}{selected} FROM assets {hint}"
                f" WHERE {of_class(query.asset_class)} AND {where} ORDER BY {order} LIMIT ?"
            )
            found += connection.rows(sql, (*values, limit - len(found)))
            if len(found) >= limit:
                return found, Position(number, found[-1][1], found[-1][0])
    return found, None


def _stretches(query: AssetQuery) -> list[_Stretch]:
    if query.sort is None:
        return [_Stretch("1", (), NATURAL, query.descending)]
    value = compared(query.sort)
    ranked = [_Stretch(f"{value} = ?", (rank,), None, query.descending) for rank in query.ranks]
    others = _Stretch(f"{value} IS NOT NULL", (), value, query.descending)
    if ranked:
        places = ", ".join("?" * len(query.ranks))
        others = _Stretch(f"{value} NOT IN ({places})", query.ranks, value, query.descending)
    some = [*ranked, others]
    if query.descending:
        some.reverse()
    return [*some, _Stretch(f"{value} IS NULL", (), None, descending=False)]


def _steps(stretch: _Stretch, after: Position | None) -> list[tuple[str, tuple[Any, ...], str]]:
    """Condition, its values, and the order: what equals the last value, then what comes behind it."""
    sign, way = ("<", " DESC") if stretch.descending else (">", "")
    by_seq = f"seq{way}"
    order = by_seq if stretch.ordered is None else f"{stretch.ordered}{way}, {by_seq}"
    if after is None:
        return [(stretch.where, stretch.values, order)]
    if stretch.ordered is None:
        return [(f"{stretch.where} AND seq {sign} ?", (*stretch.values, after.seq), by_seq)]
    beyond = (f"{stretch.where} AND {stretch.ordered} {sign} ?", (*stretch.values, after.value), order)
    if stretch.ordered == NATURAL:
        return [beyond]
    equal = f"{stretch.where} AND {stretch.ordered} = ? AND seq {sign} ?"
    return [(equal, (*stretch.values, after.value, after.seq), by_seq), beyond]


def in_order(connection: Connection, query: AssetQuery, few: Seqs) -> Seqs:
    """These few in the order of the query's column."""
    if query.sort is None or not few:
        return few
    value, way = compared(query.sort), " DESC" if query.descending else ""
    ranks = "".join(f" WHEN ? THEN {number}" for number, _rank in enumerate(query.ranks))
    rank = f"CASE {value}{ranks} ELSE {len(query.ranks)} END{way}, " if ranks else ""
    behind = f"CASE WHEN {value} IS NULL THEN {'-seq' if query.descending else 'seq'} ELSE seq END"
    sql = (
        f"SELECT seq FROM assets WHERE seq IN (SELECT value FROM json_each(?))"
        f" ORDER BY {value} IS NULL, {rank}{value}{way}, {behind}{way}"
    )
    rows = connection.rows(sql, (as_json(few), *query.ranks))
    return empty_seqs(row[0] for row in rows)


def as_json(seqs: Sequence[int]) -> str:
    return f"[{','.join(map(str, seqs))}]"


def assets_at(connection: Connection, seqs: Sequence[int]) -> list[tuple[int, Asset]]:
    """In the order of `seqs`; what is gone meanwhile is left out."""
    table = table_of(Asset)
    places = ", ".join("?" * len(seqs))
    rows = connection.rows(f"SELECT seq, {table.selected} FROM assets WHERE seq IN ({places})", seqs)
    found = {row[0]: row for row in rows}
    return [(seq, to_entity(Asset, found[seq][1:])) for seq in seqs if seq in found]
