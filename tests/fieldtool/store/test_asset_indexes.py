"""Indexes come on demand, stay few, and are never in the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldtool.asset_query import AssetQuery, Condition
from fieldtool.journal import operation
from fieldtool.profile import Profile
from fieldtool.store import asset_indexes
from tests.bench.profiles import make_assets
from tests.fieldtool.making import profile

COUNT = 200


@pytest.fixture(autouse=True)
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asset_indexes, "FEW_ASSETS", 0)
    monkeypatch.setattr(asset_indexes, "MOST", 3)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Profile]:
    with profile(tmp_path / "profile") as made:
        with operation(made.store, made.actor, "asset.import") as recorder:
            recorder.create_many(make_assets(COUNT))
        yield made


def columns(opened: Profile) -> list[str]:
    """What the indexes that are there are about."""
    rows = opened.store.connection.rows("SELECT sql FROM sqlite_schema WHERE name LIKE 'on_demand_%'")
    return sorted(str(row[0]).split('$."')[1].split('"')[0] for row in rows)


def by(column: str, asset_class: str | None = None) -> AssetQuery:
    return AssetQuery(asset_class=asset_class, sort=f".{column}")


def test_the_least_recently_used_goes(opened: Profile) -> None:
    store = opened.store
    for key in ("street", "area", "remarks"):
        store.asset_seqs(by(key))
    assert columns(opened) == ["area", "remarks", "street"]
    store.asset_seqs(by("street"))
    store.asset_seqs(by("condition"))
    assert columns(opened) == ["condition", "remarks", "street"]
    store.asset_seqs(by("street", "tree"))
    assert columns(opened) == ["condition", "street", "street"]


def test_a_question_with_many_columns_has_them_all_at_once(opened: Profile) -> None:
    keys = ("street", "area", "remarks", "condition", "manufacturer")
    conditions = tuple(Condition(f".{key}", "contains", ("e",)) for key in keys)
    found = opened.store.asset_seqs(AssetQuery(conditions=conditions))
    assert columns(opened) == sorted(keys)
    assert len(found) > 0
    opened.store.asset_seqs(by("street"))
    opened.store.asset_seqs(by("built_year"))
    assert len(columns(opened)) == 3


def test_what_is_asked_again_writes_nothing(opened: Profile) -> None:
    query = AssetQuery(sort=".street", conditions=(Condition(".area", "equals", ("Hörde",)),))
    opened.store.asset_seqs(query)
    before = opened.store.connection.raw.total_changes
    opened.store.asset_seqs(query)
    opened.store.asset_page(by("area"))
    assert opened.store.connection.raw.total_changes == before


def test_a_few_assets_need_none(opened: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asset_indexes, "FEW_ASSETS", COUNT + 1)
    assert len(opened.store.asset_seqs(by("street"))) == COUNT
    assert columns(opened) == []


def test_a_reader_scans_what_has_no_index_and_uses_what_is_there(opened: Profile, tmp_path: Path) -> None:
    expected = opened.store.asset_seqs(by("street"))
    with profile(tmp_path / "profile", write=False) as reader:
        assert reader.store.asset_seqs(by("street")) == expected
        assert len(reader.store.asset_seqs(by("area"))) == COUNT
        said: list[str] = []
        reader.store.connection.raw.set_trace_callback(said.append)
        reader.store.asset_seqs(by("street"))
        assert any("INDEXED BY on_demand_" in one for one in said)
    assert columns(opened) == ["street"]


def test_within_a_transaction_none_is_made(opened: Profile) -> None:
    with opened.store.snapshot():
        assert len(opened.store.asset_seqs(by("street"))) == COUNT
    assert columns(opened) == []


def test_a_full_disk_only_makes_it_slower(opened: Profile) -> None:
    connection = opened.store.connection
    expected = opened.store.asset_seqs(by("area"))
    pages = connection.value("PRAGMA page_count")
    connection.execute(f"PRAGMA max_page_count = {pages}")
    query = AssetQuery(sort=".area", conditions=(Condition(".remarks", "contains", ("fußplatte",)),))
    found = opened.store.asset_seqs(query)
    assert columns(opened) == ["area"]
    assert 0 < len(found) < len(expected)
    connection.execute("PRAGMA max_page_count = 1073741823")
    assert opened.store.asset_seqs(query) == found
    assert columns(opened) == ["area", "remarks"]


def test_a_program_that_knows_nothing_of_this_one_can_write(opened: Profile, tmp_path: Path) -> None:
    """The index holds nothing but what SQLite has by itself."""
    import sqlite3
    from contextlib import closing

    opened.store.asset_seqs(by("street"))
    with closing(sqlite3.connect(tmp_path / "profile" / "fieldtool.sqlite")) as other, other:
        other.execute('UPDATE assets SET attributes = \'{"street": "ZZZ"}\' WHERE seq = 7')
    assert opened.store.asset_seqs(
        AssetQuery(conditions=(Condition(".street", "equals", ("zzz",)),))
    ).tolist() == [7]
    assert opened.store.problems() == []
