"""The tree that is packed is one that SQLite takes for its own."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from fieldtool.geometry import point
from fieldtool.journal import operation
from fieldtool.store import box_tree, map_rows, places
from fieldtool.store.connection import Connection
from fieldtool.store.errors import AlreadyThere
from tests.fieldtool.making import asset, profile

WINDOWS = [(7.0, 51.0, 8.0, 52.0), (7.4, 51.4, 7.41, 51.42), (7.5, 51.5, 7.5, 51.5), (9.0, 51.0, 9.5, 52.0)]
TABLE = """CREATE VIRTUAL TABLE asset_boxes USING rtree(seq, west, east, south, north,
    +exact_west, +exact_east, +exact_south, +exact_north)"""


def some_boxes(first: int, count: int) -> list[tuple[int, places.Box]]:
    chance = random.Random(first)
    found = []
    for seq in range(first, first + count):
        west, south = 7.3 + chance.random() * 0.4, 51.4 + chance.random() * 0.2
        wide = chance.choice([0.0, 0.0, 0.003])
        found.append((seq, (west, south, west + wide, south + wide)))
    return found


def as_boxes(entries: list[tuple[int, places.Box]]) -> box_tree.Boxes:
    boxes = box_tree.Boxes()
    boxes.add([seq for seq, _box in entries], [box for _seq, box in entries])
    return boxes


def tree(path: Path) -> Connection:
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute(TABLE)
    return Connection(raw, path)


def seen(connection: Connection) -> list[list[tuple[object, ...]]]:
    sql = f"SELECT b.* FROM asset_boxes b WHERE {places.WITHIN} ORDER BY seq"
    return [connection.rows(sql, places.within(window)) for window in WINDOWS]


def sound(connection: Connection) -> bool:
    return bool(connection.value("SELECT rtreecheck('asset_boxes')") == "ok")


@pytest.mark.parametrize("count", [1, 51, 52, 3000])
def test_a_packed_tree_answers_like_a_grown_one(tmp_path: Path, count: int) -> None:
    entries = some_boxes(1, count)
    with closing(tree(tmp_path / "packed").raw) as one, closing(tree(tmp_path / "grown").raw) as other:
        packed, grown = Connection(one, tmp_path / "packed"), Connection(other, tmp_path / "grown")
        assert box_tree.can_be_written(packed)
        assert seen(packed) == [[], [], [], []]
        box_tree.add_packed(packed, as_boxes(entries))
        for seq, box in entries:
            places.add(grown, seq, box)
        assert sound(packed)
        exact = "SELECT seq, exact_west, exact_east, exact_south, exact_north FROM asset_boxes ORDER BY seq"
        assert packed.rows(exact) == grown.rows(exact)
        keys = [[row[0] for row in window] for window in seen(grown)]
        assert [[row[0] for row in window] for window in seen(packed)] == keys
        assert len(keys[0]) == count


def test_a_packed_tree_goes_on_as_one(tmp_path: Path) -> None:
    with closing(tree(tmp_path / "packed").raw) as raw:
        connection = Connection(raw, tmp_path / "packed")
        box_tree.add_packed(connection, as_boxes(some_boxes(1, 3000)))
        before = seen(connection)
        box_tree.add_packed(connection, as_boxes(some_boxes(4000, 200)))
        assert sound(connection)
        after = seen(connection)
        assert [row for row in after[0] if int(str(row[0])) <= 3000] == before[0]
        assert len(after[0]) == 3200
        for seq, box in some_boxes(5000, 500):
            places.add(connection, seq, box)
        for seq in range(1, 3001, 2):
            places.drop(connection, seq)
        assert sound(connection)
        assert len(seen(connection)[0]) == 3700 - 1500


def test_no_box_shrinks_when_it_is_rounded(tmp_path: Path) -> None:
    with closing(tree(tmp_path / "packed").raw) as raw:
        connection = Connection(raw, tmp_path / "packed")
        box_tree.add_packed(connection, as_boxes(some_boxes(1, 2000)))
        inside = """SELECT count(*) FROM asset_boxes WHERE west <= exact_west AND east >= exact_east
            AND south <= exact_south AND north >= exact_north"""
        assert connection.value(inside) == 2000


class Defensive:
    """What SQLite says where SQLITE_DBCONFIG_DEFENSIVE is on, which Python sets from 3.12 on only."""

    def execute(self, _sql: str) -> None:
        raise sqlite3.OperationalError("table asset_boxes_node may not be modified")


def test_a_sqlite_that_guards_its_tables_is_left_alone(tmp_path: Path) -> None:
    assert not box_tree.can_be_written(Connection(cast("sqlite3.Connection", Defensive()), tmp_path))


def test_nodes_of_another_size_are_left_to_sqlite(tmp_path: Path) -> None:
    raw = sqlite3.connect(tmp_path / "small", isolation_level=None)
    with closing(raw):
        raw.execute("PRAGMA page_size = 1024")
        raw.execute(TABLE)
        small = Connection(raw, tmp_path / "small")
        assert not box_tree.can_be_written(small)
        places.add_many(small, as_boxes(some_boxes(1, 1500)))
        assert sound(small)
        assert len(seen(small)[0]) == 1500


def test_what_one_operation_makes_changes_and_deletes(tmp_path: Path) -> None:
    with profile(tmp_path) as opened:
        made = [asset(str(n), geometry=point(7.4 + n * 1e-4, 51.5)) for n in range(1200)]
        with operation(opened.store, opened.actor, "test.stock") as running:
            running.create_many(made)
            first, second, third = (replace(one, version=1) for one in made[:3])
            running.update(first, geometry=point(7.9, 51.5))
            running.update(second, geometry=None)
            running.delete(third)
        connection = opened.store.connection
        assert sound(connection)
        assert connection.value("SELECT count(*) FROM asset_boxes") == 1198
        assert map_rows.place_of(connection, first.id) == (1, (7.9, 51.5, 7.9, 51.5))
        assert map_rows.count(connection, (7.89, 51.4, 7.91, 51.6)) == 1


def test_what_is_taken_back_leaves_no_box(tmp_path: Path) -> None:
    with profile(tmp_path) as opened:
        there = asset("1", geometry=point(7.4, 51.5))
        with operation(opened.store, opened.actor, "test.stock") as running:
            running.create(there)
            with pytest.raises(AlreadyThere):
                running.create_many([asset("2", geometry=point(7.5, 51.5)), there])
        assert opened.store.connection.value("SELECT count(*) FROM asset_boxes") == 1
        assert sound(opened.store.connection)


def test_a_reader_beside_sees_the_packed_tree(tmp_path: Path) -> None:
    path = tmp_path / "shared"
    with closing(tree(path).raw) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        writer = Connection(raw, path)
        places.add(writer, 1, (7.45, 51.5, 7.45, 51.5))
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            reader = Connection(other, path)
            before = seen(reader)
            with writer.transaction():
                box_tree.add_packed(writer, as_boxes(some_boxes(10, 3000)))
                assert seen(reader) == before
            assert seen(reader) == seen(writer)
            assert len(seen(reader)[0]) == 3001
