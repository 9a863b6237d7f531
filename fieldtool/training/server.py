"""HTTP/1.1 on 127.0.0.1: reads a request, asks the gateway, does the work or misbehaves, answers.

One thread per connection.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from fieldtool.training import page, routing, tokens
from fieldtool.training.content import MAX_BODY
from fieldtool.training.database import Closed
from fieldtool.training.misbehaving import Case, carry_out
from fieldtool.training.platform import Platform
from fieldtool.training.wire import Answer, Asked, Kind, Refused, problem

# In every answer, so that nobody takes it for the real one.
SIGN = {
    "Server": "fieldtool-training-platform",
    "X-Training-Platform": "Uebungsplattform - keine echten Daten",
}
DRAINED = 4 * MAX_BODY  # bytes of a body too large that are still read, so that the client hears the 413
PUBLIC = ("opendatasoft", "ckan", "maps")  # reading only, for everybody
INTERFACES = (("ngsi-ld",), ("open311",), *((name,) for name in PUBLIC))  # where the fault plan acts
OWN_KEYS = ("open311",)  # has no gateway before it: reading is public, writing asks for an api_key
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
NEEDS_LENGTH = ("POST", "PATCH", "PUT")


class Server(ThreadingHTTPServer):
    daemon_threads = True  # an answer held back does not keep the process alive

    def __init__(self, port: int, platform: Platform) -> None:
        self.platform = platform
        super().__init__(("127.0.0.1", port), Connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away, or a platform that does, is no error."""
        error = sys.exception()
        if not isinstance(error, ConnectionError | TimeoutError | Closed):
            super().handle_error(request, client_address)


class Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 120  # seconds of silence on a kept connection
    disable_nagle_algorithm = True
    server: Server

    def log_message(self, *arguments: object) -> None:
        """platform.events is the log."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The base class calls this for what is not HTTP at all."""
        self.close_connection = True
        detail = message or explain or HTTPStatus(code).phrase
        refused = problem(Kind.INVALID_REQUEST, detail)
        self.send(Refused(code, {**(refused.document or {}), "status": code}).answer())

    def respond(self) -> None:
        events = self.server.platform.events
        parts = urlsplit(self.path)
        asked = Asked(
            number=events.next_number(),
            method=self.command,
            path=parts.path,
            segments=segments(parts.path),
            query=parts.query,
            headers=joined(self.headers.items()),
            body=b"",
        )
        try:
            asked = replace(asked, body=self._body())
        except Refused as refused:
            events.tell("request", asked)
            self._answered(asked, refused.answer())
            return
        events.tell("request", asked)
        try:
            self._respond(asked)
        except Refused as refused:
            self._answered(asked, refused.answer())
        except ConnectionError:
            self.close_connection = True
            events.tell("gone", asked)
        except Closed:
            self.drop()
            events.tell("dropped", asked)

    def _respond(self, asked: Asked) -> None:
        platform = self.server.platform
        if asked.segments == () and asked.method in ("GET", "HEAD"):
            self._answered(asked, page.answer(platform, asked))
            return
        refusal = tokens.refusal(platform.database, asked.headers)
        if refusal is not None and asked.segments[:1] not in (OWN_KEYS, *((name,) for name in PUBLIC)):
            self._answered(asked, refusal)
            return
        rule = platform.faults.due(asked) if asked.segments[:1] in INTERFACES else None
        if rule is None:
            self._answered(asked, routing.answer(platform, asked))
        else:
            carry_out(Case(platform, asked, rule, self, lambda asked: routing.answer(platform, asked)))

    def _answered(self, asked: Asked, answer: Answer) -> None:
        self.send(answer)
        self.server.platform.events.tell("done", asked, answer.status)

    def _body(self) -> bytes:
        """Raises Refused, ConnectionError where the client went away in the middle."""
        announced = self.headers.get("Content-Length")
        if announced is None:
            if self.command in NEEDS_LENGTH or "Transfer-Encoding" in self.headers:
                self.close_connection = True
                raise Refused(411)  # 6.3.4: just the status, chunked is no excuse
            return b""
        if not (announced.isascii() and announced.isdigit()):
            self.close_connection = True
            raise problem(Kind.INVALID_REQUEST, "Content-Length is no number")
        length = int(announced)
        if length > MAX_BODY:
            self.close_connection = True
            self._drain(min(length, DRAINED))
            raise Refused(413)
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionAbortedError
        return body

    def _drain(self, length: int) -> None:
        while length > 0:
            read = len(self.rfile.read(min(length, 65536)))
            if read == 0:
                return
            length -= read

    def send(self, answer: Answer) -> None:
        self.wfile.write(self._head(answer) + (b"" if self.command == "HEAD" else answer.body))

    def send_part(self, answer: Answer, body_bytes: int) -> None:
        head = self._head(answer)
        self.wfile.write(head + answer.body[:body_bytes] if answer.body else head[:body_bytes])
        self.drop()

    def drop(self) -> None:
        self.close_connection = True

    def _head(self, answer: Answer) -> bytes:
        headers: dict[str, str] = {"Date": formatdate(usegmt=True), **SIGN, **answer.headers}
        if answer.status != HTTPStatus.NO_CONTENT:
            headers["Content-Length"] = str(len(answer.body))
        if self.close_connection:
            headers["Connection"] = "close"
        return head(answer.status, headers)


for method in METHODS:  # the base class looks them up by name
    setattr(Connection, f"do_{method}", Connection.respond)


def head(status: int, headers: Mapping[str, str]) -> bytes:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1", errors="replace")


def joined(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Names in lower case; one that comes twice is a list (RFC 9110, 5.3)."""
    found: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found


def segments(path: str) -> tuple[str, ...]:
    """Percent-decoded; one "/" at the end makes no difference."""
    return tuple(unquote(part) for part in path.removesuffix("/").split("/")[1:])
