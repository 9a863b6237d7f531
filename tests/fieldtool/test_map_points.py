"""What the page of the map is told about the assets of a window."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fieldtool import map_points
from fieldtool.asset import Asset
from fieldtool.geometry import point
from fieldtool.journal import operation
from fieldtool.map_points import Window, answer
from fieldtool.store import map_rows
from fieldtool.store.map_rows import Colouring
from fieldtool.store.places import Box
from tests.fieldtool.making import asset, profile

TOWN: Box = (7.4, 51.4, 7.6, 51.6)
LINE = {"type": "LineString", "coordinates": [[7.50, 51.50], [7.52, 51.54]]}


@dataclass(frozen=True)
class Read:
    places: list[tuple[float, float]]
    numbers: list[int]
    codes: bytes
    total: int
    heaps: bool
    tail: dict[str, Any]

    def by_title(self) -> dict[str, int]:
        return {one["title"]: one["count"] for one in self.tail["legend"]}


def read(data: bytes) -> Read:
    """By the layout that the module tells, apart from the code that writes it."""
    count, heaps, total, length = struct.unpack_from("<4I", data)
    lons = struct.unpack_from(f"<{count}d", data, 16)
    lats = struct.unpack_from(f"<{count}d", data, 16 + 8 * count)
    numbers = struct.unpack_from(f"<{count}I", data, 16 + 16 * count)
    codes = data[16 + 20 * count : 16 + 21 * count]
    tail = data[16 + 21 * count :]
    assert len(tail) == length
    return Read(
        list(zip(lons, lats, strict=True)), list(numbers), codes, total, bool(heaps), json.loads(tail)
    )


def ask(
    folder: Path, assets: list[Asset], box: Box = TOWN, by: Colouring = "class", zoom: float = 12
) -> Read:
    with profile(folder) as opened:
        with operation(opened.store, opened.actor, "test.stock") as running:
            running.create_many(assets)
        return read(answer(opened.store, Window(box, zoom, by, 2026)))


def many(count: int) -> list[Asset]:
    return [
        asset(str(n), geometry=point(7.3 + 0.4 * n / count, 51.41 + 0.1 * (n % 7) / 7), asset_class="tree")
        for n in range(count)
    ]


def test_a_small_profile_is_told_whole_and_says_so(tmp_path: Path) -> None:
    far = asset("3", geometry=point(9.0, 53.0), asset_class="bin")
    placed = [asset("1", geometry=point(7.5, 51.5)), asset("2"), far]
    found = ask(tmp_path, placed)
    assert sorted(found.places) == [(7.5, 51.5), (9.0, 53.0)]
    assert found.total == 3
    assert found.tail["box"] == [-180.0, -90.0, 180.0, 90.0]
    assert found.by_title() == {"Abfallbehälter": 1, "Baum": 1}
    titles = [found.tail["legend"][code]["title"] for code in found.codes]
    assert dict(zip(found.places, titles, strict=True)) == {
        (7.5, 51.5): "Baum",
        (9.0, 53.0): "Abfallbehälter",
    }


@pytest.mark.parametrize("few", [True, False])
def test_of_a_large_one_only_the_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: bool) -> None:  # noqa: FBT001
    monkeypatch.setattr(map_points, "MOST_POINTS", 299)
    monkeypatch.setattr(map_rows, "MANY", 1000 if few else 10)
    stock = many(300)
    found = ask(tmp_path, stock)
    inside = [
        tuple(one.geometry["coordinates"])  # type: ignore[index, arg-type]
        for one in stock
        if 7.4 <= one.geometry["coordinates"][0] <= 7.6  # type: ignore[index, call-overload]
    ]
    assert sorted(found.places) == sorted(inside)
    assert not found.heaps
    assert found.tail["box"] == list(TOWN)


def test_too_many_are_counted_in_heaps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_points, "MOST_POINTS", 100)
    found = ask(tmp_path, many(300), zoom=9)
    assert found.heaps
    assert found.total == 300
    assert found.tail["zoom"] == 9
    assert 1 < len(found.numbers) < 40
    assert sum(found.numbers) == pytest.approx(150, abs=2)
    assert all(7.39 < lon < 7.61 and 51.4 < lat < 51.6 for lon, lat in found.places)


def test_lines_are_drawn_and_stand_as_a_point_at_their_middle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_points, "MOST_SHAPES", 2)
    lines = [asset(str(n), geometry=LINE, asset_class="other") for n in range(3)]
    found = ask(tmp_path, [*lines, asset("p", geometry=point(7.5, 51.5))])
    assert len(found.tail["shapes"]) == 2
    assert found.tail["more_shapes"]
    (shape, _other) = found.tail["shapes"]
    assert shape["geometry"] == LINE
    assert found.tail["legend"][shape["code"]]["title"] == "Sonstiges Objekt"
    middles = [place for place in found.places if place != (7.5, 51.5)]
    assert middles[0] == pytest.approx((7.51, 51.52))


def test_by_age(tmp_path: Path) -> None:
    years = [2020, 2016, 2002, 1990, 1950, "um 1900", None]
    stock = [
        asset(str(n), geometry=point(7.5, 51.5), attributes={} if year is None else {"planting_year": year})
        for n, year in enumerate(years)
    ]
    assert ask(tmp_path, stock, by="age").by_title() == {
        "jünger als 10 Jahre": 1,
        "10 bis 24 Jahre": 2,
        "25 bis 49 Jahre": 1,
        "50 Jahre und älter": 1,
        "unbekannt": 2,
    }


def test_by_condition_in_the_words_of_the_class(tmp_path: Path) -> None:
    stock = [
        asset("1", geometry=point(7.5, 51.5), attributes={"condition": "good"}),
        asset("2", geometry=point(7.5, 51.5), asset_class="bridge", attributes={"condition_grade": 2.3}),
        asset("3", geometry=point(7.5, 51.5)),
    ]
    found = ask(tmp_path, stock, by="condition")
    assert sum(found.by_title().values()) == 3
    assert found.by_title()["unbekannt oder anders"] == 1
    assert "2.3" in found.by_title()


def test_more_classes_than_signs_share_the_last_one(tmp_path: Path) -> None:
    stock = [asset(str(n), geometry=point(7.5, 51.5), asset_class=f"class{n:02}") for n in range(30)]
    found = ask(tmp_path, stock)
    legend = found.tail["legend"]
    assert len(legend) == map_points.MOST_CODES + 1
    assert len({(one["colour"], one["shape"]) for one in legend}) == len(legend)
    assert legend[-1]["count"] == 6
    assert sum(one["count"] for one in legend) == 30


def test_without_assets(tmp_path: Path) -> None:
    found = ask(tmp_path, [])
    assert (found.places, found.total, found.tail["legend"]) == ([], 0, [])
