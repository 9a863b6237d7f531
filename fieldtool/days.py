"""Days of the calendar, here, as people type them."""

from __future__ import annotations

import re
from datetime import date, datetime

from fieldtool.texts import BERLIN

GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def today() -> date:
    return datetime.now(BERLIN).date()


def typed_day(text: str) -> date | None:
    """2026-12-01 or 01.12.2026; None where it is no day."""
    turned = GERMAN.fullmatch(text.strip())
    try:
        if turned is not None:
            return date(int(turned[3]), int(turned[2]), int(turned[1]))
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
