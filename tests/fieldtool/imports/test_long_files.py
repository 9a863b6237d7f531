"""A long file is read line by line, and says the same as read at once."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldtool.imports import feature_lines
from fieldtool.imports.formats import geojson
from fieldtool.imports.source import Source, read_source

FEATURES: list[dict[str, Any]] = [
    {"type": "Feature", "properties": {"Nr": "007", "Höhe": 7.5}, "geometry": None},
    {"type": "Feature", "properties": {"Nr": "008", "Höhe": None, "x": " "}, "geometry": None},
    {"type": "Feature", "properties": {"Nr": "009", "Höhe": 1, "x": "y"}, "id": "a/9",
     "geometry": {"type": "Point", "coordinates": [7.46, 51.51]}},
    {"type": "Feature", "properties": {"ort": {"straße": "Ostwall", "tags": [1, "ä"]}}, "geometry": None},
    {"type": "Feature", "properties": None, "geometry": "nowhere"},
    {"type": "Feature", "properties": {"Nr": "010", "Höhe": 2, "x": "z"}, "geometry": None},
]  # fmt: skip
CRS = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}


def lines(features: list[Any], crs: Any = CRS, end: str = "\n", *, before: bool = True) -> str:
    frame = f'"crs": {json.dumps(crs)}'
    body = f",{end}".join(json.dumps(one, ensure_ascii=False) for one in features)
    head = f'{{{end}"type": "FeatureCollection",{end}' + (f"{frame},{end}" if before else "")
    return f'{head}"features": [{end}{body}{end}]' + ("" if before else f",{frame}") + f"{end}}}{end}"


LAYOUTS = {
    "lines": lines(FEATURES),
    "crs behind": lines(FEATURES, before=False),
    "cr lf": lines(FEATURES, end="\r\n"),
    "one line": lines(FEATURES, end=""),
    "indented": json.dumps({"type": "FeatureCollection", "crs": CRS, "features": FEATURES}, indent=2),
    "one per line, no array": "\n".join(json.dumps(one, ensure_ascii=False) for one in FEATURES),
    "blank lines between": "\n\n".join(json.dumps(one) for one in FEATURES) + "\n\n",
}


def both(path: Path) -> tuple[Source, Source]:
    long, whole = geojson._long(path), geojson._whole(path)
    assert long is not None
    return long, whole


def assert_same(long: Source, whole: Source) -> None:
    assert list(long.rows) == list(whole.rows)
    assert set(long.columns) == set(whole.columns)
    assert (long.crs, long.has_geometries, long.encoding, long.format) == (
        whole.crs,
        whole.has_geometries,
        whole.encoding,
        whole.format,
    )


@pytest.mark.parametrize("together", [1, 2, 200])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_says_the_same(
    tmp_path: Path, layout: str, mark: str, together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feature_lines, "AT_ONCE", together)
    path = tmp_path / "liste.geojson"
    path.write_bytes((mark + LAYOUTS[layout]).encode())
    assert_same(*both(path))


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text(max_size=4)
) | st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3), min_size=2, max_size=6),
    st.sampled_from(["", "\n"]),
    st.sampled_from([1, 2, 200]),
)
def test_whatever_the_properties_hold(
    tmp_path_factory: pytest.TempPathFactory, properties: list[dict[str, Any]], end: str, together: int
) -> None:
    path = tmp_path_factory.mktemp("liste") / "liste.geojson"
    features = [{"type": "Feature", "properties": one, "geometry": None} for one in properties]
    path.write_bytes(lines(features, end=end).encode())
    with mock.patch.object(feature_lines, "AT_ONCE", together):
        assert_same(*both(path))


def test_a_line_without_its_comma_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feature_lines, "AT_ONCE", 2)
    path = tmp_path / "liste.geojson"
    head, body = LAYOUTS["lines"].split('"features": [')
    body = body.replace("},\n", "}\n", 3)
    path.write_text(f'{head}"features": [{body}', encoding="utf-8")
    long = geojson._long(path)
    assert long is not None
    assert [row.number for row in long.rows] == list(range(1, len(FEATURES) + 1))
    assert [row.values.get("Nr") for row in long.rows] == ["007", "008", "009", None, None, "010"]


def test_rows_are_found_by_their_place(tmp_path: Path) -> None:
    path = tmp_path / "liste.geojson"
    path.write_text(LAYOUTS["lines"], encoding="utf-8")
    long, whole = both(path)
    assert long.rows[-1] == whole.rows[-1]
    assert long.rows[::2] == whole.rows[::2]
    assert [row.number for row in long.rows] == list(range(1, len(FEATURES) + 1))
    with pytest.raises(IndexError):
        long.rows[len(FEATURES)]


@pytest.mark.parametrize(
    "data",
    [
        LAYOUTS["lines"].encode("cp1252"),
        LAYOUTS["lines"].encode("utf-16"),
        LAYOUTS["lines"][:-40].encode(),
        b'{"type": "FeatureCollection",\n"features": [\nnonsense\n]}',
        b'{"a": 1}\nno json\n',
    ],
)
def test_what_is_no_plain_document_of_features_is_read_as_a_whole(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "liste.geojson"
    path.write_bytes(data)
    assert geojson._long(path) is None


def test_a_long_file_needs_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "liste.geojson"
    many = [
        {"type": "Feature", "properties": {"Nr": f"{n:06}", "x": "y" * 300}, "geometry": None}
        for n in range(30_000)
    ]
    path.write_text(lines(many), encoding="utf-8")
    assert path.stat().st_size > geojson.SHORT
    read_source(path)  # loads what a running program has loaded
    tracemalloc.start()
    try:
        source = read_source(path)
        assert sum(1 for _row in source.rows) == 30_000
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < path.stat().st_size / 4
