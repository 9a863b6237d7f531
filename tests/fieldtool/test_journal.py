from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fieldtool.asset import Asset
from fieldtool.device import Device
from fieldtool.entities import to_fields
from fieldtool.geometry import point
from fieldtool.ids import AssetId
from fieldtool.journal import StaleVersion, operation
from fieldtool.profile import Profile
from fieldtool.store.errors import AlreadyThere, NotFound, ReferenceBroken
from tests.fieldtool.making import asset, datastream, device, observation, one_of_each, profile, record, sql
from tests.fieldtool.replaying import problems


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Profile]:
    with profile(tmp_path / "profile") as made:
        yield made
        assert problems(made) == []


def test_everything_comes_back_as_it_was(opened: Profile) -> None:
    for entity in record(opened, *one_of_each()):
        assert entity.version == 1
        assert opened.store.get(type(entity), entity.id) == entity


def test_an_operation_says_who_when_and_why(opened: Profile) -> None:
    before = datetime.now(UTC)
    with operation(opened.store, opened.actor, "asset.edit", reason="gemeldet") as recorder:
        made = recorder.create(asset("1"))
    (entry,) = opened.store.history(made.id)
    assert entry.operation.id == recorder.operation_id
    assert (entry.operation.kind, entry.operation.reason) == ("asset.edit", "gemeldet")
    assert before <= entry.operation.at <= datetime.now(UTC)
    assert entry.actor == opened.actor
    clock = datetime.fromisoformat(entry.operation.device_clock)
    assert clock.utcoffset() is not None
    assert clock == entry.operation.at


def test_an_update_keeps_only_the_changed_fields(opened: Profile) -> None:
    (tree,) = record(opened, asset("1", name="Linde", attributes={"height": 12}))
    with operation(opened.store, opened.actor, "asset.edit") as recorder:
        changed = recorder.update(tree, name="Eiche", number="1", attributes={"height": 12})
    assert changed.version == 2
    assert changed == opened.store.get(Asset, tree.id)
    change = list(opened.store.history(tree.id))[-1].change
    assert (change.before, change.after, change.base_version) == ({"name": "Linde"}, {"name": "Eiche"}, 1)


def test_an_update_without_a_difference_writes_nothing(opened: Profile) -> None:
    (tree,) = record(opened, asset("1", geometry=point(7.4, 51.5)))
    with operation(opened.store, opened.actor, "asset.edit") as recorder:
        same = recorder.update(tree, number="1", geometry={"coordinates": (7.4, 51.5), "type": "Point"})
    assert same is tree
    assert len(sql(opened, "SELECT * FROM operations")) == 1


def test_an_empty_operation_writes_nothing(opened: Profile) -> None:
    with operation(opened.store, opened.actor, "asset.edit"):
        pass
    assert sql(opened, "SELECT * FROM operations") == []


def test_stale_versions_are_refused(opened: Profile) -> None:
    (read,) = record(opened, asset("1", name="Linde"))
    with operation(opened.store, opened.actor, "asset.edit") as recorder:
        newer = recorder.update(read, name="Eiche")

    def too_late() -> None:
        with operation(opened.store, opened.actor, "asset.edit") as recorder:
            recorder.create(asset("2"))
            recorder.update(read, name="Buche")

    with pytest.raises(StaleVersion) as stale:
        too_late()
    assert (stale.value.read, stale.value.found) == (1, 2)
    assert list(opened.store.assets()) == [newer]
    with pytest.raises(StaleVersion), operation(opened.store, opened.actor, "asset.edit") as recorder:
        recorder.delete(read)


def test_a_record_that_is_gone_is_named(opened: Profile) -> None:
    (tree,) = record(opened, asset("1"))
    with operation(opened.store, opened.actor, "asset.delete") as recorder:
        recorder.delete(tree)
    assert opened.store.find(Asset, tree.id) is None
    with pytest.raises(NotFound), operation(opened.store, opened.actor, "asset.edit") as recorder:
        recorder.update(tree, name="Eiche")
    assert [entry.change.action for entry in opened.store.history(tree.id)] == ["create", "delete"]


def test_an_error_takes_the_whole_operation_back(opened: Profile) -> None:
    def failing() -> None:
        with operation(opened.store, opened.actor, "asset.edit") as recorder:
            recorder.create(asset("1", geometry=point(7, 51)))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        failing()
    assert sql(opened, "SELECT * FROM operations") == []
    assert list(opened.store.assets()) == []


