"""Kinds of arguments that several commands take; each raises ValueError, which is wrong usage (exit 2)."""

from __future__ import annotations

import math


def at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def box(text: str) -> tuple[float, float, float, float]:
    """W,S,E,N in degrees of WGS84."""
    west, south, east, north = (float(part) for part in text.split(","))
    if not (west <= east and south <= north and all(map(math.isfinite, (west, south, east, north)))):
        raise ValueError(text)
    return west, south, east, north


def dev_eui(text: str) -> str:
    """16 hex digits, however they are grouped and written."""
    digits = text.replace(" ", "").replace(":", "").replace("-", "").lower()
    if len(digits) != 16 or bytes.fromhex(digits).hex() != digits:
        raise ValueError(text)
    return digits
