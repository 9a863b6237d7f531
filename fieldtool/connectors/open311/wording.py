"""Our words and theirs: states, texts and the mark by which a request of ours is known again."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fieldtool.connectors.open311.reading import Request

STATUSES: Mapping[str, str] = {
    "open": "OPEN",
    "in_progress": "IN_PROGRESS",
    "waiting": "ACTION_SCHEDULED",
    "closed": "CLOSED",
}
# FixMyStreet's extended statuses and those of CitySDK.
READ: Mapping[str, str] = {
    "OPEN": "open",
    "REOPEN": "open",
    "RECEIVED": "open",
    "PENDING": "open",
    "IN_PROGRESS": "in_progress",
    "IN_PROCESS": "in_progress",
    "INVESTIGATING": "in_progress",
    "INTERNAL_REFERRAL": "in_progress",
    "ACTION_SCHEDULED": "waiting",
    "CLOSED": "closed",
    "FIXED": "closed",
    "PROCESSED": "closed",
    "REJECTED": "closed",
    "DUPLICATE": "closed",
    "NOT_COUNCILS_RESPONSIBILITY": "closed",
    "NO_FURTHER_ACTION": "closed",
}
MARK = re.compile(r"\[Fieldtool ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\]")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EXTERNAL_ID = "external_id"
LONGEST_TITLE = 80


def status_of(request: Request) -> str:
    """A word nobody told us is what the plain status says."""
    return READ.get(request.status) or ("closed" if request.coarse == "CLOSED" else "open")


def description_of(title: str, description: str, mark: str | None) -> str:
    """First line the title, last line the mark."""
    parts = [title, description, "" if mark is None else f"[Fieldtool {mark}]"]
    return "\n\n".join(part for part in parts if part)


def twin_of(kept: str) -> str:
    """For those who read the second copy there."""
    return f"Doppelt angelegt, weil die Anfrage unterwegs wiederholt wurde. Es gilt {kept}."


def mark_of(request: Request) -> str | None:
    """Our own ticket's id, where this request is ours."""
    found = MARK.search(request.description or "")
    if found is not None:
        return found[1]
    external = request.attributes.get(EXTERNAL_ID, "")
    return external if UUID.fullmatch(external) else None


def texts_of(request: Request) -> tuple[str, str]:
    """Title and description: of ours as they were made, of others' as far as they say."""
    plain = MARK.sub("", request.description or "").strip()
    if mark_of(request) is not None:
        title, _, rest = plain.partition("\n")
        return title.strip(), rest.strip()
    title, _, rest = plain.partition("\n")
    if request.title:
        return request.title, plain
    if title and len(title) <= LONGEST_TITLE:
        return title.strip(), rest.strip()
    return request.service_name or title[:LONGEST_TITLE], plain
