"""CSV for programs: UTF-8, commas, decimal points, ISO dates; points as two columns, other shapes as WKT."""

from __future__ import annotations

from collections.abc import Sequence

from fieldtool.asset import Asset
from fieldtool.exports import delimited
from fieldtool.exports.columns import (
    CLASS,
    EXACT,
    ID,
    NAME,
    NUMBER,
    PARENT,
    WGS84,
    Kind,
    as_text,
    column_of,
    east_north_wkt,
)
from fieldtool.exports.survey import Table
from fieldtool.exports.target import ExportFormat, Work
from fieldtool.jsontypes import Json


def write(work: Work) -> None:
    delimited.write(
        work,
        delimited.Dialect(
            delimiter=",",
            line_end="\r\n",
            encoding="utf-8",
            before=(ID, CLASS, NUMBER, NAME, PARENT, *east_north_wkt(work.projected.crs)),
            behind=(EXACT,),
            head=lambda _table, key: column_of(key),
            cell=_cell,
            own=_own,
            exact=lambda text: text or "",
        ),
    )


def _cell(_table: Table, _key: str, _kind: Kind, value: Json) -> str:
    return as_text(value)


def _own(asset: Asset, shape: object) -> Sequence[str]:
    texts = (asset.id, asset.asset_class, asset.number or "", asset.name or "", asset.parent_id or "")
    return (*texts, *delimited.placed(shape, repr))


FORMAT = ExportFormat(name="csv", suffixes=(".csv",), crs=WGS84, write=write)
