"""The extended statuses of mySociety's update extension (open311-adapter, Update/mySociety.pm; FixMyStreet's
wiki, Open311-FMS, additional states), and which of them count as closed.

CitySDK has others: those of klarschiff-citysdk, app/models/status.rb.
"""

from __future__ import annotations

from typing import Literal

from fieldtool.training.open311_wire import Open311Refused

OPEN = ("OPEN", "INVESTIGATING", "IN_PROGRESS", "PLANNED", "ACTION_SCHEDULED", "FOR_TRIAGE")
CLOSED = (
    *("CLOSED", "FIXED", "DUPLICATE"),
    *("NO_FURTHER_ACTION", "NOT_COUNCILS_RESPONSIBILITY", "INTERNAL_REFERRAL"),
)
CITYSDK = {
    "OPEN": "RECEIVED",
    "FOR_TRIAGE": "PENDING",
    **dict.fromkeys(("INVESTIGATING", "IN_PROGRESS", "PLANNED", "ACTION_SCHEDULED"), "IN_PROCESS"),
    **dict.fromkeys(("CLOSED", "FIXED"), "PROCESSED"),
    **dict.fromkeys(
        ("DUPLICATE", "NO_FURTHER_ACTION", "NOT_COUNCILS_RESPONSIBILITY", "INTERNAL_REFERRAL"), "REJECTED"
    ),
}


def core(status: str) -> Literal["open", "closed"]:
    return "closed" if status in CLOSED else "open"


def known(text: str) -> str:
    """In either case, as seen."""
    status = text.upper()
    if status not in OPEN and status not in CLOSED:
        raise Open311Refused(400, f"status {text} is none of {', '.join((*OPEN, *CLOSED))}")
    return status


def filtered(wanted: list[str] | None) -> list[str] | None:
    """The extended statuses behind "open" and "closed"."""
    if wanted is None:
        return None
    groups = {"open": OPEN, "closed": CLOSED}
    for one in wanted:
        if one.lower() not in groups:
            raise Open311Refused(400, f"status {one} is neither open nor closed")
    return [status for one in wanted for status in groups[one.lower()]]
