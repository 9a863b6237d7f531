"""Makers that print a JSON object, with whatever spelling of its names."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from fieldtool.labels.errors import MalformedLabel
from fieldtool.labels.label import Label, LabelFormat
from fieldtool.labels.masking import masked
from fieldtool.labels.named_parts import SECRET, label_of, part_named

NAME = "json"


def read(text: str) -> Label | None:
    if not text.startswith("{"):
        return None
    try:
        names_and_values = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError):
        raise MalformedLabel(NAME, "json", None) from None  # half an object may hold half a key
    return label_of(NAME, pairs(names_and_values))


def pairs(names_and_values: Iterable[tuple[str, object]]) -> Iterator[tuple[str, str]]:
    for name, value in names_and_values:
        part = part_named(name)
        if part is None or value is None:
            continue
        if isinstance(value, str):
            yield part, value
        elif part == "serial" and isinstance(value, int):
            yield part, str(value)
        else:
            raise MalformedLabel(NAME, part, None if part in SECRET else masked(str(value)))


FORMAT = LabelFormat(name=NAME, example='{"dev_eui": …}', order=40, read=read)
