"""What a cell says, by named rules: numbers with either decimal sign, dates, yes and no, units left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from fieldtool.asset_classes import AssetAttribute
from fieldtool.jsontypes import Json

NUMBER = re.compile(r"[-+]?(?:\d[\d.,'\u202f\u00a0 ]*)?\d(?:[.,]\d*)?(?:[eE][-+]?\d{1,3})?")
PLAIN = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)?")
YES = frozenset({"ja", "j", "yes", "y", "true", "wahr", "x", "1"})
NO = frozenset({"nein", "n", "no", "false", "falsch", "0", "-"})
GERMAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:\s.*)?")
ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
NULLS = frozenset({"", "-", "--", "null", "none", "nan", "n/a", "k.a.", "k. a.", "#nv", "unbekannt"})
UNIT_WORDS: Mapping[str, tuple[str, ...]] = {
    "m": ("m", "meter"),
    "cm": ("cm",),
    "m2": ("m²", "m2", "qm"),
    "L": ("l", "liter", "ltr"),
    "W": ("w", "watt"),
    "kW": ("kw",),
    "mm": ("mm",),
    "t": ("t", "tonnen"),
}


def number(value: Json, unit: str | None = None) -> float | None:
    """None where it is none. "1.234,5" and "1,234.5" are the same, "52,113735" has a decimal comma, a
    single point is a decimal point; the attribute's own unit behind the figure is left out."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, str):
        return None
    text = value.strip()
    if PLAIN.fullmatch(text):
        return float(text.replace(",", "."))
    text = _without_unit(text, unit)
    if not NUMBER.fullmatch(text):
        return None
    text = re.sub(r"['\u202f\u00a0 ]", "", text)
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        text = text.replace("," if point > comma else ".", "")
    for sign in ",.":
        if text.count(sign) > 1:
            text = text.replace(sign, "")
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def converted(attribute: AssetAttribute, value: Json) -> Json:
    """The value as its attribute wants it, None where the cell says nothing. Raises ValueError where it
    says something else; what is implausible passes."""
    if value is None:
        return None
    if attribute.type == "text":
        return as_text(value) or None
    if isinstance(value, str) and value.strip().lower() in NULLS:
        return None
    match attribute.type:
        case "number" | "integer":
            return _figure(attribute, value)
        case "boolean":
            return _yes_or_no(value)
        case "date":
            return _date(as_text(value))
        case "choice":
            return _choice(attribute, as_text(value))


def as_text(value: Json) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _without_unit(text: str, unit: str | None) -> str:
    lowered = text.lower()
    for word in UNIT_WORDS.get(unit or "", ()):
        if lowered.endswith(word) and lowered[: -len(word)].strip():
            return text[: -len(word)].strip()
    return text


def _figure(attribute: AssetAttribute, value: Json) -> int | float:
    found = number(value, attribute.unit)
    if found is None or found != found or found in (float("inf"), float("-inf")):
        raise ValueError(value)
    if attribute.type == "number":
        return found
    if not found.is_integer():
        raise ValueError(value)
    return int(found)


def _yes_or_no(value: Json) -> bool:
    if isinstance(value, bool):
        return value
    text = as_text(value).lower()
    if text in YES:
        return True
    if text in NO:
        return False
    raise ValueError(value)


def _date(text: str) -> str:
    german, iso = GERMAN_DATE.fullmatch(text), ISO_DATE.fullmatch(text)
    if german:
        return date(int(german[3]), int(german[2]), int(german[1])).isoformat()
    if iso:
        return date(int(iso[1]), int(iso[2]), int(iso[3])).isoformat()
    raise ValueError(text)


def _choice(attribute: AssetAttribute, text: str) -> str:
    wanted = text.casefold()
    for key, label in (attribute.choices or {}).items():
        if wanted in (key.casefold(), label["de"].casefold(), label["en"].casefold()):
            return key
    raise ValueError(text)
