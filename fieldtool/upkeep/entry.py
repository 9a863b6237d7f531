"""One value as it is typed into a form, and as a form shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fieldtool.asset_classes import NOT_OF_TYPE, AssetAttribute
from fieldtool.imports.cells import converted, number
from fieldtool.jsontypes import Json
from fieldtool.texts import _, decimal
from fieldtool.titles import day


@dataclass(frozen=True, slots=True)
class Entry:
    """`problem` in the person's language; a `blocking` one cannot be saved, another is a doubt."""

    value: Json
    problem: str | None = None
    blocking: bool = False


def typed(attribute: AssetAttribute, text: str) -> Entry:
    stripped = text.strip()
    if not stripped:
        return Entry(None, _("something is missing here") if attribute.required else None)
    try:
        value = converted(attribute, stripped)
    except ValueError:
        return Entry(stripped, _(NOT_OF_TYPE[attribute.type]), blocking=True)
    return Entry(value, attribute.problem(value))


def shown(attribute: AssetAttribute, value: Json) -> str:
    """What `typed` reads back to the same value; what does not fit the attribute as it is stored."""
    if value is None:
        return ""
    if attribute.problem(value) is None:
        if attribute.type == "date":
            return day(date.fromisoformat(str(value)))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
    if isinstance(value, float):
        text = decimal(value)
        return text if number(text) == value else repr(value)
    return str(value)
