"""The parts of a label, checked. Every function raises MalformedLabel naming its part."""

from __future__ import annotations

import re

from drivers.secret import Secret
from fieldtool.labels.errors import MalformedLabel
from fieldtool.labels.masking import masked

HEX = re.compile(r"[0-9A-Fa-f]+")
SEPARATORS = re.compile(r"[\s:.-]")


def without_separators(text: str) -> str:
    """`A8 40 41-…` and `A8:40:41…` as one run of digits."""
    return SEPARATORS.sub("", text)


def is_hex(text: str, digits: int) -> bool:
    return len(text) == digits and HEX.fullmatch(text) is not None


def hex_digits(label_format: str, part: str, text: str, digits: int) -> str:
    if not is_hex(text, digits):
        raise MalformedLabel(label_format, part, masked(text) or None)
    return text.lower()


def dev_eui(label_format: str, text: str) -> str:
    """All zero and all F are what an unprogrammed device has, never an EUI somebody was given."""
    eui = hex_digits(label_format, "dev_eui", text, 16)
    if set(eui) in ({"0"}, {"f"}):
        raise MalformedLabel(label_format, "dev_eui", eui)
    return eui


def join_eui(label_format: str, text: str) -> str:
    """All zero is a legal JoinEUI and often seen."""
    return hex_digits(label_format, "join_eui", text, 16)


def app_key(label_format: str, text: str) -> Secret:
    if not is_hex(text, 32):
        raise MalformedLabel(label_format, "app_key", None)
    return Secret(text.lower())


def plain_text(label_format: str, part: str, text: str) -> str | None:
    """None where empty. A control character in it could drive the terminal it is shown on."""
    if not text.isprintable():
        raise MalformedLabel(label_format, part, masked(text))
    return text.strip() or None


def token(label_format: str, text: str) -> Secret | None:
    if not text.isprintable():
        raise MalformedLabel(label_format, "owner_token", None)
    return Secret(text) if text else None
