"""A public file, streamed to the disk: redirects followed, a broken line taken up where it broke.

Without any token, hence redirects may lead to another host; never from https to http.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from fieldtool.connectors.errors import (
    TargetUrlInvalid,
    Unexpected,
    UnexpectedAnswer,
    Unreachable,
    UnreachableReason,
)
from fieldtool.connectors.http import PATIENCE, HttpSession, Patience, Problem
from fieldtool.store.connection import system_errors

LARGEST_FILE = 4 * 1024**3
REDIRECTS = 5
TRIES = 4
AGAIN = (UnreachableReason.CUT, UnreachableReason.TIMEOUT)
PART = 65536
PAGE = re.compile(rb"\s*(<!doctype\s+html|<html)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Progress:
    """In bytes; `whole` None where the server does not say."""

    received: int
    whole: int | None


Tell = Callable[[Progress], object]


def fetch_file(
    url: str,
    into: Path,
    tell: Tell = lambda _progress: None,
    *,
    most: int = LARGEST_FILE,
    patience: Patience = PATIENCE,
) -> int:
    """The size. `into` is there whole or as it was before. Raises ConnectorError, DiskFull, DiskFailed."""
    partial = into.with_name(f"{into.name}.part")
    fetching = _Fetching(url, most, patience)
    try:
        with system_errors(into), partial.open("wb") as stream:
            fetching.fetch(stream, tell)
        _refuse_page(partial, fetching.target)
        with system_errors(into):
            size = partial.stat().st_size
            partial.replace(into)
        return size
    finally:
        fetching.close()
        partial.unlink(missing_ok=True)


def _refuse_page(path: Path, target: str) -> None:
    with path.open("rb") as stream:
        start = stream.read(512)
    if not start:
        raise UnexpectedAnswer(target, Unexpected.NOTHING)
    if PAGE.match(start.removeprefix(b"\xef\xbb\xbf")):
        raise UnexpectedAnswer(target, Unexpected.HTML)


class _Fetching(HttpSession):
    def __init__(self, url: str, most: int, patience: Patience) -> None:
        super().__init__(_host(url), None, {"Accept": "*/*", "Accept-Encoding": "identity"}, patience)
        self._url = url
        self._most = most
        self._mark = ""

    def fetch(self, stream: BinaryIO, tell: Tell) -> None:
        for attempt in range(TRIES):
            try:
                self._go_on(stream, tell)
                return
            except Unreachable as error:
                if error.reason not in AGAIN or attempt == TRIES - 1 or not stream.tell():
                    raise

    def _go_on(self, stream: BinaryIO, tell: Tell) -> None:
        """From where the stream is, if the server still has the same file; else anew."""
        if not self._mark:
            _anew(stream)
        have = stream.tell()
        wanted = {"Range": f"bytes={have}-", "If-Range": self._mark} if have else {}
        try:
            with self._opened(wanted) as answer:
                self._receive(answer, stream, have, tell)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise self._named(error) from None

    def _opened(self, wanted: Mapping[str, str]) -> requests.Response:
        url = self._url
        for _hop in range(REDIRECTS + 1):
            answer = self._session.get(
                url,
                headers={**self._headers, **wanted},
                auth=self._authorize,
                timeout=(self._patience.connect, self._patience.read),
                allow_redirects=False,
                stream=True,
            )
            if answer.status_code not in (301, 302, 303, 307, 308):
                return answer
            onward = urljoin(url, answer.headers.get("Location", ""))
            answer.close()
            self.target = _host(onward)
            if urlsplit(url).scheme == "https" and urlsplit(onward).scheme != "https":
                break
            url = onward
        raise UnexpectedAnswer(self.target, Unexpected.REDIRECT)

    def _receive(self, answer: requests.Response, stream: BinaryIO, have: int, tell: Tell) -> None:
        status, headers = answer.status_code, answer.headers
        if status == 416 and have:
            self._mark = ""
            raise Unreachable(self.target, UnreachableReason.CUT)
        if status not in (200, 206):
            self._refuse(status, {name.lower(): value for name, value in headers.items()}, _said())
        if status == 206 and not headers.get("Content-Range", "").startswith(f"bytes {have}-"):
            raise UnexpectedAnswer(self.target, Unexpected.WRONG_SHAPE)
        if status == 200:
            _anew(stream)
            have = 0
        self._mark = _mark(headers)
        announced = headers.get("Content-Length", "")
        whole = have + int(announced) if announced.isdigit() else None
        if whole is not None and whole > self._most:
            raise UnexpectedAnswer(self.target, Unexpected.TOO_LARGE)
        quiet_since = time.monotonic()
        while part := answer.raw.read1(PART, decode_content=True):
            have += len(part)
            if have > self._most:
                raise UnexpectedAnswer(self.target, Unexpected.TOO_LARGE)
            stream.write(part)
            if time.monotonic() - quiet_since > 0.1:
                quiet_since = time.monotonic()
                tell(Progress(have, whole))
        if whole is not None and have < whole:
            raise Unreachable(self.target, UnreachableReason.CUT)
        stream.flush()
        tell(Progress(have, whole))


def _host(url: str) -> str:
    """Raises TargetUrlInvalid: only the web is read from, and without a password in the address."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        raise TargetUrlInvalid("?") from None
    if not usable:
        raise TargetUrlInvalid(f"{parts.scheme or '?'}://{parts.hostname or '?'}")
    return f"{parts.scheme}://{parts.netloc}"


def _mark(headers: Mapping[str, str]) -> str:
    """Strong enough for If-Range (RFC 9110, 13.1.5)."""
    tag = headers.get("ETag", "")
    return headers.get("Last-Modified", "") if not tag or tag.startswith("W/") else tag


def _anew(stream: BinaryIO) -> None:
    stream.seek(0)
    stream.truncate()


def _said() -> Problem:
    return Problem(None, "", "")
