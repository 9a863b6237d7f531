"""Every change of a ticket: who may, what is written, and that it is written once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldtool.explain import explain
from fieldtool.geometry import point
from fieldtool.operation import Role
from fieldtool.policy import NotAllowed, rights
from fieldtool.profile import Profile
from fieldtool.store.errors import NotFound, StaleVersion
from fieldtool.texts import use_language
from fieldtool.ticket import Ticket, TicketStatus
from fieldtool.ticketing import changing
from fieldtool.ticketing.errors import (
    CategoryUnfit,
    CodeUnknown,
    FindingMissing,
    PriorityInvalid,
    TextMissing,
    TitleMissing,
    TransitionInvalid,
    UnknownCategory,
)
from fieldtool.ticketing.flow import FLOW, STATUSES
from tests.fieldtool.making import asset, device, profile, record
from tests.fieldtool.replaying import problems
from tests.fieldtool.ticketing.tickets import acting, ticket

ROLES = get_args(Role)


@pytest.fixture(autouse=True)
def german() -> None:
    use_language("de")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Profile]:
    with profile(tmp_path_factory.mktemp("tickets") / "profile") as made:
        yield made
        assert problems(made) == []


def made(opened: Profile, **values: Any) -> Ticket:
    return record(opened, ticket(**values))[0]


def operations(opened: Profile, of: Ticket) -> list[tuple[str, str, str]]:
    return [
        (entry.operation.kind, entry.change.entity, entry.change.action)
        for entry in opened.store.history(of.id)
    ]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("wanted", STATUSES)
@pytest.mark.parametrize("current", STATUSES)
def test_every_step_for_every_role(
    opened: Profile, current: TicketStatus, wanted: TicketStatus, role: Role
) -> None:
    before = made(opened, status=current)
    hands = acting(opened, role)
    if wanted not in FLOW[current]:
        with pytest.raises(TransitionInvalid) as invalid:
            changing.change_status(hands, before, wanted, "weil")
        assert (invalid.value.current, invalid.value.wanted) == (current, wanted)
        assert invalid.value.allowed == tuple(FLOW[current])
        assert opened.store.get(Ticket, before.id) == before
    elif FLOW[current][wanted] not in rights(role):
        with pytest.raises(NotAllowed) as refused:
            changing.change_status(hands, before, wanted, "weil")
        assert (refused.value.action, refused.value.role) == (FLOW[current][wanted], role)
        assert opened.store.get(Ticket, before.id) == before
    else:
        done = changing.change_status(hands, before, wanted, "weil")
        assert opened.store.get(Ticket, before.id) == done.ticket
        assert done.ticket.status == wanted
        assert opened.store.ticket_events(before.id) == [done.event]
        assert done.event is not None
        assert (done.event.kind, done.event.text, done.event.status) == ("status", "weil", wanted)


@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(STATUSES), st.sampled_from(ROLES), st.sampled_from(("", "erledigt"))),
        max_size=12,
    )
)
def test_any_walk_leaves_one_event_per_step_and_never_another_status(
    opened: Profile, steps: list[tuple[TicketStatus, Role, str]]
) -> None:
    current = made(opened)
    taken: list[TicketStatus] = []
    for wanted, role, text in steps:
        right = FLOW[current.status].get(wanted)
        may = right is not None and right in rights(role) and (wanted != "closed" or text != "")
        try:
            done = changing.change_status(acting(opened, role), current, wanted, text)
        except (NotAllowed, TransitionInvalid, TextMissing):
            assert not may
        else:
            assert may or done.event is None
            taken += [] if done.event is None else [wanted]
            current = done.ticket
        stored = opened.store.get(Ticket, current.id)
        assert (stored, stored.status) == (current, taken[-1] if taken else "open")
        assert stored.version == 1 + len(taken)
    assert [event.status for event in opened.store.ticket_events(current.id)] == taken
    assert operations(opened, current)[1:] == [
        ("ticket.status", entity, action)
        for _step in taken
        for entity, action in (("ticket", "update"), ("ticket_event", "create"))
    ]


def test_a_change_is_one_operation_with_the_ticket_first(opened: Profile) -> None:
    one = made(opened)
    changing.change_status(opened, one, "in_progress")
    (_created, update, event) = list(opened.store.history(one.id))
    assert update.operation.id == event.operation.id
    assert (update.change.position, event.change.position) == (0, 1)
    assert update.change.after == {"status": "in_progress"}
    assert (event.change.after or {})["text"] == "Status: in Arbeit"


def test_the_same_closing_once_more_does_nothing(opened: Profile) -> None:
    """As after a kill between the commit and the answer."""
    one = made(opened)
    closed = changing.change_status(opened, one, "closed", "Ast abgesägt").ticket
    before = opened.store.operation_count()
    again = changing.change_status(opened, closed, "closed", " Ast abgesägt ")
    assert again == changing.Changed(closed, None)
    assert opened.store.operation_count() == before
    with pytest.raises(TransitionInvalid):
        changing.change_status(opened, closed, "closed", "etwas anderes")


def test_who_read_an_older_version_is_told(opened: Profile) -> None:
    one = made(opened)
    changing.change_status(opened, one, "in_progress")
    calls = (
        lambda: changing.change_status(opened, one, "closed", "fertig"),
        lambda: changing.assign(opened, one, "JK"),
        lambda: changing.edit(opened, one, {"title": "Ast liegt auf dem Weg"}),
    )
    for call in calls:
        with pytest.raises(StaleVersion) as stale:
            call()
        assert (stale.value.read, stale.value.found) == (1, 2)
    assert len(opened.store.ticket_events(one.id)) == 1


def test_comments_and_findings(opened: Profile) -> None:
    one = made(opened, category="battery", title="Batterie")
    said = changing.comment(opened, one, "  war schon im Oktober so ")
    found = changing.finding(opened, one, "2,9 V", code="battery_weak")
    assert said.event is not None
    assert found.event is not None
    assert (said.event.kind, said.event.text) == ("comment", "war schon im Oktober so")
    assert (found.event.kind, found.event.text) == ("finding", "Batterie schwach; 2,9 V")
    assert opened.store.get(Ticket, one.id) == one
    assert operations(opened, one)[1:] == [
        ("ticket.comment", "ticket_event", "create"),
        ("ticket.finding", "ticket_event", "create"),
    ]
    for call in (
        lambda: changing.comment(opened, one, " \n"),
        lambda: changing.finding(opened, one, ""),
    ):
        with pytest.raises(TextMissing):
            call()
    with pytest.raises(CodeUnknown):
        changing.finding(opened, one, "", code="crack")


def test_closing_needs_words(opened: Profile) -> None:
    one = made(opened)
    with pytest.raises(TextMissing):
        changing.change_status(opened, one, "closed", "  ")
    done = changing.change_status(opened, one, "closed", done="repaired", found="breakage")
    assert done.event is not None
    assert (done.event.kind, done.event.text) == ("finding", "Bruch; repariert")


def test_a_category_may_want_a_finding(opened: Profile) -> None:
    one = made(opened, category="device_silent", title="stumm")
    with pytest.raises(FindingMissing) as missing:
        changing.change_status(opened, one, "closed", "läuft wieder")
    assert "battery_empty" in explain(missing.value).advice
    closed = changing.change_status(opened, one, "closed", "läuft wieder", found="battery_empty").ticket
    reopened = changing.change_status(acting(opened, "bestand"), closed, "open").ticket
    with pytest.raises(FindingMissing):
        changing.change_status(opened, reopened, "closed", "läuft wieder")
    changing.finding(opened, reopened, "Stecker lose")
    assert changing.change_status(opened, reopened, "closed", "läuft wieder").ticket.status == "closed"


def test_a_platforms_own_category_closes_with_any_words(opened: Profile) -> None:
    one = made(opened, category="Wilder Müll (Klarschiff)")
    assert changing.change_status(opened, one, "closed", "abgeholt").ticket.category == one.category
    with pytest.raises(UnknownCategory):
        changing.finding(opened, one, "", code="breakage")


def test_assigning_names_nobody_in_the_event(opened: Profile) -> None:
    """Events go to platforms where everybody reads them."""
    one = made(opened)
    done = changing.assign(opened, one, " Jan Kowalski ")
    assert done.ticket.assignee == "Jan Kowalski"
    assert done.event is not None
    assert done.event.text == "Zuständigkeit geändert."
    assert changing.assign(opened, done.ticket, "Jan Kowalski").event is None
    assert changing.assign(opened, done.ticket, None).ticket.assignee is None
    assert operations(opened, one)[1:3] == [
        ("ticket.assign", "ticket", "update"),
        ("ticket.assign", "ticket_event", "create"),
    ]


def test_editing(opened: Profile) -> None:
    one = made(opened)
    done = changing.edit(opened, one, {"title": "Ast liegt auf dem Weg", "category": one.category})
    assert done.event is not None
    assert done.event.text == "Geändert: Titel"
    assert changing.edit(opened, done.ticket, {"title": "Ast liegt auf dem Weg"}).event is None
    for changes in ({"due": date(2026, 12, 24)}, {"priority": 1, "title": "x"}):
        with pytest.raises(NotAllowed) as refused:
            changing.edit(acting(opened, "technik"), done.ticket, changes)
        assert refused.value.action == "ticket.prioritise"
    planned = changing.edit(
        acting(opened, "bestand"), done.ticket, {"due": date(2026, 12, 24), "priority": 1}
    )
    assert (planned.ticket.due, planned.ticket.priority) == (date(2026, 12, 24), 1)
    with pytest.raises(ValueError, match="status"):
        changing.edit(opened, planned.ticket, {"status": "closed"})


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"category": "unicorn"}, UnknownCategory),
        ({"category": "lamp_failure"}, CategoryUnfit),
        ({"priority": 0}, PriorityInvalid),
        ({"priority": 6}, PriorityInvalid),
        ({"title": " "}, TitleMissing),
        ({"asset_id": "nobody"}, NotFound),
        ({"device_id": "nobody"}, NotFound),
    ],
)
def test_what_a_ticket_cannot_be(opened: Profile, changes: dict, error: type[Exception]) -> None:
    (tree,) = record(opened, asset("1"))
    hands = acting(opened, "bestand")
    before = opened.store.operation_count()
    with pytest.raises(error):
        changing.create(hands, ticket(**{"asset_id": tree.id, **changes}))
    assert opened.store.operation_count() == before
    one = made(opened, asset_id=tree.id)
    with pytest.raises(error):
        changing.edit(hands, one, changes)
    assert opened.store.get(Ticket, one.id) == one


@pytest.mark.parametrize("role", ROLES)
def test_who_may_make_and_say(opened: Profile, role: Role) -> None:
    one = made(opened)
    hands = acting(opened, role)
    calls = {
        "ticket.create": lambda: changing.create(hands, ticket()),
        "ticket.comment": lambda: changing.comment(hands, one, "gesehen"),
        "ticket.finding": lambda: changing.finding(hands, one, "Bruch"),
        "ticket.assign": lambda: changing.assign(hands, one, "JK"),
    }
    for right, call in calls.items():
        if right in rights(role):
            call()
        else:
            with pytest.raises(NotAllowed) as refused:
                call()
            assert refused.value.action == right


def test_a_ticket_takes_the_place_of_what_it_is_about(opened: Profile) -> None:
    square = {"type": "Polygon", "coordinates": [[[7, 51], [7.2, 51], [7.2, 51.2], [7, 51.2], [7, 51]]]}
    tree, house = record(
        opened, asset("1", geometry=point(7.46, 51.51)), asset("2", asset_class="building", geometry=square)
    )
    mounted, placed = record(
        opened, device(asset_id=tree.id), device(asset_id=tree.id, geometry=point(7.461, 51.511))
    )
    for facts, place in (
        ({"asset_id": tree.id}, point(7.46, 51.51)),
        ({"device_id": mounted.id}, point(7.46, 51.51)),
        ({"device_id": placed.id, "asset_id": tree.id}, point(7.461, 51.511)),
        ({"asset_id": tree.id, "geometry": point(7.5, 51.5)}, point(7.5, 51.5)),
        ({}, None),
    ):
        assert changing.create(opened, ticket(**facts)).geometry == place
    inside = changing.create(opened, ticket(asset_id=house.id)).geometry
    assert inside is not None
    lon, lat = json.loads(json.dumps(inside["coordinates"]))
    assert 7 < lon < 7.2
    assert 51 < lat < 51.2


def test_what_goes_wrong_is_told_in_german() -> None:
    told = explain(TransitionInvalid("waiting", "closed", ("in_progress",)))
    assert told.message == "Dieser Wechsel ist nicht vorgesehen: von „wartet“ zu „geschlossen“."
    assert told.advice == "Von hier aus ist möglich: in Arbeit."
