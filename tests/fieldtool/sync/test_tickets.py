"""Tickets on their way to the training platform's GeoReport server and back."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from drivers.secret import Secret
from fieldtool import outbox
from fieldtool.connectors import errors
from fieldtool.connectors.connector import Access
from fieldtool.connectors.http import Patience
from fieldtool.connectors.open311 import CONNECTOR, Open311Session
from fieldtool.delivery import Target
from fieldtool.geometry import point
from fieldtool.ids import TicketId, new_id
from fieldtool.journal import operation
from fieldtool.profile import Profile
from fieldtool.sync import targets
from fieldtool.sync.pull import pull
from fieldtool.sync.push import push
from fieldtool.sync.report import SyncReport
from fieldtool.sync.run import sync_all
from fieldtool.ticket import Ticket
from fieldtool.ticketing import changing
from tests.faults.comparing_tickets import compare_tickets
from tests.faults.platform import Platform, running_platform
from tests.fieldtool.making import device, profile, record
from tests.fieldtool.replaying import problems

NAME = "melder"
PLACE = point(7.4653, 51.5136)
HTTP_CODES = (400, 401, 403, 404, 409, 410, 413, 422, 429, 500, 502, 503, 504)
REQUESTS = {"method": "POST", "path": "/open311/v2/requests*"}
UPDATES = {"method": "POST", "path": "/open311/v2/servicerequestupdates*"}
READS = {"method": "GET", "path": "/open311/*"}


@dataclass
class Desk:
    profile: Profile
    platform: Platform
    pauses: list[float] = field(default_factory=list)

    def add(self, name: str = NAME, tenant: str | None = None, **options: Any) -> None:
        target = Target(name, "open311", f"{self.platform.url}/open311/v2", tenant, options)
        targets.add(self.profile, target, Secret(self.platform.token))

    @contextmanager
    def session(self, token: str | None = None) -> Iterator[tuple[Target, Open311Session]]:
        target = next(one for one in outbox.targets(self.profile.store) if one.name == NAME)
        key = Secret(token or self.platform.token)
        access = Access(url=target.url, tenant=target.tenant, options=target.options, token=key)
        with closing(Open311Session(access, Patience(connect=1, read=2, whole=5))) as session:
            yield target, session

    def push(self, token: str | None = None) -> SyncReport:
        with self.session(token) as (target, session):
            return push(self.profile.store, target, CONNECTOR, session, wait=self.pauses.append)

    def pull(self) -> int:
        with self.session() as (target, session):
            return pull(self.profile.store, self.profile.actor, target, session).changed

    def new(self, **values: Any) -> Ticket:
        stated = {"category": "other", "title": "Ast gebrochen", "geometry": PLACE, **values}
        return changing.create(self.profile, Ticket(id=TicketId(new_id()), **stated))

    def now(self, ticket: Ticket) -> Ticket:
        return self.profile.store.get(Ticket, ticket.id)

    def close(self, ticket: Ticket, text: str = "Ast entfernt, alles sicher.") -> None:
        changing.change_status(self.profile, self.now(ticket), "closed", text)

    def misbehave(self, *rules: dict[str, Any]) -> None:
        self.platform.set_faults(list(rules))

    def behave(self, **settings: Any) -> None:
        assert self.platform.ask("PUT", "/training/open311", settings)[0] == 204

    def office(self, identifier: str, status: str, description: str) -> None:
        document = {"status": status, "description": description}
        path = f"/training/open311/requests/{identifier}"
        assert self.platform.ask("PUT", path, document)[0] in (200, 204)

    def report_there(self, description: str = "Papierkorb voll", **form: Any) -> str:
        """Somebody else reports something there."""
        stated = {
            "service_code": "bin_overflow",
            "description": description,
            "lat": 51.5,
            "long": 7.5,
            **form,
        }
        port = int(self.platform.url.rsplit(":", 1)[1])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            body = urlencode({**stated, "api_key": self.platform.token})
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", "/open311/v2/requests.json", body, kind)
            answer = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        return str(answer[0].get("service_request_id") or answer[0]["token"])

    def agrees(self) -> None:
        assert compare_tickets(self.platform, self.profile, NAME) == []
        assert problems(self.profile) == []

    def states(self) -> list[tuple[str, str | None]]:
        return [(one.state, one.reason) for one in outbox.pending(self.profile.store, NAME)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with running_platform(tmp_path / "data") as platform, profile(tmp_path / "profile") as opened:
        desk = Desk(opened, platform)
        desk.add()
        yield desk


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_ticket_its_comment_and_its_closing(desk: Desk, form: str) -> None:
    outbox.remove_target(desk.profile.store, NAME)
    desk.add(format=form)
    ticket = desk.new(description="Über dem Gehweg & <Radweg>.")
    changing.comment(desk.profile, ticket, "Absperrung steht.")
    desk.close(ticket)
    report = desk.push()
    assert (report.accepted, report.pending, report.stopped_by) == (3, 0, None)
    (request,) = desk.platform.requests()
    assert request["description"].startswith("Ast gebrochen\n\nÜber dem Gehweg & <Radweg>.\n\n[Fieldtool ")
    assert [update["status"] for update in desk.platform.updates()] == ["OPEN", "CLOSED"]
    desk.agrees()
    assert desk.push().sent == 0
    assert desk.pull() == 0
    desk.agrees()


@pytest.mark.parametrize("match", [REQUESTS, UPDATES, READS], ids=["requests", "updates", "reads"])
@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
@pytest.mark.parametrize("nth", [1, 2, 3, 4])
def test_a_lost_answer_does_nothing_twice(desk: Desk, match: dict[str, str], fault: str, nth: int) -> None:
    ticket = desk.new()
    changing.comment(desk.profile, ticket, "Absperrung steht.")
    desk.close(ticket)
    desk.misbehave({"match": match, "nth": nth, "fault": fault})
    assert desk.push().pending == 0
    desk.agrees()


def test_an_update_done_twice_is_there_once(desk: Desk) -> None:
    desk.close(desk.new())
    desk.misbehave({"match": UPDATES, "fault": "repeat"})
    assert desk.push().pending == 0
    desk.agrees()


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_request_that_a_proxy_repeated_is_closed_there_and_named(desk: Desk, form: str) -> None:
    outbox.remove_target(desk.profile.store, NAME)
    desk.add(format=form)
    ticket = desk.new()
    desk.misbehave({"match": REQUESTS, "nth": 1, "fault": "repeat"})
    (report,) = sync_all(desk.profile, outbox.targets(desk.profile.store))
    assert (report.pending, report.stopped_by, report.orphans) == (0, None, 0)
    (twin,) = report.twins
    assert (twin.ticket_id, {twin.remote_id, twin.kept}) == (ticket.id, {"1-2026", "2-2026"})
    there = {one["service_request_id"]: one for one in desk.platform.requests()}
    assert (there[twin.kept]["status"], there[twin.remote_id]["status"]) == ("open", "closed")
    assert there[twin.remote_id]["status_notes"].endswith(f"Es gilt {twin.kept}.")
    desk.agrees()
    desk.close(ticket)
    (report,) = sync_all(desk.profile, outbox.targets(desk.profile.store))
    assert (report.pending, report.twins, report.pulled) == (0, (), 0)
    desk.agrees()


def test_a_second_copy_is_closed_once_though_the_answer_to_it_was_lost(desk: Desk) -> None:
    desk.new()
    desk.misbehave(
        {"match": REQUESTS, "nth": 1, "fault": "repeat"},
        {"match": UPDATES, "nth": 1, "fault": "drop_after"},
    )
    (report,) = sync_all(desk.profile, outbox.targets(desk.profile.store))
    assert isinstance(report.stopped_by, errors.Unreachable)
    (report,) = sync_all(desk.profile, outbox.targets(desk.profile.store))
    assert (report.stopped_by, report.orphans, len(desk.platform.updates())) == (None, 0, 1)
    desk.agrees()


def test_of_a_lost_answer_with_two_copies_the_first_counts(desk: Desk) -> None:
    ticket = desk.new(category="bin_overflow")
    desk.misbehave({"match": REQUESTS, "nth": 1, "fault": "status", "status": 401, "work": True})
    desk.push()
    assert desk.states() == [("sending", None)]
    copy = desk.report_there(desk.platform.requests()[0]["description"])
    desk.misbehave()
    (report,) = sync_all(desk.profile, outbox.targets(desk.profile.store))
    assert [(one.remote_id, one.kept) for one in report.twins] == [(copy, "1-2026")]
    reference = outbox.reference(desk.profile.store, NAME, "ticket", ticket.id)
    assert reference is not None
    assert reference.remote_id == "1-2026"


@pytest.mark.parametrize("work", [False, True])
@pytest.mark.parametrize("match", [REQUESTS, UPDATES, READS], ids=["requests", "updates", "reads"])
def test_every_status_code_at_every_kind_of_request(desk: Desk, match: dict[str, str], *, work: bool) -> None:
    for code in HTTP_CODES:
        desk.close(desk.new(title=f"Ast {code}"))
        desk.misbehave({"match": match, "nth": 1, "fault": "status", "status": code, "work": work})
        for _attempt in range(4):
            if desk.push().pending == 0:
                break
            for delivery in list(outbox.pending(desk.profile.store, NAME)):
                if delivery.state in ("rejected", "conflict"):
                    outbox.retry(desk.profile.store, NAME, delivery.operation.id)
        assert desk.states() == [], code
    desk.misbehave()
    desk.agrees()


def test_killed_between_sending_and_receipt_it_is_looked_for(desk: Desk) -> None:
    """The next run knows nothing but that it was sending."""
    desk.new()
    desk.misbehave({"match": REQUESTS, "nth": 1, "fault": "status", "status": 401, "work": True})
    assert isinstance(desk.push().stopped_by, errors.TargetUnauthorized)
    assert desk.states() == [("sending", None)]
    assert desk.push().pending == 0
    assert len(desk.platform.requests()) == 1
    desk.agrees()


def test_a_hidden_text_is_never_answered_with_a_second_request(desk: Desk) -> None:
    desk.behave(moderated=True)
    desk.new()
    desk.misbehave({"match": REQUESTS, "nth": 1, "fault": "status", "status": 401, "work": True})
    desk.push()
    report = desk.push()
    assert [one.reason for one in report.rejected] == ["maybe_there"]
    assert len(desk.platform.requests()) == 1


def test_a_moderated_text_does_not_look_lost(desk: Desk) -> None:
    desk.behave(moderated=True)
    desk.new()
    assert desk.push().pending == 0
    desk.behave()


def test_a_token_is_kept_and_asked_for_until_there_is_a_number(desk: Desk) -> None:
    desk.behave(tokens=True, delay_gets=2)
    ticket = desk.new()
    desk.close(ticket)
    for _attempt in range(8):
        if desk.push().pending == 0:
            break
        assert ("waiting", "not_decided_there") in desk.states()
        reference = outbox.reference(desk.profile.store, NAME, "ticket", ticket.id)
        assert reference is not None
        assert reference.remote_id.startswith("token:")
    assert desk.states() == []
    assert len(desk.platform.requests()) == 1
    desk.agrees()


def test_what_others_report_comes_down_once(desk: Desk) -> None:
    number = desk.report_there("Papierkorb voll\nSeit Tagen.\x07")
    desk.office(number, "INVESTIGATING", "Wird geprüft.")
    assert desk.pull() == 2
    (ticket,) = desk.profile.store.tickets()
    assert (ticket.category, ticket.title, ticket.description) == (
        "bin_overflow",
        "Papierkorb voll",
        "Seit Tagen.",
    )
    assert (ticket.status, ticket.geometry) == ("in_progress", point(7.5, 51.5))
    (event,) = desk.profile.store.ticket_events(ticket.id)
    assert (event.text, event.status) == ("Wird geprüft.", "in_progress")
    assert desk.states() == []
    assert desk.pull() == 0
    assert problems(desk.profile) == []


def test_it_is_worked_on_here_and_closed_there(desk: Desk) -> None:
    desk.report_there()
    desk.pull()
    (ticket,) = desk.profile.store.tickets()
    changing.change_status(desk.profile, ticket, "in_progress", "Bin unterwegs.")
    desk.close(ticket, "Geleert.")
    assert desk.push().pending == 0
    assert desk.pull() == 0
    desk.agrees()


def test_a_ticket_that_the_office_changed_meanwhile_is_a_conflict(desk: Desk) -> None:
    number = desk.report_there()
    desk.pull()
    (ticket,) = desk.profile.store.tickets()
    changing.change_status(desk.profile, ticket, "in_progress", "Bin unterwegs.")
    desk.office(number, "CLOSED", "Doppelt gemeldet.")
    report = desk.push()
    assert [one.reason for one in report.conflicts] == ["changed_on_both_sides"]
    (update,) = desk.platform.updates()
    assert update["description"] == "Doppelt gemeldet."
    desk.pull()
    assert desk.now(ticket).status == "in_progress"
    assert problems(desk.profile) == []


def test_closed_on_both_sides_is_no_conflict_and_both_texts_are_kept(desk: Desk) -> None:
    number = desk.report_there()
    desk.pull()
    (ticket,) = desk.profile.store.tickets()
    desk.office(number, "CLOSED", "Erledigt.")
    desk.close(ticket, "War schon leer.")
    assert desk.push().pending == 0
    assert desk.pull() == 1
    assert [one.text for one in desk.profile.store.ticket_events(ticket.id)] == [
        "Erledigt.",
        "War schon leer.",
    ]
    desk.agrees()


def test_a_comment_never_opens_what_the_office_closed(desk: Desk) -> None:
    number = desk.report_there()
    desk.pull()
    (ticket,) = desk.profile.store.tickets()
    changing.comment(desk.profile, ticket, "Foto folgt.")
    desk.office(number, "CLOSED", "Erledigt.")
    assert desk.push().pending == 0
    (request,) = desk.platform.requests()
    assert request["status"] == "closed"


def test_a_category_they_do_not_know_parks_only_that_ticket(desk: Desk) -> None:
    outbox.remove_target(desk.profile.store, NAME)
    desk.add(categories={"battery": "gibt-es-nicht"})
    strange = desk.new(category="battery", title="Batterie leer", geometry=PLACE)
    desk.close(strange)
    desk.new()
    report = desk.push()
    assert [one.reason for one in report.rejected] == ["category_unknown"]
    assert (report.waiting, report.accepted) == (1, 1)
    assert len(desk.platform.requests()) == 1


def test_without_a_place_it_waits_for_one(desk: Desk) -> None:
    desk.new(geometry=None)
    assert [one.reason for one in desk.push().rejected] == ["place_missing"]


def test_a_revoked_key_in_the_middle(desk: Desk) -> None:
    desk.close(desk.new())
    desk.misbehave({"match": UPDATES, "fault": "status", "status": 403})
    assert isinstance(desk.push().stopped_by, errors.TargetForbidden)
    desk.misbehave()
    assert isinstance(desk.push(token="nonsense").stopped_by, errors.TargetForbidden)
    assert desk.push().pending == 0
    desk.agrees()


@pytest.mark.parametrize(
    "settings",
    [
        {"string_coordinates": True},
        {"integer_ids": True},
        {"citysdk": True},
        {"local_times": True},
        {"sparse": True},
    ],
    ids=lambda settings: next(iter(settings)),
)
def test_servers_that_speak_otherwise(desk: Desk, settings: dict[str, bool]) -> None:
    desk.behave(**settings)
    desk.report_there()
    desk.close(desk.new())
    assert desk.push().pending == 0
    assert desk.pull() == 1
    assert desk.pull() == 0
    assert problems(desk.profile) == []


def test_a_ticket_from_one_city_is_never_told_to_another(tmp_path: Path) -> None:
    with (
        running_platform(tmp_path / "dortmund") as dortmund,
        running_platform(tmp_path / "schwerte") as schwerte,
        profile(tmp_path / "profile") as opened,
    ):
        desk = Desk(opened, dortmund)
        desk.add()
        Desk(opened, schwerte).add("schwerte")
        desk.report_there()
        both = outbox.targets(opened.store)
        sync_all(opened, both)
        (ticket,) = opened.store.tickets()
        desk.close(ticket, "Geleert.")
        assert [report.pending for report in sync_all(opened, both)] == [0, 0]
        desk.agrees()
        assert schwerte.requests() == []
        assert schwerte.updates() == []
        Desk(opened, schwerte).add("schwerte-neu")
        assert [one.pending for one in sync_all(opened, outbox.targets(opened.store))] == [0, 0, 0]
        assert schwerte.requests() == []
        assert problems(opened) == []


def test_closing_waits_until_the_device_is_known_elsewhere(desk: Desk) -> None:
    """The order of the queue: device, then ticket, over two targets."""
    other = Target("stadt", "ngsi-ld", desk.platform.url)
    targets.add(desk.profile, other, Secret(desk.platform.token))
    probe = device("a84041f1e2d3c4b5", name="LSE01")
    record(desk.profile, probe)
    ticket = desk.new(device_id=probe.id)
    desk.misbehave({"match": {"path": "/ngsi-ld/*"}, "fault": "gateway_403"})
    desk.close(ticket)
    reports = {one.target.name: one for one in sync_all(desk.profile, outbox.targets(desk.profile.store))}
    assert isinstance(reports["stadt"].stopped_by, errors.TargetForbidden)
    assert desk.states() == [("waiting", "other_target")]
    assert [request["status"] for request in desk.platform.requests()] == ["open"]
    desk.misbehave()
    reports = {one.target.name: one for one in sync_all(desk.profile, outbox.targets(desk.profile.store))}
    assert {name: one.pending for name, one in reports.items()} == {"stadt": 0, NAME: 0}
    desk.agrees()


def test_a_pull_cut_off_in_the_middle_goes_on(desk: Desk) -> None:
    for number in range(5):
        desk.office(desk.report_there(f"Meldung {number}"), "INVESTIGATING", f"Geprüft {number}")
    match = {"method": "GET", "path": "/open311/v2/servicerequestupdates*"}
    desk.misbehave({"match": match, "nth": 1, "fault": "status", "status": 503})
    with pytest.raises(errors.ServerFailed):
        desk.pull()
    assert len(list(desk.profile.store.tickets())) == 5
    assert desk.pull() == 5
    assert desk.pull() == 0
    assert problems(desk.profile) == []


def test_a_change_without_words_is_refused_with_a_reason(desk: Desk) -> None:
    ticket = desk.new()
    desk.push()
    with operation(desk.profile.store, desk.profile.actor, "test.update") as recorder:
        recorder.update(desk.now(ticket), status="closed")
    assert [one.reason for one in desk.push().rejected] == ["event_missing"]


def test_planning_alone_is_not_theirs(desk: Desk) -> None:
    ticket = desk.new()
    desk.push()
    with operation(desk.profile.store, desk.profile.actor, "test.update") as recorder:
        recorder.update(desk.now(ticket), priority=1)
    assert desk.push().pending == 0
    assert desk.platform.updates() == []
    assert replace(desk.now(ticket), version=0).priority == 1
