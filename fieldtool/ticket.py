"""Tickets and what happened to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from fieldtool.ids import AssetId, DeviceId, TicketId
from fieldtool.jsontypes import Json

TicketStatus = Literal["open", "in_progress", "waiting", "closed"]
TicketEventKind = Literal["comment", "status", "finding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    id: TicketId
    category: str
    title: str
    description: str = ""
    status: TicketStatus = "open"
    priority: int = 3
    asset_id: AssetId | None = None
    device_id: DeviceId | None = None
    geometry: Mapping[str, Json] | None = None
    assignee: str | None = None
    due: date | None = None
    address: str | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketEvent:
    """`status` is the ticket's after the event, None where the source does not say."""

    id: str
    ticket_id: TicketId
    kind: TicketEventKind
    text: str
    at: datetime
    status: TicketStatus | None = None
    version: int = 0
