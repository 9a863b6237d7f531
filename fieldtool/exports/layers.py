"""What GeoPackage and Shapefile share: typed columns as arrays, appended batch by batch through GDAL."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldtool.exports.batches import Line
from fieldtool.exports.columns import CLASS, ID, NAME, NUMBER, PARENT, Kind, as_text, keeps
from fieldtool.exports.places import KINDS
from fieldtool.exports.saving import write_failed
from fieldtool.exports.survey import Table
from fieldtool.jsontypes import Json

if TYPE_CHECKING:
    pass

OWN_BEFORE = (ID, CLASS, NUMBER, NAME, PARENT)


@dataclass(slots=True)
class Layer:
    """A layer being written: the first batch makes it, others are appended."""

    path: Path
    target: Path
    name: str
    driver: str
    fields: tuple[str, ...]
    crs: str
    geometry_type: str | None
    options: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] | None = None
    promote: bool | None = None
    began: bool = False

    def write(self, shapes: Any, columns: Sequence[tuple[Any, Any]]) -> None:
        """`columns` are arrays with their masks (True: nothing), in the order of the fields."""
        import pyogrio
        import shapely

        with warnings.catch_warnings():
            warnings.filterwarnings("error", module="pyogrio")
            try:
                pyogrio.raw.write(
                    self.path,
                    None if self.geometry_type is None else shapely.to_wkb(shapes, flavor="iso"),
                    [values for values, _mask in columns],
                    list(self.fields),
                    field_mask=[mask for _values, mask in columns],
                    layer=self.name,
                    driver=self.driver,
                    geometry_type=self.geometry_type,
                    crs=self.crs,
                    encoding="UTF-8",
                    promote_to_multi=self.promote,
                    append=self.began,
                    layer_metadata=None if self.began else self.metadata,
                    layer_options=None if self.began else dict(self.options),
                )
            except (
                pyogrio.errors.DataSourceError,
                pyogrio.errors.DataLayerError,
                pyogrio.errors.FeatureError,
            ) as error:
                raise write_failed(self.path, self.target, str(error)) from error
        self.began = True


def own_columns(lines: Sequence[Line]) -> list[tuple[Any, Any]]:
    texts = (
        [line.asset.id for line in lines],
        [line.asset.asset_class for line in lines],
        [line.asset.number for line in lines],
        [line.asset.name for line in lines],
        [line.asset.parent_id for line in lines],
    )
    return [text_column(column) for column in texts]


def text_column(values: Iterable[str | None]) -> tuple[Any, Any]:
    import numpy as np

    return np.array([*values, None], dtype=object)[:-1], None


def column(kind: Kind, values: Sequence[Json]) -> tuple[Any, Any]:
    """A value of another type is left empty, or written as text into a text column."""
    match kind:
        case "integer":
            return _masked(values, int, "int64", lambda value: type(value) is int and abs(value) < 2**63)
        case "number":
            return _numbers(values)
        case "boolean":
            return _masked(values, bool, "bool", lambda value: type(value) is bool)
        case "date":
            return _days(values)
        case "text" | "choice":
            return text_column(
                None if value is None else as_text(value).replace("\x00", "") for value in values
            )


def _masked(values: Sequence[Json], empty: type, dtype: str, fits: Any) -> tuple[Any, Any]:
    import numpy as np

    there = np.fromiter((fits(value) for value in values), dtype=bool, count=len(values))
    filled = [value if fit else empty() for value, fit in zip(values, there, strict=True)]
    return np.array(filled, dtype=dtype), ~there


def _numbers(values: Sequence[Json]) -> tuple[Any, Any]:
    import numpy as np

    wanted = (value if fits_a_float(value) else None for value in values)
    return np.array(list(wanted), dtype="float64"), None


def fits_a_float(value: Json) -> bool:
    """What does not stands in EXACT."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isinstance(value, float) or abs(value) <= 2**53


def _days(values: Sequence[Json]) -> tuple[Any, Any]:
    import numpy as np

    days = [value if keeps("date", value) else None for value in values]
    return np.array(days, dtype="datetime64[D]"), None


def geometry_type(table: Table) -> tuple[str, bool]:
    """The narrowest type for all of a class, and whether single ones become multi for it: products that want
    one kind per layer get it wherever it can be had."""
    kinds = {kind for kind in table.geometries if kind} or set(_declared(table))
    heights = any(kind.endswith(" Z") for kind in kinds)
    plain = {kind.removesuffix(" Z") for kind in kinds}
    families = {kind.removeprefix("Multi") for kind in plain}
    if len(families) != 1 or not plain <= KINDS:
        return "Unknown", False
    name = plain.pop() if len(plain) == 1 else f"Multi{families.pop()}"
    return name + (" Z" if heights else ""), name.startswith("Multi")


def _declared(table: Table) -> tuple[str, ...]:
    return () if table.kind is None else table.kind.geometry_kinds
