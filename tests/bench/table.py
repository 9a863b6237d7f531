"""The table of assets against bare SQL, a model that holds everything in memory and a proxy model.

python -m tests.bench.table [--count N] [--folder FOLDER]

The profile is made in FOLDER once for each count and copied for the run. Painted: the viewport has drawn rows
that are there, not places for them. The classes have been read before, as in a running program: the very
first reading of them takes 0.1 to 0.4 s more.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.bench.profiles import make_profile

JUMPS, PAGES = 60, 300
STREET = "Ruhrweg"
COLUMNS = ("class", "number", "name", ".street", ".area", ".condition", ".built_year", ".remarks")
ROWS = (
    ("first paint above a bare window, s", "paint_s", 3, "at most 0.2"),
    ("memory of the open table, MB", "paint_mb", 1, "at most 60"),
    ("jump, painted, ms", "jump_ms", 2, ""),
    ("jump, everything in memory, ms", "memory_jump_ms", 2, ""),
    ("jump / everything in memory", "jump_ratio", 2, "at most 1.3"),
    ("filter with its first page, ms", "filter_ms", 2, ""),
    ("filter, proxy model, ms", "proxy_ms", 1, ""),
    ("proxy model / filter", "filter_ratio", 0, "at least 50"),
    ("contains with its first page, ms", "contains_ms", 1, ""),
    ("proxy model / contains", "contains_ratio", 0, ""),
    ("filter for the first time, with its index, s", "index_s", 2, ""),
    ("page of 100, p50 / bare SQL", "page_p50", 2, "at most 2"),
    ("page of 100, p99 / bare SQL", "page_p99", 2, "at most 5"),
)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.bench.table")
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "fieldtool-bench")
    parser.add_argument("--one", nargs=2, metavar=("WHAT", "PROFILE"))
    options = parser.parse_args(arguments)
    parts: dict[str, Callable[[Path], dict[str, float]]] = {
        "store": store_figures,
        "window": window_figures,
        "memory": memory_figures,
    }
    if options.one is not None:
        print(json.dumps(parts[options.one[0]](Path(options.one[1]))))
        return 0
    options.folder.mkdir(parents=True, exist_ok=True)
    made = make_profile(options.folder, options.count)
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="fieldtool-bench-") as folder:
        profile = Path(folder) / "profile"
        shutil.copytree(made, profile)
        for name in parts:
            found |= in_a_process_of_its_own(name, profile)
    found["jump_ratio"] = found["jump_ms"] / found["memory_jump_ms"]
    found["filter_ratio"] = found["proxy_ms"] / found["filter_ms"]
    found["contains_ratio"] = found["proxy_ms"] / found["contains_ms"]
    for title, name, digits, goal in ROWS:
        print(f"{title:46}{found[name]:10.{digits}f}   {goal}")
    print(json.dumps({name: round(value, 3) for name, value in found.items()}))
    return 0


def in_a_process_of_its_own(name: str, profile: Path) -> dict[str, float]:
    words = [sys.executable, "-m", "tests.bench.table", "--one", name, str(profile)]
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    ended = subprocess.run(words, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(ended.stdout)
    return found


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def store_figures(folder: Path) -> dict[str, float]:
    from fieldtool.asset_query import AssetQuery, Condition
    from fieldtool.profile import open_profile

    with open_profile(folder, write=True, actor="Mia Muster") as profile:
        store = profile.store

        def first_page(query: AssetQuery) -> None:
            store.assets_at(store.asset_seqs(query)[:100])

        equal = AssetQuery(conditions=(Condition(".street", "equals", (STREET,)),))
        part = AssetQuery(conditions=(Condition(".street", "contains", (STREET[:5],)),))
        return {
            "index_s": timed(lambda: first_page(equal)),
            "filter_ms": statistics.median(timed(lambda: first_page(equal)) for _run in range(15)) * 1000,
            "contains_ms": statistics.median(timed(lambda: first_page(part)) for _run in range(9)) * 1000,
            **page_figures(store),
        }


def page_figures(store: Any) -> dict[str, float]:
    """Behind places that are spread over the whole order, other ones for either of the two: what one has read
    the other must not find in the cache. The bare SQL asks the same of the same index."""
    from fieldtool.asset_query import AssetQuery, folded
    from fieldtool.store.asset_columns import compared
    from fieldtool.store.asset_order import Position

    query, value = AssetQuery(sort=".street"), compared(".street")
    hint = store._indexes(query)[".street"]
    seqs = store.asset_seqs(query)
    chance = random.Random(7)
    raw = store.connection.raw
    behind = f"SELECT * FROM assets {hint} WHERE {value} = ? AND seq > ? ORDER BY seq LIMIT 100"
    ours, bare = [], []

    def place() -> tuple[str, int]:
        seq = seqs[chance.randrange(len(seqs) - 200)]
        key = raw.execute(
            "SELECT seq, attributes ->> '$.street' FROM assets WHERE seq = ?", (seq,)
        ).fetchone()
        return folded(key[1]), seq  # type: ignore[return-value]

    for _run in range(PAGES):
        given = place()
        bare.append(timed(lambda given=given: raw.execute(behind, given).fetchall()))  # type: ignore[misc]
        after = Position(0, *place())
        ours.append(timed(lambda after=after: store.asset_page(query, after, 100)))  # type: ignore[misc]
    return {
        "page_p50": statistics.median(ours) / statistics.median(bare),
        "page_p99": statistics.quantiles(ours, n=100)[98] / statistics.quantiles(bare, n=100)[98],
        "page_ms": statistics.median(ours) * 1000,
    }


def megabytes() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def painted_after(table: Any, act: Callable[[], object]) -> float:
    """Seconds until the viewport has drawn nothing but rows that are there."""
    from PySide6.QtCore import QEvent, QEventLoop, QObject
    from PySide6.QtWidgets import QApplication

    class Painted(QObject):
        done = False

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() == QEvent.Type.Paint:
                pages = table._seen_pages()
                self.done = bool(pages) and all(table.rows.has(page) for page in pages)
            return False

    watch = Painted()
    table.viewport().installEventFilter(watch)
    began = time.perf_counter()
    act()
    while not watch.done:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 1000)
    QApplication.sendPostedEvents()
    ended = time.perf_counter()
    table.viewport().removeEventFilter(watch)
    return ended - began


def jumps(table: Any) -> float:
    """ms"""
    chance, bar = random.Random(4), table.verticalScrollBar()
    places = [chance.randrange(bar.maximum()) for _jump in range(JUMPS)]
    times = [painted_after(table, lambda place=place: bar.setValue(place)) for place in places]  # type: ignore[misc]
    return statistics.median(times) * 1000


def window_figures(folder: Path) -> dict[str, float]:
    from PySide6.QtWidgets import QApplication, QWidget

    from drivers.secret import Secret
    from fieldtool.operation import Actor
    from fieldtool.profile import Profile
    from fieldtool.reading_ahead import read_ahead
    from ui import themes
    from ui.application import application
    from ui.background import Background, Place
    from ui.preferences import Preferences
    from ui.screen import Desk
    from ui.screens.assets.kept import Look
    from ui.screens.assets.list_page import ListPage

    app = application(["bench"])
    themes.apply(app, Preferences())
    background = Background(Place(folder, Secret("bench")))
    actors: list[Actor] = []

    def load(profile: Profile) -> Actor:
        """As the window does when it is there."""
        for _name in read_ahead():
            pass
        return profile.actor

    background.ask(background, load, actors.append)
    while not actors:
        QApplication.processEvents()
    bare = QWidget()
    bare.resize(1280, 800)
    bare.show()
    QApplication.processEvents()
    before = megabytes()
    page = ListPage(Desk(background, Preferences(welcomed=True), actors[0]))
    page.resize(1280, 800)
    page.show()
    paint_s = painted_after(page.table, page.refresh)
    while background.running:
        QApplication.processEvents()
    memory = megabytes() - before
    page._look = Look(COLUMNS)
    page.refresh()
    while background.running:
        QApplication.processEvents()
    found = {"paint_s": paint_s, "paint_mb": memory, "jump_ms": jumps(page.table)}
    background.close()
    return found


def memory_figures(folder: Path) -> dict[str, float]:
    """The same view with a model that holds every row, and a proxy model over it."""
    from PySide6.QtCore import QSortFilterProxyModel

    from fieldtool.asset_columns import cells, column_title
    from fieldtool.asset_facts import known_class
    from fieldtool.profile import open_profile
    from tests.bench.profiles import CLASSES
    from ui import themes
    from ui.application import application
    from ui.preferences import Preferences
    from ui.widgets.big_table import BigTable, PagedModel
    from ui.widgets.page import Page
    from ui.widgets.table import Row

    class Everything(PagedModel):
        rows: list[Row]

        def row(self, number: int) -> Row | None:
            return self.rows[number]

        def has(self, _page: int) -> bool:
            return True

    app = application(["bench"])
    themes.apply(app, Preferences())
    model = Everything()
    with open_profile(folder, write=False) as profile:
        kinds = {name: known_class(name) for name in CLASSES}
        model.rows = [
            Row(asset.id, cells(asset, kinds[asset.asset_class], COLUMNS)) for asset in profile.store.assets()
        ]
    titles = [column_title(None, column) for column in COLUMNS]
    page, table = Page("Bestand"), BigTable("Bestand")
    table.rows = model
    table.setModel(model)
    page.fill(table)
    page.resize(1280, 800)
    table.begin(titles, len(model.rows), model.rows[:50], keep=False, by=None)
    page.show()
    found = {"memory_jump_ms": jumps(table)}
    proxy = QSortFilterProxyModel()
    proxy.setFilterKeyColumn(COLUMNS.index(".street"))
    proxy.setSourceModel(model)
    proxy.rowCount()

    def narrow() -> None:
        proxy.setFilterFixedString(STREET)
        assert 0 < proxy.rowCount() < len(model.rows)

    found["proxy_ms"] = timed(narrow) * 1000
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
