"""Media types, @context, methods, sizes, and what is not HTTP at all."""

from __future__ import annotations

import gzip
import json
import socket

import pytest

from tests.fieldtool.training.process import (
    API,
    CORE,
    ENTITIES,
    LINK,
    PATIENCE_S,
    Running,
    created,
    fresh_id,
    light,
    reply,
    stored,
)

LD = "application/ld+json"


def test_every_answer_says_what_it_is(platform: Running) -> None:
    identifier = created(platform, light())
    for method, path in (
        ("GET", "/"),
        ("GET", f"{ENTITIES}/{identifier}"),
        ("GET", f"{ENTITIES}/{fresh_id()}"),
        ("DELETE", f"{ENTITIES}/{identifier}"),
        ("GET", "/nowhere"),
    ):
        headers = platform.ask(method, path).headers
        assert "keine echten Daten" in headers["x-training-platform"]
    assert "x-training-platform" in platform.ask("GET", ENTITIES, Authorization=None).headers


def test_json_or_json_ld_never_both(platform: Running) -> None:
    """6.3.5."""
    inside = light(**{"@context": CORE})
    assert platform.ask("POST", ENTITIES, inside, Content_Type=LD).status == 201
    assert platform.ask("POST", ENTITIES, light(), Link=LINK).status == 201
    for body, headers in (
        (light(), {"Content_Type": LD}),
        (light(**{"@context": CORE}), {"Content_Type": LD, "Link": LINK}),
        (light(**{"@context": CORE}), {}),
        (light(**{"@context": 7}), {"Content_Type": LD}),
        (light(), {"Link": f"{LINK}, {LINK}"}),
        (light(), {"Link": LINK.replace(CORE, "no uri")}),
    ):
        answer = platform.ask("POST", ENTITIES, body, **headers)
        assert (answer.status, answer.error) == (400, "BadRequestData"), (body, headers)
        assert platform.ask("GET", f"{ENTITIES}/{body['id']}").status == 404


def test_media_types(platform: Running) -> None:
    """6.3.4: 415 and 406 are just the status."""
    identifier = created(platform, light())
    for method, path in (
        ("POST", ENTITIES),
        ("POST", f"{ENTITIES}/{identifier}/attrs"),
        ("PATCH", f"{ENTITIES}/{identifier}"),
        ("POST", f"{API}/entityOperations/create"),
        ("POST", f"{API}/entityOperations/delete"),
    ):
        for named in ("application/xml", None):
            answer = platform.ask(method, path, light(), Content_Type=named)
            assert (path, answer.status, answer.raw) == (path, 415, b"")
    assert (
        platform.ask("POST", ENTITIES, light(), Content_Type="application/json; charset=utf-8").status == 201
    )
    assert platform.ask("POST", ENTITIES, light(), Content_Type="application/merge-patch+json").status == 415


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        (LD, LD),
        ("application/json, application/ld+json", "application/json"),
        ("application/json;q=0.5, application/ld+json", LD),
        ("application/json;q=0, application/ld+json", LD),
        ("text/html, application/geo+json, application/ld+json;q=0.1", LD),
        ("application/xml", None),
        ("application/geo+json", None),
        ("application/json;q=0", None),
    ],
)
def test_accept(platform: Running, accept: str | None, chosen: str | None) -> None:
    identifier = created(platform, light())
    for path in (f"{ENTITIES}/{identifier}", f"{ENTITIES}?type=Streetlight"):
        answer = platform.ask("GET", path, Accept=accept)
        if chosen is None:
            assert (answer.status, answer.raw) == (406, b"")
        else:
            assert (answer.status, answer.headers["content-type"]) == (200, chosen)


def test_no_json(platform: Running) -> None:
    """5.5.4."""
    for body in (b"", b'{"id": ', b"\xff\xfe", b'{"a": NaN}', b"[" * 100_000):
        answer = platform.ask("POST", ENTITIES, body, Content_Type="application/json")
        assert (answer.status, answer.error) == (400, "InvalidRequest"), body[:20]
    assert platform.ask("POST", ENTITIES, [light()]).error == "BadRequestData"


def test_gzip(platform: Running) -> None:
    entity = light()
    packed = gzip.compress(json.dumps(entity).encode())
    answer = platform.ask("POST", ENTITIES, packed, Content_Type="application/json", Content_Encoding="gzip")
    assert answer.status == 201
    assert stored(platform, entity["id"]) == entity
    for broken in (packed[:-9], b"plain"):
        answer = platform.ask(
            "POST", ENTITIES, broken, Content_Type="application/json", Content_Encoding="gzip"
        )
        assert (answer.status, answer.error) == (400, "InvalidRequest")
    answer = platform.ask("POST", ENTITIES, b"{}", Content_Type="application/json", Content_Encoding="br")
    assert answer.status == 415


