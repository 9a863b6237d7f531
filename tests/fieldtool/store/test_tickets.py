"""Tickets in the order in which they are to be done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from fieldtool.journal import operation
from fieldtool.profile import Profile
from fieldtool.store.queries import WORTH
from fieldtool.ticket import Ticket, TicketEvent
from tests.fieldtool.making import MOMENT, asset, device, profile, record, sql
from tests.fieldtool.ticketing.tickets import ticket

TODAY = date(2026, 11, 23)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Profile]:
    with profile(tmp_path / "profile") as made:
        yield made


def titles(found: Iterator[Ticket]) -> list[str]:
    return [one.title for one in found]


def test_the_most_pressing_first(opened: Profile) -> None:
    record(
        opened,
        ticket(title="geschlossen", status="closed", priority=1),
        ticket(title="irgendwann", priority=5, due=TODAY),
        ticket(title="ohne Frist"),
        ticket(title="später", due=TODAY + timedelta(9)),
        ticket(title="bald", due=TODAY, status="waiting"),
        ticket(title="jünger", due=TODAY),
        ticket(title="dringend", priority=1),
    )
    wanted = ["dringend", "bald", "jünger", "später", "ohne Frist", "irgendwann", "geschlossen"]
    assert titles(opened.store.tickets()) == wanted
    assert titles(opened.store.tickets(limit=3)) == wanted[:3]
    assert list(opened.store.tickets(limit=1, after="nobody")) == []
    last = None
    for number in range(len(wanted)):
        (found,) = opened.store.tickets(limit=1, after=last)
        assert found.title == wanted[number]
        last = found.id


def test_by_what_they_say(opened: Profile) -> None:
    tree, probe = record(opened, asset("1"), device())
    due, waiting, closed, other = record(
        opened,
        ticket(title="a", due=TODAY - timedelta(1), asset_id=tree.id),
        ticket(title="b", due=TODAY, status="waiting", device_id=probe.id, assignee="JK"),
        ticket(title="c", due=TODAY - timedelta(9), status="closed", asset_id=tree.id, assignee="EM"),
        ticket(title="d", category="Wilder Müll (Klarschiff)", assignee="JK"),
    )
    store = opened.store
    assert list(store.tickets(status="waiting")) == [waiting]
    assert list(store.tickets(asset_id=tree.id)) == [due, closed]
    assert list(store.tickets(asset_id=tree.id, status="closed")) == [closed]
    assert list(store.tickets(device_id=probe.id)) == [waiting]
    assert list(store.tickets(assignee="JK")) == [waiting, other]
    assert list(store.tickets(category="Wilder Müll (Klarschiff)")) == [other]
    assert list(store.tickets(overdue_on=TODAY)) == [due]
    assert list(store.tickets(overdue_on=TODAY + timedelta(1))) == [due, waiting]
    assert list(store.tickets(id=other.id)) == [other]
    assert list(store.tickets(id=other.id, status="closed")) == []


def test_pages_while_tickets_are_worked_on(opened: Profile) -> None:
    with operation(opened.store, opened.actor, "test.create") as recorder:
        recorder.create_many(ticket(title=str(number), priority=1 + number % 5) for number in range(1100))
    all_at_once = titles(opened.store.tickets())
    assert len(all_at_once) == 1100
    paged: list[str] = []
    last = None
    while page := list(opened.store.tickets(limit=300, after=last)):
        paged += [one.title for one in page]
        last = page[-1].id
    assert paged == all_at_once
    seen = []
    for one in opened.store.tickets():
        seen.append(one.title)
        if len(seen) % 100 == 0:
            with operation(opened.store, opened.actor, "test.close") as recorder:
                recorder.update(one, status="closed")
    assert seen == all_at_once


def test_events_in_their_order_and_in_the_history(opened: Profile) -> None:
    (one,) = record(opened, ticket())
    later, sooner = (
        TicketEvent(id=f"e{number}", ticket_id=one.id, kind="comment", text=str(number), at=at)
        for number, at in enumerate((MOMENT + timedelta(1), MOMENT))
    )
    record(opened, later, sooner)
    assert [event.text for event in opened.store.ticket_events(one.id)] == ["1", "0"]
    assert [entry.change.entity_id for entry in opened.store.history(one.id)] == [one.id, "e0", "e1"]
    assert [entry.change.entity_id for entry in opened.store.history("e0")] == ["e0"]


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        ("status = 'open'", "tickets_by_status"),
        ("status IN ('open', 'in_progress', 'waiting') AND due < '2026-11-23'", "tickets_by_status"),
        ("asset_id = 'x'", "tickets_by_asset"),
        ("device_id = 'x'", "tickets_by_device"),
        ("id = 'x'", "sqlite_autoindex_tickets_1"),
    ],
)
def test_an_index_finds_them(opened: Profile, condition: str, index: str) -> None:
    statement = f"SELECT id FROM tickets WHERE {condition} ORDER BY {WORTH} LIMIT 5"
    plan = " ".join(str(row[3]) for row in sql(opened, f"EXPLAIN QUERY PLAN {statement}"))
    assert index in plan
    assert "SCAN" not in plan


def test_a_history_and_its_events_are_found_by_index(opened: Profile) -> None:
    statement = """SELECT row FROM changes c WHERE c.entity_id IN
        (SELECT 'x' UNION ALL SELECT id FROM ticket_events WHERE ticket_id = 'x')
        AND c.row > 0 ORDER BY c.row LIMIT 5"""
    plan = " ".join(str(row[3]) for row in sql(opened, f"EXPLAIN QUERY PLAN {statement}"))
    assert "changes_by_entity" in plan
    assert "ticket_events_by_ticket" in plan
    assert "SCAN c" not in plan
