"""Identifiers made by the client."""

from __future__ import annotations

from typing import NewType

from uuid_utils import uuid7

OperationId = NewType("OperationId", str)
AssetId = NewType("AssetId", str)
DeviceId = NewType("DeviceId", str)
DatastreamId = NewType("DatastreamId", str)
ObservationId = NewType("ObservationId", str)
TicketId = NewType("TicketId", str)
CommissioningId = NewType("CommissioningId", str)
RegistrationId = NewType("RegistrationId", str)


def new_id() -> str:
    """A UUIDv7: sorts by the time it was made, on this machine."""
    return str(uuid7())
