"""The conventions of our own files: what columns are called, and what stands in their cells.

A file is ours where its columns hold ID, CLASS and EXACT (in spreadsheets: their titles). Cells are written
for people and other programs; what a cell can't say exactly (a whole number in a column of fractions, an
empty text, JSON within a text) stands once more in EXACT, a JSON text with the members "number", "name",
"geometry" (GeoJSON, WGS84) and "attributes" (by key). A cell that still is what its value in EXACT would be
written as means that value; a cell that somebody changed since means itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import Literal

from fieldtool.asset_classes import AssetAttribute, AssetClass
from fieldtool.entities import json_text
from fieldtool.jsontypes import Json
from fieldtool.texts import N_, _, german
from fieldtool.units import printed

ID, CLASS, NUMBER, NAME, PARENT, EXACT = "id", "class", "number", "name", "parent_id", "fieldtool_exact"
LON, LAT, WKT = "lon", "lat", "wkt"
EAST, NORTH = "east", "north"
WGS84 = "EPSG:4326"
FEATURE_KEYS = ("fid", "geom", "geometry", "position")
"""Names that formats and other programs take for themselves."""
OWN = frozenset((ID, CLASS, NUMBER, NAME, PARENT, EXACT, LON, LAT, WKT, EAST, NORTH, *FEATURE_KEYS))
CODED = re.compile(r"(?:east|north|wkt)_epsg_(\d+)")
KEY_PREFIX = "attributes."
"""Before an attribute's key that is one of OWN: the column "attributes.id" holds the attribute "id"."""

TITLES = {
    ID: N_("ID"),
    CLASS: N_("Class"),
    NUMBER: N_("Asset number"),
    NAME: N_("Name"),
    PARENT: N_("Belongs to (ID)"),
    EXACT: N_("Fieldtool (do not change)"),
    LON: N_("Longitude (WGS84)"),
    LAT: N_("Latitude (WGS84)"),
    EAST: N_("Easting ({crs})"),
    NORTH: N_("Northing ({crs})"),
    WKT: N_("Geometry (WKT, {crs})"),
}
"""What spreadsheets call our own columns."""
COLUMNS_SHEET = N_("Columns")
COLUMNS_HEAD = (N_("Sheet"), N_("Column"), N_("Key"), N_("Kind"), N_("Unit"), N_("Allowed values"))
"""The last sheet of a workbook: what the columns of the others are, one per row below this header."""

Kind = Literal["text", "integer", "number", "boolean", "date", "choice"]

GUARD = "'"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A text beginning so is a formula to some spreadsheet; GUARD goes before it, and before what begins with
GUARD itself, so that taking one away restores every text."""

UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]|_x[0-9A-Fa-f]{4}_")
"""What some format or reader changes within a text."""


def column_of(key: str) -> str:
    folded = key.casefold()
    own = folded in OWN or CODED.fullmatch(folded) or folded.startswith(KEY_PREFIX)
    return KEY_PREFIX + key if own else key


def key_of(column: str) -> str:
    return column.removeprefix(KEY_PREFIX)


def east_north_wkt(crs: str) -> tuple[str, str, str]:
    """The names of the columns for a place: the system is said in them where it is not WGS84."""
    if crs == WGS84:
        return LON, LAT, WKT
    code = crs.lower().replace(":", "_")
    return f"{EAST}_{code}", f"{NORTH}_{code}", f"{WKT}_{code}"


def is_own(columns: Collection[str]) -> bool:
    """Whether a table with these columns is one of our own files."""
    return all(any(name in spellings(own) for name in columns) for own in (ID, CLASS, EXACT))


def is_columns_sheet(name: str, header: Sequence[str]) -> bool:
    """In a workbook of ours, of either language."""
    words = (COLUMNS_SHEET, *COLUMNS_HEAD)
    return (name, *header) in (words, tuple(german().get(word, word) for word in words))


def spellings(own: str) -> tuple[str, ...]:
    """Every way in which one of our own columns may be called, in files of either language."""
    return own, TITLES[own], german().get(TITLES[own], TITLES[own])


def title(own: str, crs: str = "") -> str:
    return _(TITLES[own]).format(crs=crs)


def attribute_title(kind: AssetClass | None, key: str) -> str:
    """The label with its unit; with the key where another attribute of the class is called the same, and
    the column of the key where the class does not know it."""
    attribute = None if kind is None else kind.attribute(key)
    if kind is None or attribute is None:
        return _unlike_labels(kind, column_of(key))
    plain = _labelled(attribute)
    same = [other for other in kind.attributes if _labelled(other).casefold() == plain.casefold()]
    own = {_(text).casefold() for text in TITLES.values()}
    return f"{plain} [{key}]" if len(same) > 1 or plain.casefold() in own else plain


def attribute_titles(kind: AssetClass | None, key: str) -> tuple[str, ...]:
    """What the column may be called, in files of either language: for looking it up."""
    attribute = None if kind is None else kind.attribute(key)
    if attribute is None:
        return column_of(key), f"{column_of(key)} [{key}]"
    unit = _unit(attribute)
    plain = [label + unit for label in attribute.label.values()]
    return *plain, *(f"{text} [{key}]" for text in plain), column_of(key)


def _labelled(attribute: AssetAttribute) -> str:
    return attribute.title() + _unit(attribute)


def _unit(attribute: AssetAttribute) -> str:
    return "" if attribute.unit is None else f" ({printed(attribute.unit)})"


def _unlike_labels(kind: AssetClass | None, column: str) -> str:
    taken = {_(text).casefold() for text in TITLES.values()}
    if kind is not None:
        taken |= {_labelled(attribute).casefold() for attribute in kind.attributes}
    return f"{column} [{key_of(column)}]" if column.casefold() in taken else column


def guarded(text: str) -> str:
    return GUARD + text if text.startswith((*DANGEROUS, GUARD)) else text


def unguarded(text: str) -> str:
    return text.removeprefix(GUARD)


def keeps(kind: Kind, value: Json) -> bool:
    """Whether a cell of that kind, read again, gives this very value; None (nothing is there) does not. Of a
    choice only a key does: what is none of them may read like the label of one."""
    match kind:
        case "text":
            return type(value) is str and is_safe(value)
        case "choice":
            return type(value) is str and is_safe(value) and value.islower() and value.isascii()
        case "integer":
            return type(value) is int and -(2**53) <= value <= 2**53
        case "number":
            return type(value) is float
        case "boolean":
            return type(value) is bool
        case "date":
            return type(value) is str and _is_day(value)


def is_safe(text: str) -> bool:
    """A text that every format and reader gives back as it is."""
    return bool(text) and text == text.strip() and (text.isalnum() or UNSAFE.search(text) is None)


def to_sixteen_digits(figure: float) -> float:
    """As it stands in a workbook."""
    return float(f"{figure:.16G}")


def as_text(value: Json) -> str:
    """What stands in a column of texts for a value of any type."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json_text(value)


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
