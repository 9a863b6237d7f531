"""Dragino LSE01, soil moisture, temperature and conductivity.

Ranges: the maker's manual (wiki.dragino.com, LSE01, 1.3). Unverified: the banner's title, the firmware's
number and the readings' lines; no capture of AT+GETSENSORVALUE is published. The names in the lines are
those of the maker's payload decoder, the external DS18B20 as in dragino/LoRa_STM32 src/bsp.c where none is
plugged in.
"""

from __future__ import annotations

from functools import partial

from drivers.simulated.device import SimulatedType
from drivers.simulated.dragino import Console, Model
from drivers.simulated.measuring import Probe
from drivers.simulated.script import Spread

MODEL = Model(
    titles={"v3": "Dragino LSE01 Device", "stm32": "LSE01 LoRaWAN Soil Sensor"},
    number="v1.2.0",
    stack="DR-LWS-007",
    band="EU868",
    probes=(
        Probe(
            "soil_moisture",
            Spread(24.0, 0.4),
            0.0,
            100.0,
            "DS18B20_temp1:null\r\nwater_SOIL:{value:.2f} %\r\n",
            impossible=655.35,
        ),
        Probe(
            "soil_temperature",
            Spread(14.5, 0.08),
            -40.0,
            85.0,
            "temp_SOIL:{value:.2f} C\r\n",
            impossible=327.67,
        ),
        Probe(
            "soil_conductivity",
            Spread(210.0, 4.0),
            0.0,
            20000.0,
            "conduct_SOIL:{value:.0f} uS/cm\r\n",
            impossible=65535,
        ),
    ),
)

DEVICE = SimulatedType("dragino-lse01", partial(Console, MODEL))
