"""What is known about an asset, in words: its values by the attributes of its class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fieldtool.asset import Asset
from fieldtool.asset_classes import AssetAttribute, AssetClass, asset_class, class_ids
from fieldtool.imports.mapping import EXTRA_CELLS
from fieldtool.imports.records import KEPT_SUFFIX
from fieldtool.jsontypes import Json
from fieldtool.texts import _, current_language, decimal
from fieldtool.titles import day, value_text
from fieldtool.units import printed

YEAR = "a"
"""An attribute of this unit says in which year something was: the figure alone is what people write."""
FIRST = 3


@dataclass(frozen=True, slots=True)
class AttributeFact:
    """`problem` is why the value does not fit, or that it is missing."""

    title: str
    value: str
    problem: str | None = None

    def text(self) -> str:
        return self.value if self.problem is None else f"{self.value} ({self.problem})"


def known_class(name: str) -> AssetClass | None:
    """None for a class that this program does not know: its assets are kept and shown all the same."""
    return asset_class(name) if name in class_ids() else None


def class_title(name: str) -> str:
    kind = known_class(name)
    return name if kind is None else kind.title()


def attribute_title(kind: AssetClass | None, key: str) -> str:
    if key == EXTRA_CELLS:
        return _("more cells of the list")
    attribute = None if kind is None else kind.attribute(key)
    if attribute is not None:
        return attribute.title()
    if key.endswith(KEPT_SUFFIX) and kind is not None:
        attribute = kind.attribute(key.removesuffix(KEPT_SUFFIX))
        if attribute is not None:
            return _("{attribute}, as the list has it").format(attribute=attribute.title())
    return key


def attribute_text(kind: AssetClass | None, key: str, value: Json) -> str:
    attribute = None if kind is None else kind.attribute(key)
    if value is None or value == "":
        return "–"
    if attribute is not None and attribute.problem(value) is None:
        return _fitting(attribute, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        unit = None if attribute is None else attribute.unit
        return _with_unit(decimal(value), unit)
    return value if isinstance(value, str) else value_text(key, value)


def _fitting(attribute: AssetAttribute, value: Json) -> str:
    match value:
        case bool():
            return _("yes") if value else _("no")
        case int() | float():
            return _with_unit(decimal(value), attribute.unit)
        case str() if attribute.type == "date":
            return day(date.fromisoformat(value))
        case str() if attribute.choices is not None:
            return attribute.choices[value][current_language()]
    return str(value)


def _with_unit(figure: str, unit: str | None) -> str:
    return figure if unit is None or unit == YEAR else f"{figure} {printed(unit)}"


def attribute_facts(asset: Asset) -> tuple[AttributeFact, ...]:
    """In the order of the class, then what the class does not know; nothing that is retired."""
    kind = known_class(asset.asset_class)
    problems: Mapping[str, str] = {} if kind is None else kind.problems(asset.attributes)
    known = [] if kind is None else [attribute.key for attribute in kind.attributes]
    keys = [] if kind is None else [attribute.key for attribute in kind.shown]
    keys += [key for key in asset.attributes if key not in known]
    return tuple(
        AttributeFact(
            attribute_title(kind, key),
            attribute_text(kind, key, asset.attributes.get(key)),
            problems.get(key),
        )
        for key in keys
    )


def first_values(asset: Asset) -> str:
    """What tells it from others at a glance."""
    values = [fact.value for fact in attribute_facts(asset) if fact.value != "–"]
    return " · ".join(values[:FIRST]) or "–"
