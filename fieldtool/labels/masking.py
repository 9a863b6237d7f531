"""What of a scanned text may be shown: shortened, escaped, without anything that looks like a secret."""

from __future__ import annotations

import re

SHOWN = 48
MASK = "•••"

KEYS = re.compile(
    r"[0-9A-F]{20,}"
    r"|(?:[0-9A-F]{2}[ :.,-]{1,2}(?:0x)?){9,}[0-9A-F]{2}"
    r"|(?:[0-9A-F]{4}[ :.,-]){4,}[0-9A-F]{4}"
    r"|(?:[0-9A-F]{8}[ :.,-]){2,}[0-9A-F]{8}",
    re.IGNORECASE,
)
"""From 20 hex digits on: a cut AppKey is still most of an AppKey, while an EUI (16) stays readable."""

NAMED = re.compile(r"((?:key|token|secret|password|passwort|pin)\W{1,3})\S+", re.IGNORECASE)

CARRIERS = re.compile(r"(WIFI|otpauth|LPA):.*", re.IGNORECASE | re.DOTALL)
"""Codes of other kinds that exist to carry a password: wireless networks, one-time passwords, eSIM."""


def masked(text: str) -> str:
    shown = CARRIERS.sub(rf"\1:{MASK}", text) if CARRIERS.match(text) else KEYS.sub(MASK, text)
    shown = NAMED.sub(rf"\1{MASK}", shown)
    if len(shown) > SHOWN:
        shown = shown[: SHOWN - 1] + "…"
    return "".join(letter if letter.isprintable() else "�" for letter in shown)
