"""All lists of one file in one go: each is read and compared by itself, all are written as one operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from fieldtool.import_sources import source_text
from fieldtool.imports.bulk import without_cycle_search
from fieldtool.imports.choosing import Choice, chosen
from fieldtool.imports.errors import FileEmpty, SeveralLayers
from fieldtool.imports.matching import Step
from fieldtool.imports.own import is_own_export
from fieldtool.imports.prepare import Prepared, Wish, prepare
from fieldtool.imports.write import KIND, compare, create_new
from fieldtool.journal import Actor, operation
from fieldtool.store import Store

ALL = "all"
"""As the name of a layer: every one."""
NO_CHOICES: Mapping[str | None, Choice] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Part:
    """One list of the file; `layer` is None where it holds no other."""

    layer: str | None
    prepared: Prepared
    steps: Sequence[Step]


def prepare_parts(wish: Wish) -> list[tuple[str | None, Prepared]]:
    """One, unless all layers are wanted. Raises what `prepare` raises."""
    if wish.layer != ALL:
        return [(wish.layer, prepare(wish))]
    alone = replace(wish, layer=None)
    try:
        first = prepare(alone)
    except SeveralLayers as error:
        parts = [(name, prepare(replace(wish, layer=name))) for name in error.layers]
        return [(name, _own_rows(one, first=one is parts[0][1])) for name, one in parts]
    found: list[tuple[str | None, Prepared]] = [(first.source.layer, first)]
    for name in first.source.other_layers:
        try:
            other = prepare(replace(wish, layer=name))
        except FileEmpty:
            continue
        if _is_list(other):
            found.append((name, other))
    return found


def _own_rows(prepared: Prepared, *, first: bool) -> Prepared:
    """Of a table with things of several classes only those of one, so that each row counts once."""
    source, reading = prepared.source, prepared.reading
    if not prepared.is_own or source.layer is not None:
        return prepared
    ours = {one.row for one in reading.records} | {one.row for one in reading.rejected}
    rows = [row for row in source.rows if row.number in ours or (first and row.kind != "data")]
    return replace(
        prepared,
        source=replace(source, rows=rows),
        reading=replace(reading, ignored=len(rows) - len(ours)),
    )


def _is_list(prepared: Prepared) -> bool:
    """Sheets beside a list hold legends and notes too."""
    source = prepared.source
    if is_own_export(source):
        return True
    return source.format == "geopackage" or (source.header_row is not None and len(source.columns) > 1)


def compare_parts(
    prepared: Iterable[tuple[str | None, Prepared]], store: Store | None, operator: str | None = None
) -> list[Part]:
    """What is part of a thing in another layer of the file is linked to it."""
    every = list(prepared)
    ids = {record.id for _layer, one in every for record in one.reading.records if record.id is not None}
    return [Part(layer, one, compare(one, store, operator, ids)) for layer, one in every]


def choose(
    parts: Sequence[Part], choice: Choice, by_layer: Mapping[str | None, Choice] = NO_CHOICES
) -> list[Part]:
    """`by_layer` goes before `choice`."""
    choices = [by_layer.get(part.layer, choice) for part in parts]
    found = chosen([part.steps for part in parts], choices)
    return [replace(part, steps=steps) for part, steps in zip(parts, found, strict=True)]


@without_cycle_search()
def write_parts(store: Store, actor: Actor, parts: Sequence[Part], operator: str | None = None) -> None:
    """One transaction; killed at any moment the database is the state before or after. Raises DiskFull,
    OperatorsMixed."""
    reason = source_text(parts[0].prepared.source.path)
    with operation(store, actor, KIND, reason=reason, operator=operator) as recorder:
        for part in parts:
            create_new(recorder, part.prepared.kind, part.steps)
        for part in parts:
            for step in part.steps:
                if step.outcome == "updated" and step.asset is not None:
                    recorder.update(step.asset, **step.changes)
