"""Reading what is public: JSON, small documents, and files of any size streamed to the disk.

No token goes along, hence redirects are followed here: a catalogue's files are often on another host.
"""

from __future__ import annotations

import email.message
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import BinaryIO, NoReturn
from urllib.parse import unquote, urljoin, urlsplit

import requests
import urllib3

from fieldtool.connectors.errors import ConnectorError, Unexpected, UnreachableReason
from fieldtool.connectors.http import HttpSession, Patience, Problem, Raw
from fieldtool.connectors.source_errors import (
    SourceTooLarge,
    SourceUnreachable,
    SourceUnusable,
    SourceUrlInvalid,
    of_source,
)
from fieldtool.jsontypes import Json

AGENT = "Fieldtool (reads open data on request of a person)"
MOST_HOPS = 5
ATTEMPTS = 4
BROKEN = (UnreachableReason.CUT, UnreachableReason.TIMEOUT)
PART = 65536
MEGABYTE = 1024 * 1024
QUIET_PAGES = (b"<!doctype html", b"<html")


@dataclass(frozen=True, slots=True)
class Received:
    """`name` is what the server calls the file, or the end of its address."""

    url: str
    kind: str
    name: str
    size: int
    modified: str | None


@dataclass(slots=True)
class Begun:
    """What goes on where it broke: `mark` names the very file (RFC 9110, 13.1.5); empty, there is none."""

    mark: str = ""

    def headers(self, into: BinaryIO) -> dict[str, str]:
        if not self.mark:
            into.seek(0)
            into.truncate()
        have = into.tell()
        return {"Range": f"bytes={have}-", "If-Range": self.mark} if have else {}

    def answered(self, status: int, headers: Mapping[str, str], into: BinaryIO) -> int | None:
        """How much of the file is there already; None where a part came that was not asked for."""
        have = into.tell()
        if status == 206:
            return have if headers.get("Content-Range", "").startswith(f"bytes {have}-") else None
        tag = headers.get("ETag", "")
        self.mark = headers.get("Last-Modified", "") if not tag or tag.startswith("W/") else tag
        into.seek(0)
        into.truncate()
        return 0


