"""Taking a list over: ONE operation, a change per record, all of it or nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from fieldtool.asset import Asset
from fieldtool.asset_classes import AssetClass
from fieldtool.ids import new_id
from fieldtool.import_sources import source_text
from fieldtool.imports.bulk import without_cycle_search
from fieldtool.imports.mapping import NUMBER
from fieldtool.imports.matching import Step, match
from fieldtool.imports.prepare import Prepared
from fieldtool.imports.records import Record, Remark
from fieldtool.journal import BATCH, Actor, Recorder, operation
from fieldtool.operators import open_to
from fieldtool.store import Store
from fieldtool.texts import _

KIND = "asset.import"


@without_cycle_search()
def compare(
    prepared: Prepared, store: Store | None, operator: str | None = None, there: Collection[str] = ()
) -> list[Step]:
    """What the list would do to the database; without one everything is new. What belongs to another
    operator is another thing, whatever its number. `there` are the ids of what comes along with it."""
    known: list[Asset] = []
    if store is not None:
        known = list(open_to(store, operator, store.assets(asset_class=prepared.kind.id, limit=None)))

    def edited(asset: Asset) -> bool:
        return store is not None and changed_since_import(store, asset)

    number_column = prepared.mapping.targets.get(NUMBER)
    steps = match(prepared.reading.records, prepared.kind, known, edited, number_column)
    coming = {step.record.id for step in steps} | set(there)
    return [_without_missing_parent(step, store, coming) for step in steps]


def _without_missing_parent(step: Step, store: Store | None, there: set[str | None]) -> Step:
    """What a thing is part of may be in another list, which has not been taken over yet."""
    parent = step.record.parent_id
    if parent is None or parent in there or (store is not None and store.find(Asset, parent) is not None):
        return step
    remark = Remark(step.record.row, None, parent, _("what it is part of is not here yet"))
    changes = {name: value for name, value in step.changes.items() if name != "parent_id"}
    return replace(step, record=replace(step.record, parent_id=None), changes=changes, remark=remark)


@without_cycle_search()
def write(
    store: Store, actor: Actor, prepared: Prepared, steps: Sequence[Step], operator: str | None = None
) -> None:
    """One transaction; killed at any moment the database is the state before or after. Raises DiskFull,
    OperatorsMixed."""
    reason = source_text(prepared.source.path)
    with operation(store, actor, KIND, reason=reason, operator=operator) as recorder:
        create_new(recorder, prepared.kind, steps)
        for step in steps:
            if step.outcome == "updated" and step.asset is not None:
                recorder.update(step.asset, **step.changes)


def create_new(recorder: Recorder, kind: AssetClass, steps: Sequence[Step]) -> None:
    fresh = [step.record for step in steps if step.outcome == "imported"]
    for start in range(0, len(fresh), BATCH):
        _create(recorder, kind, fresh[start : start + BATCH])


def _create(recorder: Recorder, kind: AssetClass, records: Sequence[Record]) -> None:
    """Field by field: an object for each takes longer than storing it."""
    recorder.create_columns(
        Asset,
        [record.id or new_id() for record in records],
        {
            "asset_class": [kind.id] * len(records),
            "number": [record.number for record in records],
            "name": [record.name for record in records],
            "geometry": [record.geometry for record in records],
            "attributes": [record.attributes for record in records],
            "parent_id": [record.parent_id for record in records],
        },
    )


def changed_since_import(store: Store, asset: Asset) -> bool:
    """Whether the last operation on it was another than an import."""
    last = None
    for entry in store.history(asset.id):
        last = entry.operation.kind
    return last != KIND
