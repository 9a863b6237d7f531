"""A DevEUI alone, typed or on most Dragino boxes, and Tektelic's `<DevEUI>:<JoinEUI>`.

Source: The Things Stack, TheThingsNetwork/lorawan-stack issue 5953 and pull request 6272.
"""

from __future__ import annotations

import re

from fieldtool.labels import parts
from fieldtool.labels.label import Label, LabelFormat

NAME = "eui"
TWO = re.compile(r"([0-9A-F]{16}):([0-9A-F]{16})", re.IGNORECASE)
PAIRS = re.compile(r"[0-9A-F]{2}(?:[ :.-][0-9A-F]{2}){7}", re.IGNORECASE)
RUN = re.compile(r"(?=.*[A-F])[0-9A-F]{16}", re.IGNORECASE)
"""Sixteen decimal digits in one run are more likely some other number."""


def read(text: str) -> Label | None:
    two = TWO.fullmatch(text)
    if two is not None:
        return Label(NAME, parts.dev_eui(NAME, two[1]), parts.join_eui(NAME, two[2]))
    if PAIRS.fullmatch(text) is None and RUN.fullmatch(text) is None:
        return None
    return Label(NAME, parts.dev_eui(NAME, parts.without_separators(text)))


FORMAT = LabelFormat(name=NAME, example="A840410001020304", order=80, read=read)