def test_too_large(platform: Running) -> None:
    large = b" " * (8 * 1024 * 1024 + 1)
    answer = platform.ask("POST", ENTITIES, large, Content_Type="application/json")
    assert (answer.status, answer.headers["connection"]) == (413, "close")
    bomb = gzip.compress(large)
    answer = platform.ask("POST", ENTITIES, bomb, Content_Type="application/json", Content_Encoding="gzip")
    assert answer.status == 413


def test_length_required(platform: Running) -> None:
    """6.3.4: just 411, chunked is no excuse, before the tenant is looked at."""
    for method, path in (("POST", ENTITIES), ("PATCH", f"{ENTITIES}/x/attrs"), ("PUT", f"{ENTITIES}/x")):
        connection = platform.connect()
        try:
            connection.putrequest(method, path)
            connection.putheader("NGSILD-Tenant", "nobody")
            connection.putheader("Transfer-Encoding", "chunked")
            connection.endheaders()
            answer = reply(connection)
        finally:
            connection.close()
        assert (answer.status, answer.raw) == (411, b"")


def test_methods(platform: Running) -> None:
    identifier = created(platform, light())
    for path, allowed in {
        ENTITIES: "GET, HEAD, OPTIONS, POST",
        f"{ENTITIES}/{identifier}": "DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
        f"{ENTITIES}/{identifier}/attrs": "OPTIONS, PATCH, POST",
        f"{ENTITIES}/{identifier}/attrs/status": "DELETE, OPTIONS",
        f"{API}/entityOperations/upsert": "OPTIONS, POST",
    }.items():
        assert platform.ask("OPTIONS", path).headers["allow"] == allowed
        refused = platform.ask("TRACE", path)
        assert (refused.status, refused.headers["allow"]) == (405, allowed)
    assert platform.ask("DELETE", ENTITIES).status == 405


def test_head(platform: Running) -> None:
    path = f"{ENTITIES}/{created(platform, light())}"
    head, whole = platform.ask("HEAD", path), platform.ask("GET", path)
    assert (head.status, head.raw) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"] == str(len(whole.raw))


def test_what_is_not_offered(platform: Running) -> None:
    for path in ("temporal/entities", "subscriptions", "types", "entityOperations/merge"):
        answer = platform.ask("GET", f"{API}/{path}")
        assert (answer.status, answer.error) == (422, "OperationNotSupported")
    assert platform.ask("GET", "/nowhere").error == "ResourceNotFound"


def test_one_connection_for_many_requests(platform: Running) -> None:
    entity = light()
    connection = platform.connect()
    headers = {"Authorization": f"Bearer {platform.token}", "Content-Type": "application/json"}
    try:
        for method, path, body, status in (
            ("POST", ENTITIES, json.dumps(entity), 201),
            ("POST", ENTITIES, json.dumps(entity), 409),
            ("DELETE", f"{ENTITIES}/{entity['id']}", None, 204),
            ("GET", f"{ENTITIES}/{entity['id']}", None, 404),
        ):
            connection.request(method, path, body, headers)
            used = connection.sock
            assert reply(connection).status == status
            assert connection.sock is used
    finally:
        connection.close()


@pytest.mark.parametrize("line", [b"nonsense\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"FOO / HTTP/1.1\r\n\r\n"])
def test_no_http(platform: Running, line: bytes) -> None:
    with socket.create_connection(("127.0.0.1", platform.port), timeout=PATIENCE_S) as raw:
        raw.sendall(line)
        answer = b"".join(iter(lambda: raw.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 ")
    assert b"X-Training-Platform" in answer
    assert b"Traceback" not in answer


def test_a_request_that_breaks_off_does_nothing(platform: Running) -> None:
    entity = light()
    body = json.dumps(entity).encode()
    head = (
        f"POST {ENTITIES} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {platform.token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", platform.port), timeout=PATIENCE_S) as raw:
        raw.sendall(head.encode() + body[:-1])
        raw.shutdown(socket.SHUT_WR)
        assert raw.recv(100) == b""
    assert platform.ask("GET", f"{ENTITIES}/{entity['id']}").status == 404
