"""Assets in any order, filtered and grouped, against what Python makes of the same assets."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldtool.asset import Asset
from fieldtool.asset_query import AssetQuery, Condition, attribute_key, folded
from fieldtool.journal import operation
from fieldtool.profile import Profile
from fieldtool.store import Store, asset_filter, asset_groups, asset_indexes, asset_order
from tests.bench.profiles import make_assets
from tests.fieldtool.making import asset, profile, record

COUNT = 250
ODD = 'Höhe "ü. NN" (m)'
COLUMNS = ["class", "number", "name", ".street", ".condition", ".built_year", ".height", ".smart", f".{ODD}"]


@pytest.fixture(autouse=True, params=["indexed", "scanned"])
def with_or_without(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asset_indexes, "FEW_ASSETS", 0 if request.param == "indexed" else 10**9)
    monkeypatch.setattr(asset_order, "PART", 37)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Profile]:
    with profile(tmp_path / "profile") as made:
        with operation(made.store, made.actor, "asset.import") as recorder:
            recorder.create_many(make_assets(COUNT))
            recorder.create(asset("Ä 1", attributes={"street": "Öderweg", "height": "hoch", ODD: 3}))
            recorder.create(asset("a 2", attributes={"street": "", "height": 7, ODD: 12}))
            recorder.create(asset("ß", name="Übergang", attributes={"smart": True, "condition": None}))
        yield made


def value(one: Asset, column: str) -> Any:
    key = attribute_key(column)
    own = {"class": one.asset_class, "number": one.number, "name": one.name}
    return folded(own[column] if key is None else one.attributes.get(key))  # type: ignore[arg-type]


def sorted_by(assets: list[Asset], column: str, descending: bool) -> list[str]:  # noqa: FBT001
    def place(one: Asset) -> tuple[bool, Any]:
        found = value(one, column)
        return isinstance(found, str), found

    some = [one for one in assets if value(one, column) is not None]
    none = [one.id for one in assets if value(one, column) is None]
    if descending:
        return [one.id for one in sorted(some, key=place)][::-1] + none
    return [one.id for one in sorted(some, key=place)] + none


def paged(store: Store, query: AssetQuery, limit: int = 7) -> list[str]:
    page, found = store.asset_page(query, limit=limit), list[str]()
    while True:
        assert len(page.assets) == len(page.seqs) <= limit
        found += [one.id for one in page.assets]
        if page.last is None:
            return found
        page = store.asset_page(query, page.last, limit)


def ids(store: Store, query: AssetQuery) -> list[str]:
    return [one.id for one in store.assets_of(query)]


@pytest.mark.parametrize("descending", [False, True])
def test_every_column_sorts_by_page_as_a_whole(opened: Profile, descending: bool) -> None:  # noqa: FBT001
    store = opened.store
    assets = list(store.assets())
    for column in COLUMNS:
        query = AssetQuery(sort=column, descending=descending)
        expected = sorted_by(assets, column, descending)
        assert paged(store, query) == expected, column
        assert ids(store, query) == expected, column
    trees = AssetQuery(asset_class="tree", sort=".street", descending=descending)
    expected = sorted_by([one for one in assets if one.asset_class == "tree"], ".street", descending)
    assert paged(store, trees) == ids(store, trees) == expected


def test_without_a_column_they_stay_as_they_came(opened: Profile) -> None:
    store = opened.store
    everything = [one.id for one in store.assets()]
    assert paged(store, AssetQuery()) == ids(store, AssetQuery()) == everything
    assert ids(store, AssetQuery(descending=True)) == everything[::-1]
    trees = [one.id for one in store.assets(asset_class="tree")]
    assert paged(store, AssetQuery(asset_class="tree")) == trees


@pytest.mark.parametrize("descending", [False, True])
def test_ranked_values_come_in_their_own_order(opened: Profile, descending: bool) -> None:  # noqa: FBT001
    query = AssetQuery(sort=".condition", ranks=("good", "damaged"), descending=descending)
    found = paged(opened.store, query)
    assert found == ids(opened.store, query)
    order = [opened.store.get(Asset, one).attributes.get("condition") for one in found]
    seen = list(dict.fromkeys(order))
    assert seen == (["damaged", "good", None] if descending else ["good", "damaged", None])
    half = AssetQuery(
        sort=".condition", ranks=query.ranks, descending=descending, conditions=(Condition(".x", "empty"),)
    )
    assert ids(opened.store, half) == found


def is_number(found: Any) -> bool:
    return isinstance(found, int | float)


def is_text(found: Any) -> bool:
    return isinstance(found, str)


CONDITIONS: list[tuple[Condition, Callable[[Any], bool]]] = [
    (Condition(".street", "equals", ("RUHRWEG",)), lambda found: found == "ruhrweg"),
    (Condition(".street", "contains", ("märkische",)), lambda found: "markische" in str(found)),
    (Condition(".street", "between", ("m", "o")), lambda found: is_text(found) and "m" <= found <= "o"),
    (Condition(".street", "empty"), lambda found: found in (None, "")),
    (Condition(".height", "between", (5, 9.5)), lambda found: is_number(found) and 5 <= found <= 9.5),
    (Condition(".height", "between", (25, None)), lambda found: is_number(found) and found >= 25),
    (Condition(".height", "between", (None, "i")), lambda found: is_text(found) and found <= "i"),
    (Condition(".built_year", "empty"), lambda found: found is None),
    (Condition(".built_year", "equals", (1990, 1991)), lambda found: found in (1990, 1991)),
    (Condition(".backrest", "equals", (True,)), lambda found: found is True),
    (Condition(".seats", "contains", ("3",)), lambda found: found == 3),
    (Condition("number", "contains", ("sl-00000",)), lambda found: "sl-00000" in str(found)),
    (Condition("class", "equals", ("tree", "bin")), lambda found: found in ("tree", "bin")),
    (Condition(f".{ODD}", "equals", (3,)), lambda found: found == 3),
]


def test_a_condition_finds_what_fulfils_it(opened: Profile) -> None:
    store = opened.store
    assets = list(store.assets())
    for condition, fits in CONDITIONS:
        expected = [one for one in assets if fits(value(one, condition.column))]
        assert 0 < len(expected) < len(assets)
        query = AssetQuery(conditions=(condition,))
        assert ids(store, query) == [one.id for one in expected]
        by_name = AssetQuery(conditions=(condition,), sort="name", descending=True)
        assert ids(store, by_name) == sorted_by(expected, "name", descending=True)


def test_all_conditions_hold_together_with_class_text_and_place(
    opened: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened.store
    near, tall = (7.33, 51.40, 7.60, 51.52), Condition(".height", "between", (5, None))
    query = AssetQuery(asset_class="tree", text="baum", bbox=near, conditions=(tall,), sort=".height")
    inside = {one.id for one in store.assets(bbox=near, search="baum", asset_class="tree")}
    expected = [
        one
        for one in store.assets()
        if one.id in inside and isinstance(one.attributes["height"], float) and one.attributes["height"] >= 5
    ]
    assert ids(store, query) == sorted_by(expected, ".height", descending=False)
    assert len(expected) > 3
    monkeypatch.setattr(asset_filter, "FEW", 2)
    assert ids(store, query) == sorted_by(expected, ".height", descending=False)
    assert ids(store, AssetQuery(bbox=near)) == [one.id for one in store.assets(bbox=near)]
    assert ids(store, AssetQuery(text="...")) == []
    with pytest.raises(ValueError, match="text"):
        store.asset_page(query)


def test_groups_are_counted(opened: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened.store
    trees = AssetQuery(asset_class="tree", conditions=(Condition(".height", "between", (5, None)),))
    for _few in range(2):
        for query in (AssetQuery(), AssetQuery(asset_class="bench"), trees):
            for column in (".street", "class", ".built_year"):
                groups = store.asset_groups(query, column)
                counted = Counter(value(one, column) for one in store.assets_of(query))
                assert {group.value: group.count for group in groups} == counted
                assert [group.count for group in groups] == sorted(counted.values(), reverse=True)
                assert all(value(group.example, column) == group.value for group in groups)
        monkeypatch.setattr(asset_filter, "FEW", 0)
    monkeypatch.setattr(asset_groups, "MOST", 3)
    assert len(store.asset_groups(AssetQuery(), ".street")) == 3


def test_what_was_deleted_meanwhile_is_left_out(opened: Profile) -> None:
    store = opened.store
    seqs = store.asset_seqs(AssetQuery(sort="number"))
    first, second = (one for _seq, one in store.assets_at(seqs[:2]))
    with operation(store, opened.actor, "asset.delete") as recorder:
        recorder.delete(first)
    assert [one.id for _seq, one in store.assets_at(seqs[:2])] == [second.id]


def test_a_key_set_page_goes_on_where_its_last_row_is_gone(opened: Profile) -> None:
    store = opened.store
    for query in (AssetQuery(), AssetQuery(sort=".street")):
        before = ids(store, query)
        page = store.asset_page(query, limit=5)
        with operation(store, opened.actor, "asset.delete") as recorder:
            recorder.delete(page.assets[-1])
        following = store.asset_page(query, page.last, limit=5)
        assert [one.id for one in following.assets] == before[5:10]


def statements(store: Store, work: Callable[[], object]) -> list[str]:
    said: list[str] = []
    store.connection.raw.set_trace_callback(said.append)
    work()
    store.connection.raw.set_trace_callback(None)
    return [one for one in said if one.startswith("SELECT") and "FROM assets" in one]


def plan(raw: sqlite3.Connection, sql: str) -> tuple[str, str]:
    """What is gone through, and the functions that are called on the way."""
    steps = " / ".join(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {sql}"))
    calls = " ".join(
        str(row[5]) for row in raw.execute(f"EXPLAIN {sql}") if row[1] in ("Function", "PureFunc")
    )
    return steps, calls


def test_no_question_reads_the_json_of_all_assets(
    opened: Profile, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither sorting nor any condition nor grouping: it is all in the index."""
    monkeypatch.setattr(asset_filter, "FEW", -1)
    store, raw = opened.store, opened.store.connection.raw
    asked = [
        AssetQuery(sort=".street"),
        AssetQuery(asset_class="tree", sort=".height", descending=True),
        *(AssetQuery(conditions=(one,)) for one, _fits in CONDITIONS[:-1]),
        AssetQuery(asset_class="tree", conditions=(CONDITIONS[0][0], CONDITIONS[4][0]), sort=".area"),
    ]
    found = []
    for query in asked:
        store.asset_seqs(query)
        said = statements(store, lambda query=query: store.asset_seqs(query))  # type: ignore[misc]
        said += statements(store, lambda query=query: store.asset_groups(query, ".street"))  # type: ignore[misc]
        found += [plan(raw, one) for one in said if "assets.attributes" not in one]
    assert len(found) > 2 * len(asked)
    scanned = [steps for steps, _calls in found if re.search(r"(SCAN|SEARCH) assets(?! USING)", steps)]
    read = [calls for _steps, calls in found if "->>" in calls]
    if "indexed" in request.node.name:
        assert (scanned, read) == ([], [])
    else:
        assert scanned
        assert read


def test_a_page_is_found_by_key(opened: Profile, request: pytest.FixtureRequest) -> None:
    if "scanned" in request.node.name:
        return
    store = opened.store
    page = store.asset_page(AssetQuery(sort=".street"), limit=5)
    said = statements(store, lambda: store.asset_page(AssetQuery(sort=".street"), page.last, 5))
    plans = [plan(store.connection.raw, one)[0] for one in said]
    assert all("SEARCH assets USING INDEX on_demand_" in steps for steps in plans)
    assert not any("TEMP B-TREE" in steps or "OFFSET" in one for steps, one in zip(plans, said, strict=True))


def test_the_same_index_serves_what_is_written_later(opened: Profile) -> None:
    store = opened.store
    query = AssetQuery(conditions=(Condition(".street", "equals", ("Neue Straße",)),), sort="number")
    assert ids(store, query) == []
    new = asset("B 2", attributes={"street": "Neue Straße"})
    record(opened, new)
    assert ids(store, query) == [new.id]
    with operation(store, opened.actor, "asset.edit") as recorder:
        recorder.update(store.get(Asset, new.id), attributes={"street": "Alte Straße"})
    assert ids(store, query) == []
