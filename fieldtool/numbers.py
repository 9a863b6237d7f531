"""Numbers as people type them."""

from __future__ import annotations

import math
import re

PLAIN = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


def typed_number(text: str) -> float | None:
    """With a decimal comma or point, without grouping; None where it is no number."""
    plain = text.strip().removesuffix("°").strip()
    if PLAIN.fullmatch(plain) is None:
        return None
    value = float(plain.replace(",", "."))
    return value if math.isfinite(value) else None
