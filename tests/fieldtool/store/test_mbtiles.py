"""MBTiles as others write them: real tiles, and files that are none."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fieldtool.store.mbtiles import EMPTY, UNREADABLE, VECTOR, MapFileUnusable, describe, tile


def written(path: Path, tiles: list[tuple[int, int, int, bytes]], **metadata: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        connection.execute(
            "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)"
        )
        connection.executemany("INSERT INTO metadata VALUES (?, ?)", metadata.items())
        connection.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", tiles)
        connection.commit()
    return path


def test_rows_count_from_the_south(tmp_path: Path) -> None:
    path = written(tmp_path / "m.mbtiles", [(3, 4, 6, b"north"), (3, 4, 1, b"south")], format="png", name="M")
    assert tile(path, 3, 4, 1) == b"north"
    assert tile(path, 3, 4, 6) == b"south"
    assert tile(path, 3, 4, 0) is None
    described = describe(path)
    assert (described.title, described.min_zoom, described.max_zoom, described.box) == ("M", 3, 3, None)


@pytest.mark.parametrize(
    ("tiles", "format_", "reason"),
    [([(0, 0, 0, b"x")], "pbf", VECTOR), ([], "png", EMPTY)],
)
def test_what_cannot_be_shown(
    tmp_path: Path, tiles: list[tuple[int, int, int, bytes]], format_: str, reason: str
) -> None:
    path = written(tmp_path / "m.mbtiles", tiles, format=format_)
    with pytest.raises(MapFileUnusable) as caught:
        describe(path)
    assert caught.value.reason == reason


@pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough to look at" * 40])
def test_what_is_no_map(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.mbtiles"
    path.write_bytes(content)
    with pytest.raises(MapFileUnusable) as caught:
        describe(path)
    assert caught.value.reason == UNREADABLE


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(MapFileUnusable):
        tile(tmp_path / "away.mbtiles", 0, 0, 0)
    assert list(tmp_path.iterdir()) == []
