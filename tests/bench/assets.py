"""How long questions and an edit take among many assets, against the barest SQL for the same on the same
file in the same run, ours and bare in turn.

python -m tests.bench.assets [--count N] [--rounds N] [--folder FOLDER]

Bare: a connection of the standard library, one prepared statement, its rows as tuples. Ours: what the program
itself calls, with everything it makes of the rows. The profile is kept in FOLDER for the next run.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from fieldtool.asset import Asset
from fieldtool.map_points import Window, answer
from fieldtool.profile import Profile, open_profile
from fieldtool.profile_folder import DATABASE
from fieldtool.upkeep import changing
from tests.bench.profiles import BEGINS, HEIGHT, SOUTH, STREETS, WEST, WIDTH, make_profile

GOALS = {"p50": 2.0, "p99": 5.0}
EDIT_GOALS = {"p50": 5.0, "p99": 5.0}
WINDOW_OF, PAGE_OF, FOUND = 500, 100, 50
ROW = "id, version, asset_class, number, name, geometry, attributes, parent_id"

BARE_SEARCH = f"""SELECT {", ".join(f"a.{name}" for name in ROW.split(", "))} FROM asset_texts f
    CROSS JOIN assets a ON a.seq = f.rowid WHERE asset_texts MATCH ? ORDER BY f.rowid LIMIT {FOUND}"""
BARE_WINDOW = """SELECT b.seq, b.exact_west, b.exact_south, a.asset_class FROM asset_boxes b
    JOIN assets a ON a.seq = b.seq WHERE b.west <= ? AND b.east >= ? AND b.south <= ? AND b.north >= ?"""
BARE_PAGE = f"SELECT {ROW} FROM assets WHERE id > ? ORDER BY id LIMIT {PAGE_OF}"
BARE_RECORD = f"SELECT {ROW} FROM assets WHERE id = ?"
BARE_UPDATE = "UPDATE assets SET name = ?, version = version + 1 WHERE id = ?"

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Pair:
    """The same question, asked bare and asked by us."""

    bare: Work
    ours: Work


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds."""

    bare: list[float]
    ours: list[float]

    def ratio(self, percent: int) -> float:
        return percentile(self.ours, percent) / percentile(self.bare, percent)


def percentile(times: Sequence[float], percent: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1]


def measured(pairs: Iterator[Pair]) -> Times:
    times = Times([], [])
    for number, pair in enumerate(pairs):
        works = [(pair.bare, times.bare), (pair.ours, times.ours)]
        for work, into in works if number % 2 else reversed(works):
            begin = time.perf_counter()
            work()
            into.append(1000 * (time.perf_counter() - begin))
    return times


def searches(profile: Profile, bare: sqlite3.Connection, chance: random.Random) -> Iterator[Pair]:
    words = [begin.lower()[:length] for begin in BEGINS for length in (2, 3, 5)]
    words += [street.lower() for street in STREETS[::7]]
    while True:
        word = chance.choice(words)
        wanted = f'"{word.replace("ß", "ss")}"*'
        yield Pair(
            lambda wanted=wanted: bare.execute(BARE_SEARCH, (wanted,)).fetchall(),
            lambda word=word: list(profile.store.assets(search=word, limit=FOUND)),
        )


def windows(profile: Profile, bare: sqlite3.Connection, chance: random.Random, count: int) -> Iterator[Pair]:
    share = (WINDOW_OF / count) ** 0.5
    wide, high = WIDTH * share, HEIGHT * share
    while True:
        west = WEST + chance.random() * (WIDTH - wide)
        south = SOUTH + chance.random() * (HEIGHT - high)
        box = (west, south, west + wide, south + high)
        edges = (box[2], box[0], box[3], box[1])
        yield Pair(
            lambda edges=edges: bare.execute(BARE_WINDOW, edges).fetchall(),
            lambda box=box: answer(profile.store, Window(box=box, zoom=17, by="class", year=2026)),
        )


def pages(
    profile: Profile, bare: sqlite3.Connection, chance: random.Random, ids: Sequence[str]
) -> Iterator[Pair]:
    while True:
        after = chance.choice(ids)
        yield Pair(
            lambda after=after: bare.execute(BARE_PAGE, (after,)).fetchall(),
            lambda after=after: list(profile.store.assets(after=after, limit=PAGE_OF)),
        )


