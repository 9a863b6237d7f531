"""Every fault of the plan: what the client gets, and what was done all the same."""

from __future__ import annotations

import http.client
import json
import socket
import struct
import time
from typing import Any

import pytest

from fieldtool.schemas import schema, violation
from fieldtool.training.misbehaving import FAULTS
from tests.fieldtool.training.process import (
    API,
    ENTITIES,
    PATIENCE_S,
    Running,
    created,
    fresh_id,
    light,
    prop,
    reply,
    stored,
)

CLOSED = (http.client.RemoteDisconnected, ConnectionResetError)


def there(platform: Running, identifier: str) -> bool:
    return platform.ask("GET", f"{ENTITIES}/{identifier}").status == 200


def post(**more: Any) -> dict[str, Any]:
    return {"match": {"method": "POST"}, **more}


def test_the_schema_knows_all_of_them() -> None:
    assert set(schema("fault-plan")["$defs"]["rule"]["properties"]["fault"]["enum"]) == set(FAULTS)


def test_drop_before(platform: Running) -> None:
    entity = light()
    platform.faults(post(fault="drop_before", nth=1))
    with pytest.raises(CLOSED):
        platform.ask("POST", ENTITIES, entity)
    dropped = platform.wait_for("dropped")
    assert (dropped["fault"], dropped["status"], dropped["method"]) == ("drop_before", None, "POST")
    assert not there(platform, entity["id"])
    created(platform, entity)


def test_drop_after(platform: Running) -> None:
    entity = light()
    platform.faults(post(fault="drop_after", nth=1))
    with pytest.raises(CLOSED):
        platform.ask("POST", ENTITIES, entity)
    dropped = platform.wait_for("dropped")
    assert (dropped["fault"], dropped["status"]) == ("drop_after", 201)
    assert there(platform, entity["id"])
    assert platform.ask("POST", ENTITIES, entity).status == 409


def test_drop_half(platform: Running) -> None:
    entities = [light() for _ in range(5)]
    platform.faults(post(fault="drop_half", times=2))
    with pytest.raises(CLOSED):
        platform.ask("POST", f"{API}/entityOperations/upsert", entities)
    assert [there(platform, entity["id"]) for entity in entities] == [True, True, False, False, False]
    alone = light()
    with pytest.raises(CLOSED):
        platform.ask("POST", ENTITIES, alone)
    assert not there(platform, alone["id"])


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, "InvalidRequest"),
        (404, "ResourceNotFound"),
        (409, "AlreadyExists"),
        (422, "OperationNotSupported"),
        (500, "InternalError"),
    ],
)
def test_status_of_the_broker(platform: Running, status: int, error: str) -> None:
    entity = light()
    platform.faults(post(fault="status", status=status, times=1))
    answer = platform.ask("POST", ENTITIES, entity)
    assert (answer.status, answer.error) == (status, error)
    assert not there(platform, entity["id"])


@pytest.mark.parametrize("status", [401, 412, 429, 503])
def test_other_status(platform: Running, status: int) -> None:
    platform.faults(post(fault="status", status=status, retry_after=2))
    answer = platform.ask("POST", ENTITIES, light())
    assert (answer.status, answer.json["type"], answer.headers["retry-after"]) == (status, "about:blank", "2")


def test_status_though_the_work_was_done(platform: Running) -> None:
    entity = light()
    platform.faults(post(fault="status", status=504, work=True))
    assert platform.ask("POST", ENTITIES, entity).status == 504
    assert there(platform, entity["id"])


def test_a_gateway_words_it_otherwise(platform: Running) -> None:
    entity = light()
    for fault, status in (("gateway_401", 401), ("gateway_403", 403)):
        platform.faults(post(fault=fault))
        answer = platform.ask("POST", ENTITIES, entity)
        assert answer.status == status
        assert set(answer.json) == {"error"}
        assert ("www-authenticate" in answer.headers) == (status == 401)
        assert not there(platform, entity["id"])


