"""Which maps are known, and how they come back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fieldtool import base_maps
from fieldtool.base_maps import NO_ADDRESS, NO_PLACES, Maps, MapServiceUnusable, with_file, with_service
from tests.fieldtool.store.test_mbtiles import written


def test_a_file_is_known_chosen_and_kept(tmp_path: Path) -> None:
    path = written(
        tmp_path / "m.mbtiles",
        [(5, 1, 1, b"\x89PNG")],
        name="Stadtplan",
        attribution='&copy; <a href="https://example.org">Stadt</a>',
    )
    maps = with_file(with_file(Maps(), path), path)
    (base,) = maps.known
    assert (base.title, base.attribution, base.online, base.min_zoom) == ("Stadtplan", "© Stadt", False, 5)
    assert maps.base() == base
    base_maps.write_maps(tmp_path, replace(maps, place=(7.5, 51.5, 12)))
    assert base_maps.read_maps(tmp_path) == replace(maps, place=(7.5, 51.5, 12))
    found = base_maps.tile(base, 5, 1, 30)
    assert found is not None
    assert (found.kind, found.data) == ("image/png", b"\x89PNG")
    assert base_maps.without(maps, base.id) == Maps()
    assert path.exists()


def test_services_by_the_ways_they_are_described() -> None:
    wmts = with_service(
        Maps(),
        title="",
        url="https://karten.example.org/{TileMatrix}/{TileRow}/{TileCol}.png",
        attribution="Land",
    ).known[0]
    assert (wmts.kind, wmts.source) == ("xyz", "https://karten.example.org/{z}/{y}/{x}.png")
    assert wmts.title == "karten.example.org"
    wms = with_service(
        Maps(), title="W", url="https://w.example.org/wms", attribution="", layers="stadt"
    ).known[0]
    assert (wms.kind, wms.layers, wms.attribution) == ("wms", "stadt", "w.example.org")
    assert base_maps.layer(wms).url == "https://w.example.org/wms"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", NO_ADDRESS),
        ("file:///etc/{z}/{x}/{y}", NO_ADDRESS),
        ("javascript:alert(1)//{z}{x}{y}", NO_ADDRESS),
        ("https://example.org/tiles", NO_PLACES),
    ],
)
def test_addresses_that_cannot_be(url: str, reason: str) -> None:
    with pytest.raises(MapServiceUnusable) as caught:
        with_service(Maps(), title="", url=url, attribution="")
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "text", ["", "[]", '{"known": [{}]}', '{"known": [], "chosen": "", "place": [1]}', "ä"]
)
def test_a_broken_file_is_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / base_maps.FILE).write_text(text, encoding="latin-1")
    assert base_maps.read_maps(tmp_path) == Maps()
