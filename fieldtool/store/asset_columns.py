"""The columns of assets as SQL. Only what SQLite has by itself: an index lives in the file, and every
program that opens it has to be able to work it out."""

from __future__ import annotations

from functools import cache

from fieldtool.asset_query import CLASS, FOLDED, OWN_COLUMNS, attribute_key

UNQUOTABLE = frozenset('"\\') | {chr(code) for code in range(32)}
"""What a key in a JSON path cannot hold."""


def literal(text: str) -> str:
    quoted = text.replace("'", "''")
    return f"'{quoted}'"


def has_path(column: str) -> bool:
    """Whether it can have an index."""
    key = attribute_key(column)
    return key is None or not UNQUOTABLE & set(key)


def raw(column: str) -> str:
    """Raises KeyError for a column that no asset has."""
    key = attribute_key(column)
    if key is None:
        if column not in OWN_COLUMNS:
            raise KeyError(column)
        return "asset_class" if column == CLASS else column
    if has_path(column):
        path = f'$."{key}"'
        return f"attributes ->> {literal(path)}"
    return f"(SELECT value FROM json_each(assets.attributes) WHERE key = {literal(key)})"


@cache
def compared(column: str) -> str:
    """As it is sorted and compared: texts as `asset_query.folded` makes them, numbers as numbers."""
    value = raw(column)
    if column == CLASS:
        return value
    text = f"lower({value})"
    for letter, plain in FOLDED.items():
        text = f"replace({text}, {literal(letter)}, {literal(plain)})"
    if attribute_key(column) is None:
        return text
    return f"CASE typeof({value}) WHEN 'text' THEN {text} ELSE {value} END"


def of_class(asset_class: str | None) -> str:
    """A condition that a partial index has in the same words."""
    return "1" if asset_class is None else f"asset_class = {literal(asset_class)}"
