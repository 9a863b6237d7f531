"""Service request updates, somebody else's too, and jurisdictions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fieldtool.training.open311_client import (
    REPORT,
    UPDATES,
    at,
    get,
    of,
    office,
    one,
    post,
    refusal,
    reported,
    settings,
    update,
    updates,
    xml,
)
from tests.fieldtool.training.process import Running, running


def test_an_update_changes_the_request(platform: Running) -> None:
    identifier = reported(platform)
    sent = update(identifier, "in_progress", updated_datetime="2026-11-23T09:30:00.750+01:00")
    answer = post(platform, UPDATES, {**sent, "media_url": "https://example.org/1.jpg"})
    assert (answer.status, answer.json) == (200, [{"update_id": sent["update_id"]}])
    shown = one(platform, identifier)
    assert (shown["status"], shown["status_notes"]) == ("open", "Ist in Arbeit")
    assert shown["updated_datetime"] == "2026-11-23T08:30:00+00:00"
    assert shown["extended_attributes"]["detailed_status"] == "IN_PROGRESS"
    assert shown["extended_attributes"]["detailed_status_datetime"] == "2026-11-23T08:30:00+00:00"
    window = {"start_date": "2026-11-23T08:30:00Z", "end_date": "2026-11-23T08:30:00Z"}
    assert of(platform, identifier, **window) == [
        {
            "update_id": sent["update_id"],
            "service_request_id": identifier,
            "status": "IN_PROGRESS",
            "updated_datetime": "2026-11-23T08:30:00+00:00",
            "description": "Ist in Arbeit",
            "media_url": "https://example.org/1.jpg",
        }
    ]


def test_updates_in_xml(platform: Running) -> None:
    sent = update(reported(platform), description="<erledigt> & gut", updated_datetime=at())
    root = xml(post(platform, "servicerequestupdates.xml", sent))
    assert (root.tag, root.findtext("request_update/update_id")) == (
        "service_request_updates",
        sent["update_id"],
    )
    found = [
        entry.findtext("description")
        for entry in xml(get(platform, "servicerequestupdates.xml")).iterfind("request_update")
        if entry.findtext("update_id") == sent["update_id"]
    ]
    assert found == ["<erledigt> & gut"]


@pytest.mark.parametrize(
    ("status", "core"),
    [
        *((name, "open") for name in ("OPEN", "INVESTIGATING", "IN_PROGRESS", "ACTION_SCHEDULED", "PLANNED")),
        *((name, "closed") for name in ("CLOSED", "FIXED", "DUPLICATE", "NO_FURTHER_ACTION")),
    ],
)
def test_extended_statuses(platform: Running, status: str, core: str) -> None:
    identifier = reported(platform)
    assert post(platform, UPDATES, update(identifier, status)).status == 200
    shown = one(platform, identifier)
    assert (shown["status"], shown["extended_attributes"]["detailed_status"]) == (core, status)
    listed = get(platform, "requests.json", {"status": core}).json
    other = get(platform, "requests.json", {"status": {"open": "closed", "closed": "open"}[core]}).json
    assert identifier in [request["service_request_id"] for request in listed]
    assert identifier not in [request["service_request_id"] for request in other]


def test_a_repeated_update_changes_nothing(platform: Running) -> None:
    identifier = reported(platform)
    sent = update(identifier, "CLOSED")
    assert post(platform, UPDATES, sent).status == 200
    before = one(platform, identifier)
    for repeat in (sent, {**sent, "status": "OPEN", "updated_datetime": at(), "description": "anders"}):
        status, description = refusal(post(platform, UPDATES, repeat))
        assert status == 400
        assert "already exists" in description
    assert one(platform, identifier) == before
    window = {"start_date": "2026-11-23T00:00:00Z", "end_date": at(hours=-1)}
    assert len(of(platform, identifier, **window)) == 1


def test_older_news_does_not_change_the_state(platform: Running) -> None:
    identifier = reported(platform)
    post(platform, UPDATES, update(identifier, "FIXED", updated_datetime=at(minutes=5)))
    fixed = one(platform, identifier)
    answer = post(platform, UPDATES, update(identifier, "INVESTIGATING", updated_datetime=at(minutes=9)))
    assert answer.status == 200
    assert one(platform, identifier) == fixed
    assert [entry["status"] for entry in of(platform, identifier)] == ["INVESTIGATING", "FIXED"]
    same = update(identifier, "OPEN", updated_datetime=fixed["updated_datetime"], description="doch nicht")
    post(platform, UPDATES, same)
    assert (one(platform, identifier)["status"], one(platform, identifier)["status_notes"]) == (
        "open",
        "doch nicht",
    )


@pytest.mark.parametrize(
    ("change", "status", "description"),
    [
        ({"update_id": ""}, 400, "update_id was not provided"),
        ({"service_request_id": ""}, 400, "service_request_id was not provided"),
        ({"status": ""}, 400, "status was not provided"),
        ({"updated_datetime": ""}, 400, "updated_datetime was not provided"),
        ({"description": ""}, 400, "description was not provided"),
        ({"status": "DONE"}, 400, None),
        ({"updated_datetime": "2026-11-23T09:30:00"}, 400, None),
        ({"updated_datetime": "yesterday"}, 400, None),
        ({"description": "x" * 4001}, 400, None),
        ({"service_request_id": "99999-2026"}, 404, "service_request_id 99999-2026 was not found"),
        ({"service_request_id": "x"}, 404, "service_request_id x was not found"),
        ({"jurisdiction_id": "west"}, 404, "jurisdiction_id west was not found"),
        ({"jurisdiction_id": "north"}, 404, None),
    ],
)
def test_an_update_that_is_refused(
    platform: Running, change: dict[str, str], status: int, description: str | None
) -> None:
    identifier = reported(platform)
    before = one(platform, identifier)
    answer = refusal(post(platform, UPDATES, {**update(identifier), **change}))
    assert answer == (status, description or answer[1])
    assert one(platform, identifier) == before


def test_an_update_needs_the_key(platform: Running) -> None:
    identifier = reported(platform)
    for key in ("-", "wrong"):
        assert refusal(post(platform, UPDATES, update(identifier), key))[0] == 403
    assert one(platform, identifier)["extended_attributes"]["detailed_status"] == "OPEN"


def test_the_last_two_hours(platform: Running) -> None:
    identifier = reported(platform)
    for minutes in (130, 110, 10):
        post(
            platform,
            UPDATES,
            update(identifier, updated_datetime=at(minutes=minutes), description=str(minutes)),
        )
    texts = [entry["description"] for entry in of(platform, identifier)]
    assert texts == ["110", "10"]
    texts = [entry["description"] for entry in of(platform, identifier, start_date=at(minutes=140))]
    assert texts == ["130", "110", "10"]
    texts = [entry["description"] for entry in of(platform, identifier, end_date=at(minutes=60))]
    assert texts == ["130", "110"]
    for query in ({"start_date": "2026"}, {"end_date": "2026-11-23T10:00:00 01:00"}):
        assert refusal(get(platform, UPDATES, query))[0] == 400


def test_somebody_else_closes_it(platform: Running) -> None:
    identifier = reported(platform)
    future = update(identifier, "IN_PROGRESS", updated_datetime=at(hours=-1))
    post(platform, UPDATES, future)
    answer = office(platform, identifier, status="closed", description="Erledigt durch die Werkstatt")
    assert answer.status == 200
    shown = one(platform, identifier)
    assert (shown["status"], shown["status_notes"]) == ("closed", "Erledigt durch die Werkstatt")
    assert shown["updated_datetime"] == future["updated_datetime"], (
        "a clock that is wrong does not stop the office"
    )
    comment = office(platform, identifier, description="Rückfrage").json["update_id"]
    assert comment != answer.json["update_id"]
    found = of(platform, identifier, end_date=at(hours=-2))
    assert [(entry["update_id"], entry["status"]) for entry in found[-2:]] == [
        (answer.json["update_id"], "CLOSED"),
        (comment, "CLOSED"),
    ]
    assert one(platform, identifier)["status_notes"] == "Rückfrage"


def test_what_the_office_cannot_do(platform: Running) -> None:
    identifier = reported(platform)
    path = f"/training/open311/requests/{identifier}"
    bodies: tuple[object, ...] = (
        *([], {"status": "DONE"}, {"status": 1}, {"note": "x"}),
        *({"released": False}, {"description": "\ud800"}),
    )
    for body in bodies:
        assert platform.ask("PUT", path, body).error == "BadRequestData"
    assert office(platform, "99999-2026", status="closed").error == "ResourceNotFound"
    assert office(platform, identifier, "?jurisdiction_id=north", status="closed").status == 404
    assert platform.ask("PUT", path, {"status": "closed"}, Authorization=None).status == 401
    assert one(platform, identifier)["status"] == "open"


def test_jurisdictions_do_not_mix(tmp_path: Path) -> None:
    with running(tmp_path, "--tenant", "north", "--tenant", "south") as platform:
        made = {
            name: reported(platform, jurisdiction_id=name, description=f"aus {name}")
            for name in ("", "north", "south")
        }
        assert len(set(made.values())) == 1, "each counts for itself"
        identifier = made["north"]
        sent = update(identifier, "CLOSED", updated_datetime=at(), jurisdiction_id="north")
        assert post(platform, UPDATES, sent).status == 200
        for name, status in (("", "open"), ("north", "closed"), ("south", "open")):
            whose = {"jurisdiction_id": name}
            (shown,) = get(platform, "requests.json", whose).json
            assert (shown["description"], shown["status"]) == (f"aus {name}", status)
            assert one(platform, identifier, name) == shown
            assert len(updates(platform, **whose)) == (name == "north")
        office(platform, identifier, "?jurisdiction_id=south", description="x")
        assert [len(updates(platform, jurisdiction_id=name)) for name in ("", "north", "south")] == [0, 1, 1]
        assert post(platform, UPDATES, {**sent, "jurisdiction_id": "south"}).status == 200
        for path in ("services.json", "requests.json", UPDATES, "discovery.json"):
            answer = refusal(get(platform, path, {"jurisdiction_id": "west"}))
            assert answer == (404, "jurisdiction_id west was not found")
        settings(platform, tokens=True)
        token = post(platform, "requests.json", {**REPORT, "jurisdiction_id": "north"}).json[0]["token"]
        assert get(platform, f"tokens/{token}.json").status == 404
        assert get(platform, f"tokens/{token}.json", {"jurisdiction_id": "north"}).status == 200
