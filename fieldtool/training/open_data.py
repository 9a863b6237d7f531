"""Made-up datasets of the kind that the two cities publish, and how they look as files."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

STREETS = ("Musterweg", "Probestraße", "Übungsallee", "Beispielring", "Am Versuchsfeld")
MODIFIED = "2026-10-05T04:12:00+00:00"


@dataclass(frozen=True)
class Made:
    """`place` lon and lat of its middle, None without places."""

    id: str
    title: str
    description: str
    columns: tuple[str, ...]
    count: int
    row: Callable[[random.Random, int], tuple[Any, ...]]
    place: tuple[float, float] | None
    keywords: tuple[str, ...]

    def rows(self) -> list[tuple[tuple[Any, ...], tuple[float, float] | None]]:
        """The same ones every time."""
        chance = random.Random(self.id)
        made = []
        for number in range(1, self.count + 1):
            values = self.row(chance, number)
            made.append((values, self._somewhere(chance)))
        return made

    def _somewhere(self, chance: random.Random) -> tuple[float, float] | None:
        if self.place is None:
            return None
        lon, lat = self.place
        return round(lon + chance.uniform(-0.03, 0.03), 6), round(lat + chance.uniform(-0.02, 0.02), 6)

    def names(self, words: str) -> bool:
        text = " ".join((self.id, self.title, self.description, *self.keywords)).casefold()
        return all(word in text for word in words.casefold().split())


def lamp(chance: random.Random, number: int) -> tuple[Any, ...]:
    height = chance.choice([4.5, 6.0, 8.0])
    return f"{number:06d}", chance.choice(STREETS), chance.choice(["LED", "NAV", "HME"]), height


def bin_(chance: random.Random, number: int) -> tuple[Any, ...]:
    return f"PK-{number:04d}", chance.choice(STREETS), chance.choice([50, 70, 110])


def tree(chance: random.Random, number: int) -> tuple[Any, ...]:
    kinds = ["Tilia cordata", "Acer platanoides", "Quercus robur"]
    return f"{number:05d}", chance.choice(kinds), chance.randint(20, 260), chance.randint(1900, 2024)


def event(chance: random.Random, number: int) -> tuple[Any, ...]:
    return f"V{number}", f"Übung {number}", f"2026-{chance.randint(1, 12):02d}-15"


DORTMUND, SCHWERTE = (7.465, 51.514), (7.567, 51.444)
OPENDATASOFT = (
    Made(
        "uebung-strassenbeleuchtung",
        "Straßenbeleuchtung (Übung)",
        "<p>Erfundene Leuchten. Keine echten Daten &amp; keine echten Orte.</p>",
        ("nummer", "strasse", "leuchtmittel", "lichtpunkthoehe"),
        240,
        lamp,
        DORTMUND,
        ("Leuchte", "Licht", "Infrastruktur"),
    ),
    Made(
        "uebung-papierkoerbe",
        "Papierkörbe (Übung)",
        "<p>Erfundene Behälter.</p>",
        ("nummer", "strasse", "liter"),
        120,
        bin_,
        DORTMUND,
        ("Abfall", "Infrastruktur"),
    ),
    Made(
        "uebung-veranstaltungen",
        "Veranstaltungen (Übung)",
        "<p>Ohne Orte.</p>",
        ("nummer", "titel", "tag"),
        30,
        event,
        None,
        ("Kultur",),
    ),
)
CKAN = (
    Made(
        "uebung-baumkataster",
        "Baumkataster (Übung)",
        "Erfundene **Bäume**, keine echten Orte.",
        ("baumnummer", "art", "umfang_cm", "pflanzjahr"),
        180,
        tree,
        SCHWERTE,
        ("Baum", "Grün"),
    ),
    Made(
        "uebung-leuchten",
        "Leuchten (Übung)",
        "Erfundene Leuchten.",
        ("nummer", "strasse", "leuchtmittel", "lichtpunkthoehe"),
        90,
        lamp,
        SCHWERTE,
        ("Licht",),
    ),
)


def found(among: Sequence[Made], words: str) -> list[Made]:
    return [made for made in among if made.names(words)]


def by_id(among: Sequence[Made], dataset_id: str) -> Made | None:
    return next((made for made in among if made.id == dataset_id), None)


def as_geojson(made: Made) -> bytes:
    features = [
        {
            "type": "Feature",
            "geometry": None if place is None else {"type": "Point", "coordinates": list(place)},
            "properties": dict(zip(made.columns, values, strict=True)),
        }
        for values, place in made.rows()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def as_csv(made: Made) -> bytes:
    """As Opendatasoft writes it: BOM, semicolons, latitude before longitude in one column."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([*made.columns, *(["geo_point_2d"] if made.place else [])])
    for values, place in made.rows():
        writer.writerow([*values, *([f"{place[1]}, {place[0]}"] if place else [])])
    return text.getvalue().encode("utf-8-sig")


def as_utm_csv(made: Made) -> bytes:
    """As an office's GIS writes it: cp1252, decimal commas, ETRS89/UTM32."""
    from fieldtool.crs import utm32

    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([*made.columns, "Rechtswert", "Hochwert"])
    for values, place in made.rows():
        east, north = utm32(*place) if place else (0.0, 0.0)
        writer.writerow([*values, f"{east:.2f}".replace(".", ","), f"{north:.2f}".replace(".", ",")])
    return text.getvalue().encode("cp1252")
