"""Asking a GeoReport server: forms out, lists in, its errors as typed ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from fieldtool.connectors.connector import Access
from fieldtool.connectors.errors import OptionInvalid, TokenUnusable, Unexpected, UnexpectedAnswer
from fieldtool.connectors.http import HttpSession, Patience, Raw, checked_token
from fieldtool.connectors.open311 import reading
from fieldtool.connectors.open311.reading import Request, Unreadable, Update
from fieldtool.connectors.open311.wording import STATUSES
from fieldtool.jsontypes import Json

LONGEST = timedelta(days=90)
"""The specification's largest window of one question for requests."""
MOST = 1000
"""The specification's largest answer to it."""
SHORTEST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Settings:
    """`categories` are service codes by our category, `statuses` their words by ours."""

    format: Literal["json", "xml"]
    categories: Mapping[str, str]
    statuses: Mapping[str, str]
    marker: Literal["description", "attribute"]
    extended: bool
    pull_days: int


def read_settings(access: Access, target: str) -> Settings:
    """Raises OptionInvalid."""
    options: dict[str, Json] = {
        "format": "json",
        "categories": {},
        "statuses": {},
        "marker": "description",
        "extended": True,
        "pull_days": 90,
    }
    allowed: dict[str, tuple[Json, ...]] = {
        "format": ("json", "xml"),
        "marker": ("description", "attribute"),
        "extended": (True, False),
    }
    for name, value in access.options.items():
        texts = isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
        fine = {
            "categories": texts,
            "statuses": texts and isinstance(value, dict) and set(value) <= set(STATUSES),
            "pull_days": isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 3660,
        }.get(name, value in allowed.get(name, ()))
        if not fine:
            raise OptionInvalid(target, name, str(value))
        options[name] = value
    return Settings(
        format="xml" if options["format"] == "xml" else "json",
        categories=_texts(options["categories"]),
        statuses={**STATUSES, **_texts(options["statuses"])},
        marker="attribute" if options["marker"] == "attribute" else "description",
        extended=bool(options["extended"]),
        pull_days=int(str(options["pull_days"])),
    )


def _texts(value: Json) -> dict[str, str]:
    return {name: str(text) for name, text in value.items()} if isinstance(value, dict) else {}


class RefusedThere(Exception):
    """400, 404, 409 or 422 to something that we wanted to write or asked for. `text` is what was said."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(status, text)
        self.status, self.text = status, text


class GeoReport:
    """One thread at a time. The api_key travels in the form of a write, never in an address."""

    def __init__(self, access: Access, patience: Patience) -> None:
        accepted = {"Accept": "application/json, application/xml;q=0.9"}
        self._http = HttpSession(access.url, None, accepted, patience)
        self.target = self._http.target
        self.settings = read_settings(access, self.target)
        self._key = checked_token(access.token, self.target) if access.token is not None else None
        self._jurisdiction = {} if access.tenant is None else {"jurisdiction_id": access.tenant}

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, **parameters: str) -> list[dict[str, Any]]:
        """Raises ConnectorError, RefusedThere."""
        asked = {**self._jurisdiction, **parameters}
        return self._judged(self._http.raw("GET", f"/{path}.{self.settings.format}", params=asked))

    def post(self, path: str, form: Mapping[str, str]) -> list[dict[str, Any]]:
        """Raises ConnectorError, RefusedThere."""
        if self._key is None:
            raise TokenUnusable(self.target)
        filled = {**form, **self._jurisdiction, "api_key": self._key.reveal()}
        return self._judged(self._http.raw("POST", f"/{path}.{self.settings.format}", form=filled))

    def _judged(self, raw: Raw) -> list[dict[str, Any]]:
        text = self._masked(reading.errors(raw.body)) if raw.status >= 400 else ""
        if raw.status in (400, 409, 422) or (raw.status == 404 and text):
            raise RefusedThere(raw.status, text)
        self._http.require_success(raw, text)
        try:
            return reading.items(raw.body)
        except Unreadable as broken:
            what = Unexpected.HTML if broken.page else Unexpected.HALF if broken.half else None
            raise UnexpectedAnswer(self.target, what or Unexpected.WRONG_SHAPE) from None

    def _masked(self, text: str) -> str:
        """A server may quote what it was sent."""
        return text if self._key is None else text.replace(self._key.reveal(), "•••")

    def request(self, identifier: str) -> Request | None:
        try:
            found = self.get(f"requests/{identifier}")
        except RefusedThere:
            return None
        return next((one for item in found if (one := reading.request_of(item)) is not None), None)

    def requests(self, start: datetime, end: datetime, **parameters: str) -> list[Request]:
        """All of a time, however many: in windows that the server accepts."""
        found: dict[str, Request] = {}
        while start < end:
            until = min(start + LONGEST, end)
            for one in self._window(start, until, parameters):
                found[one.id] = one
            start = until
        return list(found.values())

    def _window(self, start: datetime, end: datetime, parameters: Mapping[str, str]) -> list[Request]:
        asked = {"status": "open,closed", "start_date": stamp(start), "end_date": stamp(end), **parameters}
        listed = self.get("requests", **asked)
        if len(listed) >= MOST and end - start > SHORTEST:
            middle = start + (end - start) / 2
            return [*self._window(start, middle, parameters), *self._window(middle, end, parameters)]
        return [one for item in listed if (one := reading.request_of(item)) is not None]

    def updates(self, start: datetime, end: datetime) -> Sequence[Update]:
        listed = self.get("servicerequestupdates", start_date=stamp(start), end_date=stamp(end))
        return [one for item in listed if (one := reading.update_of(item)) is not None]


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
