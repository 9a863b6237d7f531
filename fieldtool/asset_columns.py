"""The columns of a table of assets in words: their titles, what stands in them, and conditions on them.

ColumnUnknown(column, known) and ConditionUnfit(column, value, reason) are CoreErrors.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from fieldtool.asset import Asset
from fieldtool.asset_classes import NOT_OF_TYPE, AssetAttribute, AssetClass, asset_class, class_ids
from fieldtool.asset_facts import attribute_text, attribute_title, class_title, known_class
from fieldtool.asset_query import (
    CLASS,
    NAME,
    NUMBER,
    OWN_COLUMNS,
    AssetQuery,
    Condition,
    Scalar,
    Test,
    attribute_column,
    attribute_key,
)
from fieldtool.errors import CoreError
from fieldtool.imports.cells import converted, number
from fieldtool.texts import _, decimal

SHARED = 10
"""An attribute that so many classes have is a column of the table of all classes."""
WORDS = re.compile(r"(?P<column>[^=~]+)(?P<sign>[=~])(?P<rest>.*)", re.DOTALL)
RANGE = ".."


@dataclass(eq=False)
class ColumnUnknown(CoreError):
    column: str
    known: str


@dataclass(eq=False)
class ConditionUnfit(CoreError):
    """`reason` is why the value is none of this column, in the person's language."""

    column: str
    value: str
    reason: str


def columns(name: str | None) -> list[str]:
    """That a table of the class can show; of all classes what many of them have."""
    if name is not None:
        kind = known_class(name)
        keys = [] if kind is None else [attribute.key for attribute in kind.shown]
        return [NUMBER, NAME, *map(attribute_column, keys)]
    counted = Counter(attribute.key for kind in _classes() for attribute in kind.shown)
    return [*OWN_COLUMNS, *(attribute_column(key) for key, times in counted.most_common() if times >= SHARED)]


def _attributes(name: str | None) -> list[AssetAttribute]:
    kinds: Iterable[AssetClass] = _classes() if name is None else [asset_class(name)]
    return [attribute for kind in kinds for attribute in kind.attributes]


def _classes() -> Iterator[AssetClass]:
    return (asset_class(name) for name in class_ids())


def attribute_of(name: str | None, column: str) -> AssetAttribute | None:
    """Of all classes, the first that has it speaks for them."""
    kind, key = _holder(name, column), attribute_key(column)
    return None if kind is None or key is None else kind.attribute(key)


def _holder(name: str | None, column: str) -> AssetClass | None:
    key = attribute_key(column)
    if key is None:
        return None
    kinds: Iterable[AssetClass] = (
        _classes() if name is None else [kind for kind in [known_class(name)] if kind is not None]
    )
    return next((kind for kind in kinds if kind.attribute(key) is not None), None)


def column_title(name: str | None, column: str) -> str:
    key = attribute_key(column)
    if key is None:
        return {CLASS: _("Class"), NUMBER: _("Asset number"), NAME: _("Name")}[column]
    if name is not None:
        return attribute_title(known_class(name), key)
    attribute = attribute_of(None, column)
    return attribute_title(None, key) if attribute is None else attribute.title()


def cells(asset: Asset, kind: AssetClass | None, shown: Sequence[str]) -> tuple[str, ...]:
    """`kind` is the class of the asset, as far as it is known."""
    return tuple(_cell(asset, kind, column) for column in shown)


def _cell(asset: Asset, kind: AssetClass | None, column: str) -> str:
    if column.startswith("."):
        key = column[1:]
        return attribute_text(kind, key, asset.attributes.get(key))
    if column == CLASS:
        return asset.asset_class if kind is None else kind.title()
    return (asset.number if column == NUMBER else asset.name) or "–"


def sorted_by(query: AssetQuery, column: str | None, *, descending: bool = False) -> AssetQuery:
    """Classes by what they are called, choices as their class lists them."""
    ranks: tuple[str, ...] = ()
    if column == CLASS:
        ranks = tuple(sorted(class_ids(), key=class_title))
    elif column is not None:
        attribute = attribute_of(query.asset_class, column)
        ranks = () if attribute is None else tuple(attribute.choices or ())
    return replace(query, sort=column, descending=descending, ranks=ranks)


