"""The rules by which cells are cleaned: each has a name, shows what it did, and can be switched off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldtool.asset_classes import AssetAttribute
from fieldtool.imports.cells import GERMAN_DATE, NULLS, as_text, converted
from fieldtool.jsontypes import Json
from fieldtool.texts import N_

if TYPE_CHECKING:
    from fieldtool.imports.prepare import Prepared

PLACEHOLDERS, NUMBERS, UNITS, DATES, WORDS, SHIFTED = (
    "placeholders",
    "numbers",
    "units",
    "dates",
    "words",
    "shifted",
)
RULES = {
    PLACEHOLDERS: N_("Signs and words for nothing (-, k. A., unbekannt, #NV) are left empty"),
    NUMBERS: N_("Decimal comma and thousands signs: 1.234,5 becomes a number"),
    UNITS: N_("A unit behind a number is left out: 8,5 m becomes 8.5"),
    DATES: N_("German dates, and dates with a time: 24.12.2025 becomes a date"),
    WORDS: N_("Words for yes, no and the values of a choice: ja, LED"),
    SHIFTED: N_("Rows whose cells stand one column beside their own are read as they should stand"),
}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What a rule did in a column; `before` and `after` are the most frequent of its cells."""

    rule: str
    column: str
    cells: int
    before: Json
    after: Json


def rule_of(attribute: AssetAttribute, raw: Json, value: Json) -> str | None:
    """The rule that made `value` of the cell; None where it stood so."""
    if not isinstance(raw, str):
        return WORDS if attribute.type == "boolean" and value is not raw and value is not None else None
    text = raw.strip()
    if value is None:
        return PLACEHOLDERS if text and text.lower() in NULLS and attribute.type != "text" else None
    match attribute.type:
        case "number" | "integer":
            if any(sign.isalpha() and sign not in "eE" for sign in text) or "²" in text:
                return UNITS
            return NUMBERS if any(sign in text for sign in ",'\u202f\u00a0 ") or text.count(".") > 1 else None
        case "date":
            return DATES if GERMAN_DATE.fullmatch(text) or text != value else None
        case "boolean" | "choice":
            return WORDS if text != as_text(value) else None
        case "text":
            return None


def cleaned(prepared: Prepared) -> list[Cleaned]:
    """What the rules did, by column of the file. Counts anew: only for a person who wants to see it."""
    if prepared.is_own:
        return []
    return [one for attribute in prepared.kind.attributes for one in _of_attribute(prepared, attribute)]


def _of_attribute(prepared: Prepared, attribute: AssetAttribute) -> Iterator[Cleaned]:
    column = prepared.mapping.targets.get(attribute.key)
    if column is None or attribute.type == "text":
        return
    cells = Counter(
        row.values[column] for row in prepared.source.rows if row.kind == "data" and column in row.values
    )
    by_rule: dict[str, tuple[int, Json, Json]] = {}
    for raw, count in cells.most_common():
        try:
            value = converted(attribute, raw)
        except ValueError:
            continue
        rule = rule_of(attribute, raw, value)
        if rule is not None and rule not in prepared.switched_off:
            before = by_rule.get(rule, (0, raw, value))
            by_rule[rule] = (before[0] + count, before[1], before[2])
    for rule, (count, raw, value) in by_rule.items():
        yield Cleaned(rule, column, count, raw, value)
