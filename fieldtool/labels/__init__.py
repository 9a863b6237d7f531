"""What stands on a label, as scanned, pasted or photographed. Pure: text in, `Label` out."""

from __future__ import annotations

from fieldtool.labels.errors import EmptyLabel, LabelError, MalformedLabel, UnknownLabel, WrongChecksum
from fieldtool.labels.label import Label
from fieldtool.labels.reading import read_label

__all__ = [
    "EmptyLabel",
    "Label",
    "LabelError",
    "MalformedLabel",
    "UnknownLabel",
    "WrongChecksum",
    "read_label",
]
