"""Open311 GeoReport v2: services, requests, discovery, formats, refusals."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from ruamel.yaml import YAML

from fieldtool.texts import RESOURCES
from tests.fieldtool.training.open311_client import (
    FORM,
    PLACE,
    REPORT,
    V2,
    get,
    one,
    post,
    refusal,
    reported,
    xml,
)
from tests.fieldtool.training.process import Running, running

WANTED = {"service_code": "bulky_waste", "attribute[SIZE]": "large", **PLACE}


def test_services_are_the_ticket_categories(platform: Running) -> None:
    file = RESOURCES / "tickets" / "categories.yaml"
    categories = YAML(typ="safe").load(file.read_text(encoding="utf-8"))["categories"]
    answer = get(platform, "services.json")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    names = {service["service_code"]: service["service_name"] for service in answer.json}
    assert names.items() >= {entry["id"]: entry["label"]["de"] for entry in categories}.items()
    assert set(names) == {entry["id"] for entry in categories} | {"bulky_waste"}
    assert all(service["type"] == "realtime" and service["metadata"] is True for service in answer.json)
    root = xml(get(platform, "services.xml"))
    assert root.tag == "services"
    assert [service.findtext("service_name") for service in root.iterfind("service")] == list(names.values())
    assert root.findtext("service/metadata") == "true"


def test_a_definition(platform: Running) -> None:
    answer = get(platform, "services/bulky_waste.json").json
    assert answer["service_code"] == "bulky_waste"
    size, pieces, _ = answer["attributes"]
    assert size == {
        "variable": True,
        "code": "SIZE",
        "datatype": "singlevaluelist",
        "required": True,
        "datatype_description": None,
        "order": 1,
        "description": "Wie groß ist die Menge?",
        "values": [
            {"key": "small", "name": "bis ein Kubikmeter"},
            {"key": "large", "name": "mehr als ein Kubikmeter"},
        ],
    }
    assert (pieces["code"], pieces["order"], "values" in pieces) == ("PIECES", 2, False)
    root = xml(get(platform, "services/bulky_waste.xml"))
    assert (root.tag, root.findtext("service_code")) == ("service_definition", "bulky_waste")
    keys = root.iterfind("attributes/attribute/values/value/key")
    assert [key.text for key in keys] == ["small", "large", "wood", "metal", "other"]
    assert refusal(get(platform, "services/3.2.json")) == (404, "service_code 3.2 was not found")


def test_findings_are_offered_as_an_attribute(platform: Running) -> None:
    finding, external = get(platform, "services/lamp_failure.json").json["attributes"]
    assert (finding["code"], finding["required"]) == ("FINDING", False)
    assert {"key": "lamp_defective", "name": "Leuchtmittel defekt"} in finding["values"]
    assert (external["code"], external["datatype"]) == ("EXTERNAL_ID", "string")


def test_a_report_and_what_is_shown_of_it(platform: Running) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    form = {
        **REPORT,
        "description": "Zeile 1\r\nZeile 2 <b>&\u2028 ß 🚧",
        "address_string": "Märkische Straße 24",
        "address_id": "A-17",
        "media_url": "https://example.org/a?b=1&c=2",
        "email": "jemand@example.org",
        "last_name": "Geheim",
        "attribute[FINDING]": "no_supply",
        "attribute[EXTERNAL_ID]": "019ab",
        "attribute[of no service]": "<&>",
    }
    answer = post(platform, "requests.json", form)
    (made,) = answer.json
    identifier = made["service_request_id"]
    assert made == {
        "service_request_id": identifier,
        "service_notice": "Übungsplattform, niemand bearbeitet diese Meldung",
        "account_id": None,
    }
    assert re.fullmatch(rf"[1-9]\d*-{datetime.now(UTC).year}", identifier)
    shown = one(platform, identifier)
    requested = shown["requested_datetime"]
    assert requested.endswith("+00:00")
    assert before <= datetime.fromisoformat(requested) <= datetime.now(UTC)
    assert shown == {
        "service_request_id": identifier,
        "status": "open",
        "status_notes": None,
        "service_name": "Leuchte ausgefallen",
        "service_code": "lamp_failure",
        "description": form["description"],
        "agency_responsible": "Übungsamt",
        "service_notice": None,
        "requested_datetime": requested,
        "updated_datetime": requested,
        "expected_datetime": None,
        "address": "Märkische Straße 24",
        "address_id": "A-17",
        "zipcode": None,
        "lat": 51.5136,
        "long": 7.4653,
        "media_url": "https://example.org/a?b=1&c=2",
        "extended_attributes": {
            "detailed_status": "OPEN",
            "detailed_status_datetime": requested,
            "description_public": True,
            "attributes": {"FINDING": "no_supply", "EXTERNAL_ID": "019ab", "of no service": "<&>"},
        },
    }
    assert b"Geheim" not in (platform.data / "platform.sqlite-wal").read_bytes()


def test_a_report_in_xml(platform: Running) -> None:
    text = "Zeile 1\r\nZeile 2 <b>& ]]> ß 🚧 \x0b\x00"
    root = xml(post(platform, "requests.xml", {**WANTED, "description": text, "attribute[a b]": "<&>"}))
    identifier = root.findtext("request/service_request_id")
    assert root.tag == "service_requests"
    assert root.find("request/account_id") is not None
    root = xml(get(platform, f"requests/{identifier}.xml"))
    request = root.find("request")
    assert request is not None
    assert request.findtext("description") == text.replace("\x0b\x00", "\ufffd\ufffd")
    assert (request.findtext("lat"), request.findtext("status_notes")) == ("51.5136", "")
    given = request.iterfind("extended_attributes/attributes/attribute")
    assert {entry.findtext("code"): entry.findtext("value") for entry in given} == {
        "SIZE": "large",
        "a b": "<&>",
    }
    assert one(platform, str(identifier))["description"] == text


def test_several_values_of_one_attribute(platform: Running) -> None:
    form = [*WANTED.items(), ("attribute[KINDS][]", "wood"), ("attribute[KINDS][]", "metal")]
    identifier = post(platform, "requests.json", form).json[0]["service_request_id"]
    assert one(platform, identifier)["extended_attributes"]["attributes"] == {
        "SIZE": "large",
        "KINDS": ["wood", "metal"],
    }
    codes = xml(get(platform, f"requests/{identifier}.xml")).iterfind(".//attributes/attribute/code")
    assert [code.text for code in codes] == ["SIZE", "KINDS", "KINDS"]


def test_an_address_instead_of_coordinates(platform: Running) -> None:
    form = {"service_code": "other", "address_string": "Am Markt 1"}
    shown = one(platform, post(platform, "requests.json", form).json[0]["service_request_id"])
    assert (shown["lat"], shown["long"], shown["address"]) == (None, None, "Am Markt 1")
    assert shown["description"] is None


@pytest.mark.parametrize(
    ("change", "status", "description"),
    [
        ({"service_code": ""}, 400, "service_code was not provided"),
        ({"service_code": "pothole"}, 404, "service_code pothole was not found"),
        ({"jurisdiction_id": "west"}, 404, "jurisdiction_id west was not found"),
        ({"lat": "", "long": ""}, 400, "lat and long, address_string or address_id was not provided"),
        ({"lat": ""}, 400, "lat and long were not provided together"),
        ({"long": "", "address_string": "x"}, 400, "lat and long were not provided together"),
        ({"lat": "51,5136"}, 400, "lat is not a number"),
        ({"long": "nan"}, 400, "long is not a number"),
        ({"lat": "north"}, 400, "lat is not a number"),
        ({"lat": "90.1"}, 400, "lat is not between -90 and 90"),
        ({"long": "-181"}, 400, "long is not between -180 and 180"),
        ({"description": "x" * 4001}, 400, "description is longer than 4000 characters"),
        ({"attribute[FINDING]": "none"}, 400, None),
        ({"service_code": "bulky_waste"}, 400, "attribute[SIZE] was not provided"),
        ({**WANTED, "attribute[PIECES]": "many"}, 400, "attribute[PIECES]: many is not a number"),
    ],
)
def test_a_report_that_is_refused(
    platform: Running, change: dict[str, str], status: int, description: str | None
) -> None:
    before = get(platform, "requests.json").json
    answer = refusal(post(platform, "requests.json", {**REPORT, **change}))
    assert answer == (status, description or answer[1])
    root = xml(post(platform, "requests.xml", {**REPORT, **change}))
    assert (root.tag, root.findtext("error/code")) == ("errors", str(status))
    assert root.findtext("error/description") == answer[1]
    assert get(platform, "requests.json").json == before


def test_the_key(platform: Running) -> None:
    """GeoReport v2, Errors: 403 for a missing key as for a wrong one."""
    before = get(platform, "requests.json").json
    assert refusal(post(platform, "requests.json", REPORT, "-")) == (403, "api_key was not provided")
    assert refusal(post(platform, "requests.json", REPORT, "wrong")) == (403, "api_key is not valid")
    body = urlencode(REPORT).encode()
    answer = platform.ask("POST", f"{V2}/requests.json", body, Content_Type=FORM)
    assert refusal(answer)[0] == 403, "a gateway's token is no api_key"
    assert get(platform, "requests.json").json == before


def test_the_key_is_not_kept(tmp_path: Path) -> None:
    with running(tmp_path) as platform:
        post(platform, "requests.json", {**REPORT, "description": "kept"})
        post(platform, "servicerequestupdates.json", {"update_id": "1"})
        files = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.name != "token"}
        assert any(b"kept" in content for content in files.values())
        assert not any(platform.token.encode() in content for content in files.values())


def test_what_is_no_form(platform: Running) -> None:
    body = urlencode({**REPORT, "api_key": platform.token}).encode()
    for kind in ("application/json", "multipart/form-data; boundary=x", "text/plain"):
        answer = platform.ask("POST", f"{V2}/requests.json", body, Content_Type=kind)
        assert refusal(answer) == (400, f"the body must be sent as {FORM}")
    for broken in (b"description=%ff", b"description=\xff"):
        answer = platform.ask("POST", f"{V2}/requests.json", broken, Content_Type=FORM)
        assert refusal(answer)[0] == 400
    assert (
        platform.ask("POST", f"{V2}/requests.json", body, Content_Type=f"{FORM}; charset=utf-8").status == 200
    )


def test_formats(platform: Running) -> None:
    for accept, kind in (
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/xml", "text/xml"),
        ("text/xml;q=0.9, application/json;q=0.1", "text/xml"),
        ("application/json, text/xml", "application/json"),
    ):
        answer = get(platform, "services", Accept=accept)
        assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
    assert (
        get(platform, "services.json", Accept="text/xml")
        .headers["content-type"]
        .startswith("application/json")
    )
    assert xml(get(platform, "services/none", Accept="text/xml")).findtext("error/code") == "404"


def test_paths_and_methods(platform: Running) -> None:
    for path in ("", "nothing.json", "services.html", "requests/1/2.json", "tokens.json"):
        assert refusal(get(platform, path))[0] == 404, path
    assert refusal(platform.ask("GET", "/open311/v1/services.json"))[0] == 404
    refused = platform.ask("DELETE", f"{V2}/requests.json")
    assert (refusal(refused)[0], refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")
    assert platform.ask("OPTIONS", f"{V2}/tokens/x.json").headers["allow"] == "GET, HEAD, OPTIONS"
    head, whole = platform.ask("HEAD", f"{V2}/services.xml"), get(platform, "services.xml")
    assert (head.status, head.raw, head.headers["content-length"]) == (200, b"", str(len(whole.raw)))


def test_discovery(platform: Running) -> None:
    (endpoint,) = get(platform, "discovery.json").json["endpoints"]
    assert endpoint["url"] == f"http://127.0.0.1:{platform.port}/open311/v2"
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert (endpoint["type"], endpoint["formats"]) == ("test", ["application/json", "text/xml"])
    root = xml(get(platform, "discovery.xml"))
    assert root.findtext("endpoints/endpoint/url") == endpoint["url"]
    assert [one.text for one in root.iterfind("endpoints/endpoint/formats/format")] == endpoint["formats"]


def ids(platform: Running, **query: str) -> list[str]:
    answer = get(platform, "requests.json", query)
    assert answer.status == 200, answer.raw
    return [str(request["service_request_id"]) for request in answer.json]


def test_querying(tmp_path: Path) -> None:
    with running(tmp_path) as platform:
        made = [reported(platform, service_code=code) for code in ("battery", "other", "battery", "mounting")]
        newest = made[::-1]
        assert ids(platform) == newest
        assert ids(platform, service_code="battery") == [made[2], made[0]]
        assert ids(platform, service_code="battery, mounting") == [made[3], made[2], made[0]]
        assert ids(platform, service_code="pothole") == []
        assert ids(platform, service_request_id=f"{made[0]},{made[2]},999-2026,x") == [made[2], made[0]]
        assert ids(
            platform, service_request_id=made[1], service_code="battery", start_date="1999-01-01T00:00:00Z"
        ) == [made[1]], "it overrides all other arguments"
        number, year = made[0].split("-")
        assert ids(platform, service_request_id=f"{number}-{int(year) - 1}") == []
        assert ids(platform, status="open,closed") == newest
        assert ids(platform, status="closed") == []
        assert ids(platform, page_size="3") == newest[:3]
        assert ids(platform, page_size="3", page="2") == newest[3:]
        assert ids(platform, page_size="3", page="3") == []
        assert [
            request.text for request in xml(get(platform, "requests.xml")).iterfind(".//service_request_id")
        ] == newest
        assert get(platform, f"requests/{number}-{int(year) - 1}.json").status == 404


def test_the_span_of_a_query(platform: Running) -> None:
    made = reported(platform)
    now = datetime.now(UTC)

    def at(days: float) -> str:
        return (now + timedelta(days=days)).isoformat(timespec="seconds")

    assert made in ids(platform, start_date=at(-89), end_date=at(1))
    assert made in ids(platform, start_date=at(-80))
    assert made in ids(platform, end_date=at(80))
    assert made not in ids(platform, start_date=at(1))
    assert made not in ids(platform, end_date=at(-1))
    assert made not in ids(platform, start_date=at(-100)), "90 days from there"
    answer = get(platform, "requests.json", {"start_date": at(-90), "end_date": at(1)})
    assert refusal(answer) == (400, "start_date and end_date span more than 90 days")


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "2026-01-01"},
        {"start_date": "2026-01-01T00:00:00"},
        {"end_date": "2026-13-01T00:00:00Z"},
        {"end_date": "0001-01-01T00:00:00+01:00"},
        {"end_date": "0001-01-05T00:00:00Z"},
        {"status": "fixed"},
        {"page": "0"},
        {"page_size": "1001"},
        {"page_size": "ten"},
        {"page_size": "9" * 5000},
    ],
)
def test_a_query_that_is_refused(platform: Running, query: dict[str, str]) -> None:
    assert refusal(get(platform, "requests.json", query))[0] == 400


def test_no_more_than_a_thousand_rows(tmp_path: Path) -> None:
    with running(tmp_path) as platform:
        first = reported(platform)
        number = int(first.split("-")[0])
    with sqlite3.connect(tmp_path / "platform.sqlite") as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(open311_request)")][3:]
        names = ", ".join(columns)
        connection.executemany(
            f"INSERT INTO open311_request (tenant, number, {names})"
            f" SELECT tenant, ?, {names} FROM open311_request WHERE number = ?",
            [(number + more, number) for more in range(1, 1006)],
        )
    connection.close()
    with running(tmp_path) as platform:
        assert len(ids(platform)) == 1000
        assert len(ids(platform, page="2")) == 6
