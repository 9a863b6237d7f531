"""Assets in portions, each with what its cells say and what they cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from fieldtool.asset import Asset
from fieldtool.entities import json_text
from fieldtool.exports.columns import Kind, is_safe, keeps
from fieldtool.exports.places import Places, Projection, places
from fieldtool.exports.survey import Table
from fieldtool.jsontypes import Json

BATCH = 20_000


class Absent:
    """No such key, which is another thing than None."""


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class Line:
    """`values` in the order of the columns, None for what is absent; `exact` is the text for EXACT."""

    asset: Asset
    values: list[Json]
    exact: str | None


@dataclass(frozen=True, slots=True)
class Batch:
    lines: list[Line]
    places: Places


@dataclass(frozen=True, slots=True)
class Layout:
    """`kinds` are what a reader of the file takes the columns for."""

    keys: tuple[str, ...]
    kinds: tuple[Kind, ...]
    left_out: frozenset[str]


def layout(table: Table, kinds: Sequence[Kind] | None = None) -> Layout:
    own = tuple(column.kind for column in table.columns)
    return Layout(tuple(column.key for column in table.columns), tuple(kinds or own), table.left_out)


def text_layout(table: Table) -> Layout:
    """Of formats without types: a reader knows those of the class, all else is text."""
    return layout(table, [column.kind if column.known else "text" for column in table.columns])


def batches(assets: Iterable[Asset], found: Layout, projected: Projection) -> Iterator[Batch]:
    left = iter(assets)
    while portion := list(islice(left, BATCH)):
        placed = places([asset.geometry for asset in portion], projected)
        lines = [line(asset, found, lost=index in placed.lost) for index, asset in enumerate(portion)]
        yield Batch(lines, placed)


def line(asset: Asset, found: Layout, *, lost: bool = False) -> Line:
    attributes = asset.attributes
    values: list[Json] = []
    inexact: dict[str, Json] = {}
    seen = 0
    for key, kind in zip(found.keys, found.kinds, strict=True):
        value = attributes.get(key, ABSENT)
        if isinstance(value, Absent):
            values.append(None)
            continue
        seen += 1
        values.append(value)
        if not keeps(kind, value):
            inexact[key] = value
    if seen < len(attributes):
        shown = {*found.keys, *found.left_out}
        inexact |= {key: value for key, value in attributes.items() if key not in shown}
    return Line(asset, values, _exact(asset, inexact, lost=lost))


def _exact(asset: Asset, inexact: dict[str, Json], *, lost: bool) -> str | None:
    members: dict[str, Json] = {}
    if asset.number is not None and not is_safe(asset.number):
        members["number"] = asset.number
    if asset.name is not None and not is_safe(asset.name):
        members["name"] = asset.name
    if lost and asset.geometry is not None:
        members["geometry"] = dict(asset.geometry)
    if inexact:
        members["attributes"] = inexact
    return json_text(members) if members else None
