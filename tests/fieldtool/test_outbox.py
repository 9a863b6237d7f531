from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.secret import Secret
from fieldtool import outbox
from fieldtool.delivery import Delivery, Outcome, Receipt, RemoteReference, Target, token_name
from fieldtool.journal import operation
from fieldtool.profile import Profile
from fieldtool.store.errors import NotFound
from tests.fieldtool.making import MOMENT, asset, datastream, device, observation, profile, record, sql
from tests.fieldtool.replaying import problems

NAME = "plattform"
HANDLES = frozenset({"asset", "device", "observation"})


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Profile]:
    with profile(tmp_path / "profile") as made:
        yield made
        assert problems(made) == []


def add(opened: Profile, name: str = NAME, handles: frozenset[str] = HANDLES) -> Target:
    target = Target(name, "ngsi-ld", "http://127.0.0.1:9", "dortmund", {"page": 100})
    outbox.add_target(opened.store, opened.actor, target, handles)
    return target


def pending(opened: Profile, name: str = NAME) -> list[Delivery]:
    return list(outbox.pending(opened.store, name))


def receipt(delivery: Delivery, position: int, outcome: Outcome = "accepted", **detail: str) -> Receipt:
    return Receipt(delivery.operation.id, position, delivery.target, outcome, "urn:1", MOMENT, detail)


def answer(opened: Profile, *receipts: Receipt) -> None:
    outbox.record_receipts(opened.store, NAME, receipts, [])


def state(opened: Profile, index: int = 0) -> tuple[str, str | None]:
    delivery = pending(opened)[index]
    return delivery.state, delivery.reason


def test_targets(opened: Profile) -> None:
    target = add(opened)
    assert outbox.targets(opened.store) == [target]
    with pytest.raises(outbox.TargetExists):
        add(opened)
    with pytest.raises(outbox.UnknownTarget) as unknown:
        outbox.counts(opened.store, "anders")
    assert unknown.value.known == NAME


def test_what_was_done_before_and_after_waits_for_the_target(opened: Profile) -> None:
    probe = device()
    record(opened, asset("1"), probe, kind="first")
    add(opened)
    record(opened, datastream(probe), kind="not handled")
    stream = datastream(probe, "soil_temperature")
    record(opened, stream, observation(stream), kind="second")
    first, second = pending(opened)
    assert [first.operation.kind, second.operation.kind] == ["first", "second"]
    assert first.open_positions == {0, 1}
    assert [change.entity for change in second.changes] == ["datastream", "observation"]
    assert second.open_positions == {1}
    assert outbox.counts(opened.store, NAME)["saved"] == outbox.pending_total(opened.store) == 2


def test_the_way_to_accepted(opened: Profile) -> None:
    record(opened, asset("1"), asset("2"))
    add(opened)
    (delivery,) = pending(opened)
    outbox.mark_sending(opened.store, NAME, [delivery.operation.id])
    answer(opened, receipt(delivery, 0))
    assert state(opened) == ("sending", None)
    assert pending(opened)[0].open_positions == {1}
    answer(opened, receipt(delivery, 1))
    assert pending(opened) == []
    assert outbox.accepted_receipts(opened.store) == {NAME: 1}
    assert outbox.counts(opened.store, NAME) == {
        "saved": 0, "sending": 0, "accepted": 1, "rejected": 0, "conflict": 0, "waiting": 0
    }  # fmt: skip


def test_an_accepted_receipt_counts_once(opened: Profile) -> None:
    (tree, _) = record(opened, asset("1"), asset("2"))
    add(opened)
    (delivery,) = pending(opened)
    again = Receipt(delivery.operation.id, 0, NAME, "accepted", "urn:other", MOMENT, {})
    answer(opened, receipt(delivery, 0), again)
    answer(opened, receipt(delivery, 0), receipt(delivery, 0, "rejected", reason="zu spät"))
    assert pending(opened)[0].open_positions == {1}
    assert state(opened) == ("saved", None)
    assert sql(opened, "SELECT remote_id, outcome FROM receipts") == [("urn:1", "accepted")]
    (entry,) = opened.store.history(tree.id)
    assert (entry.targets[0].state, entry.targets[0].remote_id) == ("accepted", "urn:1")


def test_a_refusal_is_seen_and_can_be_tried_again(opened: Profile) -> None:
    first, second = record(opened, asset("1"), asset("2"))
    add(opened)
    (delivery,) = pending(opened)
    outbox.mark_sending(opened.store, NAME, [delivery.operation.id])
    answer(opened, receipt(delivery, 0), receipt(delivery, 1, "rejected", reason="Feld fehlt"))
    assert state(opened) == ("rejected", "Feld fehlt")
    outcomes = [next(opened.store.history(tree.id)).targets[0] for tree in (first, second)]
    assert [(outcome.state, outcome.reason) for outcome in outcomes] == [
        ("accepted", None),
        ("rejected", "Feld fehlt"),
    ]
    assert opened.store.sync_states(first.id) == {NAME: "rejected"}
    outbox.retry(opened.store, NAME, delivery.operation.id)
    assert state(opened) == ("saved", None)
    assert next(opened.store.history(second.id)).targets[0].state == "saved"
    answer(opened, receipt(delivery, 1))
    assert pending(opened) == []
    outbox.retry(opened.store, NAME, delivery.operation.id)
    assert pending(opened) == []
    assert opened.store.sync_states(first.id) == {NAME: "accepted"}


