"""What can be wrong with a label.

LabelError
├── EmptyLabel
├── UnknownLabel(text, formats)          none of the known formats
├── MalformedLabel(format, part, value)  of a known format, but one part is missing or impossible
├── WrongChecksum(found, expected)
├── OtherKeyboard(retyped)               a label, typed by a scanner that is set to another keyboard
├── NoCodeFound(path)
├── ImageUnreadable(path, reason)
└── SeveralDevices(path, found)          one image shows the labels of several things

`text` and `value` are shortened, escaped and free of anything that looks like a key.
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldtool.errors import CoreError


class LabelError(CoreError):
    pass


@dataclass(eq=False)
class EmptyLabel(LabelError):
    pass


@dataclass(eq=False)
class UnknownLabel(LabelError):
    """`formats` are examples of what works."""

    text: str
    formats: tuple[str, ...]


@dataclass(eq=False)
class MalformedLabel(LabelError):
    """`value` is None where the part is missing, and where it may be a secret."""

    format: str
    part: str
    value: str | None


@dataclass(eq=False)
class WrongChecksum(LabelError):
    found: str
    expected: str


@dataclass(eq=False)
class OtherKeyboard(LabelError):
    """`retyped` is what the scanner meant, see labels.keyboard."""

    retyped: str


@dataclass(eq=False)
class NoCodeFound(LabelError):
    path: str


@dataclass(eq=False)
class ImageUnreadable(LabelError):
    path: str
    reason: str


@dataclass(eq=False)
class SeveralDevices(LabelError):
    """`found` are the DevEUIs or asset ids."""

    path: str
    found: tuple[str, ...]
