"""Scanned text to Label."""

from __future__ import annotations

import re

from drivers import discovery
from fieldtool.labels import formats
from fieldtool.labels.errors import EmptyLabel, LabelError, OtherKeyboard, UnknownLabel
from fieldtool.labels.keyboard import as_us_keyboard
from fieldtool.labels.label import Label, LabelFormat
from fieldtool.labels.masking import masked

LONGEST = 8192
"""Characters. The largest QR code holds 7089 digits (ISO/IEC 18004)."""

SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Za-z]")
"""The prefix many scanners can be set to send, "]Q1" for QR (ISO/IEC 15424)."""

EDGES = "\ufeff\x00\x02\x03\x04\x1c\x1d\x1e\x1f \t\r\n\v\f"
"""What scanners and shells put around a code: byte order mark, NUL, STX/ETX/EOT, separators, line ends."""


def read_label(text: str) -> Label:
    """Raises EmptyLabel, UnknownLabel, MalformedLabel, WrongChecksum, OtherKeyboard."""
    cleaned = clean(text)
    if not cleaned:
        raise EmptyLabel
    label = _of_known_format(cleaned)
    if label is not None:
        return label
    retyped = as_us_keyboard(cleaned)
    if _is_label(retyped):
        raise OtherKeyboard(masked(retyped))
    raise UnknownLabel(masked(cleaned), tuple(one.example for one in label_formats()))


def _of_known_format(cleaned: str) -> Label | None:
    if len(cleaned) > LONGEST:
        return None
    return next(filter(None, (known.read(cleaned) for known in label_formats())), None)


def _is_label(cleaned: str) -> bool:
    try:
        return _of_known_format(cleaned) is not None
    except LabelError:
        return False


def clean(text: str) -> str:
    stripped = text.strip(EDGES)
    if SYMBOLOGY.match(stripped):
        stripped = stripped[3:].strip(EDGES)
    # Arguments that are no UTF-8 arrive as lone surrogates, which no output can print.
    return stripped.encode("utf-8", "replace").decode("utf-8")


def label_formats() -> list[LabelFormat]:
    found = [discovery.load(formats, name, "FORMAT", LabelFormat) for name in discovery.names(formats)]
    return sorted(found, key=lambda one: (one.order, one.name))
