"""What is to do now."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fieldtool import outbox
from fieldtool.agenda import MOST, agenda, urgency
from fieldtool.commissioning.record import Commissioning
from fieldtool.delivery import Receipt, Target
from fieldtool.ids import CommissioningId, TicketId, new_id
from fieldtool.journal import operation
from fieldtool.profile import Profile
from fieldtool.ticket import Ticket
from fieldtool.ticketing import changing
from tests.fieldtool.making import profile

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("days", "wanted"), [(-1, "overdue"), (0, "today"), (1, "this_week"), (6, "this_week"), (7, "later")]
)
def test_a_week_ends_with_its_sunday(days: int, wanted: str) -> None:
    assert urgency(MONDAY + timedelta(days=days), MONDAY) == wanted


def test_without_a_day_it_is_later() -> None:
    assert urgency(None, MONDAY) == "later"
    assert urgency(date(2026, 11, 29), date(2026, 11, 29)) == "today"


def make(opened: Profile, **values: Any) -> Ticket:
    ticket = Ticket(id=TicketId(new_id()), **{"category": "other", "title": "Ast", **values})
    return changing.create(opened, ticket)


def test_nothing_is_open_at_first(tmp_path: Path) -> None:
    with profile(tmp_path) as opened:
        found = agenda(opened.store, opened.actor, MONDAY)
    assert found.empty
    assert (found.waiting, found.targets, found.last) == (0, 0, None)


def test_ones_own_and_nobodys_tickets_by_urgency(tmp_path: Path) -> None:
    with profile(tmp_path) as opened:
        make(opened, title="ohne Tag", priority=1)
        make(opened, title="heute", due=MONDAY)
        make(opened, title="überfällig", due=MONDAY - timedelta(days=3), assignee=opened.actor.name)
        make(opened, title="von anderen", due=MONDAY, assignee="Jemand anders")
        closed = make(opened, title="erledigt", due=MONDAY)
        changing.change_status(opened, closed, "closed", "War nichts.")
        found = agenda(opened.store, opened.actor, MONDAY)
    assert [(one.title, one.urgency) for one in found.tickets] == [
        ("überfällig", "overdue"),
        ("heute", "today"),
        ("ohne Tag", "later"),
    ]
    assert found.open_tickets == 3


def test_a_long_list_is_cut_and_counted(tmp_path: Path) -> None:
    with profile(tmp_path) as opened:
        for number in range(MOST + 3):
            make(opened, title=f"Ticket {number}")
        found = agenda(opened.store, opened.actor, MONDAY)
    assert (len(found.tickets), found.open_tickets) == (MOST, MOST + 3)


def test_an_unfinished_commissioning_with_its_next_step(tmp_path: Path) -> None:
    steps = {"identify": {"state": "done"}, "connect": {"state": "failed"}}
    with profile(tmp_path) as opened:
        record = Commissioning(
            id=CommissioningId(new_id()),
            profile="dragino-lse01",
            dev_eui="a840410000000001",
            started_at=datetime.now(UTC),
            steps=steps,
        )
        with operation(opened.store, opened.actor, "commissioning.connect") as recorder:
            recorder.create(record)
        (found,) = agenda(opened.store, opened.actor, MONDAY).unfinished
    assert (found.dev_eui, found.step) == ("a840410000000001", "connect")


def test_what_a_platform_refused(tmp_path: Path) -> None:
    with profile(tmp_path) as opened:
        target = Target("melder", "open311", "http://127.0.0.1:9/open311/v2")
        outbox.add_target(opened.store, opened.actor, target, frozenset({"ticket"}))
        make(opened)
        (delivery,) = outbox.pending(opened.store, "melder")
        identifier, reason = delivery.operation.id, {"reason": "category_unknown"}
        refusal = Receipt(identifier, 0, "melder", "rejected", None, datetime.now(UTC), reason)
        outbox.record_receipts(opened.store, "melder", [refusal], [])
        found = agenda(opened.store, opened.actor, MONDAY)
    assert [(one.target, one.count) for one in found.refused] == [("melder", 1)]
    assert (found.waiting, found.targets) == (1, 1)
