"""Names and values in lines or in a row: `DevEUI=…`, `DevEUI: A8 40 41 …`, also inside a web address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldtool.labels.label import Label, LabelFormat
from fieldtool.labels.named_parts import ANY_NAME, label_of

NAME = "key_value"
KNOWN_NAME = re.compile(rf"(?<![A-Za-z0-9])(?:{ANY_NAME})[\"']?\s*[=:]\s*", re.IGNORECASE)
END_OF_VALUE = re.compile(r"[\r\n\t,;&|]|\s+[A-Za-z]\w{2,}\s*[=:]")
"""A separator, or the next name; a pair of hex digits is shorter than any name."""


def read(text: str) -> Label | None:
    return label_of(NAME, pairs(text))


def pairs(text: str) -> Iterator[tuple[str, str]]:
    names = list(KNOWN_NAME.finditer(text))
    ends = [*(name.start() for name in names), len(text)][1:]
    for name, end in zip(names, ends, strict=True):
        if name.lastgroup is not None:
            value = END_OF_VALUE.split(text[name.end() : end], maxsplit=1)[0]
            yield name.lastgroup, value.strip(" \"'")


FORMAT = LabelFormat(name=NAME, example="DevEUI=…", order=70, read=read)
