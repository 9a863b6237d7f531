"""Cells that show an error say nothing: they are flagged, and what is known there stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from fieldtool.asset_classes import AssetClass
from fieldtool.imports.mapping import ColumnMapping
from fieldtool.imports.records import KEPT_SUFFIX, Reading
from fieldtool.imports.source import Source


def without_damaged_cells(source: Source, keys: Mapping[str, str], reading: Reading) -> Reading:
    """`keys` of the attributes, by column. An empty cell empties; a damaged one would only seem to."""
    if not source.remarks:
        return reading
    silent: dict[int, set[str]] = defaultdict(set)
    for remark in source.remarks:
        key = keys.get(remark.column or "")
        if key is not None:
            silent[remark.row] |= {key, key + KEPT_SUFFIX}
    records = tuple(
        replace(record, owned=record.owned - silent[record.row]) if record.row in silent else record
        for record in reading.records
    )
    return replace(reading, records=records, flagged=(*source.remarks, *reading.flagged))


def keys_by_column(kind: AssetClass, mapping: ColumnMapping) -> dict[str, str]:
    attributes = {
        column: target for target, column in mapping.targets.items() if kind.attribute(target) is not None
    }
    return attributes | dict(mapping.kept)