class Source(HttpSession):
    """One thread at a time. Raises SourceError."""

    def __init__(self, base: str, patience: Patience | None = None) -> None:
        try:
            super().__init__(base, None, {"User-Agent": AGENT}, *(() if patience is None else (patience,)))
        except ConnectorError as error:
            raise of_source(error) from None

    def json(self, path: str, params: Mapping[str, str] | None = None) -> Json:
        with told_of_source():
            return self.ask("GET", path, params=params).body

    def answer(self, path: str, params: Mapping[str, str] | None = None) -> Raw:
        """Of any kind; the status is one of success."""
        with told_of_source():
            raw = self.raw("GET", path, params=params)
            self.require_success(raw, "")
            return raw

    def download(
        self, url: str, into: BinaryIO, *, most: int, told: Callable[[int, int | None], None]
    ) -> Received:
        """`told` hears how many bytes have come and how many are announced; what it raises ends it. `most` is
        in bytes. What is a web page, longer than `most` or shorter than announced is no file. Where the line
        breaks, it is taken up there if the server still has the same file, else begun anew."""
        begun = Begun()
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._downloaded(url, into, begun, most, told)
            except SourceUnreachable as error:
                if error.reason not in BROKEN or not into.tell() or attempt == ATTEMPTS:
                    raise
        raise AssertionError

    def _downloaded(
        self,
        url: str,
        into: BinaryIO,
        begun: Begun,
        most: int,
        told: Callable[[int, int | None], None],
    ) -> Received:
        wanted = begun.headers(into)
        for _hop in range(MOST_HOPS):
            with told_of_source(), self._opened(url, wanted) as answer:
                where = answer.headers.get("Location")
                if answer.is_redirect and where is not None:
                    url = followed(url, where)
                    continue
                lowered = {name.lower(): value for name, value in answer.headers.items()}
                if not answer.ok:
                    self._refuse(answer.status_code, lowered, Problem(None, "", ""))
                size = self._keep(answer, into, begun, most, told)
            kind = lowered.get("content-type", "").split(";")[0].strip().lower()
            return Received(url, kind, file_name(lowered, url), size, lowered.get("last-modified"))
        raise SourceUnusable(shown(url), Unexpected.REDIRECT)

    @contextmanager
    def _opened(self, url: str, wanted: Mapping[str, str]) -> Iterator[requests.Response]:
        try:
            with self._session.get(
                url,
                headers={**self._headers, "Accept": "*/*", "Accept-Encoding": "identity", **wanted},
                auth=self._authorize,
                timeout=(self._patience.connect, self._patience.read),
                allow_redirects=False,
                stream=True,
            ) as answer:
                yield answer
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise self._named(error) from None

    def _keep(
        self,
        answer: requests.Response,
        into: BinaryIO,
        begun: Begun,
        most: int,
        told: Callable[[int, int | None], None],
    ) -> int:
        where = shown(answer.url)
        size = begun.answered(answer.status_code, answer.headers, into)
        if size is None:
            raise SourceUnusable(where, Unexpected.WRONG_SHAPE)
        stated = answer.headers.get("Content-Length", "")
        announced = size + int(stated) if stated.isdigit() else None
        if announced is not None and announced > most:
            raise SourceTooLarge(where, most // MEGABYTE)
        while part := answer.raw.read1(PART, decode_content=True):
            if size == 0 and is_page(part):
                raise SourceUnusable(where, Unexpected.HTML)
            size += len(part)
            if size > most:
                raise SourceTooLarge(where, most // MEGABYTE)
            into.write(part)
            told(size, announced)
        if announced is not None and size < announced:
            raise SourceUnreachable(where, UnreachableReason.CUT)
        if size == 0:
            raise SourceUnusable(where, Unexpected.NOTHING)
        return size

    def _refuse(self, status: int, headers: Mapping[str, str], problem: Problem) -> NoReturn:
        """Opendatasoft says with a header of its own until when."""
        if "retry-after" not in headers and "x-ratelimit-reset" in headers:
            seconds = seconds_until(headers["x-ratelimit-reset"])
            headers = headers if seconds is None else {**headers, "retry-after": str(seconds)}
        super()._refuse(status, headers, problem)


@contextmanager
def told_of_source() -> Iterator[None]:
    try:
        yield
    except ConnectorError as error:
        raise of_source(error) from None


def followed(url: str, where: str) -> str:
    """Raises SourceUnusable: what was asked for encrypted does not come in the clear."""
    target = urljoin(url, where)
    before, after = urlsplit(url), urlsplit(target)
    allowed = ("https",) if before.scheme == "https" else ("http", "https")
    if after.scheme not in allowed or not after.hostname or after.username or after.password:
        raise SourceUnusable(shown(url), Unexpected.REDIRECT)
    return target


def checked_file_url(url: str) -> str:
    """Raises SourceUrlInvalid."""
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise SourceUrlInvalid("?") from None
    if not usable or parts.username or parts.password:
        raise SourceUrlInvalid(f"{parts.scheme or '?'}://{parts.hostname or '?'}")
    return parts.geturl()


def shown(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}{parts.path}"


def is_page(start: bytes) -> bool:
    return start.lstrip(b"\xef\xbb\xbf \t\r\n")[:14].lower().startswith(QUIET_PAGES)


def file_name(headers: Mapping[str, str], url: str) -> str:
    """Without any folder: a server decides about no place on this computer."""
    message = email.message.Message()
    message["Content-Disposition"] = headers.get("content-disposition", "")
    named = message.get_filename() or unquote(PurePosixPath(urlsplit(url).path).name)
    return PurePosixPath(named.replace("\\", "/")).name


def seconds_until(text: str) -> int | None:
    """A moment as ISO writes it, or the seconds themselves."""
    if text.strip().isdigit():
        return int(text)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return max(0, round((moment - datetime.now(UTC)).total_seconds()))
