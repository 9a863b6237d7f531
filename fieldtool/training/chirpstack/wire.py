"""What ChirpStack takes and how it refuses.

Codes are those of chirpstack/src/api/error.rs and storage/error.rs as stored publicly: only "does not exist"
has a code of its own. A malformed EUI or key, a duplicate and a broken reference all come as INTERNAL, a
malformed UUID and a missing message as INVALID_ARGUMENT. (Seen from outside too: moellere/WireStudio pull
request 132.)
"""

from __future__ import annotations

import re
import uuid
from typing import Any

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

NULL_KEY = "0" * 32
NULL_EUI = "0" * 16


class Refusal(Exception):
    def __init__(self, code: grpc.StatusCode, details: str) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details


def missing(identifier: object) -> Refusal:
    return Refusal(grpc.StatusCode.NOT_FOUND, f"Object does not exist (id: {identifier})")


def given(request: Any, field: str) -> Any:
    """Raises Refusal where the message has not that field."""
    if not request.HasField(field):
        raise Refusal(grpc.StatusCode.INVALID_ARGUMENT, f"{field} is missing")
    return getattr(request, field)


def eui(text: str) -> str:
    return _hexadecimal(text, 16)


def key(text: str) -> str:
    return _hexadecimal(text, 32)


def _hexadecimal(text: str, length: int) -> str:
    """Never quotes the text: it may be a key."""
    if len(text) != length:
        raise Refusal(grpc.StatusCode.INTERNAL, "Invalid string length")
    if re.fullmatch("[0-9a-fA-F]+", text) is None:
        raise Refusal(grpc.StatusCode.INTERNAL, "Invalid character in hexadecimal text")
    return text.lower()


def identifier(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError as error:
        raise Refusal(grpc.StatusCode.INVALID_ARGUMENT, "UUID parsing failed") from error


def name(text: str) -> str:
    if not text:
        raise Refusal(grpc.StatusCode.INVALID_ARGUMENT, "Validation error: name is not set")
    return text


def stamp(text: str) -> Timestamp:
    found = Timestamp()
    found.FromJsonString(text)
    return found