def records(
    profile: Profile, bare: sqlite3.Connection, chance: random.Random, ids: Sequence[str]
) -> Iterator[Pair]:
    while True:
        wanted = chance.choice(ids)
        yield Pair(
            lambda wanted=wanted: bare.execute(BARE_RECORD, (wanted,)).fetchone(),
            lambda wanted=wanted: profile.store.get(Asset, wanted),
        )


def edits(
    profile: Profile, bare: sqlite3.Connection, chance: random.Random, ids: Sequence[str]
) -> Iterator[Pair]:
    """The record as it was read before; texts are folded now and then, as in the program, outside the
    measurement."""
    number = 0
    while True:
        number += 1
        asset = profile.store.get(Asset, chance.choice(ids))
        name = f"Leuchte {STREETS[number % len(STREETS)]} {number}"
        if number % 50 == 0:
            profile.store.fold_texts()
        yield Pair(
            lambda asset=asset, name=name: bare.execute(BARE_UPDATE, (name, asset.id)),
            lambda asset=asset, name=name: changing.change(profile, asset, {"name": name}),
        )


def bare_connection(database: Path, *, write: bool) -> sqlite3.Connection:
    """With the same promises to the disk as ours."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"PRAGMA query_only={0 if write else 1}")
    return connection


def some_ids(bare: sqlite3.Connection, chance: random.Random, count: int) -> list[str]:
    seqs = [chance.randint(1, count) for _ in range(5000)]
    marks = ", ".join("?" * len(seqs))
    return [row[0] for row in bare.execute(f"SELECT id FROM assets WHERE seq IN ({marks})", seqs)]


def questions(made: Path, count: int, rounds: int) -> dict[str, Times]:
    chance = random.Random(1)
    with (
        open_profile(made, write=False) as profile,
        closing(bare_connection(made / DATABASE, write=False)) as bare,
    ):
        ids = some_ids(bare, chance, count)
        kinds = {
            "prefix search": searches(profile, bare, chance),
            f"map window of {WINDOW_OF}": windows(profile, bare, chance, count),
            f"page of {PAGE_OF}": pages(profile, bare, chance, ids),
            "record": records(profile, bare, chance, ids),
        }
        for pairs in kinds.values():
            measured(islice(pairs, 30))
        return {name: measured(islice(pairs, rounds)) for name, pairs in kinds.items()}


def edit_times(made: Path, count: int, rounds: int) -> Times:
    chance = random.Random(2)
    with tempfile.TemporaryDirectory(dir=made.parent) as folder:
        one, other = (Path(shutil.copytree(made, Path(folder) / name)) for name in ("ours", "bare"))
        with (
            open_profile(one, write=True) as profile,
            closing(bare_connection(other / DATABASE, write=True)) as bare,
        ):
            ids = some_ids(bare, chance, count)
            pairs = edits(profile, bare, chance, ids)
            measured(islice(pairs, 30))
            return measured(islice(pairs, rounds))


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.assets")
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "fieldtool-bench")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    made = make_profile(options.folder, options.count)
    found = questions(made, options.count, options.rounds)
    found["durable edit"] = edit_times(made, options.count, options.rounds)
    print(f"{options.count} assets, {options.rounds} rounds; milliseconds")
    heads = (f"{'bare ' + name:>10}{'ours ' + name:>10}{'ratio':>7}{'goal':>6}" for name in ("p50", "p99"))
    print(f"{'':20}{' '.join(heads)}")
    for name, times in found.items():
        goals = EDIT_GOALS if name == "durable edit" else GOALS
        cells = []
        for percent in (50, 99):
            cells.append(f"{percentile(times.bare, percent):10.2f}{percentile(times.ours, percent):10.2f}")
            cells.append(f"{times.ratio(percent):7.2f}{goals[f'p{percent}']:6.0f}")
        print(f"{name:20}{' '.join(cells)}")
    print(json.dumps({name: {f"p{p}": times.ratio(p) for p in (50, 99)} for name, times in found.items()}))


if __name__ == "__main__":
    main()