def test_a_caught_error_leaves_nothing_of_its_change(opened: Profile) -> None:
    record(opened, device("a84041f1e2d3c4b5"))
    first, second = asset("1"), asset("2")
    with operation(opened.store, opened.actor, "asset.import") as recorder:
        with pytest.raises(AlreadyThere) as there:
            recorder.create(device("a84041f1e2d3c4b5"))
        with pytest.raises(AlreadyThere):
            recorder.create_many([first, second, first])
        recorder.create(second)
    assert (there.value.kind, there.value.fields) == ("device", "dev_eui")
    assert [found.id for found in opened.store.assets()] == [second.id]
    (entry,) = opened.store.history(second.id)
    assert entry.change.position == 0


ODD = 'Straße "Am\\Ziegelofen"\n\t\x00\x01\x7f – 😀 null'


def test_the_history_of_many_is_what_was_made(opened: Profile) -> None:
    made = [
        asset("1", name=ODD, attributes={ODD: ODD, "höhe": 0.1 + 0.2, "viel": 2**70, "nichts": None}),
        asset(None, geometry=point(7.400000001, 51.5)),
        asset(ODD, name="", attributes={}),
    ]
    with operation(opened.store, opened.actor, "asset.import") as recorder:
        recorder.create(asset("0"))
        assert recorder.create_many(made) == 3
        recorder.create_many([asset("4", parent_id=made[0].id)])
    changes = opened.store.changes_of(recorder.operation_id)
    assert [change.position for change in changes] == [0, 1, 2, 3, 4]
    assert [change.after for change in changes[1:4]] == [to_fields(entity) for entity in made]
    assert [change.entity_id for change in changes[1:4]] == [entity.id for entity in made]
    assert changes[4].after is not None
    assert changes[4].after["parent_id"] == made[0].id


def test_observations_are_unique_in_time(opened: Profile) -> None:
    probe = device()
    stream = datastream(probe)
    record(opened, probe, stream, observation(stream))
    with pytest.raises(AlreadyThere) as there:
        record(opened, observation(stream))
    assert there.value.fields == "datastream_id, phenomenon_time"


def test_references_are_checked(opened: Profile) -> None:
    with pytest.raises(ReferenceBroken):
        record(opened, device(asset_id=AssetId("nobody")))
    with pytest.raises(ReferenceBroken):
        record(opened, asset("1", parent_id=AssetId("nobody")))
    tree, probe = record(opened, mounted := asset("1"), device(asset_id=mounted.id))
    with pytest.raises(ReferenceBroken), operation(opened.store, opened.actor, "x") as recorder:
        recorder.delete(tree)
    assert opened.store.get(Device, probe.id).asset_id == tree.id


def test_a_parent_may_come_after_its_child(opened: Profile) -> None:
    parent = asset("1")
    child = asset("2", parent_id=parent.id)
    with operation(opened.store, opened.actor, "asset.import") as recorder:
        assert recorder.create_many([child, parent]) == 2
    assert opened.store.get(Asset, child.id).parent_id == parent.id


def test_many_are_one_operation(opened: Profile) -> None:
    trees = [asset(str(number), geometry=point(7 + number / 1e5, 51)) for number in range(12_000)]
    with operation(opened.store, opened.actor, "asset.import") as recorder:
        recorder.create(asset("first"))
        assert recorder.create_many(iter(trees)) == 12_000
        recorder.create(asset("last"))
    assert len(sql(opened, "SELECT * FROM operations")) == 1
    assert opened.store.count(Asset) == opened.store.count(Asset, "tree") == 12_002
    assert opened.store.get(Asset, trees[7].id) == dataclasses.replace(trees[7], version=1)


def test_counts_follow_the_class(opened: Profile) -> None:
    (tree,) = record(opened, asset("1"))
    with operation(opened.store, opened.actor, "asset.edit") as recorder:
        recorder.update(tree, asset_class="bench")
    assert (opened.store.count(Asset, "tree"), opened.store.count(Asset, "bench")) == (0, 1)


def test_sequences_only_grow(opened: Profile) -> None:
    for _ in range(3):
        record(opened, asset())
    with pytest.raises(ReferenceBroken):
        record(opened, asset(parent_id=AssetId("nobody")))
    record(opened, asset())
    sequences = [row[0] for row in sql(opened, "SELECT sequence FROM operations ORDER BY id")]
    assert sequences == sorted(set(sequences))


def test_operations_are_never_deleted(opened: Profile) -> None:
    record(opened, asset("1"))
    for table in ("operations", "changes"):
        with pytest.raises(Exception, match="never deleted"):
            opened.store.connection.execute(f"DELETE FROM {table}")


def test_operations_do_not_nest(opened: Profile) -> None:
    with (
        operation(opened.store, opened.actor, "outer"),
        pytest.raises(RuntimeError),
        operation(opened.store, opened.actor, "inner"),
    ):
        pass


def test_the_last_kind_is_known(opened: Profile) -> None:
    (tree,) = record(opened, asset("1"), kind="asset.import")
    assert opened.store.last_kind(tree.id) == "asset.import"
    assert opened.store.last_kind("nobody") is None