def test_html(platform: Running) -> None:
    entity = light()
    platform.faults(post(fault="html", nth=1), post(fault="html", status=502, work=True))
    for status, done in ((200, False), (502, True)):
        answer = platform.ask("POST", ENTITIES, entity)
        assert (answer.status, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
        assert answer.raw.startswith(b"<!DOCTYPE html>")
        assert there(platform, entity["id"]) == done


def test_slow(platform: Running) -> None:
    platform.faults(post(fault="slow", seconds=0.2))
    began = time.monotonic()
    created(platform, light())
    assert time.monotonic() - began >= 0.2


def test_hold(platform: Running) -> None:
    """The event comes while the client still waits, and the work is done by then."""
    entity = light()
    platform.faults(post(fault="hold", seconds=PATIENCE_S))
    connection = platform.connect()
    headers = {"Authorization": f"Bearer {platform.token}", "Content-Type": "application/json"}
    try:
        connection.request("POST", ENTITIES, json.dumps(entity), headers)
        held = platform.wait_for("held")
        assert (held["status"], held["fault"], held["path"]) == (201, "hold", ENTITIES)
        assert there(platform, entity["id"])
    finally:
        connection.close()
    platform.faults(post(fault="hold", seconds=0.1))
    created(platform, light())


def test_the_client_goes_away_while_it_is_held(platform: Running) -> None:
    entity = light()
    body = json.dumps(entity).encode()
    platform.faults(post(fault="hold", seconds=0.2))
    head = (
        f"POST {ENTITIES} HTTP/1.1\r\nAuthorization: Bearer {platform.token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", platform.port), timeout=PATIENCE_S) as raw:
        # Closed this way the connection is reset at once, as when a process is killed with data unread.
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raw.sendall(head.encode() + body)
        held = platform.wait_for("held")
    assert platform.wait_for("gone")["n"] == held["n"]
    assert there(platform, entity["id"])


def test_cut(platform: Running) -> None:
    identifier = created(platform, light())
    whole = platform.ask("GET", f"{ENTITIES}/{identifier}").raw
    platform.faults({"match": {"method": "GET"}, "fault": "cut", "bytes": 25})
    with pytest.raises(http.client.IncompleteRead) as caught:
        platform.ask("GET", f"{ENTITIES}/{identifier}")
    assert caught.value.partial == whole[:25]


def test_cut_in_the_head(platform: Running) -> None:
    entity = light()
    platform.faults(post(fault="cut", bytes=8), {"match": {"method": "DELETE"}, "fault": "cut", "bytes": 0})
    with pytest.raises(http.client.BadStatusLine):
        platform.ask("POST", ENTITIES, entity)
    assert there(platform, entity["id"])
    with pytest.raises(CLOSED):
        platform.ask("DELETE", f"{ENTITIES}/{entity['id']}")
    assert not there(platform, entity["id"])


def test_repeat(platform: Running) -> None:
    entity = light()
    platform.faults({"fault": "repeat"})
    assert platform.ask("POST", ENTITIES, entity).error == "AlreadyExists"
    assert there(platform, entity["id"])
    assert platform.ask("DELETE", f"{ENTITIES}/{entity['id']}").error == "ResourceNotFound"


def statuses(platform: Running, count: int, path: str = ENTITIES, **headers: str) -> list[int]:
    return [platform.ask("POST", path, light(), **headers).status for _ in range(count)]


def test_when(platform: Running) -> None:
    failing = {"fault": "status", "status": 503}
    platform.faults(post(nth=3, **failing))
    assert statuses(platform, 5) == [201, 201, 503, 201, 201]
    platform.faults(post(every=2, **failing))
    assert statuses(platform, 5) == [201, 503, 201, 503, 201]
    platform.faults(post(every=2, times=1, **failing))
    assert statuses(platform, 5) == [201, 503, 201, 201, 201]
    platform.faults(post(times=2, **failing))
    assert statuses(platform, 4) == [503, 503, 201, 201]
    platform.faults(post(**failing))
    assert statuses(platform, 2) == [503, 503]
    platform.faults()
    assert statuses(platform, 1) == [201]


def test_chance_has_a_seed(platform: Running) -> None:
    runs = []
    for _ in range(2):
        platform.faults(post(fault="status", status=503, probability=0.5, seed=7))
        runs.append(statuses(platform, 20))
    assert runs[0] == runs[1]
    assert set(runs[0]) == {201, 503}


