"""What can go wrong in a demonstration."""

from __future__ import annotations

from fieldtool.errors import CoreError


class TicketNotReported(CoreError):
    """The office's ticket did not come back from the training platform."""
