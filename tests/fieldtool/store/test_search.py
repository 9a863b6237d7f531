from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldtool.asset import Asset
from fieldtool.geometry import point
from fieldtool.journal import operation
from fieldtool.profile import Profile
from fieldtool.store import search
from fieldtool.store.errors import AlreadyThere
from fieldtool.store.places import Box, box_of
from tests.fieldtool.making import asset, profile, record, sql
from tests.fieldtool.replaying import problems


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Profile]:
    with profile(tmp_path / "profile") as made:
        yield made
        assert problems(made) == []


def found(opened: Profile, text: str, **more: object) -> list[str | None]:
    return [asset.number for asset in opened.store.assets(search=text, **more)]


def edit(opened: Profile, entity: Asset, **changes: object) -> Asset:
    with operation(opened.store, opened.actor, "asset.edit") as recorder:
        return recorder.update(entity, **changes)


def plant(opened: Profile) -> list[Asset]:
    return record(
        opened,
        asset("1", name="Straßenbaum am Hafen", attributes={"species": "Tilia cordata", "height": 14}),
        asset("2", name="Linde", attributes={"street": "Münsterstraße"}),
        asset("Mast 4711", asset_class="street_light", attributes={"street": "Münsterstraße"}),
    )


@pytest.mark.parametrize("folded", [False, True], ids=["pending", "folded"])
@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("tilia", ["1"]),
        ("Til cord", ["1"]),
        ("munster", ["2", "Mast 4711"]),
        ("MÜNSTERSTR", ["2", "Mast 4711"]),
        ("4711", ["Mast 4711"]),
        ("linde münster", ["2"]),
        ("linde tilia", []),
        ("strassenbaum", ["1"]),
        ("STRAẞENBAUM", ["1"]),
        ("indε", []),
        ('"*" OR linde)', []),
        ("  ", []),
    ],
)
def test_words_are_found_before_and_after_folding(
    opened: Profile, text: str, numbers: list[str], *, folded: bool
) -> None:
    plant(opened)
    if folded:
        opened.store.fold_texts()
    assert len(sql(opened, "SELECT * FROM asset_texts_pending")) == (0 if folded else 3)
    assert found(opened, text) == numbers


def test_an_edit_is_found_at_once_and_the_old_text_no_more(opened: Profile) -> None:
    first, second, _ = plant(opened)
    opened.store.fold_texts()
    edit(opened, first, name="Eiche")
    with operation(opened.store, opened.actor, "asset.delete") as recorder:
        recorder.delete(second)
    assert len(sql(opened, "SELECT * FROM asset_texts_pending")) == 2
    for _ in ("pending", "folded"):
        assert found(opened, "eiche") == ["1"]
        assert found(opened, "hafen") == []
        assert found(opened, "linde") == []
        opened.store.fold_texts()
    assert sql(opened, "SELECT * FROM asset_texts_pending") == []


def test_many_at_once_are_searched_at_once_and_leave_the_index_as_it_was_tuned(opened: Profile) -> None:
    with operation(opened.store, opened.actor, "test.stock") as running:
        running.create_many(asset(str(n), name=f"Linde {n}") for n in range(1500))
    connection = opened.store.connection
    assert connection.value("SELECT count(*) FROM asset_texts_pending") == 0
    assert found(opened, "linde 1499") == ["1499"]
    tuned = dict(connection.rows("SELECT k, v FROM asset_texts_config WHERE k IN ('automerge', 'hashsize')"))
    assert tuned == search.USUAL
    twice = [asset(str(n), name=f"Eiche {n}") for n in range(1500)]
    with pytest.raises(AlreadyThere), operation(opened.store, opened.actor, "test.stock") as running:
        running.create_many([*twice, *twice])
    assert found(opened, "eiche") == []
    edit(opened, next(iter(opened.store.assets())), name="Ulme")
    opened.store.fold_texts()
    assert found(opened, "ulme") == ["0"]
    connection.execute("INSERT INTO asset_texts(asset_texts) VALUES('integrity-check')")


def test_an_edit_elsewhere_leaves_the_index_alone(opened: Profile) -> None:
    first, *_ = plant(opened)
    opened.store.fold_texts()
    edit(opened, first, geometry=point(7.4, 51.5))
    assert sql(opened, "SELECT * FROM asset_texts_pending") == []


