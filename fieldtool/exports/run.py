"""One export, from the database to the file, and what is told about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from fieldtool.asset import Asset
from fieldtool.asset_query import AssetQuery
from fieldtool.exports.errors import ExportCrsFixed, NothingToExport
from fieldtool.exports.places import projection
from fieldtool.exports.saving import replacing
from fieldtool.exports.survey import Table, survey
from fieldtool.exports.target import ExportFormat, Work, format_for
from fieldtool.jsontypes import Json
from fieldtool.store import Store
from fieldtool.store.places import Box

PORTION = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """`query` or the keys `seqs` say more exactly which assets, and in what order within their class."""

    target: Path
    format: str | None = None
    asset_class: str | None = None
    bbox: Box | None = None
    query: AssetQuery | None = None
    seqs: Sequence[int] | None = None
    crs: str | None = None
    open_data: bool = False
    force: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """`attributes` counts those that were written, by release class."""

    path: Path
    format: str
    crs: str
    open_data: bool
    classes: Mapping[str, int]
    attributes: Mapping[str, int]
    bytes: int

    @property
    def assets(self) -> int:
        return sum(self.classes.values())


def export(store: Store, wish: Wish) -> Exported:
    """What the database holds at this moment, whatever is written meanwhile. Raises ExportRefused,
    DiskFull."""
    chosen = format_for(wish.target, wish.format)
    crs = _crs(chosen, wish.crs)
    projected = projection(crs)

    def assets(asset_class: str | None) -> Iterator[Asset]:
        if seqs is not None:
            return (one for one in _at(store, seqs) if asset_class in (None, one.asset_class))
        return store.assets(asset_class=asset_class or wish.asset_class, bbox=wish.bbox)

    with store.snapshot(), replacing(wish.target, chosen.partial_suffix, force=wish.force) as partial:
        seqs = store.asset_seqs(wish.query) if wish.query is not None else wish.seqs
        tables = survey(assets(None), open_data=wish.open_data)
        if not tables:
            raise NothingToExport
        chosen.write(
            Work(partial=partial, target=wish.target, tables=tables, projected=projected, assets=assets)
        )
    return Exported(
        path=wish.target,
        format=chosen.name,
        crs=crs,
        open_data=wish.open_data,
        classes={table.asset_class: table.assets for table in tables},
        attributes=_attributes(tables),
        bytes=_size(wish.target),
    )


def _at(store: Store, seqs: Sequence[int]) -> Iterator[Asset]:
    for start in range(0, len(seqs), PORTION):
        for _seq, asset in store.assets_at(seqs[start : start + PORTION]):
            yield asset


def _crs(chosen: ExportFormat, wanted: str | None) -> str:
    if wanted is None:
        return chosen.crs
    crs = wanted.strip().upper()
    if chosen.crs_fixed and crs != chosen.crs:
        raise ExportCrsFixed(chosen.name, chosen.crs)
    return crs


def _attributes(tables: tuple[Table, ...]) -> dict[str, int]:
    counted = Counter(release for table in tables for release in table.released.values())
    return {release: counted[release] for release in ("open", "internal", "protected")}


def _size(path: Path) -> int:
    files = path.iterdir() if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files)


def document(done: Exported) -> dict[str, Json]:
    return {
        "path": str(done.path),
        "format": done.format,
        "crs": done.crs,
        "assets": done.assets,
        "classes": cast("dict[str, Json]", dict(done.classes)),
        "attributes": cast("dict[str, Json]", dict(done.attributes)),
        "open_data": done.open_data,
        "bytes": done.bytes,
    }
