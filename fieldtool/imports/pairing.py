"""Which known things the rows of a list mean where no number tells: by number, name and place together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fieldtool.asset import Asset
from fieldtool.imports.cells import as_text
from fieldtool.imports.crs import distance_km
from fieldtool.imports.places import first_place
from fieldtool.imports.records import Record
from fieldtool.jsontypes import Json

NEAR_KM = 0.025
"""For what has a number."""
ROUNDED_KM = 0.002
"""For what has a name only: lists round to whole metres."""
MOST_PAIRS = 10_000
"""Stacked things times rows for them; beyond it they are not compared with each other."""

Key = tuple[str | None, str | None, tuple[float, float] | None]
NOTHING_TOLD: Key = (None, None, None)


@dataclass(frozen=True, slots=True)
class Found:
    """Without an asset the record is new, or it is unclear which of several it means."""

    record: Record
    asset: Asset | None = None
    unclear: bool = False


def same_said(one: Json, other: Json) -> bool:
    """3 in one format and "3" in another say the same; what is missing says nothing."""
    return one == other or (one is not None and other is not None and as_text(one) == as_text(other))


def found_by_place(
    records: Sequence[Record], known: Iterable[Asset], *, differs: Callable[[Record, Asset], object]
) -> Iterator[Found]:
    """First what is equal, then what has the same number, name and place, then the same number or name
    close by: so that of several things under one number each finds itself. A known thing is found once."""
    pool = _Pool(known)
    left: dict[Key, list[Record]] = defaultdict(list)
    for record in records:
        key = _key(record.number, record.name, record.geometry)
        equal = next((asset for asset in pool.at(key) if not differs(record, asset)), None)
        if equal is None:
            left[key].append(record)
        else:
            pool.take(equal)
            yield Found(record, equal)
    for key in [key for key in left if key != NOTHING_TOLD and pool.at(key)]:
        yield from _among(left.pop(key), pool.at(key), pool)
    for together in left.values():
        yield from _among(together, pool.close_by(together[0]), pool)


class _Pool:
    """The known things that no row has found yet."""

    def __init__(self, known: Iterable[Asset]) -> None:
        self._at: dict[Key, dict[str, Asset]] = defaultdict(dict)
        self._called: dict[tuple[str | None, str | None], dict[str, Asset]] = defaultdict(dict)
        for asset in known:
            self._at[_key(asset.number, asset.name, asset.geometry)][asset.id] = asset
            self._called[_call(asset)][asset.id] = asset

    def at(self, key: Key) -> list[Asset]:
        return list(self._at[key].values()) if key in self._at else []

    def close_by(self, record: Record) -> list[Asset]:
        call = _call(record)
        if call == (None, None) or call not in self._called:
            return []
        assets = self._called[call].values()
        if record.geometry is None:
            return [asset for asset in assets if asset.geometry is None]
        here, near = first_place(record.geometry), ROUNDED_KM if record.number is None else NEAR_KM
        return [
            asset
            for asset in assets
            if asset.geometry is not None and distance_km(here, first_place(asset.geometry)) <= near
        ]

    def take(self, asset: Asset) -> None:
        del self._at[_key(asset.number, asset.name, asset.geometry)][asset.id]
        del self._called[_call(asset)][asset.id]


def _call(thing: Record | Asset) -> tuple[str | None, str | None]:
    """A number says more than a name, which may have changed."""
    return (thing.number, None) if thing.number is not None else (None, thing.name)


def _among(records: Sequence[Record], assets: Sequence[Asset], pool: _Pool) -> Iterator[Found]:
    pairs = _paired(records, assets)
    for asset in pairs.values():
        pool.take(asset)
    unclear = len(pairs) < len(assets)
    for record in records:
        whose = pairs.get(record.row)
        yield Found(record, whose, unclear=unclear and whose is None)


def _paired(records: Sequence[Record], assets: Sequence[Asset]) -> dict[int, Asset]:
    """By the record's row. Two find each other where neither agrees as much with anybody else; the last two
    left, too. Of things that do not differ at all each row gets one, if there is one for each. What stays
    unclear is not there."""
    found: dict[int, Asset] = {}
    rows, left = list(records), list(assets)
    if len(rows) * len(left) <= MOST_PAIRS:
        scores = [[_agreement(record, asset) for asset in left] for record in rows]
        while pair := _clearest(scores):
            row, column = pair
            found[rows.pop(row).row] = left.pop(column)
            del scores[row]
            for of_record in scores:
                del of_record[column]
    if len(rows) <= len(left) and all(asset.attributes == left[0].attributes for asset in left):
        found.update({record.row: asset for record, asset in zip(rows, left, strict=False)})
    return found


def _agreement(record: Record, asset: Asset) -> int:
    """The more attributes are the same, the more; what contradicts counts against it."""
    there = asset.attributes
    return sum(
        1 if same_said(value, there[key]) else -1 for key, value in record.attributes.items() if key in there
    )


def _clearest(scores: Sequence[Sequence[int]]) -> tuple[int, int] | None:
    """Row and column of a score that no other in its row or its column reaches."""
    for row, of_record in enumerate(scores):
        best = max(of_record, default=0)
        if of_record.count(best) != 1:
            continue
        column = of_record.index(best)
        of_asset = [other[column] for other in scores]
        if max(of_asset) == best and of_asset.count(best) == 1:
            return row, column
    return None


def _key(number: str | None, name: str | None, geometry: Mapping[str, Json] | None) -> Key:
    if geometry is None:
        return number, name, None
    lon, lat = first_place(geometry)
    return number, name, (round(lon, 6), round(lat, 6))
