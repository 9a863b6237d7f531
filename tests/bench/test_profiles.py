"""What the benchmarks measure on is what the application itself would have made."""

from __future__ import annotations

from pathlib import Path

from fieldtool.asset import Asset
from fieldtool.asset_classes import asset_class
from fieldtool.profile import open_profile
from fieldtool.store import search
from tests.bench.profiles import ATTRIBUTES, CLASSES, make_profile

COUNT = 500


def test_a_made_profile_is_a_whole_one(tmp_path: Path) -> None:
    with open_profile(make_profile(tmp_path, COUNT), write=False) as profile:
        store = profile.store
        assets = list(store.assets())
        found = list(store.assets(search="märkische"))
        assert store.problems() == []
        assert store.count(Asset) == len(assets) == COUNT
        assert sum(store.count(Asset, name) for name in CLASSES) == COUNT
        assert search.pending(store.connection) == 0
        assert store.connection.value("SELECT count(*) FROM asset_boxes") == COUNT
        assert store.connection.value("SELECT count(*) FROM changes") == COUNT
        assert [entry.operation.kind for entry in store.history(assets[0].id)] == ["asset.import"]
    assert 0 < len(found) < COUNT
    for asset in assets:
        assert len(asset.attributes) == ATTRIBUTES
        assert asset_class(asset.asset_class).problems(asset.attributes) == {}


def test_it_is_made_once_for_each_count(tmp_path: Path) -> None:
    made = make_profile(tmp_path, 3)
    (made / "mark").touch()
    assert (make_profile(tmp_path, 3) / "mark").exists()
    assert make_profile(tmp_path, 4) != made