def test_closing_folds(tmp_path: Path) -> None:
    with profile(tmp_path / "profile") as made:
        plant(made)
    with profile(tmp_path / "profile", write=False) as made:
        assert sql(made, "SELECT * FROM asset_texts_pending") == []
        assert found(made, "tilia") == ["1"]


def test_search_with_class_and_box(opened: Profile) -> None:
    plant(opened)
    first, _, mast = opened.store.assets()
    edit(opened, mast, geometry=point(7.4, 51.5))
    edit(opened, first, geometry=point(9, 50))
    for _ in ("pending", "folded"):
        assert found(opened, "münster", asset_class="tree") == ["2"]
        assert found(opened, "münster", bbox=(7, 51, 8, 52)) == ["Mast 4711"]
        assert found(opened, "münster", bbox=(7, 51, 8, 52), asset_class="tree") == []
        opened.store.fold_texts()


def test_pages_of_a_search_are_stable(opened: Profile) -> None:
    record(opened, *(asset(f"{number}", name="Linde") for number in range(700)))
    opened.store.fold_texts()
    record(opened, *(asset(f"{number}", name="Linde") for number in range(700, 900)))
    whole = [asset.id for asset in opened.store.assets(search="linde")]
    assert len(whole) == 900
    assert whole == [asset.id for asset in opened.store.assets()]
    paged: list[str] = []
    while page := [
        a.id for a in opened.store.assets(search="lin", limit=97, after=paged[-1] if paged else None)
    ]:
        paged += page
        with operation(opened.store, opened.actor, "asset.delete") as recorder:
            recorder.delete(opened.store.get(Asset, page[-1]))
        opened.store.fold_texts()
    assert paged == whole


@pytest.mark.parametrize(
    ("geometry", "box"),
    [
        (point(7.4, 51.5), (7.4, 51.5, 7.4, 51.5)),
        ({"type": "LineString", "coordinates": [[7, 52, 80.5], [6, 51, 80]]}, (6, 51, 7, 52)),
        ({"type": "Polygon", "coordinates": [[[7, 51], [8, 51], [8, 52], [7, 51]]]}, (7, 51, 8, 52)),
        ({"type": "MultiPoint", "coordinates": []}, None),
        ({"type": "GeometryCollection", "geometries": [point(1, 2), point(3, 0)]}, (1, 0, 3, 2)),
    ],
)
def test_boxes(geometry: dict, box: Box | None) -> None:
    assert box_of(geometry) == box


@pytest.mark.parametrize(
    ("box", "hit"),
    [
        ((7.4, 51.5, 7.4, 51.5), True),
        ((7.0, 51.0, 8.0, 52.0), True),
        # One step of a 32-bit float at 7.4 is 4.8e-7 degrees: the tree alone would take these in.
        ((7.4000001, 51.0, 8.0, 52.0), False),
        ((7.0, 51.0, 7.3999999, 52.0), False),
        ((7.0, 51.5000001, 8.0, 52.0), False),
        ((7.0, 51.0, 8.0, 51.4999999), False),
    ],
)
def test_the_tree_is_exact(opened: Profile, box: Box, *, hit: bool) -> None:
    record(opened, asset("1", geometry=point(7.4, 51.5)), asset("2"))
    assert [a.number for a in opened.store.assets(bbox=box)] == (["1"] if hit else [])


def test_the_tree_follows_moves_and_deletions(opened: Profile) -> None:
    line = {"type": "LineString", "coordinates": [[7, 51], [8, 52]]}
    moved, gone = record(opened, asset("1", geometry=line), asset("2", geometry=line))
    edit(opened, moved, geometry=point(1, 1))
    with operation(opened.store, opened.actor, "asset.delete") as recorder:
        recorder.delete(gone)
    assert list(opened.store.assets(bbox=(6.9, 50.9, 8, 52))) == []
    assert [a.number for a in opened.store.assets(bbox=(0, 0, 1, 1))] == ["1"]
    edit(opened, opened.store.get(Asset, moved.id), geometry=None)
    assert list(opened.store.assets(bbox=(-180, -90, 180, 90))) == []
