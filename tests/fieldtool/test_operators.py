"""Two cities in one profile: whose an operation is, and who gets it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from fieldtool import outbox
from fieldtool.asset import Asset
from fieldtool.commissioning.record import Commissioning
from fieldtool.delivery import Target
from fieldtool.entities import ENTITY_TYPES, fields_of
from fieldtool.ids import CommissioningId, TicketId, new_id
from fieldtool.journal import operation
from fieldtool.operation import operator_name
from fieldtool.operators import MENTIONING, OperatorsMixed, default_operator, open_to, operator_of
from fieldtool.profile import Profile
from fieldtool.store.errors import AlreadyThere
from fieldtool.ticket import Ticket, TicketEvent
from tests.fieldtool.making import (
    MOMENT,
    asset,
    datastream,
    device,
    observation,
    profile,
    record,
    registration,
    sql,
)
from tests.fieldtool.replaying import problems

HANDLES = frozenset({"asset", "device", "observation", "ticket", "ticket_event", "registration"})


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Profile]:
    with profile(tmp_path / "profile") as made:
        yield made
        assert problems(made) == []


def add(opened: Profile, name: str, operator: str | None) -> None:
    target = Target(name, "ngsi-ld", "http://127.0.0.1:9", name, {}, operator)
    outbox.add_target(opened.store, opened.actor, target, HANDLES)
    assert target in outbox.targets(opened.store)


def kinds(opened: Profile, name: str) -> list[str]:
    return [one.operation.kind for one in outbox.pending(opened.store, name)]


def made(opened: Profile, operator: str | None, *entities: Any, kind: str = "made") -> list[Any]:
    with operation(opened.store, opened.actor, kind, operator=operator) as recorder:
        return [recorder.create(entity) for entity in entities]


def operators(opened: Profile) -> list[str | None]:
    return [row[0] for row in sql(opened, "SELECT operator FROM operations ORDER BY sequence")]


def test_without_operators_everything_is_as_it_was(opened: Profile) -> None:
    record(opened, asset("1"), kind="before")
    add(opened, "stadt", None)
    record(opened, asset("2"), kind="after")
    assert kinds(opened, "stadt") == ["before", "after"]
    assert operators(opened) == [None, None]
    assert default_operator(opened.store) is None


def test_what_belongs_to_a_record_is_whose_the_record_is(opened: Profile) -> None:
    (mast,) = made(opened, "schwerte", asset("4711"))
    probe = device("a84041f1e2d3c4b5", asset_id=mast.id)
    stream = datastream(probe)
    ticket = Ticket(id=TicketId(new_id()), category="damage", title="Delle", asset_id=mast.id)
    for entity in (
        probe,
        stream,
        observation(stream),
        registration(probe),
        ticket,
        TicketEvent(id=new_id(), ticket_id=ticket.id, kind="comment", text="gesehen", at=MOMENT),
    ):
        record(opened, entity)
    with operation(opened.store, opened.actor, "edit") as recorder:
        recorder.update(mast, name="Ruhr")
    with operation(opened.store, opened.actor, "delete") as recorder:
        recorder.delete(next(opened.store.observations()))
    assert operators(opened) == ["schwerte"] * 9
    assert [entry.operation.operator for entry in opened.store.history(mast.id)] == ["schwerte"] * 2
    assert operator_of(opened.store, stream.id) == "schwerte"


def test_the_first_change_that_has_one_counts_for_all_of_the_operation(opened: Profile) -> None:
    (mast,) = made(opened, "schwerte", asset("4711"))
    with operation(opened.store, opened.actor, "both") as recorder:
        fresh = recorder.create(asset("4712"))
        recorder.update(mast, name="Ruhr")
    assert operators(opened) == ["schwerte", "schwerte"]
    assert operator_of(opened.store, fresh.id) == "schwerte"


def test_two_operators_in_one_operation_are_refused_and_nothing_is_written(opened: Profile) -> None:
    (one,) = made(opened, "dortmund", asset("4711"))
    (other,) = made(opened, "schwerte", asset("4711"))

    def mixed() -> None:
        with operation(opened.store, opened.actor, "both") as recorder:
            recorder.update(one, name="Ruhr")
            recorder.update(other, name="Ruhr")

    def against_what_was_said() -> None:
        with operation(opened.store, opened.actor, "said", operator="dortmund") as recorder:
            recorder.create(asset("4712"))
            recorder.delete(other)

    def mounted_on_the_other_side() -> None:
        with operation(opened.store, opened.actor, "mount", operator="dortmund") as recorder:
            recorder.create(device("a84041f1e2d3c4b5", asset_id=other.id))

    def many() -> None:
        with operation(opened.store, opened.actor, "many") as recorder:
            recorder.create_many([asset("1", parent_id=one.id), asset("2", parent_id=other.id)])

    for attempt in (mixed, against_what_was_said, mounted_on_the_other_side, many):
        with pytest.raises(OperatorsMixed) as error:
            attempt()
        assert (error.value.first, error.value.second) == ("dortmund", "schwerte")
    assert operators(opened) == ["dortmund", "schwerte"]
    assert {found.version for found in opened.store.assets()} == {1}


def test_a_device_is_not_moved_to_the_other_operators_mast(opened: Profile) -> None:
    (mast,) = made(opened, "schwerte", asset("4711"))
    (probe,) = made(opened, "dortmund", device("a84041f1e2d3c4b5"))
    with pytest.raises(OperatorsMixed), operation(opened.store, opened.actor, "mount") as recorder:
        recorder.update(probe, asset_id=mast.id)


def test_a_change_that_failed_leaves_nothing_of_its_operator(opened: Profile) -> None:
    (mast,) = made(opened, "schwerte", asset("4711"))
    (tree,) = made(opened, "dortmund", asset("1"), device("a84041f1e2d3c4b5"))[:1]
    with operation(opened.store, opened.actor, "both") as recorder:
        with pytest.raises(AlreadyThere):
            recorder.create(device("a84041f1e2d3c4b5", asset_id=mast.id))
        recorder.update(tree, name="Linde")
    assert operators(opened) == ["schwerte", "dortmund", "dortmund"]


def test_each_target_gets_its_own_operators_things(opened: Profile) -> None:
    made(opened, "dortmund", asset("1"), kind="d before")
    made(opened, "schwerte", asset("1"), kind="s before")
    add(opened, "dortmund", "dortmund")
    add(opened, "schwerte", "schwerte")
    add(opened, "alles", None)
    made(opened, "dortmund", asset("2"), kind="d after")
    made(opened, "schwerte", asset("2"), kind="s after")
    made(opened, "unna", asset("2"), kind="third")
    assert kinds(opened, "dortmund") == ["d before", "d after"]
    assert kinds(opened, "schwerte") == ["s before", "s after"]
    assert kinds(opened, "alles") == ["d before", "s before", "d after", "s after", "third"]


def test_the_first_targets_operator_owns_what_nobody_named(opened: Profile) -> None:
    record(opened, asset("1"), kind="before")
    add(opened, "dortmund", "dortmund")
    assert default_operator(opened.store) == "dortmund"
    add(opened, "schwerte", "schwerte")
    assert default_operator(opened.store) == "dortmund"
    record(opened, asset("2"), kind="after")
    assert kinds(opened, "dortmund") == ["before", "after"]
    assert kinds(opened, "schwerte") == []
    assert operators(opened) == [None, None]
    outbox.remove_target(opened.store, "dortmund")
    add(opened, "dortmund", "dortmund")
    assert kinds(opened, "dortmund") == ["before", "after"]


def test_what_is_the_defaults_does_not_go_to_another_operator(opened: Profile) -> None:
    (tree,) = record(opened, asset("1"))
    add(opened, "dortmund", "dortmund")
    with (
        pytest.raises(OperatorsMixed),
        operation(opened.store, opened.actor, "edit", operator="schwerte") as recorder,
    ):
        recorder.update(tree, name="Linde")
    with operation(opened.store, opened.actor, "edit", operator="dortmund") as recorder:
        recorder.update(tree, name="Linde")
    assert operators(opened) == [None, "dortmund"]


def test_what_the_operation_itself_made_is_nobody_elses(opened: Profile) -> None:
    add(opened, "dortmund", "dortmund")
    probe = device("a84041f1e2d3c4b5")
    stream = datastream(probe)
    made(opened, "schwerte", probe, stream, observation(stream))
    assert operators(opened) == ["schwerte"]


def test_numbers_are_found_among_ones_own_things(opened: Profile) -> None:
    (here,) = made(opened, "dortmund", asset("4711"))
    (there,) = made(opened, "schwerte", asset("4711"))
    (nobodys,) = record(opened, asset("4711"))

    def found(operator: str | None) -> list[Asset]:
        return list(open_to(opened.store, operator, opened.store.assets()))

    assert found("schwerte") == [there, nobodys]
    assert found(None) == [here, there, nobodys]
    add(opened, "dortmund", "dortmund")
    assert found("schwerte") == [there]
    assert found(None) == found("dortmund") == [here, nobodys]


def test_many_are_written_without_asking_for_each(opened: Profile) -> None:
    (mast,) = made(opened, "schwerte", asset("0"))
    asked: list[str] = []
    opened.store.connection.raw.set_trace_callback(asked.append)
    with operation(opened.store, opened.actor, "many") as recorder:
        recorder.create_many(asset(str(number), parent_id=mast.id) for number in range(1, 2000))
    opened.store.connection.raw.set_trace_callback(None)
    assert len([text for text in asked if "o.operator IS NULL" in text]) == 1
    assert operators(opened) == ["schwerte", "schwerte"]


def test_every_field_that_names_a_record_counts() -> None:
    named = {field.name for kind in ENTITY_TYPES.values() for field in fields_of(kind)}
    assert {name for name in named if name.endswith("_id")} - {"profile_id"} == set(MENTIONING)


@pytest.mark.parametrize("typed", ["Schwerte", "  schwerte ", "SCHWERTE"])
def test_one_spelling(typed: str) -> None:
    assert operator_name(typed) == "schwerte"
    assert operator_name("Stadt  Dortmund") == "stadt dortmund"
    assert operator_name("  ") == ""


def test_a_commissioning_is_its_devices(opened: Profile) -> None:
    (probe,) = made(opened, "schwerte", device("a84041f1e2d3c4b5"))
    started = datetime.now(UTC)
    record(
        opened,
        Commissioning(
            id=CommissioningId(new_id()),
            profile="dragino-lse01",
            dev_eui="a84041f1e2d3c4b5",
            started_at=started,
            device_id=probe.id,
        ),
    )
    assert operators(opened) == ["schwerte", "schwerte"]
