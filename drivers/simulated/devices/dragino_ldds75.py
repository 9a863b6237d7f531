"""Dragino LDDS75, ultrasonic distance.

Range: the maker's manual (wiki.dragino.com, LDDS75, 1.2). Title, number and stack: the capture named in
dialects.py, as is "distanceSum:" for a measurement in mm (also in dragino/NBSN95's ultrasonic driver).
Unverified: that AT+GETSENSORVALUE prints just these lines, the title of the newer firmware, 20 mm for an
echo too near.
"""

from __future__ import annotations

from functools import partial

from drivers.simulated.device import SimulatedType
from drivers.simulated.dragino import Console, Model
from drivers.simulated.measuring import Probe
from drivers.simulated.script import Spread

MODEL = Model(
    titles={"v3": "Dragino LDDS75 Device", "stm32": "LDDS75 LoRaWAN Distance Sensor"},
    number="v1.1.4",
    stack="DR-LWS-005",
    band="EU868",
    probes=(
        Probe(
            "distance",
            Spread(1840.0, 6.0),
            280.0,
            7500.0,
            "distanceSum:{value:.0f}\r\n",
            impossible=20,
            drift=0.3,
        ),
    ),
)

DEVICE = SimulatedType("dragino-ldds75", partial(Console, MODEL))
