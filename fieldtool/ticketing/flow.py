"""The way of a ticket from open to closed, and which right each step takes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fieldtool.policy import Right
from fieldtool.ticket import TicketStatus
from fieldtool.ticketing.errors import TransitionInvalid

FLOW: Mapping[TicketStatus, Mapping[TicketStatus, Right]] = MappingProxyType(
    {
        "open": {"in_progress": "ticket.start", "closed": "ticket.close"},
        "in_progress": {"waiting": "ticket.wait", "closed": "ticket.close"},
        "waiting": {"in_progress": "ticket.start"},
        "closed": {"open": "ticket.reopen"},
    }
)
STATUSES = tuple(FLOW)


def right_for(current: TicketStatus, wanted: TicketStatus) -> Right:
    """Raises TransitionInvalid."""
    if wanted not in FLOW[current]:
        raise TransitionInvalid(current, wanted, tuple(FLOW[current]))
    return FLOW[current][wanted]
