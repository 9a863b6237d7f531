"""What the map looks up beside its points."""

from __future__ import annotations

from pathlib import Path

from fieldtool.geometry import point
from fieldtool.journal import operation
from fieldtool.store import map_rows
from tests.fieldtool.making import asset, profile


def test_extent_ids_and_places(tmp_path: Path) -> None:
    first, second = asset("2", geometry=point(7.4, 51.4)), asset("1", geometry=point(7.6, 51.5))
    nowhere = asset("3")
    with profile(tmp_path) as opened:
        connection = opened.store.connection
        assert map_rows.extent(connection) is None
        with operation(opened.store, opened.actor, "test.stock") as running:
            running.create_many([first, second, nowhere])
        box = map_rows.extent(connection)
        assert box is not None
        assert [round(edge, 4) for edge in box] == [7.4, 51.4, 7.6, 51.5]
        found = map_rows.place_of(connection, first.id)
        assert found is not None
        seq, place = found
        assert place == (7.4, 51.4, 7.4, 51.4)
        other = map_rows.place_of(connection, second.id)
        assert other is not None
        assert map_rows.place_of(connection, nowhere.id) is None
        assert map_rows.ids(connection, [seq, other[0], 4711]) == [second.id, first.id]
        assert map_rows.count(connection, (7.3, 51.3, 7.5, 51.45)) == 1
