"""Reading by GDAL (pyogrio): without the network, without files written beside the list, without output."""

from __future__ import annotations

import functools
import json
import math
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from fieldtool.imports.errors import FileDamaged
from fieldtool.imports.words import clean
from fieldtool.jsontypes import Json

OPTIONS = {
    "GML_DOWNLOAD_SCHEMA": "NO",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "GML_SKIP_CORRUPTED_FEATURES": "YES",
    "GML_FIELDTYPES": "ALWAYS_STRING",
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "GDAL_HTTP_CONNECTTIMEOUT": "1",
    "GDAL_HTTP_TIMEOUT": "1",
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",
    "PROJ_NETWORK": "OFF",
}
"""No schema and no coordinate system is fetched; what asked all the same would find no one at port 9. Cells
stay what is written: a leading zero is no number's."""


LEFT_OUT = re.compile(r"Geometry of feature (\d+) .* cannot be parsed")


@dataclass(frozen=True)
class GdalLayer:
    """`crs` as GDAL spells it; `keys` are the numbers of the features, by which other files count them, and
    `left_out` those of features with a geometry GDAL could not read."""

    columns: tuple[str, ...]
    crs: str | None
    keys: Sequence[int]
    left_out: Sequence[int]
    geometries: Sequence[bytes | None]
    values: Sequence[Mapping[str, Json]]


def filled_layers(path: Path) -> dict[str, int]:
    """How many features each has. Raises FileDamaged."""
    with _quiet(path) as pyogrio:
        names = [str(name) for name, _kind in pyogrio.list_layers(path)]
        infos = [pyogrio.read_info(path, layer=name, force_feature_count=True) for name in names]
    counts = {name: int(info["features"]) for name, info in zip(names, infos, strict=True)}
    return {name: count for name, count in counts.items() if count > 0}


def read_layer(path: Path, layer: str | None = None, **options: Any) -> GdalLayer:
    """`options` as pyogrio.raw.read has them. Raises FileDamaged."""
    with _quiet(path) as pyogrio, warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        meta, keys, binaries, arrays = pyogrio.raw.read(
            path, layer=layer, return_fids=True, datetime_as_string=True, **options
        )
    left_out = [found[1] for warned in said if (found := LEFT_OUT.match(str(warned.message)))]
    columns = tuple(clean(str(name)) for name in meta["fields"])
    whole = [kind.startswith("OFTInteger") for kind in meta["ogr_types"]]
    kept = [
        [_value(cell, whole=is_whole) for cell in array.tolist()]
        for array, is_whole in zip(arrays, whole, strict=True)
    ]
    count = len(keys)
    rows = zip(*kept, strict=True) if kept else ((),) * count
    return GdalLayer(
        columns=columns,
        crs=meta["crs"],
        keys=[int(key) for key in keys],
        left_out=[int(key) for key in left_out],
        geometries=[None] * count if binaries is None else [_bytes(binary) for binary in binaries],
        values=[
            {column: cell for column, cell in zip(columns, row, strict=True) if cell is not None}
            for row in rows
        ],
    )


@contextmanager
def _quiet(path: Path) -> Iterator[Any]:
    """What GDAL only warns of (heights named M, a field cut off) is no reason to stop."""
    pyogrio = _pyogrio()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield pyogrio
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
            said = str(error).replace(str(path), path.name).split(";")[0].rstrip(".")
            raise FileDamaged(str(path), said) from error


@functools.cache
def _pyogrio() -> Any:
    import pyogrio
    import pyogrio.raw

    pyogrio.set_gdal_config_options(OPTIONS)
    return pyogrio


def _bytes(binary: object) -> bytes | None:
    return bytes(binary) if isinstance(binary, bytes | bytearray | memoryview) else None


def _value(cell: object, *, whole: bool) -> Json:
    """Whole numbers come as floats where one of their column is missing."""
    if isinstance(cell, str):
        return clean(cell) or None
    if isinstance(cell, bool | int):
        return cell
    if isinstance(cell, float):
        if math.isnan(cell):
            return None
        return int(cell) if whole else cell if math.isfinite(cell) else str(cell)
    if isinstance(cell, date | datetime | time):
        return cell.isoformat()
    if isinstance(cell, list | tuple):
        return json.dumps(cell, ensure_ascii=False, default=str)
    return None
