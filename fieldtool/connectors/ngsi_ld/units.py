"""UCUM to the common codes of UN/CEFACT Recommendation 20, which NGSI-LD wants in `unitCode`.

Only units that are measured or recorded here. Source: Recommendation 20, Annex III (by common code), which
the Smart Data Models ask for too.
"""

from __future__ import annotations

COMMON_CODES = {
    "1": "C62",
    "%": "P1",
    "[ppm]": "59",
    "[ppb]": "61",
    "A": "AMP",
    "a": "ANN",
    "Cel": "CEL",
    "bar": "BAR",
    "cm": "CMT",
    "cm2": "CMK",
    "d": "DAY",
    "dB": "2N",
    "deg": "DD",
    "h": "HUR",
    "hPa": "A97",
    "kg": "KGM",
    "km": "KMT",
    "kPa": "KPA",
    "kW": "KWT",
    "kW.h": "KWH",
    "L": "LTR",
    "l": "LTR",
    "lx": "LUX",
    "m": "MTR",
    "m/s": "MTS",
    "m2": "MTK",
    "m3": "MTQ",
    "m3/h": "MQH",
    "mA": "4K",
    "min": "MIN",
    "mm": "MMT",
    "mS/cm": "H61",
    "mV": "2Z",
    "s": "SEC",
    "t": "TNE",
    "ug/m3": "GQ",
    "uS/cm": "G42",
    "V": "VLT",
    "W": "WTT",
    "W/m2": "D54",
}


def common_code(ucum: str | None) -> str | None:
    return COMMON_CODES.get(ucum) if ucum is not None else None
