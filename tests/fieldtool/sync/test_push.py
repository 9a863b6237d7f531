"""The way of the outbox to a broker, without and with its faults."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldtool import outbox
from fieldtool.asset import Asset
from fieldtool.connectors import errors
from fieldtool.geometry import point
from fieldtool.ids import AssetId, new_id
from fieldtool.journal import operation
from tests.fieldtool.connectors.broker import PROBLEM, Fault, canned, problem, running
from tests.fieldtool.sync.bench import NAME, Bench, bench


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Bench]:
    with running() as broker, bench(tmp_path, broker) as made:
        yield made


def test_the_main_job_arrives_record_by_record(desk: Bench) -> None:
    [asset] = desk.plant()
    device, observations = desk.mount(asset, readings=3)
    report = desk.push()
    assert (report.sent, report.accepted, report.pending, report.stopped_by) == (4, 4, 0, None)
    there: dict[str, Any] = desk.there(device)
    assert there["controlledAsset"]["object"] == f"urn:ngsi-ld:Tree:{asset.id}"
    assert there["location"]["value"] == {"type": "Point", "coordinates": [7.4653, 51.5136]}
    assert there["deviceState"]["value"] == "in_service"
    assert there["controlledProperty"]["value"] == ["soil_temperature"]
    measured: dict[str, Any] = desk.there(observations[2])
    assert measured["numValue"] == {
        "type": "Property",
        "value": 14.5,
        "unitCode": "CEL",
        "observedAt": "2026-11-23T06:30:02.123456Z",
    }
    assert measured["refDevice"]["object"] == f"urn:ngsi-ld:Device:{device.id}"
    history = [one for one in desk.profile.store.history(device.id) if one.change.entity == "device"]
    assert [[target.state for target in one.targets] for one in history] == [["accepted"], ["accepted"]]
    reference = outbox.reference(desk.profile.store, NAME, "device", device.id)
    assert reference is not None
    assert reference.remote_id == f"urn:ngsi-ld:Device:{device.id}"
    assert reference.base is not None
    assert reference.base["asset_id"] == asset.id


def test_nothing_to_do_asks_nobody(desk: Bench) -> None:
    report = desk.push()
    assert (report.sent, report.pending, desk.broker.requests) == (0, 0, [])


def test_many_go_in_batches_and_a_refused_one_does_not_hold_the_others(tmp_path: Path) -> None:
    with running() as broker, bench(tmp_path, broker) as desk:
        trees = desk.plant(2400)
        bad = f"urn:ngsi-ld:Tree:{trees[1200].id}"
        broker.refuses[bad] = {"type": PROBLEM + "BadRequestData", "title": "x", "detail": "nope"}
        desk.edit(trees[1200], name="Linde")
        desk.edit(trees[1201], name="Eiche")
        report = desk.push()
        assert len(broker.entities) == 2399
        assert [len(one.body) for one in broker.sent("POST", "create")] == [1000, 1000, 400]
        assert desk.states() == [
            ("asset.import", "rejected", "bad_request_data"),
            ("asset.edit", "waiting", "depends_on"),
        ]
        assert (report.accepted, report.waiting, report.pending) == (1, 1, 2)
        [standing] = report.rejected
        assert standing.records == (("asset", trees[1200].id),)
        broker.refuses.clear()
        outbox.retry(desk.profile.store, NAME, desk.operation_id("asset.import"))
        assert desk.push().pending == 0
    assert broker.entities[bad]["name"]["value"] == "Linde"
    assert len(broker.entities) == 2400


def test_what_hangs_on_a_refused_record_waits_all_the_way_down(desk: Bench) -> None:
    first, second = desk.plant(2)
    urn = f"urn:ngsi-ld:Tree:{first.id}"
    desk.broker.refuses[urn] = {"type": PROBLEM + "BadRequestData", "title": "x"}
    device, _ = desk.mount(first, readings=2)
    desk.edit(second, name="Linde")
    report = desk.push()
    assert desk.states() == [
        ("asset.import", "rejected", "bad_request_data"),
        ("device.mount", "waiting", "depends_on"),
    ]
    assert report.accepted == 3
    assert "controlledAsset" not in desk.there(device)
    assert desk.push().sent == 0
    desk.broker.refuses.clear()
    outbox.retry(desk.profile.store, NAME, desk.operation_id("asset.import"))
    assert desk.push().pending == 0
    assert desk.there(device)["controlledAsset"] == {"type": "Relationship", "object": urn}


def test_a_refused_device_parks_its_readings(desk: Bench) -> None:
    [asset] = desk.plant()
    device, _ = desk.mount(asset, readings=2)
    desk.broker.refuses[f"urn:ngsi-ld:Device:{device.id}"] = {
        "type": PROBLEM + "BadRequestData",
        "title": "x",
    }
    desk.push()
    assert [(kind, state) for kind, state, _ in desk.states()] == [
        ("device.create", "rejected"),
        ("device.readings", "waiting"),
        ("device.mount", "waiting"),
    ]


@pytest.mark.parametrize("part", ["entityOperations", "/entities"])
def test_a_dropped_answer_is_looked_up_and_not_repeated(desk: Bench, part: str) -> None:
    desk.plant(3 if part == "entityOperations" else 1)
    desk.broker.faults.append(Fault(b"", method="POST", part=part, after=True))
    report = desk.push()
    assert (report.accepted, report.pending) == (1, 0)
    assert len(desk.broker.sent("POST")) == 1
    assert len(desk.pauses) == 1


def test_a_dropped_answer_to_an_update_is_not_repeated_either(desk: Bench) -> None:
    [asset] = desk.plant()
    desk.push()
    desk.edit(asset, attributes={"height": 12.0})
    desk.broker.faults.append(Fault(b"", part="/attrs", after=True))
    assert desk.push().pending == 0
    assert len(desk.broker.sent("POST", "/attrs")) == 1


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"", errors.Unreachable),
        (canned("500 -", "<html>"), errors.ServerFailed),
        (canned("200 -", "<html>login</html>"), errors.UnexpectedAnswer),
        (canned("201 -", '["urn:ngsi'), errors.UnexpectedAnswer),
        (canned("201 -", "[]").replace(b"h: 2", b"h: 9"), errors.Unreachable),
        (canned("503 -", "", "Retry-After: 3"), errors.ServerFailed),
        (canned("429 -"), errors.RateLimited),
    ],
)
def test_a_platform_that_keeps_failing_stops_the_run_and_loses_nothing(
    desk: Bench,
    raw: bytes,
    error: type[Exception],
    after: bool,  # noqa: FBT001
) -> None:
    assets = desk.plant(3)
    desk.edit(assets[0], name="Linde")
    desk.broker.faults.append(Fault(raw, part="entit", method="POST", times=99, after=after))
    if after:
        assert desk.push().pending == 0
        return
    report = desk.push()
    assert isinstance(report.stopped_by, error)
    assert len(desk.broker.sent("POST", "entityOperations")) == 4
    assert desk.pauses == [3.0] * 3 if b"Retry" in raw else len(desk.pauses) == 3
    assert [state for _, state, _ in desk.states()] == ["sending", "saved"]
    desk.broker.faults.clear()
    assert desk.push().pending == 0
    assert len(desk.broker.entities) == 3


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (canned("401 -", '{"error": "expired"}'), errors.TargetUnauthorized),
        (problem(401, "Unauthorized"), errors.TargetUnauthorized),
        (canned("403 -", '{"error":"required scopes api:write"}'), errors.TargetForbidden),
        (canned("404 -", "no route"), errors.TargetNotFound),
        (canned("429 -", "", "Retry-After: 3600"), errors.RateLimited),
    ],
)
def test_what_waiting_cannot_heal_stops_at_once(desk: Bench, raw: bytes, error: type[Exception]) -> None:
    """Also in the middle of the work, when the first batch is recorded already."""
    assets = desk.plant()
    desk.plant(kind="asset.second")
    desk.edit(assets[0], name="Linde")
    desk.broker.faults.append(Fault(raw, part="/attrs", times=99))
    report = desk.push()
    assert isinstance(report.stopped_by, error)
    assert (report.accepted, report.pending, desk.pauses) == (2, 1, [])
    desk.broker.faults.clear()
    outbox.put_not_before(desk.profile.store, NAME, None)
    assert desk.push().pending == 0


def test_being_offline_marks_nothing(desk: Bench) -> None:
    desk.plant()
    store = desk.profile.store
    outbox.remove_target(store, NAME)
    outbox.add_target(
        store, desk.profile.actor, outbox.Target(NAME, "ngsi-ld", "http://127.0.0.1:9"), frozenset({"asset"})
    )
    report = desk.push()
    assert isinstance(report.stopped_by, errors.Unreachable)
    assert desk.states() == [("asset.import", "saved", None)]
    assert desk.pauses == []


def test_a_wrong_token_is_told_apart_from_the_network(desk: Bench) -> None:
    desk.plant()
    report = desk.push(token="another")
    assert isinstance(report.stopped_by, errors.TargetUnauthorized)
    assert report.stopped_by.from_gateway
    assert desk.states() == [("asset.import", "saved", None)]


def test_what_a_killed_run_left_in_doubt_is_looked_up_first(desk: Bench) -> None:
    arrived, lost = desk.plant(kind="arrived"), desk.plant(kind="lost")
    desk.push()
    store = desk.profile.store
    outbox.remove_target(store, NAME)
    target = outbox.Target(NAME, "ngsi-ld", desk.broker.url)
    outbox.add_target(store, desk.profile.actor, target, frozenset({"asset"}))
    outbox.mark_sending(store, NAME, [one.operation.id for one in outbox.pending(store, NAME)])
    del desk.broker.entities[f"urn:ngsi-ld:Tree:{lost[0].id}"]
    desk.broker.requests.clear()
    desk.there(arrived[0])["name"] = {"type": "Property", "value": "changed there since"}
    assert desk.push().pending == 0
    [post] = desk.broker.sent("POST")
    assert post.body["id"] == f"urn:ngsi-ld:Tree:{lost[0].id}"
    assert desk.there(arrived[0])["name"] == {"type": "Property", "value": "changed there since"}


def test_the_same_record_there_already_is_success_another_one_a_conflict(desk: Bench) -> None:
    same, other = desk.plant(2)
    desk.push()
    store = desk.profile.store
    outbox.remove_target(store, NAME)
    target = outbox.Target(NAME, "ngsi-ld", desk.broker.url)
    outbox.add_target(store, desk.profile.actor, target, frozenset({"asset"}))
    desk.there(other)["alternateName"] = {"type": "Property", "value": "B-9"}
    report = desk.push()
    assert [one.reason for one in report.conflicts] == ["exists_with_other_content"]
    assert report.conflicts[0].records == (("asset", other.id),)
    assert outbox.reference(store, NAME, "asset", same.id) is not None


def changed_there(desk: Bench, asset: Asset, **attributes: Any) -> None:
    desk.there(asset).update(attributes)


def test_disjoint_changes_of_both_sides_live_together(desk: Bench) -> None:
    [asset] = desk.plant(attributes={"height": 10.0})
    desk.push()
    changed_there(desk, asset, height={"type": "Property", "value": 11.0})
    asset = desk.edit(asset, name="Linde")
    assert desk.push().pending == 0
    there: dict[str, Any] = desk.there(asset)
    assert (there["name"]["value"], there["height"]["value"]) == ("Linde", 11.0)
    # Here the height is still the old one: changing it now is no licence to overwrite theirs.
    desk.edit(asset, attributes={"height": 12.0})
    report = desk.push()
    assert [one.reason for one in report.conflicts] == ["changed_on_both_sides"]
    assert there["height"]["value"] == 11.0


def test_one_field_changed_on_both_sides_is_a_conflict_with_all_it_takes_to_decide(desk: Bench) -> None:
    here, theirs, mine = point(7.46, 51.51), point(7.4605, 51.51), point(7.4610, 51.51)
    [asset] = desk.plant(geometry=here)
    desk.push()
    changed_there(desk, asset, location={"type": "GeoProperty", "value": theirs})
    asset = desk.edit(asset, geometry=mine)
    later = desk.edit(asset, name="Linde", kind="asset.later")
    desk.push()
    assert desk.states() == [
        ("asset.edit", "conflict", "changed_on_both_sides"),
        ("asset.later", "waiting", "depends_on"),
    ]
    assert desk.there(later)["location"] == {"type": "GeoProperty", "value": theirs}
    history = desk.profile.store.history(asset.id)
    entry = next(one for one in history if one.operation.kind == "asset.edit")
    detail = entry.targets[0].detail
    assert detail["fields"] == [{"field": "geometry", "base": here, "mine": mine, "theirs": theirs}]
    assert detail["mine_by"] == desk.profile.actor.id
    assert detail["theirs_at"] == "2026-11-23T08:00:00Z"


def test_the_same_change_on_both_sides_is_accepted_without_writing(desk: Bench) -> None:
    [asset] = desk.plant()
    desk.push()
    changed_there(desk, asset, name={"type": "Property", "value": "Linde"})
    desk.edit(asset, name="Linde")
    desk.broker.requests.clear()
    assert desk.push().pending == 0
    assert {one.method for one in desk.broker.requests} == {"GET"}


def test_edited_here_deleted_there_and_the_other_way_round(desk: Bench) -> None:
    gone, kept = desk.plant(2)
    desk.push()
    del desk.broker.entities[f"urn:ngsi-ld:Tree:{gone.id}"]
    desk.edit(gone, name="Linde")
    changed_there(desk, kept, name={"type": "Property", "value": "Eiche"}, alternateName="B-77")
    desk.remove(kept)
    report = desk.push()
    assert [one.reason for one in report.conflicts] == ["deleted_there", "changed_there_deleted_here"]
    assert len(desk.broker.entities) == 1


def test_deleting_arrives_also_where_it_is_gone_already(desk: Bench) -> None:
    first, second = desk.plant(2)
    desk.push()
    del desk.broker.entities[f"urn:ngsi-ld:Tree:{first.id}"]
    desk.remove(first)
    desk.remove(second)
    assert desk.push().pending == 0
    assert desk.broker.entities == {}


def test_a_field_cleared_here_is_cleared_there(desk: Bench) -> None:
    [asset] = desk.plant(name="Linde", attributes={"height": 10.0, "area": "Mitte"})
    desk.push()
    desk.edit(asset, name=None, attributes={"height": 10.0})
    assert desk.push().pending == 0
    assert {"name", "areaServed"}.isdisjoint(desk.there(asset))


def test_a_platform_that_answers_yes_and_keeps_something_else_is_found_out(desk: Bench) -> None:
    [asset] = desk.plant(name="Linde")
    stored = {"id": f"urn:ngsi-ld:Tree:{asset.id}", "type": "Tree", "alternateName": "B-0"}
    desk.broker.faults.append(Fault(canned("201 -"), method="POST"))
    desk.broker.entities[str(stored["id"])] = stored
    assert [one.reason for one in desk.push().rejected] == ["not_kept"]


def test_a_platform_that_answers_yes_and_stores_nothing_is_found_out(desk: Bench) -> None:
    desk.plant()
    desk.broker.faults.append(Fault(canned("201 -"), method="POST", times=99))
    report = desk.push()
    assert isinstance(report.stopped_by, errors.WrittenButMissing)
    assert desk.states() == [("asset.import", "sending", None)]


def test_a_refusal_is_written_down_only_when_the_whole_operation_was_tried(tmp_path: Path) -> None:
    """Else a run that dies behind the refusal would leave the rest of the operation unsent for good."""
    with running() as broker, bench(tmp_path, broker) as desk:
        trees = desk.plant(1500)
        bad = f"urn:ngsi-ld:Tree:{trees[0].id}"
        broker.refuses[bad] = {"type": PROBLEM + "BadRequestData", "title": "x"}
        body = json.dumps({"success": [], "errors": [{"entityId": bad, "error": broker.refuses[bad]}]})
        broker.faults += [
            Fault(canned("207 -", body), part="entityOperations", after=True),
            Fault(canned("401 -"), part="entityOperations"),
        ]
        assert isinstance(desk.push().stopped_by, errors.TargetUnauthorized)
        assert desk.states() == [("asset.import", "sending", None)]
        assert len(broker.entities) == 999
        desk.push()
        assert desk.states() == [("asset.import", "rejected", "bad_request_data")]
        assert len(broker.entities) == 1499


def test_a_record_that_cannot_be_told_is_refused_without_sending(desk: Bench) -> None:
    with operation(desk.profile.store, desk.profile.actor, "asset.strange") as recorder:
        recorder.create(Asset(id=AssetId(new_id()), asset_class="unicorn"))
    [fine] = desk.plant()
    report = desk.push()
    assert [one.reason for one in report.rejected] == ["class_unknown"]
    assert len(desk.broker.sent("POST")) == 1
    assert desk.there(fine)
