"""GeoPackages and shapefiles of our own making, by the real GDAL."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import shapely

PLACES = [(393486.95, 5708103.1), (393520.1, 5708111.4), (393555.75, 5708120.0)]
NUMBERS = ["0047", "0048", "0049"]
STREETS = ["Märkische Straße", "Prüßweg", "Hörder Neumarkt"]
TREES: Mapping[str, Sequence[Any]] = {"baumnummer": NUMBERS, "straße": STREETS, "hoehe": [12, 8, 15]}


def points(places: Sequence[tuple[float, float]] = PLACES) -> Any:
    return shapely.to_wkb(shapely.points(np.array(places)))


def write(
    path: Path, columns: Mapping[str, Sequence[Any]] = TREES, *, kind: str = "Point", **options: Any
) -> Path:
    options = {"geometry": points(), "crs": "EPSG:25832", **options}
    if path.suffix == ".gpkg":
        options["layer_options"] = {"SPATIAL_INDEX": "NO"}  # Its triggers need functions of GDAL.
    data = [
        np.array(values, dtype=object if isinstance(values[0], str) else None) for values in columns.values()
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.raw.write(path, field_data=data, fields=list(columns), geometry_type=kind, **options)
    return path
