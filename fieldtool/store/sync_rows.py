"""How one target stands, for the list that people look at."""

from __future__ import annotations

from datetime import datetime

from fieldtool.entities import parse_time
from fieldtool.store.connection import Connection


def last_receipt(connection: Connection, target_key: int) -> datetime | None:
    """When this target last answered to a change."""
    found = connection.value(
        "SELECT at FROM receipts WHERE target = ? ORDER BY at DESC LIMIT 1", (target_key,)
    )
    return None if found is None else parse_time(found)
