"""Lists of street lights as a city would hand them over, of any length."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

COLUMNS = (
    "Leuchtennummer", "Bezeichnung", "Straße", "Stadtteil", "Lichtpunkthöhe", "Leistung W", "Leuchtmittel",
    "In Betrieb seit", "Stromkreis", "Hersteller", "Rechtswert", "Hochwert",
)  # fmt: skip
STREETS = ("Hörder Bahnhofstraße", "Ruhrstraße", "Hagener Straße", "Märkische Straße", "Am Ostpark")
DISTRICTS = ("Hörde", "Aplerbeck", "Innenstadt-West", "Schwerte-Mitte", "Ergste", "Geisecke")
LAMPS = ("LED", "Natriumdampf", "Leuchtstoff")
MAKERS = ("Hess", "Trilux", "Siteco", "Schréder")
WEST, SOUTH = 388_000, 5_700_000
"""East and north in EPSG:25832, around Schwerte."""


def street_lights(number: int, seed: int = 1) -> Iterator[tuple[str, ...]]:
    source = random.Random(seed)
    for index in range(number):
        yield (
            f"SL-{index:07d}",
            f"Leuchte {index}",
            f"{source.choice(STREETS)} {source.randint(1, 250)}",
            source.choice(DISTRICTS),
            f"{source.randint(30, 120) / 10:.1f}".replace(".", ","),
            str(source.choice((18, 27, 35, 50, 70, 100))),
            source.choice(LAMPS),
            f"{source.randint(1, 28):02d}.{source.randint(1, 12):02d}.{source.randint(1970, 2025)}",
            f"SK {source.randint(1, 400)}",
            source.choice(MAKERS),
            f"{WEST + source.random() * 20_000:.2f}".replace(".", ","),
            f"{SOUTH + source.random() * 15_000:.2f}".replace(".", ","),
        )


def write_csv(path: Path, number: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(COLUMNS)
        writer.writerows(street_lights(number))
