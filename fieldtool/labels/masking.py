"""What of a scanned text may be shown: shortened, escaped, without anything that looks like a secret."""

from __future__ import annotations

import re

SHOWN = 48
MASK = "•••"

KEYS = re.compile(
    r"[0-9A-F]{20,}"
    r"|(?:[0-9A-F]{2}[ :.,Öß-]{1,2}(?:0x)?){9,}[0-9A-F]{2}"
    r"|(?:[0-9A-F]{4}[ :.,Öß-]){4,}[0-9A-F]{4}"
    r"|(?:[0-9A-F]{8}[ :.,Öß-]){2,}[0-9A-F]{8}",
    re.IGNORECASE,
)
"""From 20 hex digits on: a cut AppKey is still most of an AppKey, while an EUI (16) stays readable. Ö and ß
are the colon and the hyphen of a scanner that is set to a US keyboard."""

NAMED = re.compile(r"((?:key|token|secret|password|passwort|pin)\W{1,3})\S+", re.IGNORECASE)

NAMES_A_SECRET = re.compile(r"key|token|secret|password|passwort|pin", re.IGNORECASE)
NAMES_AN_EUI = re.compile(r"(?:dev(?:ice)?|join|app).?eui", re.IGNORECASE)

CARRIERS = re.compile(r"(WIFI|otpauth|LPA):.*", re.IGNORECASE | re.DOTALL)
"""Codes of other kinds that exist to carry a password: wireless networks, one-time passwords, eSIM."""


def masked(text: str) -> str:
    shown = CARRIERS.sub(rf"\1:{MASK}", text) if CARRIERS.match(text) else KEYS.sub(MASK, text)
    shown = NAMED.sub(rf"\1{MASK}", shown)
    if len(shown) > SHOWN:
        shown = shown[: SHOWN - 1] + "…"
    return "".join(letter if letter.isprintable() else "�" for letter in shown)


def may_hold_secret(text: str) -> bool:
    """Also half a text, while it is typed: true before the first digit of a key that comes after an EUI."""
    digits = re.findall(r"[0-9A-Fa-f]", NAMES_AN_EUI.sub("", text))
    return len(digits) > 16 or bool(NAMES_A_SECRET.search(text) or CARRIERS.match(text))