def test_which(platform: Running) -> None:
    failing = {"fault": "status", "status": 503}
    identifier = created(platform, light())
    platform.faults({"match": {"method": "PATCH|DELETE", "path": f"{ENTITIES}/*"}, **failing})
    assert platform.ask("GET", f"{ENTITIES}/{identifier}").status == 200
    assert platform.ask("PATCH", f"{ENTITIES}/{identifier}/attrs", {"a": prop(1)}).status == 503
    assert platform.ask("DELETE", f"{ENTITIES}/{identifier}").status == 503
    platform.faults({"match": {"type": "Bench"}, **failing})
    bench = light(kind="Bench")
    for method, path, body, status in (
        ("POST", ENTITIES, bench, 503),
        ("POST", ENTITIES, light(), 201),
        ("POST", f"{API}/entityOperations/create", [light(), bench], 503),
        ("POST", f"{API}/entityOperations/delete", [fresh_id("Bench")], 503),
        ("GET", f"{ENTITIES}?type=Tree,Bench", None, 503),
        ("GET", f"{ENTITIES}?type=Tree", None, 200),
        ("GET", f"{ENTITIES}/urn:ngsi-ld:Bench:7", None, 503),
    ):
        assert platform.ask(method, path, body).status == status, (method, path)


def test_the_first_rule_that_is_due_acts_and_all_count(platform: Running) -> None:
    platform.faults(
        post(fault="status", status=500, nth=2), post(fault="status", status=503, every=2), {"fault": "html"}
    )
    assert statuses(platform, 4) == [200, 500, 200, 503]
    state = platform.ask("GET", "/training/faults").json
    assert [(rule["matched"], rule["fired"]) for rule in state["rules"]] == [(4, 1), (4, 1), (4, 2)]


def test_only_the_interface_misbehaves(platform: Running) -> None:
    platform.faults({"fault": "drop_before"})
    assert platform.ask("GET", "/").status == 200
    assert platform.ask("GET", f"{ENTITIES}?type=X", Authorization="Bearer wrong").status == 401
    assert platform.ask("GET", "/training/faults").json["rules"][0]["matched"] == 0


BAD_PLANS: list[tuple[object, str]] = [
    ([], "$"),
    ({"rules": [{"fault": "explode"}]}, "rules.0.fault"),
    ({"rules": [{"fault": "status"}]}, "rules.0"),
    ({"rules": [{"fault": "hold"}]}, "rules.0"),
    ({"rules": [{"fault": "cut"}]}, "rules.0"),
    ({"rules": [{"fault": "html", "bytes": 4}]}, "rules.0"),
    ({"rules": [{"fault": "html", "probability": 0.5}]}, "rules.0"),
    ({"rules": [{"fault": "html", "nth": 0}]}, "rules.0.nth"),
    ({"rules": [{"fault": "html", "nth": 1, "every": 1}]}, "rules.0"),
    ({"rules": [{"fault": "html", "match": {"methode": "GET"}}]}, "rules.0.match"),
    ({"rules": [{"fault": "html", "match": {"method": "get"}}]}, "rules.0.match.method"),
]


@pytest.mark.parametrize(("plan", "key"), BAD_PLANS, ids=[json.dumps(row[0]) for row in BAD_PLANS])
def test_a_bad_plan_is_refused_and_the_old_one_kept(platform: Running, plan: object, key: str) -> None:
    assert violation(plan, "fault-plan") is not None
    platform.faults({"fault": "html"})
    answer = platform.ask("PUT", "/training/faults", plan)
    assert (answer.status, answer.error) == (400, "BadRequestData")
    assert answer.json["detail"].startswith(f"{key}: ")
    assert [rule["fault"] for rule in platform.ask("GET", "/training/faults").json["rules"]] == ["html"]


def test_a_plan_needs_the_token(platform: Running) -> None:
    answer = platform.ask("PUT", "/training/faults", {"rules": []}, Authorization=None)
    assert answer.status == 401


def test_a_kept_connection_ends_with_a_drop(platform: Running) -> None:
    platform.faults(post(fault="drop_after", nth=2))
    connection = platform.connect()
    headers = {"Authorization": f"Bearer {platform.token}", "Content-Type": "application/json"}
    first, second = light(), light()
    try:
        connection.request("POST", ENTITIES, json.dumps(first), headers)
        assert reply(connection).status == 201
        connection.request("POST", ENTITIES, json.dumps(second), headers)
        with pytest.raises(CLOSED):
            connection.getresponse()
    finally:
        connection.close()
    assert stored(platform, second["id"]) == second
