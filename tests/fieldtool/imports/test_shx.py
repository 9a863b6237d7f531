"""A damaged entry of a shapefile's index loses at most its own record, never the file."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import shapely

from fieldtool.imports.source import Row, read_source
from tests.fieldtool.imports.geo import PLACES, write

ENTRIES = {
    "nothing": bytes(8),
    "far away": struct.pack(">ii", 2_000_000_000, 10),
    "before the file": struct.pack(">ii", -5, 10),
    "another's": struct.pack(">ii", 50, 10),
    "another length": struct.pack(">ii", 64, 12),
}


def damaged(tmp_path: Path, entry: bytes, key: int) -> Path:
    path = write(tmp_path / "baeume.shp")
    index = bytearray(path.with_suffix(".shx").read_bytes())
    index[100 + 8 * key : 108 + 8 * key] = entry
    path.with_suffix(".shx").write_bytes(index)
    return path


def places(rows: list[Row]) -> list[object]:
    return [None if row.geometry is None else row.geometry["coordinates"] for row in rows]


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES.keys())
@pytest.mark.parametrize("key", [1, 2])
def test_the_shape_is_found_again(tmp_path: Path, entry: bytes, key: int) -> None:
    path = damaged(tmp_path, entry, key)
    before = path.with_suffix(".shx").read_bytes()
    rows = list(read_source(path).rows)
    assert places(rows) == [list(place) for place in PLACES]
    assert [row.values["baumnummer"] for row in rows] == ["0047", "0048", "0049"]
    assert path.with_suffix(".shx").read_bytes() == before


def test_all_entries_damaged(tmp_path: Path) -> None:
    path = write(tmp_path / "baeume.shp")
    index = path.with_suffix(".shx")
    index.write_bytes(index.read_bytes()[:100] + bytes(24))
    assert places(list(read_source(path).rows)) == [list(place) for place in PLACES]


def test_a_record_that_is_not_found_loses_only_itself(tmp_path: Path) -> None:
    """Its entry and its own head are damaged."""
    squares = [shapely.box(x, y, x + 10, y + 10) for x, y in PLACES]
    path = write(tmp_path / "f.shp", geometry=shapely.to_wkb(np.array(squares)), kind="Polygon")
    index = bytearray(path.with_suffix(".shx").read_bytes())
    start = 2 * int.from_bytes(index[108:112], "big")
    index[108:116] = bytes(8)
    path.with_suffix(".shx").write_bytes(index)
    shapes = bytearray(path.read_bytes())
    shapes[start : start + 8] = struct.pack(">ii", 77, -9)
    path.write_bytes(shapes)
    rows = list(read_source(path).rows)
    assert [row.problem is None for row in rows] == [True, False, True]
    assert [row.geometry is None for row in rows] == [False, True, False]
