"""HTTP for every connector: the system's certificates and proxy, time-outs, size limits, typed errors.

Nothing is repeated here: only the sync knows whether repeating is safe. Redirects are not followed, so that
a token never travels to another host.
"""

from __future__ import annotations

import email.utils
import functools
import gzip
import json
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import urlencode, urlsplit, urlunsplit

import requests
import truststore
import urllib3
from requests.adapters import HTTPAdapter

from drivers.secret import Secret
from fieldtool.connectors.errors import (
    RateLimited,
    RequestRejected,
    ServerFailed,
    TargetForbidden,
    TargetNotFound,
    TargetUnauthorized,
    TargetUrlInvalid,
    TokenUnusable,
    Unexpected,
    UnexpectedAnswer,
    Unreachable,
    UnreachableReason,
)
from fieldtool.jsontypes import Json

COMPRESS_ABOVE = 1024
LARGEST_ANSWER = 64 * 1024 * 1024
LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: to connect, between two parts of an answer, for a whole answer."""

    connect: float = 10
    read: float = 30
    whole: float = 120


PATIENCE = Patience()


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` by lower-case name."""

    status: int
    body: Json
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Raw:
    """Any answer at all, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Problem:
    """ProblemDetails (RFC 7807), or what a gateway sends instead of them."""

    type: str | None
    title: str
    detail: str


def checked_url(url: str) -> str:
    """The address without a slash at its end. Raises TargetUrlInvalid: also for a password in it."""
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise TargetUrlInvalid("?") from None
    if not usable or parts.username or parts.password or parts.query or parts.fragment:
        raise TargetUrlInvalid(f"{parts.scheme or '?'}://{parts.hostname or '?'}")
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))


def checked_token(token: Secret, target: str) -> Secret:
    text = token.reveal().strip()
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise TokenUnusable(target)
    return Secret(text)


class HttpSession:
    """One thread at a time. Every error is a ConnectorError without a token in it."""

    def __init__(
        self, base: str, token: Secret | None, headers: Mapping[str, str], patience: Patience = PATIENCE
    ) -> None:
        self.target = checked_url(base)
        self._token = checked_token(token, self.target) if token is not None else None
        self._headers = {"Accept": "application/json", **headers}
        self._patience = patience
        self._compresses = True
        self._session = requests.Session()
        self._session.mount("https://", _SystemTrust())

    def close(self) -> None:
        self._session.close()

    def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Json = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        if data is None or len(data) <= COMPRESS_ABOVE or not self._compresses:
            return self._judged(*self._exchange(method, path, params, data, headers or {}))
        packed = gzip.compress(data, mtime=0)
        answer = self._exchange(method, path, params, packed, {**(headers or {}), "Content-Encoding": "gzip"})
        if answer[0] in (400, 415):
            # Not every server unpacks requests; such an answer means that nothing was done.
            self._compresses = False
            answer = self._exchange(method, path, params, data, headers or {})
        return self._judged(*answer)

    def raw(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Raw:
        """For interfaces that are not JSON throughout. Raises Unreachable, UnexpectedAnswer."""
        data = None if form is None else urlencode(form).encode()
        kind = {} if form is None else {"Content-Type": "application/x-www-form-urlencoded"}
        return Raw(*self._exchange(method, path, params, data, kind))

    def require_success(self, raw: Raw, said: str) -> None:
        """The typed error of any other status; `said` is what the answer told of it, masked."""
        if not 200 <= raw.status < 300:
            self._refuse(raw.status, raw.headers, Problem(None, "", said))

    def _exchange(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None,
        data: bytes | None,
        headers: Mapping[str, str],
    ) -> tuple[int, Mapping[str, str], bytes]:
        deadline = time.monotonic() + self._patience.whole
        content = {"Content-Type": "application/json"} if data is not None else {}
        try:
            with self._session.request(
                method,
                self.target + path,
                params=params,
                data=data,
                headers={**self._headers, **content, **headers},
                auth=self._authorize,
                timeout=(self._patience.connect, self._patience.read),
                allow_redirects=False,
                stream=True,
            ) as answer:
                received = b"".join(self._parts(answer, deadline))
                lowered = {name.lower(): value for name, value in answer.headers.items()}
                return answer.status_code, lowered, received
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            # `from None`: what is below may quote the request.
            raise self._named(error) from None

    def _authorize(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Given as `auth` also without a token: else requests would look for one in ~/.netrc."""
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        return request

    def _parts(self, answer: requests.Response, deadline: float) -> Iterator[bytes]:
        size = 0
        while part := answer.raw.read1(65536, decode_content=True):
            size += len(part)
            if size > LARGEST_ANSWER:
                raise UnexpectedAnswer(self.target, Unexpected.TOO_LARGE)
            if time.monotonic() > deadline:
                raise Unreachable(self.target, UnreachableReason.TIMEOUT)
            yield part
        announced = answer.headers.get("Content-Length", "")
        if announced.isdigit() and answer.request.method != "HEAD" and answer.raw.tell() < int(announced):
            raise Unreachable(self.target, UnreachableReason.CUT)

    def _named(self, error: Exception) -> Exception:
        chain = list(_causes(error))

        def any_is(*kinds: type[BaseException]) -> bool:
            return any(isinstance(cause, kinds) for cause in chain)

        if any_is(urllib3.exceptions.DecodeError):
            return UnexpectedAnswer(self.target, Unexpected.HALF)
        if any_is(requests.exceptions.ProxyError, urllib3.exceptions.ProxyError):
            reason = UnreachableReason.PROXY
        elif any_is(requests.exceptions.SSLError, urllib3.exceptions.SSLError, ssl.SSLError):
            reason = UnreachableReason.TLS
        elif any_is(urllib3.exceptions.NameResolutionError):
            reason = UnreachableReason.DNS
        elif any_is(urllib3.exceptions.NewConnectionError):
            # A kind of time-out to urllib3, hence asked before.
            reason = UnreachableReason.REFUSED
        elif any_is(requests.Timeout, urllib3.exceptions.TimeoutError):
            reason = UnreachableReason.TIMEOUT
        else:
            reason = UnreachableReason.CUT
        return Unreachable(self.target, reason)

    def _judged(self, status: int, headers: Mapping[str, str], received: bytes) -> Answer:
        if 200 <= status < 300:
            return Answer(status, self._read(status, received), headers)
        return self._refuse(status, headers, self._problem(received))

    def _refuse(self, status: int, headers: Mapping[str, str], problem: Problem) -> NoReturn:
        if 300 <= status < 400:
            raise UnexpectedAnswer(self.target, Unexpected.REDIRECT)
        match status:
            case 401:
                raise TargetUnauthorized(self.target, problem.type is None)
            case 403:
                raise TargetForbidden(self.target, problem.type is None)
            case 404 if problem.type is None:
                raise TargetNotFound(self.target)
            case 407:
                raise Unreachable(self.target, UnreachableReason.PROXY)
            case 429:
                raise RateLimited(self.target, _seconds(headers.get("retry-after")))
        if status >= 500:
            raise ServerFailed(self.target, status, _seconds(headers.get("retry-after")))
        raise RequestRejected(self.target, status, problem.type, problem.title, problem.detail)

    def _read(self, status: int, received: bytes) -> Json:
        text = received.strip()
        if not text:
            if status == 200:
                raise UnexpectedAnswer(self.target, Unexpected.NOTHING)
            return None
        if text.startswith(b"<"):
            raise UnexpectedAnswer(self.target, Unexpected.HTML)
        try:
            parsed: Json = json.loads(text)
        except ValueError:
            what = Unexpected.HALF if text[:1] in (b"{", b"[") else Unexpected.NOT_JSON
            raise UnexpectedAnswer(self.target, what) from None
        return parsed

    def _problem(self, received: bytes) -> Problem:
        try:
            body: Any = json.loads(received)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return Problem(None, "", "")
        return problem_of(body, self._masked)

    def _masked(self, text: str) -> str:
        """A server may quote what it was sent."""
        shown = text.replace(self._token.reveal(), "•••") if self._token is not None else text
        return shown[:LONGEST_TEXT]


def problem_of(body: Mapping[str, Any], masked: Any = str) -> Problem:
    """`type` is the last part of a URI; a gateway's `{"error": …}` has none."""
    kind = body.get("type")
    named = kind.rstrip("/").rsplit("/", 1)[-1] if isinstance(kind, str) and "/" in kind else None
    title = body.get("title") or body.get("error") or body.get("message") or ""
    detail = body.get("detail") or ""
    return Problem(named, masked(str(title)), masked(str(detail)))


class _SystemTrust(HTTPAdapter):
    """Certificates are judged by the operating system, as in a browser, also behind a proxy."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=_system_context())

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, **kwargs, ssl_context=_system_context())

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """The context does it; the default would add the bundle of certifi."""


@functools.cache
def _system_context() -> truststore.SSLContext:
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all it was made from; requests keeps that in the arguments, urllib3 in `reason`."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        below = (*current.args, getattr(current, "reason", None), current.__cause__, current.__context__)
        waiting.extend(cause for cause in below if isinstance(cause, BaseException))


def _seconds(text: str | None) -> float | None:
    """Retry-After: seconds or an HTTP date (RFC 9110 10.2.3)."""
    if text is None:
        return None
    if text.strip().isdigit():
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - time.time())
