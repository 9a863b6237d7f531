"""Real profiles of any number of assets of several classes, kept for the next run.

python -m tests.bench.profiles FOLDER [--count N]
"""

from __future__ import annotations

import argparse
import random
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from fieldtool.asset import Asset
from fieldtool.ids import AssetId, new_id
from fieldtool.journal import operation
from fieldtool.jsontypes import Json
from fieldtool.profile import open_profile

SHAPE = 1
"""Of another number are profiles that were made by an earlier version of this module."""
ATTRIBUTES = 12
BEGINS = (
    "Märkische", "Hörder", "Hagener", "Ruhr", "Schützen", "Größe", "Mühlen", "Bahnhof", "Garten", "Kölner",
    "Hansa", "Kaiser", "Linden", "Eichen", "Fähr", "Süd", "Brücken", "Läger", "Wasser", "Möllen",
)  # fmt: skip
ENDS = ("straße", "weg", "platz", "allee", "gasse", "ring", "damm", "ufer", "kamp", "pfad")
STREETS = tuple(f"{begin}{end}" for begin in BEGINS for end in ENDS)
DISTRICTS = ("Hörde", "Aplerbeck", "Innenstadt-West", "Schwerte-Mitte", "Ergste", "Geisecke", "Villigst")
MAKERS = ("Hess", "Trilux", "Siteco", "Schréder", "Müller & Söhne", "Erlau", "Runge", "Mannesmann")
SPECIES = ("Winterlinde", "Spitzahorn", "Stieleiche", "Rosskastanie", "Säulenhainbuche", "Gewöhnliche Esche")
CONDITIONS = ("good", "good", "good", "damaged")
FIRM_WORDS = (
    "Fußplatte",
    "überprüft",
    "nächste Prüfung",
    "Schlüssel",
    "links",
    "gegenüber",
    "beschädigt",
    "ok",
)
WEST, SOUTH, WIDTH, HEIGHT = 7.33, 51.40, 0.34, 0.16

Values = Callable[[random.Random], dict[str, Json]]


def _day(chance: random.Random) -> str:
    return f"{chance.randint(1970, 2025)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"


def _light(chance: random.Random) -> dict[str, Json]:
    return {
        "lantern_height": chance.randint(30, 120) / 10,
        "circuit": f"SK {chance.randint(1, 400)}",
        "lamp": chance.choice(("led", "sodium", "mercury", "fluorescent")),
        "power": chance.choice((18, 27, 35, 50, 70, 100)),
        "in_service_since": _day(chance),
    }


def _tree(chance: random.Random) -> dict[str, Json]:
    return {
        "species": chance.choice(SPECIES),
        "planting_year": chance.randint(1880, 2025),
        "height": chance.randint(20, 300) / 10,
        "crown_diameter": chance.randint(10, 180) / 10,
        "trunk_girth": chance.randint(10, 400),
    }


def _bin(chance: random.Random) -> dict[str, Json]:
    return {
        "waste_kind": chance.choice(("other", "paper", "glass", "organic")),
        "capacity": chance.choice((35, 50, 70, 110, 240)),
        "count": chance.randint(1, 4),
        "serial_number": f"AB-{chance.randint(1, 9_999_999):07d}",
        "installed_on": _day(chance),
    }


def _bench(chance: random.Random) -> dict[str, Json]:
    return {
        "material": chance.choice(("wood", "metal", "concrete", "stone")),
        "backrest": chance.random() < 0.7,
        "armrests": chance.random() < 0.3,
        "seats": chance.randint(2, 6),
        "installed_on": _day(chance),
    }


def _drain(chance: random.Random) -> dict[str, Json]:
    return {
        "bucket": chance.random() < 0.9,
        "last_cleaning": _day(chance),
        "depth": chance.randint(60, 250) / 100,
        "cover": f"D {chance.choice((125, 250, 400))}",
        "installed_on": _day(chance),
    }


CLASSES: Mapping[str, tuple[str, Values]] = {
    "street_light": ("SL", _light),
    "tree": ("B", _tree),
    "bin": ("PK", _bin),
    "bench": ("BK", _bench),
    "drain": ("SE", _drain),
}
NAMES = {
    "street_light": "Leuchte",
    "tree": "Baum",
    "bin": "Papierkorb",
    "bench": "Bank",
    "drain": "Straßenablauf",
}


def make_assets(count: int, seed: int = 1) -> Iterator[Asset]:
    chance = random.Random(seed)
    kinds = tuple(CLASSES)
    for index in range(count):
        kind = chance.choice(kinds)
        sign, own = CLASSES[kind]
        street = chance.choice(STREETS)
        yield Asset(
            id=AssetId(new_id()),
            asset_class=kind,
            number=f"{sign}-{index:07d}",
            name=f"{NAMES[kind]} {street} {chance.randint(1, 250)}" if chance.random() < 0.9 else None,
            geometry={
                "type": "Point",
                "coordinates": [
                    round(WEST + chance.random() * WIDTH, 7),
                    round(SOUTH + chance.random() * HEIGHT, 7),
                ],
            },
            attributes=own(chance) | _shared(chance, street),
        )


def _shared(chance: random.Random, street: str) -> dict[str, Json]:
    """With the class's own five: twelve."""
    return {
        "street": street,
        "area": chance.choice(DISTRICTS),
        "condition": chance.choice(CONDITIONS),
        "built_year": chance.randint(1950, 2025) if chance.random() < 0.8 else None,
        "manufacturer": chance.choice(MAKERS),
        "house_number": chance.randint(1, 250),
        "remarks": " ".join(chance.choices(FIRM_WORDS, k=3)),
    }


def make_profile(folder: Path, count: int) -> Path:
    """A profile of so many assets, all taken over in one operation; made once for each count. Whoever writes
    to it copies it first."""
    made = folder / f"assets-{count}-{SHAPE}"
    if made.exists():
        return made
    unfinished = folder / f"assets-{count}-{SHAPE}.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    with open_profile(unfinished, write=True, actor="Mia Muster") as profile:
        with operation(profile.store, profile.actor, "asset.import", reason="Prüfstand.csv") as recorder:
            recorder.create_many(make_assets(count))
        profile.store.fold_texts()
        profile.store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    unfinished.rename(made)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.profiles")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=1_000_000)
    options = parser.parse_args()
    begin = time.perf_counter()
    print(make_profile(options.folder, options.count), f"{time.perf_counter() - begin:.0f} s")


if __name__ == "__main__":
    main()
