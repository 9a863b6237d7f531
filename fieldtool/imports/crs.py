"""Coordinate reference systems of lists: which one, and into WGS84.

Figures alone rarely name a system, so each is asked where the list would lie in it. The one that puts it
into Germany is certain if no other does, or if it alone puts it into the surroundings (North
Rhine-Westphalia). Else the person is asked.

EPSG:25832 and EPSG:32632 give the same position in PROJ (difference below 1 mm), so there is nothing to
ask between them: 25832 is what German offices use, 32632 is taken where a file or a person names it.
Gauß-Krüger is accurate to 1–3 m here: PROJ's package carries no BETA2007 grid.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from fieldtool.imports.errors import CrsUnknown
from fieldtool.jsontypes import Json

if TYPE_CHECKING:
    import numpy as np
    import pyproj

    Places = np.ndarray[tuple[int, int], np.dtype[np.float64]]
    Distances = np.ndarray[tuple[int], np.dtype[np.float64]]

Place = tuple[float, float]
"""Longitude and latitude, or east and north."""
Order = Literal["as_named", "swapped"]

CANDIDATES = (
    "EPSG:4326",
    "EPSG:25832",
    "EPSG:25833",
    "EPSG:31466",
    "EPSG:31467",
    "EPSG:31468",
    "EPSG:3857",
    "EPSG:4647",
)
SAME_AS: dict[str, tuple[str, ...]] = {"EPSG:25832": ("EPSG:32632",), "EPSG:25833": ("EPSG:32633",)}
GERMANY = (5.5, 47.0, 15.2, 55.2)
SURROUNDINGS = (5.8, 50.3, 9.5, 52.4)
SAMPLE = 400
WGS84 = "EPSG:4326"
DIGITS = 9
"""Of degrees: a tenth of a millimetre."""
WORTH_ARRAYS = 16
KM_PER_DEGREE = 111.2
NAMED = re.compile(r"(?:EPSG|epsg)[ _:]*(\d{4,5})")


@dataclass(frozen=True, slots=True)
class CrsGuess:
    """`crs` is the likeliest, None where none fits; `order` says whether the two columns hold what their
    names promise."""

    crs: str | None
    certain: bool
    candidates: tuple[str, ...]
    order: Order = "as_named"


def guess_crs(
    places: Sequence[Place], columns: Iterable[str], *, declared: str | None, named: bool
) -> CrsGuess:
    """`declared` comes from the file or a person; `columns` may name a code; `named` says that the columns
    are called east and north, so that a swap contradicts them."""
    if not places:
        return CrsGuess(declared, certain=True, candidates=())
    sample = places[:: max(1, len(places) // SAMPLE)]
    told = declared or _named_in(columns)
    if told is not None:
        return CrsGuess(told, certain=True, candidates=(told,), order=_order(sample, told))
    landed: list[tuple[str, Order]] = []
    for code in CANDIDATES:
        order = _order(sample, code)
        if _lands(sample, code, order, GERMANY):
            landed.append((code, order))
    if not landed:
        return _abroad(sample, named=named)
    near = [found for found in landed if _lands(sample, found[0], found[1], SURROUNDINGS)]
    code, order = (near or landed)[0]
    certain = (len(near) == 1 or len(landed) == 1) and not (named and order == "swapped")
    return CrsGuess(code, certain, _with_twins([found for found, _order in landed]), order)


def _abroad(sample: Sequence[Place], *, named: bool) -> CrsGuess:
    """Degrees in columns that say so are WGS84 anywhere on Earth; anything else is unknown."""
    degrees = sum(1 for lon, lat in sample if abs(lon) <= 180 and abs(lat) <= 90)
    if _enough(degrees, len(sample)):
        return CrsGuess("EPSG:4326", certain=named, candidates=("EPSG:4326",))
    return CrsGuess(None, certain=False, candidates=())


@dataclass(frozen=True, slots=True)
class ToWgs84:
    """One place, or many at once, which is five times as fast."""

    code: str
    order: Order

    def __call__(self, place: Place) -> Place:
        east, north = place if self.order == "as_named" else (place[1], place[0])
        if self.code == WGS84:
            return east, north
        lon, lat = _transformer(self.code).transform(east, north)
        return round(lon, DIGITS), round(lat, DIGITS)

    def many(self, places: Sequence[Place]) -> list[Place]:
        import numpy as np

        if self.code == WGS84 or len(places) < WORTH_ARRAYS:
            return [self(place) for place in places]
        pairs = np.array(places, dtype="f8")
        east, north = (pairs[:, 0], pairs[:, 1]) if self.order == "as_named" else (pairs[:, 1], pairs[:, 0])
        lon, lat = _transformer(self.code).transform(east, north)
        return [
            (round(east, DIGITS), round(north, DIGITS))
            for east, north in zip(lon.tolist(), lat.tolist(), strict=True)
        ]


def to_wgs84(code: str, order: Order = "as_named") -> ToWgs84:
    """Raises CrsUnknown."""
    _transformer(code)
    return ToWgs84(code, order)


def transformed(coordinates: Json, transform: Callable[[Place], Place]) -> Json:
    """GeoJSON coordinates of any depth; a height stays as it is."""
    if not isinstance(coordinates, list):
        raise TypeError(coordinates)
    if coordinates and not isinstance(coordinates[0], list):
        east, north, *rest = coordinates
        if not isinstance(east, int | float) or not isinstance(north, int | float):
            raise TypeError(coordinates)
        return [*transform((float(east), float(north))), *rest]
    return [transformed(part, transform) for part in coordinates]


def inside(place: Place, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    return west <= place[0] <= east and south <= place[1] <= north


def distance_km(one: Place, other: Place) -> float:
    """On the sphere, equirectangular: good to 1 % within Germany."""
    middle = math.cos(math.radians((one[1] + other[1]) / 2))
    return KM_PER_DEGREE * math.hypot((one[0] - other[0]) * middle, one[1] - other[1])


def distances_km(places: Places, other: Place) -> Distances:
    """The same for many: an array of n × 2, and one of n."""
    import numpy as np

    middle = np.cos(np.radians((places[:, 1] + other[1]) / 2))
    away: Distances = KM_PER_DEGREE * np.hypot((places[:, 0] - other[0]) * middle, places[:, 1] - other[1])
    return away


def _named_in(columns: Iterable[str]) -> str | None:
    codes = {f"EPSG:{found[1]}" for column in columns if (found := NAMED.search(column))}
    return codes.pop() if len(codes) == 1 else None


def _order(sample: Sequence[Place], code: str) -> Order:
    if not _lands(sample, code, "as_named", GERMANY) and _lands(sample, code, "swapped", GERMANY):
        return "swapped"
    return "as_named"


def _lands(sample: Sequence[Place], code: str, order: Order, box: tuple[float, float, float, float]) -> bool:
    transform = to_wgs84(code, order)
    return _enough(sum(1 for place in sample if inside(transform(place), box)), len(sample))


def _enough(some: int, every: int) -> bool:
    """Nine of ten, and all but one of a short list: single positions may be wrong."""
    return some >= 0.9 * every or (every >= 3 and some == every - 1)


def _with_twins(codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(found for code in codes for found in (code, *SAME_AS.get(code, ())))


@functools.cache
def _transformer(code: str) -> pyproj.Transformer:
    import pyproj

    try:
        return pyproj.Transformer.from_crs(code, "EPSG:4326", always_xy=True)
    except pyproj.exceptions.CRSError as error:
        raise CrsUnknown(code) from error
