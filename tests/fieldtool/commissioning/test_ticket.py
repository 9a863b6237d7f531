"""The ticket that sent the technician out: looked at in the plan, closed by the finish, in one operation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from drivers.secret import Secret
from fieldtool.catalogue import device_profile
from fieldtool.commissioning.plan import make_plan
from fieldtool.commissioning.record import Commissioning
from fieldtool.commissioning.workflow import commission, opened_run
from fieldtool.device import Device
from fieldtool.explain import explain
from fieldtool.journal import operation
from fieldtool.policy import NotAllowed
from fieldtool.profile import Profile
from fieldtool.store import profile_rows
from fieldtool.texts import use_language
from fieldtool.ticket import Ticket, TicketEvent
from fieldtool.ticketing import changing
from fieldtool.ticketing.errors import TicketClosed, TicketElsewhere, TicketUnknown
from tests.fieldtool.commissioning.bench import DEV_EUI, LAT, LON, OTHER_EUI, PASSWORD, Bench, bench, plant
from tests.fieldtool.making import device, record
from tests.fieldtool.replaying import problems
from tests.fieldtool.ticketing.tickets import ticket

TEXT = f"LSE01 {DEV_EUI} wurde in Betrieb genommen an: Baum D-4711."


class Killed(BaseException):
    """Nobody catches it, as nobody catches SIGKILL."""


class KillAt(list[tuple[str, str]]):
    def __init__(self, moment: tuple[str, str]) -> None:
        super().__init__()
        self.moment = moment

    def append(self, event: tuple[str, str]) -> None:
        super().append(event)
        if event == self.moment:
            raise Killed


@pytest.fixture(autouse=True)
def german() -> None:
    use_language("de")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as found:
        yield found
        with found.profile() as profile:
            assert problems(profile) == []


def opened_ticket(made: Bench, **values: Any) -> Ticket:
    with made.profile() as profile:
        (tree,) = profile.store.asset_by_number("tree", "D-4711")
        stated = {
            "asset_id": tree.id,
            "category": "sensor_installation",
            "title": "Sensor einbauen",
            **values,
        }
        return record(profile, ticket(**stated))[0]


def standing(made: Bench, of: Ticket) -> tuple[Ticket, list[TicketEvent]]:
    with made.profile() as profile:
        return profile.store.get(Ticket, of.id), profile.store.ticket_events(of.id)


def pull_closed(profile: Profile, of: Ticket) -> None:
    """Somebody else closed it at a platform."""
    with operation(profile.store, profile.actor, "ticket.pulled") as recorder:
        recorder.update(of, status="closed")


def outcome(record_: Commissioning) -> Any:
    entry = record_.steps["finish"]
    assert isinstance(entry, dict)
    return entry.get("ticket")


def report(made: Bench, record_: Commissioning) -> str:
    return (made.folder / "profile" / "reports" / f"commissioning-{record_.id}.html").read_text("utf-8")


@pytest.mark.parametrize("status", ["open", "in_progress", "waiting"])
def test_finishing_closes_it_in_one_operation(made: Bench, status: str) -> None:
    one = opened_ticket(made, status=status)
    done = made.commission(ticket=one.id)
    closed, (event,) = standing(made, one)
    with made.profile() as profile:
        (probe,) = profile.store.devices(dev_eui=DEV_EUI)
        _create, update, told = profile.store.history(one.id)
    assert (closed.status, closed.device_id, closed.version) == ("closed", probe.id, 2)
    assert (event.kind, event.status, event.text) == ("status", "closed", TEXT)
    assert update.operation.id == told.operation.id
    assert update.operation.kind == "commissioning.finish"
    assert update.change.position < told.change.position
    assert outcome(done) == {"id": one.id, "outcome": "closed"}
    assert done.plan["ticket"] == one.id
    page = report(made, done)
    assert "Sensor einbauen" in page
    assert "mit dieser Inbetriebnahme geschlossen" in page


def test_without_a_ticket_nothing_is_different(made: Bench) -> None:
    """A commissioning that was finished before there were tickets in plans still compares equal."""
    done = made.commission()
    assert "ticket" not in done.plan
    assert outcome(done) is None
    assert "<h2>Ticket</h2>" not in report(made, done)
    assert made.commission() == done


@pytest.mark.parametrize("moment", [("finish", "started"), ("finish", "done")])
def test_killed_around_the_finish_it_is_closed_once(made: Bench, moment: tuple[str, str]) -> None:
    one = opened_ticket(made)
    made.heard = KillAt(moment)
    with pytest.raises(Killed):
        made.commission(ticket=one.id)
    made.heard = []
    made.commission(ticket=one.id)
    made.commission(ticket=one.id)
    closed, events = standing(made, one)
    assert (closed.status, closed.version) == ("closed", 2)
    assert [event.text for event in events] == [TEXT]


def test_closed_meanwhile_it_gets_a_comment(made: Bench) -> None:
    one = opened_ticket(made)
    kind = device_profile(made.kind)
    plan = make_plan(made.plan(ticket=one.id), kind, folder=made.folder)
    with (
        made.profile() as profile,
        opened_run(
            profile,
            kind,
            port=made.probe_port,
            plan=plan,
            password=Secret(PASSWORD),
            trace=lambda _direction, _text: None,
        ) as run,
    ):

        def pull_before_the_finish(name: str, event: str) -> None:
            if (name, event) == ("finish", "started"):
                pull_closed(profile, one)

        done = commission(run, pull_before_the_finish)
    found, (event,) = standing(made, one)
    assert (found.status, found.version, found.device_id) == ("closed", 2, None)
    assert (event.kind, event.status, event.text) == ("comment", "closed", TEXT)
    assert outcome(done) == {"id": one.id, "outcome": "closed_before"}
    assert done.state == "finished"
    assert "war schon von anderer Seite geschlossen" in report(made, done)


def test_a_ticket_that_is_not_there(made: Bench) -> None:
    with pytest.raises(TicketUnknown) as unknown:
        made.commission(ticket="nobody")
    assert unknown.value.id == "nobody"
    assert made.heard[-1] == ("plan", "failed")


def test_a_closed_ticket_says_who_closed_it(made: Bench) -> None:
    one = opened_ticket(made)
    with made.profile() as profile:
        changing.change_status(profile, one, "closed", "doch nicht nötig")
    with pytest.raises(TicketClosed) as closed:
        made.commission(ticket=one.id)
    assert (closed.value.title, closed.value.by) == ("Sensor einbauen", "Prüfung (P)")
    assert closed.value.at is not None
    assert explain(closed.value).message.startswith(
        "Das Ticket „Sensor einbauen“ ist schon geschlossen: Prüfung (P), "
    )
    pulled = opened_ticket(made)
    with made.profile() as profile:
        pull_closed(profile, pulled)
    with pytest.raises(TicketClosed) as elsewhere:
        made.commission(ticket=pulled.id)
    assert elsewhere.value.by == "auf einer Plattform"


def test_a_ticket_of_another_asset_or_device(made: Bench) -> None:
    with made.profile() as profile:
        other = plant(profile, "D-0815", LON, LAT)
        (probe,) = record(profile, device(OTHER_EUI, name="LSE01 daneben"))
    for facts, about in (
        ({"asset_id": other.id}, "Baum D-0815"),
        ({"device_id": probe.id}, "LSE01 daneben"),
    ):
        one = opened_ticket(made, **facts)
        with pytest.raises(TicketElsewhere) as elsewhere:
            made.commission(ticket=one.id)
        assert elsewhere.value.about == about
        assert standing(made, one) == (one, [])
    free = opened_ticket(made, asset_id=None)
    made.commission(ticket=free.id)
    assert standing(made, free)[0].status == "closed"


def test_the_role_is_asked_before_the_device_is_written(made: Bench) -> None:
    one = opened_ticket(made)
    with made.profile() as profile, profile.store.transaction():
        pupils = replace(profile.actor, role="schule")
        profile_rows.upsert_actor(profile.store.connection, pupils)
    with pytest.raises(NotAllowed):
        made.commission(ticket=one.id)
    assert ("write", "started") not in made.heard


def test_the_plan_is_looked_at_again_when_its_ticket_was_closed(made: Bench) -> None:
    """And the generated key stays the one that the device was given."""
    one = opened_ticket(made)
    made.heard = KillAt(("join", "started"))
    with pytest.raises(Killed):
        made.commission(ticket=one.id)
    key = made.memory()["app_key"]
    made.heard = []
    with made.profile() as profile:
        pull_closed(profile, one)
    for _attempt in range(2):
        with pytest.raises(TicketClosed):
            made.commission(ticket=one.id)
    assert made.heard[-1] == ("plan", "failed")
    done = made.commission()
    assert done.state == "finished"
    assert made.memory()["app_key"] == key
    with made.profile() as profile:
        (probe,) = profile.store.devices(dev_eui=DEV_EUI)
        assert isinstance(probe, Device)
        assert profile.vault.get(f"device/{DEV_EUI}/app_key").reveal() == key


def test_a_ticket_moved_elsewhere_before_the_finish_stops_it(made: Bench) -> None:
    one = opened_ticket(made)
    made.heard = KillAt(("summary", "done"))
    with pytest.raises(Killed):
        made.commission(ticket=one.id)
    made.heard = []
    with made.profile() as profile:
        other = plant(profile, "D-0815", LON, LAT)
        moved = changing.edit(profile, one, {"asset_id": other.id}).ticket
    with pytest.raises(TicketElsewhere):
        made.commission(ticket=one.id)
    with made.profile() as profile:
        changing.edit(profile, moved, {"asset_id": one.asset_id})
    assert made.commission(ticket=one.id).state == "finished"
    assert standing(made, one)[0].status == "closed"
