"""A broker of a few lines for these tests, and canned answers byte by byte.

Written from ETSI GS CIM 009 (V1.7.1 and its OpenAPI document); the project's training platform is another one
and not used here.
"""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "tok-3f9c1e77d2"
PROBLEM = "https://uri.etsi.org/ngsi-ld/errors/"


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass
class Fault:
    """`raw` is sent as it stands, an empty one closes the connection without a word; `after` does the work
    before that."""

    raw: bytes
    method: str = ""
    part: str = ""
    times: int = 1
    after: bool = False

    def fits(self, request: Request) -> bool:
        return self.times > 0 and self.method in ("", request.method) and self.part in request.path


def canned(status: str, body: bytes | str = b"", *headers: str) -> bytes:
    octets = body.encode() if isinstance(body, str) else body
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(octets)}", "Connection: close", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + octets


def problem(status: int, kind: str, detail: str = "") -> bytes:
    body = json.dumps({"type": PROBLEM + kind, "title": kind, "detail": detail, "status": status})
    return canned(f"{status} -", body, "Content-Type: application/json")


@dataclass
class Broker:
    entities: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    refuses: dict[str, dict[str, Any]] = field(default_factory=dict)
    page: int = 1000
    batches: bool = True
    unpacks: bool = True
    poison: str | None = None
    url: str = ""
    release: threading.Event = field(default_factory=threading.Event)

    def sent(self, method: str, part: str = "") -> list[Request]:
        return [one for one in self.requests if one.method == method and part in one.path]

    def answer(self, request: Request) -> tuple[int, Any, dict[str, str]]:
        if self.poison is not None and request.method == "POST" and self.poison in json.dumps(request.body):
            return 500, None, {}
        match (
            request.method,
            [unquote(part) for part in request.path.removeprefix("/ngsi-ld/v1/").split("/")],
        ):
            case "GET", ["entities"]:
                return self._query(request)
            case "POST", ["entities"]:
                return self._create(request.body)
            case "POST", ["entityOperations", "create"] if self.batches:
                return self._batch(request.body)
            case "DELETE", ["entities", identity]:
                return (204, None, {}) if self.entities.pop(identity, None) else _missing()
            case "PATCH" | "POST", ["entities", identity, "attrs"]:
                return self._attributes(identity, request.body, append=request.method == "POST")
            case "DELETE", ["entities", identity, "attrs", name]:
                return (204, None, {}) if self.entities[identity].pop(name, None) else _missing()
        return 404, None, {}

    def _query(self, request: Request) -> tuple[int, Any, dict[str, str]]:
        if "type" not in request.query:
            return 400, {"type": PROBLEM + "BadRequestData", "title": "no type"}, {}
        wanted = request.query["id"].split(",") if "id" in request.query else list(self.entities)
        found = [self.entities[one] for one in wanted if one in self.entities]
        found = [one for one in found if one["type"] == request.query["type"]]
        offset, limit = int(request.query.get("offset", 0)), min(int(request.query["limit"]), self.page)
        headers = {"NGSILD-Results-Count": str(len(found))}
        if offset + limit < len(found):
            query = "&".join(f"{k}={v}" for k, v in {**request.query, "offset": offset + limit}.items())
            headers["Link"] = f'<http://inner.example/ngsi-ld/v1/entities?{query}>; rel="next"'
        modified = {"createdAt": "2026-11-23T07:00:00Z", "modifiedAt": "2026-11-23T08:00:00Z"}
        return 200, [{**one, **modified} for one in found[offset : offset + limit]], headers

    def _create(self, entity: Any) -> tuple[int, Any, dict[str, str]]:
        identity = entity["id"]
        if identity in self.refuses:
            return 400, self.refuses[identity], {}
        if identity in self.entities:
            return 409, {"type": PROBLEM + "AlreadyExists", "title": "there"}, {}
        self.entities[identity] = entity
        return 201, None, {"Location": f"/ngsi-ld/v1/entities/{identity}"}

    def _batch(self, entities: list[Any]) -> tuple[int, Any, dict[str, str]]:
        results = [(entity["id"], self._create(entity)) for entity in entities]
        done = [identity for identity, (status, _, _) in results if status == 201]
        errors = [{"entityId": one, "error": body} for one, (status, body, _) in results if status != 201]
        return (207, {"success": done, "errors": errors}, {}) if errors else (201, done, {})

    def _attributes(self, identity: str, body: Any, *, append: bool) -> tuple[int, Any, dict[str, str]]:
        entity = self.entities.get(identity)
        if entity is None:
            return _missing()
        absent = [name for name in body if name not in entity and not append]
        entity.update({name: value for name, value in body.items() if name not in absent})
        if absent:
            left = [{"attributeName": name, "reason": "not there"} for name in absent]
            return 207, {"updated": [name for name in body if name not in absent], "notUpdated": left}, {}
        return 204, None, {}


def _missing() -> tuple[int, Any, dict[str, str]]:
    return 404, {"type": PROBLEM + "ResourceNotFound", "title": "no such entity"}, {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def handle_one_request(self) -> None:
        self.close_connection = True
        with suppress(ConnectionError):
            super().handle_one_request()

    def serve(self) -> None:
        request = self._request()
        broker = self.server.broker
        broker.requests.append(request)
        fault = next((one for one in broker.faults if one.fits(request)), None)
        if fault is None:
            self._reply(*self._checked(request))
            return
        fault.times -= 1
        if fault.after:
            broker.answer(request)
        self.wfile.write(fault.raw)
        self.close_connection = True

    do_GET = do_POST = do_PATCH = do_DELETE = serve  # noqa: N815 - http.server looks for these names

    def _checked(self, request: Request) -> tuple[int, Any, dict[str, str]]:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return 401, {"error": "invalid_token"}, {}
        if isinstance(request.body, bytes):
            return 400, {"type": PROBLEM + "InvalidRequest", "title": "not JSON"}, {}
        return self.server.broker.answer(request)

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.server.broker.unpacks and self.headers.get("Content-Encoding") == "gzip":
            data = gzip.decompress(data)
        body: Any = data
        with suppress(ValueError):
            body = json.loads(data) if data else None
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(self.command, parts.path, query, headers, body)

    def _reply(self, status: int, body: Any, headers: dict[str, str]) -> None:
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, broker: Broker) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.broker = broker


@contextmanager
def running(broker: Broker | None = None) -> Iterator[Broker]:
    made = broker or Broker()
    with Server(made) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        made.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield made
        finally:
            made.release.set()
            server.shutdown()
            thread.join()