def known_column(name: str | None, words: str) -> str:
    """A column by its key or what it is called; with a dot before it also one that no class knows, as lists
    bring them along. Raises ColumnUnknown."""
    wanted = words.strip()
    if wanted.startswith("."):
        return wanted
    if wanted in OWN_COLUMNS:
        return wanted
    if attribute_of(name, attribute_column(wanted)) is not None:
        return attribute_column(wanted)
    known = _attributes(name)
    titles = {attribute.title().casefold(): attribute_column(attribute.key) for attribute in reversed(known)}
    titles |= {column_title(name, column).casefold(): column for column in OWN_COLUMNS}
    if wanted.casefold() in titles:
        return titles[wanted.casefold()]
    raise ColumnUnknown(wanted, ", ".join(column.removeprefix(".") for column in columns(name)))


def condition_from(name: str | None, words: str) -> Condition | None:
    """COLUMN=VALUE, COLUMN~PART, COLUMN=LOWEST..HIGHEST or COLUMN= for what has none; None where it is
    nothing of that. Raises ColumnUnknown, ConditionUnfit."""
    found = WORDS.fullmatch(words)
    if found is None:
        return None
    column, rest = known_column(name, found["column"]), found["rest"].strip()
    if found["sign"] == "~":
        return typed_condition(name, column, "contains", (rest,))
    if not rest:
        return Condition(column, "empty")
    if RANGE in rest:
        lowest, _dots, highest = rest.partition(RANGE)
        return typed_condition(name, column, "between", (lowest, highest))
    return typed_condition(name, column, "equals", (rest,))


def typed_condition(name: str | None, column: str, test: Test, texts: Sequence[str]) -> Condition:
    """As a person typed the values. Raises ConditionUnfit."""
    given = [text.strip() for text in texts]
    if test == "empty":
        return Condition(column, "empty")
    if not any(given):
        raise ConditionUnfit(column_title(name, column), "", _("something is missing here"))
    if test == "contains":
        return Condition(column, "contains", (given[0],))
    return Condition(column, test, tuple(_typed(name, column, text) if text else None for text in given))


def _typed(name: str | None, column: str, text: str) -> Scalar:
    attribute = attribute_of(name, column)
    if column == CLASS:
        wanted = text.casefold()
        return next((one for one in class_ids() if wanted in (one, class_title(one).casefold())), text)
    if attribute is None:
        figure = number(text) if attribute_key(column) is not None else None
        return text if figure is None else figure
    try:
        return cast(Scalar, converted(attribute, text))
    except ValueError as error:
        reason = _(NOT_OF_TYPE[attribute.type])
        raise ConditionUnfit(attribute.title(), text, reason) from error


def condition_text(name: str | None, condition: Condition) -> str:
    title = column_title(name, condition.column)
    shown = [_value_text(name, condition.column, value) for value in condition.values]
    match condition.test:
        case "empty":
            return _("{column} is missing").format(column=title)
        case "contains":
            return _("{column} contains “{value}”").format(column=title, value=shown[0])
        case "between":
            lowest, highest = condition.values
            if highest is None:
                return _("{column} from {value}").format(column=title, value=shown[0])
            if lowest is None:
                return _("{column} up to {value}").format(column=title, value=shown[1])
            return _("{column} {lowest} to {highest}").format(column=title, lowest=shown[0], highest=shown[1])
        case "equals":
            return f"{title}: {', '.join(shown)}"


def _value_text(name: str | None, column: str, value: Scalar) -> str:
    key = attribute_key(column)
    if column == CLASS:
        return class_title(str(value))
    if key is None:
        return str(value)
    kind = _holder(name, column)
    if kind is None:
        return decimal(value) if isinstance(value, float) else str(value)
    return attribute_text(kind, key, value)