def test_an_old_refusal_does_not_stick_to_a_new_attempt(opened: Profile) -> None:
    record(opened, asset("1"), asset("2"), asset("3"))
    add(opened)
    (delivery,) = pending(opened)
    answer(opened, receipt(delivery, 0, "rejected", reason="alt"))
    outbox.mark_sending(opened.store, NAME, [delivery.operation.id])
    answer(opened, receipt(delivery, 1))
    assert state(opened) == ("sending", None)


def test_a_conflict_goes_before_a_refusal(opened: Profile) -> None:
    record(opened, asset("1"), asset("2"))
    add(opened)
    (delivery,) = pending(opened)
    answer(
        opened,
        receipt(delivery, 0, "rejected", reason="Feld"),
        receipt(delivery, 1, "conflict", reason="Name"),
    )
    assert state(opened) == ("conflict", "Name")


def test_waiting_parks_only_that_operation(opened: Profile) -> None:
    record(opened, asset("1"))
    record(opened, asset("2"))
    add(opened)
    first, second = pending(opened)
    outbox.mark_waiting(opened.store, NAME, second.operation.id, first.operation.id, "braucht das Objekt")
    assert [delivery.state for delivery in pending(opened)] == ["saved", "waiting"]
    assert state(opened, 1) == ("waiting", "braucht das Objekt")
    outbox.mark_sending(opened.store, NAME, [second.operation.id])
    assert state(opened, 1) == ("sending", None)


def test_receipts_for_what_the_target_does_not_handle_change_nothing(opened: Profile) -> None:
    probe = device()
    record(opened, probe, datastream(probe))
    record(opened, datastream(probe, "other"))
    add(opened)
    (delivery,) = pending(opened)
    answer(opened, receipt(delivery, 1), receipt(delivery, 7))
    assert pending(opened) == [delivery]
    with pytest.raises(NotFound):
        answer(opened, Receipt(delivery.operation.id[::-1], 0, NAME, "accepted", None, MOMENT, {}))  # type: ignore[arg-type]


def test_receipts_and_references_commit_together(opened: Profile) -> None:
    (tree,) = record(opened, asset("1"))
    add(opened)
    (delivery,) = pending(opened)
    broken = RemoteReference(NAME, "asset", tree.id, "urn:1", {"value": float("nan")}, MOMENT)
    with pytest.raises(ValueError, match="JSON"):
        outbox.record_receipts(opened.store, NAME, [receipt(delivery, 0)], [broken])
    assert pending(opened) == [delivery]
    reference = RemoteReference(NAME, "asset", tree.id, "urn:1", {"name": "Linde"}, MOMENT)
    outbox.record_receipts(opened.store, NAME, [receipt(delivery, 0)], [reference])
    assert outbox.reference(opened.store, NAME, "asset", tree.id) == reference
    newer = RemoteReference(NAME, "asset", tree.id, "urn:1", None, MOMENT)
    outbox.record_receipts(opened.store, NAME, [], [newer])
    assert outbox.reference(opened.store, NAME, "asset", tree.id) == newer
    assert outbox.reference(opened.store, NAME, "device", tree.id) is None


def test_a_removed_target_leaves_its_receipts_and_no_token(opened: Profile) -> None:
    (tree,) = record(opened, asset("1"))
    with opened.store.transaction():
        add(opened)
        opened.vault.put(token_name(NAME), Secret("t0ken"))
    (delivery,) = pending(opened)
    answer(opened, receipt(delivery, 0))
    outbox.remove_target(opened.store, NAME)
    assert outbox.targets(opened.store) == []
    assert not opened.vault.has(token_name(NAME))
    assert next(opened.store.history(tree.id)).targets[0].state == "accepted"
    assert opened.store.sync_states(tree.id) == {}
    assert outbox.pending_total(opened.store) == 0
    with operation(opened.store, opened.actor, "asset.edit") as recorder:
        recorder.update(tree, name="Linde")
    add(opened)
    assert [len(delivery.open_positions) for delivery in pending(opened)] == [1, 1]


def test_pending_passes_over_what_is_accepted_meanwhile(opened: Profile) -> None:
    for number in range(3):
        record(opened, asset(str(number)))
    add(opened)
    seen = []
    for delivery in outbox.pending(opened.store, NAME):
        seen.append(delivery.operation.sequence)
        if len(seen) == 1:
            answer(opened, receipt(pending(opened)[1], 0))
    assert seen == [1, 3]


def test_several_targets_do_not_disturb_each_other(opened: Profile) -> None:
    record(opened, asset("1"))
    add(opened)
    add(opened, "zweite", frozenset({"asset"}))
    (delivery,) = pending(opened)
    answer(opened, receipt(delivery, 0))
    assert [d.state for d in pending(opened, "zweite")] == ["saved"]
    assert outbox.accepted_receipts(opened.store) == {NAME: 1, "zweite": 0}
    assert outbox.pending_total(opened.store) == 1
