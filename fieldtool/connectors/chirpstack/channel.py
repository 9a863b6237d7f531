"""gRPC to a network server: deadlines, the login, and its codes as typed errors.

Nothing is repeated here, and nothing is decided from a message's text.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import grpc

from drivers.secret import Secret
from fieldtool.connectors.connector import Access
from fieldtool.connectors.errors import (
    ConnectorError,
    RateLimited,
    RequestRejected,
    ServerFailed,
    TargetForbidden,
    TargetNotFound,
    TargetUnauthorized,
    Unreachable,
    UnreachableReason,
)
from fieldtool.connectors.http import checked_token, checked_url

LONGEST_TEXT = 300
DEFAULT_PORTS = {"http": 8080, "https": 443}
OPTIONS = (
    ("grpc.enable_retries", 0),
    ("grpc.service_config_disable_resolution", 1),
    ("grpc.initial_reconnect_backoff_ms", 100),
)
# A code that says "not like this": repeating alone does not help, looking there does.
REFUSALS = (
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.ALREADY_EXISTS,
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.OUT_OF_RANGE,
    grpc.StatusCode.INTERNAL,
)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: to connect, for a whole call."""

    connect: float = 10
    call: float = 30


class NotThere(Exception):
    """NOT_FOUND."""


class CallRefused(Exception):
    """One of REFUSALS. `text` is what the server said, without any secret of the call."""

    def __init__(self, code: grpc.StatusCode, text: str) -> None:
        super().__init__(code, text)
        self.code, self.text = code, text


class Channel:
    """One thread at a time."""

    def __init__(self, access: Access, patience: Patience) -> None:
        self.target = checked_url(access.url)
        parts = urlsplit(self.target)
        self._host, self._port = parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme]
        self._patience = patience
        self._token = checked_token(access.token, self.target) if access.token is not None else None
        address = f"{self._host}:{self._port}"
        self._channel = (
            grpc.secure_channel(address, grpc.ssl_channel_credentials(system_roots()), OPTIONS)
            if parts.scheme == "https"
            else grpc.insecure_channel(address, OPTIONS)
        )

        self._in_doubt = True

    def stub(self, kind: Any) -> Any:
        return kind(self._channel)

    def close(self) -> None:
        self._channel.close()

    def ask(self, method: Any, request: Any, secrets: Sequence[Secret] = ()) -> Any:
        """Raises NotThere, CallRefused, ConnectorError; `secrets` are what the request holds."""
        if self._in_doubt:
            self._require_a_listener()
        login = () if self._token is None else (("authorization", f"Bearer {self._token.reveal()}"),)
        try:
            # A call waits for the connection to come back; one that was under way when it broke does not.
            answer = method(request, metadata=login, timeout=self._patience.call, wait_for_ready=True)
        except grpc.RpcError as error:
            self._in_doubt = error.code() is grpc.StatusCode.UNAVAILABLE
            # `from None`: what is below may quote the request.
            raise self._named(error, secrets) from None
        self._in_doubt = False
        return answer

    def _require_a_listener(self) -> None:
        """Being offline is known at once, not after grpc has tried for as long as a call may take."""
        reason = self._why_unreachable()
        if reason is not UnreachableReason.CUT:
            raise Unreachable(self.target, reason)

    def _named(self, error: Any, secrets: Sequence[Secret]) -> Exception:
        code: grpc.StatusCode = error.code()
        if code is grpc.StatusCode.NOT_FOUND:
            return NotThere()
        if code in REFUSALS:
            return CallRefused(code, self._masked(str(error.details() or ""), secrets))
        return self._connector_error(code, dict(error.trailing_metadata() or ()))

    def _connector_error(self, code: grpc.StatusCode, trailer: Mapping[str, Any]) -> ConnectorError:
        match code:
            case grpc.StatusCode.UNAUTHENTICATED:
                return TargetUnauthorized(self.target, from_gateway=False)
            case grpc.StatusCode.PERMISSION_DENIED:
                return TargetForbidden(self.target, from_gateway=False)
            case grpc.StatusCode.UNIMPLEMENTED:
                return TargetNotFound(self.target)
            case grpc.StatusCode.RESOURCE_EXHAUSTED:
                asked = str(trailer.get("retry-after", ""))
                return RateLimited(self.target, float(asked) if asked.isdigit() else None)
            case grpc.StatusCode.DEADLINE_EXCEEDED:
                return Unreachable(self.target, UnreachableReason.TIMEOUT)
            case grpc.StatusCode.CANCELLED:
                return Unreachable(self.target, UnreachableReason.CUT)
            case grpc.StatusCode.UNAVAILABLE:
                return Unreachable(self.target, self._why_unreachable())
        return ServerFailed(self.target, int(code.value[0]))

    def _why_unreachable(self) -> UnreachableReason:
        """grpc has one code for a server that is not there and one that broke off."""
        try:
            with socket.create_connection((self._host, self._port), timeout=self._patience.connect):
                return UnreachableReason.CUT
        except socket.gaierror:
            return UnreachableReason.DNS
        except TimeoutError:
            return UnreachableReason.TIMEOUT
        except OSError:
            return UnreachableReason.REFUSED

    def _masked(self, text: str, secrets: Sequence[Secret]) -> str:
        """A server may quote what it was sent."""
        for secret in (*secrets, *(() if self._token is None else (self._token,))):
            shown = secret.reveal()
            for spelling in (shown, shown.lower(), shown.upper()):
                text = text.replace(spelling, "•••")
        return text[:LONGEST_TEXT]

    def as_error(self, refused: CallRefused) -> ConnectorError:
        """Where a refusal is nothing that one record could be blamed for."""
        number = int(refused.code.value[0])
        if refused.code is grpc.StatusCode.INTERNAL:
            return ServerFailed(self.target, number)
        return RequestRejected(self.target, number, None, refused.code.name, refused.text)


def system_roots() -> bytes | None:
    """The certificates that the operating system trusts, as PEM; None: those that come with grpc. On macOS
    these are OpenSSL's, not the keychain's."""
    found = ssl.create_default_context().get_ca_certs(binary_form=True)
    return "".join(map(ssl.DER_cert_to_PEM_cert, found)).encode() or None
