"""The platform as a process, and requests by http.client: nothing of our connector."""

from __future__ import annotations

import functools
import http.client
import itertools
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PATIENCE_S = 20
API = "/ngsi-ld/v1"
ENTITIES = f"{API}/entities"
ERRORS = "https://uri.etsi.org/ngsi-ld/errors/"
CORE = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld"
LINK = f'<{CORE}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'

_numbers = itertools.count(1)


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def error(self) -> str:
        """The last part of a ProblemDetails' type."""
        document = self.json
        assert self.headers["content-type"] == "application/json"
        assert document["status"] == self.status
        assert document["type"].startswith(ERRORS)
        assert document["title"]
        return str(document["type"].removeprefix(ERRORS))


@dataclass
class Running:
    process: subprocess.Popen[str]
    told: dict[str, Any]
    events: queue.Queue[dict[str, Any]] = field(default_factory=queue.Queue)

    @property
    def port(self) -> int:
        return int(self.told["port"])

    @property
    def data(self) -> Path:
        return Path(self.told["data"])

    @functools.cached_property
    def token(self) -> str:
        return Path(self.told["token_file"]).read_text(encoding="ascii").strip()

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)

    def ask(self, method: str, path: str, body: object = None, **headers: str | None) -> Reply:
        """`body`: bytes as they are, else as JSON. Header names with "_" for "-"; None leaves one out."""
        sent: dict[str, str | None] = {"Authorization": f"Bearer {self.token}"}
        if body is not None:
            sent["Content-Type"] = "application/json"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        connection = self.connect()
        try:
            connection.request(method, path, data, {n: v for n, v in sent.items() if v is not None})
            return reply(connection)
        finally:
            connection.close()

    def faults(self, *rules: dict[str, Any]) -> None:
        answer = self.ask("PUT", "/training/faults", {"rules": rules})
        assert answer.status == 204, answer.raw

    def wait_for(self, name: str) -> dict[str, Any]:
        while True:
            event = self.events.get(timeout=PATIENCE_S)
            if event["event"] == name:
                return event


def reply(connection: http.client.HTTPConnection) -> Reply:
    answer = connection.getresponse()
    raw = answer.read()
    return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, raw)


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "fieldtool", "training-platform", *map(str, arguments)]


@contextmanager
def running(data: Path, *arguments: object, wrapper: Sequence[str] = ()) -> Iterator[Running]:
    """Ends by closing its standard input unless it has ended before."""
    line = command("--json", "--port", "0", "--data", data, "--events", "--with-parent", *arguments)
    with subprocess.Popen(
        [*wrapper, *line],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        assert first, process.stderr.read()
        started = Running(process, json.loads(first))
        reader = threading.Thread(target=collect, args=(process.stdout, started.events))
        reader.start()
        try:
            yield started
        finally:
            process.stdin.close()
            try:
                process.wait(timeout=PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
            reader.join(timeout=PATIENCE_S)
            assert process.stderr.read() == ""


def collect(lines: Iterator[str], events: queue.Queue[dict[str, Any]]) -> None:
    for line in lines:
        events.put(json.loads(line))


def fresh_id(kind: str = "Streetlight") -> str:
    return f"urn:ngsi-ld:{kind}:test-{next(_numbers):05d}"


def light(identifier: str | None = None, kind: str = "Streetlight", **attributes: Any) -> dict[str, Any]:
    return {
        "id": identifier or fresh_id(kind),
        "type": kind,
        "status": {"type": "Property", "value": "ok"},
        **attributes,
    }


def prop(value: object, **more: object) -> dict[str, object]:
    return {"type": "Property", "value": value, **more}


def point(lon: float, lat: float) -> dict[str, object]:
    return {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [lon, lat]}}


def created(platform: Running, entity: dict[str, Any], **headers: str | None) -> str:
    answer = platform.ask("POST", ENTITIES, entity, **headers)
    assert answer.status == 201, answer.raw
    return str(entity["id"])


def stored(platform: Running, identifier: str, query: str = "", **headers: str | None) -> Any:
    answer = platform.ask("GET", f"{ENTITIES}/{identifier}{query}", **headers)
    assert answer.status == 200, answer.raw
    return answer.json
