"""A GNSS receiver that speaks NMEA 0183."""

from __future__ import annotations

from drivers.simulated.device import SimulatedType
from drivers.simulated.gnss import Receiver

DEVICE = SimulatedType("nmea-gnss", Receiver)
