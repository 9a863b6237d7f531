"""What other servers do otherwise, by PUT /training/open311."""

from __future__ import annotations

from collections.abc import Iterator

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
from tests.fieldtool.training.process import Running


@pytest.fixture
def changed(platform: Running) -> Iterator[Running]:
    """Whose settings are put back."""
    yield platform
    settings(platform)


def test_tokens(changed: Running) -> None:
    settings(changed, tokens=True, delay_gets=2)
    assert {service["type"] for service in get(changed, "services.json").json} == {"batch"}
    (answer,) = post(changed, "requests.json", REPORT).json
    assert set(answer) == {"token", "service_notice", "account_id"}
    path = f"tokens/{answer['token']}"
    for _ in range(2):
        assert get(changed, f"{path}.json").json == [{"service_request_id": None, "token": answer["token"]}]
    (ready,) = get(changed, f"{path}.json").json
    assert one(changed, ready["service_request_id"])["description"] == REPORT["description"]
    root = xml(get(changed, f"{path}.xml"))
    assert root.findtext("request/service_request_id") == ready["service_request_id"]
    assert refusal(get(changed, "tokens/none.json")) == (404, "token none was not found")
    settings(changed)
    assert get(changed, f"{path}.json").json == [ready]


def test_moderation(changed: Running) -> None:
    settings(changed, moderated=True)
    identifier = reported(changed, description="Herr M. parkt falsch", **{"attribute[EXTERNAL_ID]": "7"})
    shown = one(changed, identifier)
    assert shown["description"] == "redaktionelle Prüfung ausstehend"
    assert shown["extended_attributes"]["description_public"] is False
    assert shown["extended_attributes"]["attributes"] == {"EXTERNAL_ID": "7"}
    settings(changed)
    assert one(changed, identifier) == shown, "what was withheld stays so until it is released"
    assert office(changed, identifier, released=True).status == 204
    released = one(changed, identifier)
    assert released["description"] == "Herr M. parkt falsch"
    assert released["updated_datetime"] == shown["updated_datetime"]


def test_a_server_as_in_rostock(changed: Running) -> None:
    """../shared/data/open311/rostock_klarschiff_requests_extensions.json."""
    identifier = reported(changed, address_string="Bleicherstr. 31")
    post(changed, UPDATES, update(identifier, "IN_PROGRESS"))
    settings(changed, citysdk=True, string_coordinates=True, integer_ids=True, local_times=True)
    number = int(identifier.split("-")[0])
    shown = one(changed, str(number))
    assert (shown["service_request_id"], shown["lat"], shown["long"]) == (number, "51.5136", "7.4653")
    assert shown["updated_datetime"] == "2026-11-23T09:30:00.000+01:00"
    assert "adress_id" in shown
    assert "address_id" not in shown
    assert shown["extended_attributes"] == {
        "detailed_status": "IN_PROCESS",
        "detailed_status_datetime": "2026-11-23T09:30:00.000+01:00",
        "description_public": True,
        "media_urls": [],
        "photo_required": False,
        "trust": 0,
        "votes": 0,
        "attributes": {},
    }
    assert post(changed, "requests.json", REPORT).json[0]["service_request_id"] == number + 1
    sent = update(str(number), "CLOSED", updated_datetime=at())
    assert post(changed, UPDATES, sent).status == 200
    assert [
        entry["service_request_id"] for entry in updates(changed) if entry["update_id"] == sent["update_id"]
    ] == [number]
    root = xml(get(changed, f"requests/{number}.xml"))
    assert root.find("request/extended_attributes/media_urls") is not None


def test_a_server_as_in_cologne(changed: Running) -> None:
    """../shared/data/open311/koeln_sagsuns_2026_samples.json."""
    identifier = reported(changed, address_string="50997 Köln, Amselweg 3", description="")
    settings(changed, sparse=True)
    shown = one(changed, identifier)
    assert shown.pop("requested_datetime")
    assert shown == {
        "title": f"#{identifier} Leuchte ausgefallen",
        "service_request_id": identifier,
        "status": "open",
        "service_name": "Leuchte ausgefallen",
        "lat": 51.5136,
        "long": 7.4653,
        "address_string": "50997 Köln, Amselweg 3",
    }


def test_authors(changed: Running) -> None:
    identifier = reported(changed)
    settings(changed, update_authors=True)
    post(changed, UPDATES, update(identifier, updated_datetime=at(seconds=9)))
    office(changed, identifier, description="gesehen")
    assert [entry["author"] for entry in of(changed, identifier)] == ["client", "office"]


def test_settings(changed: Running) -> None:
    settings(changed, tokens=True, delay_gets=3)
    shown = changed.ask("GET", "/training/open311").json
    assert {name: value for name, value in shown.items() if value} == {"tokens": True, "delay_gets": 3}
    bodies: tuple[object, ...] = (
        *({"token": True}, {"tokens": 1}, {"delay_gets": True}),
        *({"delay_gets": -1}, {"delay_gets": "3"}, []),
    )
    for wrong in bodies:
        assert changed.ask("PUT", "/training/open311", wrong).error == "BadRequestData"
    assert changed.ask("GET", "/training/open311").json == shown
    assert changed.ask("PUT", "/training/open311", {}, Authorization=None).status == 401
    settings(changed)
    assert not any(changed.ask("GET", "/training/open311").json.values())
