"""What is asked, what is answered, and what is answered when the broker refuses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

ERRORS = "https://uri.etsi.org/ngsi-ld/errors/"


class Kind(Enum):
    """Error types and their HTTP status: CIM 009, table 6.3.2-1."""

    INVALID_REQUEST = ("InvalidRequest", 400, "The request is not well formed")
    BAD_REQUEST_DATA = ("BadRequestData", 400, "The request's data break the rules of NGSI-LD")
    ALREADY_EXISTS = ("AlreadyExists", 409, "An entity with this id exists")
    NOT_SUPPORTED = ("OperationNotSupported", 422, "This platform does not offer the operation")
    NOT_FOUND = ("ResourceNotFound", 404, "There is no such entity or attribute")
    TOO_MANY_RESULTS = ("TooManyResults", 403, "More was asked for than is given at once")
    INTERNAL_ERROR = ("InternalError", 500, "The platform could not do it")
    NO_TENANT = ("NonexistentTenant", 404, "There is no such tenant")

    def __init__(self, term: str, status: int, title: str) -> None:
        self.term = term
        self.status = status
        self.title = title


@dataclass(frozen=True)
class Asked:
    """`segments` is the path, percent-decoded; header names are in lower case."""

    number: int
    method: str
    path: str
    segments: tuple[str, ...]
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):
    """`document` None: the status alone, without a body."""

    def __init__(
        self, status: int, document: dict[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, document)
        self.status = status
        self.document = document
        self.headers = headers or {}

    def answer(self) -> Answer:
        if self.document is None:
            return Answer(self.status, headers=self.headers)
        return json_answer(self.status, self.document, self.headers)


def problem(kind: Kind, detail: str) -> Refused:
    """ProblemDetails, 5.5.2 (RFC 7807)."""
    document = {"type": ERRORS + kind.term, "title": kind.title, "detail": detail, "status": kind.status}
    return Refused(kind.status, document)


def json_answer(status: int, document: object, headers: Mapping[str, str] | None = None) -> Answer:
    body = json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
    return Answer(status, body, {"Content-Type": "application/json", **(headers or {})})


def no_content() -> Answer:
    return Answer(204)
