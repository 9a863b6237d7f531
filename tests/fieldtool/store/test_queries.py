from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldtool.asset import Asset
from fieldtool.commissioning.record import Commissioning
from fieldtool.device import Device
from fieldtool.geometry import point
from fieldtool.ids import CommissioningId, new_id
from fieldtool.journal import operation
from fieldtool.profile import Profile
from fieldtool.store.errors import NotFound
from tests.fieldtool.making import MOMENT, asset, datastream, device, observation, profile, record, sql


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Profile]:
    with profile(tmp_path / "profile") as made:
        yield made


def test_what_is_not_there(opened: Profile) -> None:
    assert opened.store.find(Asset, "nobody") is None
    with pytest.raises(NotFound) as missing:
        opened.store.get(Device, "nobody")
    assert (missing.value.kind, missing.value.id) == ("device", "nobody")
    assert list(opened.store.assets(id="nobody")) == []
    assert list(opened.store.history("nobody")) == []
    assert opened.store.count(Asset) == 0


@pytest.mark.parametrize("conditions", [{}, {"asset_class": "tree"}, {"bbox": (0, 0, 10, 60)}])
def test_pages_are_stable_while_rows_come_and_go(opened: Profile, conditions: dict) -> None:
    trees = [asset(str(number), geometry=point(7, 51)) for number in range(1200)]
    with operation(opened.store, opened.actor, "asset.import") as recorder:
        recorder.create_many(trees)
    paged: list[str] = []
    while page := list(opened.store.assets(**conditions, limit=500, after=paged[-1] if paged else None)):
        paged += [found.id for found in page]
        with operation(opened.store, opened.actor, "asset.delete") as recorder:
            recorder.delete(page[0])
            recorder.delete(page[-1])
    assert paged == sorted(tree.id for tree in trees)


def test_a_listing_goes_on_while_its_rows_are_edited(opened: Profile) -> None:
    with operation(opened.store, opened.actor, "asset.import") as recorder:
        recorder.create_many(asset(str(number)) for number in range(1100))
    seen = 0
    for tree in opened.store.assets():
        seen += 1
        if seen % 100 == 0:
            with operation(opened.store, opened.actor, "asset.edit") as recorder:
                recorder.update(tree, name="gesehen")
    assert seen == 1100


def test_assets_by_class_number_and_id(opened: Profile) -> None:
    first, second, light = record(opened, asset("1"), asset("1"), asset("1", asset_class="street_light"))
    assert opened.store.asset_by_number("tree", "1") == [first, second]
    assert list(opened.store.assets(asset_class="street_light")) == [light]
    assert list(opened.store.assets(id=second.id)) == [second]
    assert list(opened.store.assets(limit=2)) == [first, second]


def test_devices_and_their_series(opened: Profile) -> None:
    tree, probe = record(opened, mounted := asset("1"), device("a84041f1e2d3c4b5", asset_id=mounted.id))
    other, moisture, warmth = record(
        opened, device("a84041ffffff0001"), datastream(probe), datastream(probe, "soil_temperature")
    )
    values = record(
        opened, *(observation(stream, second) for second in range(3) for stream in (moisture, warmth))
    )
    assert list(opened.store.devices(dev_eui="a84041f1e2d3c4b5")) == [probe]
    assert list(opened.store.devices(asset_id=tree.id)) == [probe]
    assert list(opened.store.devices(id=other.id)) == [other]
    assert opened.store.datastreams(probe.id) == [moisture, warmth]
    assert list(opened.store.observations(device_id=probe.id)) == values
    assert list(opened.store.observations(device_id=other.id)) == []
    assert list(opened.store.observations(datastream_id=moisture.id)) == values[::2]
    assert list(opened.store.observations(after=values[3].id, limit=1)) == [values[4]]


def test_commissionings_by_device_and_state(opened: Profile) -> None:
    running, finished = record(
        opened,
        *(
            Commissioning(
                id=CommissioningId(new_id()),
                profile="x",
                dev_eui="a84041f1e2d3c4b5",
                started_at=MOMENT,
                state=state,
            )
            for state in ("running", "finished")
        ),
    )
    assert opened.store.commissionings(dev_eui="a84041f1e2d3c4b5") == [running, finished]
    assert opened.store.commissionings(state="running") == [running]
    assert opened.store.commissionings(dev_eui="a84041f1e2d3c4b5", state="abandoned") == []


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        (
            "SELECT id FROM assets WHERE asset_class = 'x' AND assets.id > 'y' ORDER BY assets.id",
            "assets_by_class",
        ),
        ("SELECT id FROM assets WHERE asset_class = 'x' AND number = 'y' ORDER BY +id", "assets_by_number"),
        (
            "SELECT id FROM observations WHERE datastream_id = 'x' AND +id > 'y' ORDER BY +id",
            "datastream_id=?",
        ),
        ("SELECT * FROM changes WHERE entity_id = 'x' AND row > 5 ORDER BY row", "changes_by_entity"),
        ("SELECT * FROM deliveries WHERE target = 1 AND operation > 5 AND state <> 'accepted'", "deliveries"),
    ],
)
def test_queries_use_an_index(opened: Profile, statement: str, wanted: str) -> None:
    plan = " ".join(str(row[3]) for row in sql(opened, f"EXPLAIN QUERY PLAN {statement}"))
    assert wanted in plan
    assert "SCAN" not in plan


def test_the_self_check_is_clean(opened: Profile) -> None:
    record(opened, asset("1"))
    assert opened.store.problems() == []
