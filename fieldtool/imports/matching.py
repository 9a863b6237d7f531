"""Which records are new, which are known, and which of those a list may change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from fieldtool.asset import Asset
from fieldtool.asset_classes import AssetClass
from fieldtool.entities import json_text
from fieldtool.ids import AssetId
from fieldtool.imports.crs import distance_km
from fieldtool.imports.pairing import found_by_place, same_said
from fieldtool.imports.places import first_place, single
from fieldtool.imports.records import Record, Remark
from fieldtool.jsontypes import Json
from fieldtool.texts import _

Outcome = Literal["imported", "updated", "unchanged", "merged", "ignored", "rejected"]
SAME_DEGREES = 1e-8
MOVED_METRES = 25


@dataclass(frozen=True, slots=True)
class Step:
    """`changes` by field of Asset, for an update."""

    record: Record
    outcome: Outcome
    asset: Asset | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    remark: Remark | None = None


Edited = Callable[[Asset], bool]
"""Whether somebody changed it since a list last did."""


def match(
    records: Iterable[Record],
    kind: AssetClass,
    known: Iterable[Asset],
    edited: Edited,
    number_column: str | None,
) -> list[Step]:
    """One step per record, in their order; `number_column` is what the file calls the number."""
    records, known = list(records), list(known)
    told = [record for record in records if record.id is not None]
    others = [record for record in records if record.id is None]
    fresh, doubled = _without_repetitions(others, kind, number_column)
    matched = _by_number(fresh, known) if kind.number_unique else _by_place(fresh, known)
    steps = [*doubled, *(_allowed(step, edited) for step in (*_by_id(told, known), *matched))]
    return sorted(steps, key=lambda step: step.record.row)


def _by_id(records: Iterable[Record], known: Iterable[Asset]) -> Iterator[Step]:
    """Of our own exports; a row that stands there twice is one thing."""
    assets = {asset.id: asset for asset in known}
    seen: set[str] = set()
    for record in records:
        asset = assets.get(AssetId(record.id or ""))
        if record.id in seen:
            yield Step(record, "merged")
        elif asset is None:
            yield Step(record, "imported")
        else:
            yield _against(record, [asset])
        seen.add(record.id or "")


def difference(record: Record, asset: Asset) -> dict[str, Any]:
    """What the list would change, by field. What the list has no column for stays as it is."""
    changes: dict[str, Any] = {}
    if record.number is not None and record.number != asset.number:
        changes["number"] = record.number
    if record.name is not None and record.name != asset.name:
        changes["name"] = record.name
    if record.geometry is not None and not same_geometry(record.geometry, asset.geometry):
        changes["geometry"] = record.geometry
    if record.parent_id is not None and record.parent_id != asset.parent_id:
        changes["parent_id"] = record.parent_id
    kept = {key: value for key, value in asset.attributes.items() if key not in record.owned}
    there = asset.attributes
    said = {
        key: there[key] if same_said(value, there.get(key)) else value
        for key, value in record.attributes.items()
    }
    attributes = {**kept, **said}
    if attributes != dict(asset.attributes):
        changes["attributes"] = attributes
    return changes


def same_geometry(one: Mapping[str, Json], other: Mapping[str, Json] | None) -> bool:
    """Within a millimetre: another version of PROJ is no change of the list."""
    if other is None:
        return False
    one, other = single(one), single(other)
    return one["type"] == other["type"] and _same_coordinates(one["coordinates"], other["coordinates"])


def _same_coordinates(one: Json, other: Json) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same_coordinates, one, other))
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= SAME_DEGREES
    return False


def _without_repetitions(
    records: Iterable[Record], kind: AssetClass, number_column: str | None
) -> tuple[list[Record], list[Step]]:
    """A row that says again what an earlier one said is merged into it; another thing under a number that
    must be unique is rejected. Two equal rows without a place may well be two things."""
    fresh: list[Record] = []
    doubled: list[Step] = []
    seen = _Seen()
    numbers: dict[str, int] = {}
    for record in records:
        if record.geometry is not None and seen.again(record):
            doubled.append(Step(record, "merged"))
            continue
        if kind.number_unique and record.number is not None:
            first = numbers.setdefault(record.number, record.row)
            if first != record.row:
                reason = _("the number is already in row {row}").format(row=first)
                remark = Remark(record.row, number_column, record.number, reason)
                doubled.append(Step(record, "rejected", remark=remark))
                continue
        fresh.append(record)
    return fresh, doubled


class _Seen:
    """Whether a record says what an earlier one said; those of a number are compared only with each other."""

    def __init__(self) -> None:
        self._numbered: dict[str, Record | set[str]] = {}
        self._others: set[str] = set()

    def again(self, record: Record) -> bool:
        if record.number is None:
            return _known(self._others, _content(record))
        there = self._numbered.get(record.number)
        if there is None:
            self._numbered[record.number] = record
            return False
        if isinstance(there, Record):
            there = self._numbered[record.number] = {_content(there)}
        return _known(there, _content(record))


def _known(contents: set[str], content: str) -> bool:
    if content in contents:
        return True
    contents.add(content)
    return False


def _content(record: Record) -> str:
    return json_text([record.number, record.name, record.geometry, record.attributes])


def _by_number(records: list[Record], known: Iterable[Asset]) -> Iterator[Step]:
    assets = list(known)
    numbered: dict[str, list[Asset]] = defaultdict(list)
    for asset in assets:
        if asset.number is not None:
            numbered[asset.number].append(asset)
    unnumbered = [record for record in records if record.number is None]
    yield from _by_place(unnumbered, (asset for asset in assets if asset.number is None))
    for record in records:
        if record.number is not None:
            yield _against(record, numbered[record.number])


def _by_place(records: list[Record], known: Iterable[Asset]) -> Iterator[Step]:
    for found in found_by_place(records, known, differs=difference):
        if found.unclear:
            yield _unclear(found.record)
        else:
            yield _against(found.record, [found.asset] if found.asset is not None else [])


def _against(record: Record, candidates: list[Asset]) -> Step:
    if not candidates:
        return Step(record, "imported")
    if len(candidates) > 1:
        return _unclear(record)
    (asset,) = candidates
    changes = difference(record, asset)
    if not changes:
        return Step(record, "unchanged", asset)
    return Step(record, "updated", asset, changes, _another_thing(record, asset, changes))


def _unclear(record: Record) -> Step:
    remark = Remark(record.row, None, record.number, _("more than one known record fits this row"))
    return Step(record, "ignored", remark=remark)


def _another_thing(record: Record, asset: Asset, changes: Mapping[str, Any]) -> Remark | None:
    """A number that was given to something else meanwhile. Flagged only: the number is the key."""
    if "name" not in changes or record.geometry is None or asset.geometry is None:
        return None
    metres = round(1000 * distance_km(first_place(record.geometry), first_place(asset.geometry)))
    if metres <= MOVED_METRES:
        return None
    reason = _("under this number there was another thing: {name}, {metres} m away")
    return Remark(record.row, None, record.number, reason.format(name=asset.name or "–", metres=metres))


def _allowed(step: Step, edited: Edited) -> Step:
    if step.outcome != "updated" or step.asset is None or not edited(step.asset):
        return step
    reason = _("changed by hand since the last import; not overwritten ({fields})")
    changed = ", ".join(_changed(step.changes, step.asset))
    remark = Remark(step.record.row, None, step.record.number, reason.format(fields=changed))
    return Step(step.record, "ignored", step.asset, remark=remark)


def _changed(changes: Mapping[str, Any], asset: Asset) -> Iterator[str]:
    for name, value in changes.items():
        if name == "attributes":
            keys = {**asset.attributes, **value}
            yield from (key for key in keys if asset.attributes.get(key) != value.get(key))
        else:
            yield name
