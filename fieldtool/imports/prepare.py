"""Everything an import can know without a database: rows, class, mapping, CRS, records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from fieldtool.asset_classes import AssetClass, asset_class, class_ids
from fieldtool.imports.bulk import without_cycle_search
from fieldtool.imports.crs import WGS84, CrsGuess, ToWgs84, guess_crs, to_wgs84
from fieldtool.imports.damaged_cells import keys_by_column, without_damaged_cells
from fieldtool.imports.doubts import Box, with_doubts
from fieldtool.imports.errors import CrsUnclear, CrsUnknown, MappingInvalid
from fieldtool.imports.guess import guess_class
from fieldtool.imports.mapping import (
    EAST,
    NAME,
    NORTH,
    NUMBER,
    ColumnMapping,
    MappingFile,
    make_mapping,
    read_mapping,
)
from fieldtool.imports.own import is_own_export, prepare_own
from fieldtool.imports.places import known_places
from fieldtool.imports.records import Reading, Remark, read_records
from fieldtool.imports.source import Source, read_source
from fieldtool.imports.vocabulary import NEUTRAL_WORDS
from fieldtool.imports.words import plain
from fieldtool.texts import _

GAUSS_KRUEGER = ("EPSG:31466", "EPSG:31467", "EPSG:31468", "EPSG:31469")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the person said; None where the file may tell."""

    path: Path
    asset_class: str | None = None
    mapping: Path | None = None
    crs: str | None = None
    layer: str | None = None
    told: MappingFile | None = None
    """Instead of a mapping file."""
    switched_off: frozenset[str] = frozenset()
    """Rules of cleaning that are not wanted."""
    area: Box | None = None
    """Where the things of this person lie."""
    remembered: Callable[[Sequence[str]], MappingFile | None] | None = None
    """By the columns of the list: what the person said of one like it, where nothing is said now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    source: Source
    kind: AssetClass
    mapping: ColumnMapping
    crs: CrsGuess
    reading: Reading
    told: MappingFile = field(default_factory=MappingFile)
    switched_off: frozenset[str] = frozenset()
    is_own: bool = False
    from_memory: bool = False
    """The columns go where they went the last time."""


@without_cycle_search()
def prepare(wish: Wish) -> Prepared:
    """Raises ImportRefused, UnknownAssetClass, BrokenClass."""
    told = wish.told or (read_mapping(wish.mapping) if wish.mapping is not None else MappingFile())
    source = read_source(wish.path, wish.layer)
    if is_own_export(source):
        return replace(prepare_own(source, wish.asset_class, wish.layer), is_own=True)
    known = _remembered(wish, source) if wish.told is None and wish.mapping is None else None
    told = known or told
    chosen = wish.asset_class or told.asset_class
    kind = asset_class(chosen) if chosen is not None else guess_class(source)
    mapping = make_mapping(source, kind, told, wish.mapping)
    crs = _crs(source, mapping, wish.crs or told.crs)
    transform = _transform(crs)
    reading = read_records(source, kind, mapping, transform, wish.switched_off)
    reading = with_doubts(source, kind, mapping, transform, reading, wish.area, wish.switched_off)
    reading = without_damaged_cells(source, keys_by_column(kind, mapping), reading)
    flagged = (*_remarks_on_places(source, crs), *reading.flagged)
    return Prepared(
        source=source,
        kind=kind,
        mapping=mapping,
        crs=crs,
        reading=replace(reading, flagged=flagged),
        told=replace(told, asset_class=kind.id, crs=wish.crs or told.crs),
        switched_off=wish.switched_off,
        from_memory=known is not None,
    )


def _remembered(wish: Wish, source: Source) -> MappingFile | None:
    """None too where it no longer fits: the class may have changed since."""
    found = wish.remembered(source.columns) if wish.remembered is not None else None
    if found is None or found.asset_class is None or wish.asset_class not in (None, found.asset_class):
        return None
    if found.asset_class not in class_ids():
        return None
    try:
        make_mapping(source, asset_class(found.asset_class), found, None)
    except MappingInvalid:
        return None
    return found


def mapping_of(prepared: Prepared) -> MappingFile:
    """All that was found or told, so that it is found again."""
    columns = {column: prepared.mapping.target_of(column) for column in prepared.source.columns}
    if prepared.mapping.number_from_name:
        columns = {column: target for column, target in columns.items() if target not in (NUMBER, NAME)}
    certain = prepared.crs.crs if prepared.crs.certain else None
    return replace(prepared.told, columns=columns, crs=prepared.told.crs or certain)


def require_crs(prepared: Prepared) -> None:
    """Raises CrsUnclear: positions are never guessed silently."""
    if not prepared.crs.certain:
        raise CrsUnclear(str(prepared.source.path), ", ".join(prepared.crs.candidates) or "–")


def _crs(source: Source, mapping: ColumnMapping, told: str | None) -> CrsGuess:
    if told is not None:
        told = told.upper()
        if not told.startswith("EPSG:"):
            raise CrsUnknown(told)
        to_wgs84(told)
    columns = [mapping.targets[target] for target in (EAST, NORTH) if target in mapping.targets]
    named = source.has_geometries or (
        len(columns) == 2 and not any(plain(column) in NEUTRAL_WORDS for column in columns)
    )
    return guess_crs(known_places(source, mapping), columns, declared=told or source.crs, named=named)


def _transform(crs: CrsGuess) -> ToWgs84:
    """Without any the figures stay as they are."""
    return to_wgs84(crs.crs or WGS84, crs.order)


def _remarks_on_places(source: Source, crs: CrsGuess) -> Iterator[Remark]:
    row = source.header_row or 0
    if crs.crs in GAUSS_KRUEGER:
        yield Remark(row, None, crs.crs, _("positions from Gauß-Krüger are good to 1–3 m"))
    if crs.order == "swapped":
        yield Remark(row, None, crs.crs, _("read with the two coordinates exchanged"))
