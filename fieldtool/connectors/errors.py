"""What can go wrong between here and a platform, decided from status codes and problem types.

ConnectorError(target)
├── TargetUrlInvalid, TokenUnusable      caught before anything is sent
├── OptionMissing, OptionInvalid         so is this, or found out by the check
├── Unreachable(reason)                  being offline is one of these
├── TargetUnauthorized, TargetForbidden  401, 403; a gateway's body looks different from the server's
├── TargetNotFound, TenantUnknown        nothing of this interface at this address; no such tenant
├── RateLimited, ServerFailed            429, 5xx; with the seconds the server asks to wait
├── AskedToWait(until)                   the time it asked for is not over yet
├── UnexpectedAnswer(what)               HTML, half a JSON, something else altogether
├── RequestRejected                      400, 409, 422 and the other 4xx
└── WrittenButMissing                    accepted, yet not there when read back
ConnectorUnknown(name), ConnectorUnavailable(name)
Unmappable(reason, detail)               this record can't be told in the target's words

`target` is the address without user, password and query.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from fieldtool.errors import CoreError


class UnreachableReason(Enum):
    REFUSED = "refused"
    DNS = "dns"
    TIMEOUT = "timeout"
    TLS = "tls"
    CUT = "cut"
    PROXY = "proxy"


class Unexpected(Enum):
    HTML = "html"
    NOT_JSON = "not_json"
    HALF = "half"
    NOTHING = "nothing"
    REDIRECT = "redirect"
    TOO_LARGE = "too_large"
    WRONG_SHAPE = "wrong_shape"


@dataclass(eq=False)
class ConnectorError(CoreError):
    target: str


@dataclass(eq=False)
class TargetUrlInvalid(ConnectorError):
    pass


@dataclass(eq=False)
class TokenUnusable(ConnectorError):
    """Empty, or with characters a header can't hold."""


@dataclass(eq=False)
class OptionMissing(ConnectorError):
    name: str


@dataclass(eq=False)
class OptionInvalid(ConnectorError):
    """Not an option of this kind of target, or its value is nothing the target knows."""

    name: str
    value: str


@dataclass(eq=False)
class Unreachable(ConnectorError):
    reason: UnreachableReason


@dataclass(eq=False)
class TargetUnauthorized(ConnectorError):
    from_gateway: bool


@dataclass(eq=False)
class TargetForbidden(ConnectorError):
    from_gateway: bool


@dataclass(eq=False)
class TargetNotFound(ConnectorError):
    pass


@dataclass(eq=False)
class TenantUnknown(ConnectorError):
    tenant: str | None


@dataclass(eq=False)
class RateLimited(ConnectorError):
    """`retry_after` in seconds, where the server says."""

    retry_after: float | None = None


@dataclass(eq=False)
class AskedToWait(ConnectorError):
    """It said so with Retry-After at an earlier sync."""

    until: datetime


@dataclass(eq=False)
class ServerFailed(ConnectorError):
    status: int
    retry_after: float | None = None


@dataclass(eq=False)
class UnexpectedAnswer(ConnectorError):
    what: Unexpected


@dataclass(eq=False)
class RequestRejected(ConnectorError):
    """`problem` is the last part of the problem type, as "AlreadyExists"; None where the answer has none."""

    status: int
    problem: str | None = None
    title: str = ""
    detail: str = ""


@dataclass(eq=False)
class WrittenButMissing(ConnectorError):
    remote_id: str


@dataclass(eq=False)
class ConnectorUnknown(CoreError):
    name: str
    known: str


@dataclass(eq=False)
class ConnectorUnavailable(CoreError):
    name: str
    cause: str


@dataclass(eq=False)
class Unmappable(CoreError):
    """`reason` is a code as in a receipt: "reference_missing", "class_unknown" …"""

    reason: str
    detail: str
