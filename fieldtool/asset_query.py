"""Which assets, and in what order: what a table, an export or the command line asks the store.

A column is "class", "number" or "name", or an attribute by its key with a dot before it: ".street".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Scalar = str | int | float | bool | None
Test = Literal["equals", "contains", "between", "empty"]
TESTS: tuple[Test, ...] = get_args(Test)
CLASS, NUMBER, NAME = "class", "number", "name"
OWN_COLUMNS = (CLASS, NUMBER, NAME)
FOLDED: Mapping[str, str] = {"ä": "a", "ö": "o", "ü": "u", "Ä": "a", "Ö": "o", "Ü": "u", "ß": "ss"}
_FOLDING = str.maketrans({**{chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}, **FOLDED})


@dataclass(frozen=True, slots=True)
class Condition:
    """`values`: for "equals" any of them, for "contains" the one part, for "between" the lowest and the
    highest, either of which may be None; none for "empty"."""

    column: str
    test: Test
    values: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetQuery:
    """All conditions hold. Without `sort` in the order in which they came; what has no value of the column
    comes last in either direction. `ranks` are values of the column that come first, in this order."""

    asset_class: str | None = None
    text: str | None = None
    bbox: tuple[float, float, float, float] | None = None
    conditions: tuple[Condition, ...] = ()
    sort: str | None = None
    descending: bool = False
    ranks: tuple[str, ...] = ()

    @property
    def narrowed(self) -> bool:
        """By more than the class."""
        return self.text is not None or self.bbox is not None or bool(self.conditions)


def attribute_column(key: str) -> str:
    return f".{key}"


def attribute_key(column: str) -> str | None:
    """None for a column that every asset has."""
    return column[1:] if column.startswith(".") else None


def folded(value: Scalar) -> Scalar:
    """As texts are compared: neither capitals nor the dots of umlauts tell two of them apart."""
    return value.translate(_FOLDING) if isinstance(value, str) else value
