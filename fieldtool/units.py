"""UCUM units as people write them."""

from __future__ import annotations

PRINTED = {"Cel": "°C", "uS/cm": "µS/cm", "ug/m3": "µg/m³", "m3": "m³", "W/m2": "W/m²", "deg": "°"}
"""Where the printed sign differs from the code: UCUM, table of print symbols."""


def printed(ucum: str) -> str:
    return PRINTED.get(ucum, ucum)
