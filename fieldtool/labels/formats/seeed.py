"""Seeed SenseCAP: `<DevEUI><JoinEUI>:0:<product>:<serial>`.

Unverified: that the last field is the serial number (it begins with the maker's order number).
"""

from __future__ import annotations

import re

from fieldtool.labels import parts
from fieldtool.labels.label import Label, LabelFormat

NAME = "seeed"
EUIS = re.compile(r"(?P<dev_eui>[0-9A-F]{16})(?P<join_eui>[0-9A-F]{16}):0(?::(?P<rest>.*))?", re.IGNORECASE)


def read(text: str) -> Label | None:
    found = EUIS.fullmatch(text)
    if found is None:
        return None
    product, _colon, serial = (found["rest"] or "").partition(":")
    return Label(
        NAME,
        dev_eui=parts.dev_eui(NAME, found["dev_eui"]),
        join_eui=parts.join_eui(NAME, found["join_eui"]),
        serial=parts.plain_text(NAME, "serial", serial),
        proprietary=parts.plain_text(NAME, "product", product),
    )


FORMAT = LabelFormat(name=NAME, example="<DevEUI><JoinEUI>:0:…", order=60, read=read)
