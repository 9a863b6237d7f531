"""Where a list would lie in each coordinate system that is possible, so that a person can tell which."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from fieldtool.imports.crs import CANDIDATES, Order, Place, distance_km, guess_crs, to_wgs84
from fieldtool.imports.places import known_places
from fieldtool.imports.prepare import Prepared
from fieldtool.texts import _, decimal

SHOWN = 300
CITIES: dict[str, Place] = {
    "Berlin": (13.40, 52.52),
    "Hamburg": (9.99, 53.55),
    "München": (11.58, 48.14),
    "Köln": (6.96, 50.94),
    "Frankfurt am Main": (8.68, 50.11),
    "Stuttgart": (9.18, 48.78),
    "Düsseldorf": (6.78, 51.23),
    "Dortmund": (7.47, 51.51),
    "Essen": (7.01, 51.46),
    "Bremen": (8.80, 53.08),
    "Leipzig": (12.37, 51.34),
    "Dresden": (13.74, 51.05),
    "Hannover": (9.73, 52.37),
    "Nürnberg": (11.08, 49.45),
    "Münster": (7.63, 51.96),
    "Kassel": (9.48, 51.31),
    "Kiel": (10.13, 54.32),
    "Rostock": (12.10, 54.09),
    "Erfurt": (11.03, 50.98),
    "Saarbrücken": (6.99, 49.23),
    "Freiburg": (7.85, 48.00),
}
"""By their middle, as longitude and latitude."""


@dataclass(frozen=True, slots=True)
class CrsReading:
    """`lon` and `lat` are the middle of the list, `places` a sample of it, `near` the nearest of CITIES."""

    crs: str
    order: Order
    lon: float
    lat: float
    near: str
    km: int
    places: tuple[Place, ...]


def readings(prepared: Prepared) -> list[CrsReading]:
    """One for each place where the list would lie: systems that agree to some metres are one."""
    crs = prepared.crs
    sample = known_places(prepared.source, prepared.mapping)
    sample = sample[:: max(1, len(sample) // SHOWN)]
    if not sample:
        return []
    found: list[CrsReading] = []
    for code in crs.candidates or CANDIDATES:
        order = guess_crs(sample, (), declared=code, named=True).order
        one = _reading(code, order, sample)
        if one is not None and not any(_same(one, other) for other in found):
            found.append(one)
    return found


def reading_text(reading: CrsReading) -> str:
    return _("{crs}: {lat} north, {lon} east, {km} km from {city}").format(
        crs=reading.crs,
        lat=decimal(round(reading.lat, 3)),
        lon=decimal(round(reading.lon, 3)),
        km=reading.km,
        city=reading.near,
    )


def _reading(code: str, order: Order, sample: list[Place]) -> CrsReading | None:
    transform = to_wgs84(code, order)
    places = tuple(place for place in map(transform, sample) if _on_earth(place))
    if not places:
        return None
    middle = median(lon for lon, _lat in places), median(lat for _lon, lat in places)
    near, away = min(_distances(middle), key=lambda found: found[1])
    return CrsReading(code, order, round(middle[0], 6), round(middle[1], 6), near, round(away), places)


def _on_earth(place: Place) -> bool:
    return all(map(math.isfinite, place)) and abs(place[0]) <= 180 and abs(place[1]) <= 90


def _distances(place: Place) -> Iterator[tuple[str, float]]:
    for name, city in CITIES.items():
        yield name, distance_km(place, city)


def _same(one: CrsReading, other: CrsReading) -> bool:
    return distance_km((one.lon, one.lat), (other.lon, other.lat)) < 0.01
