"""Which column becomes what: suggested from names, or told by a mapping file (schema "mapping")."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fieldtool.asset_classes import AssetClass
from fieldtool.imports.errors import FileUnreadable, MappingInvalid
from fieldtool.imports.source import Source
from fieldtool.imports.vocabulary import EAST_WORDS, NAME_WORDS, NORTH_WORDS, NUMBER_WORDS, POSITION_WORDS
from fieldtool.imports.words import key_of, plain
from fieldtool.jsontypes import Json
from fieldtool.schemas import violation
from fieldtool.system_reasons import system_reason
from fieldtool.texts import _

NUMBER, NAME, EAST, NORTH, POSITION = "number", "name", "east", "north", "position"
EXTRA_CELLS = "extra_cells"
"""The key under which cells beyond the header are kept."""
KEEP = "keep"
"""As the target of a column: under a key of its own, whatever its name suggests."""
RESERVED = (NUMBER, NAME, EAST, NORTH, POSITION)
"""`position` is one column with both coordinates, "51.5, 7.4" as open data portals write it."""

MEMBERS = ("class", "crs", "columns", "number_pattern")

CENTRE = re.compile(r"([xy]) ?(?:center|coord|koord)? ?epsg ?\d+")
NUMBER_IN_NAME = re.compile(r"\D*\b(\d{3,})$")


@dataclass(frozen=True, slots=True)
class MappingFile:
    """`columns`: the target by column name, None to leave a column out."""

    columns: Mapping[str, str | None] = field(default_factory=dict)
    asset_class: str | None = None
    crs: str | None = None
    number_pattern: str | None = None

    @property
    def document(self) -> dict[str, Json]:
        """Of the schema "mapping"."""
        told: dict[str, Json] = {
            "class": self.asset_class,
            "crs": self.crs,
            "columns": dict(self.columns),
            "number_pattern": self.number_pattern,
        }
        return {name: value for name, value in told.items() if value is not None}


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """`targets`: RESERVED name or attribute key, to the column that fills it; `kept`: columns no attribute
    wants, to the key they are kept under; `number_pattern` has one group, the number within the cell."""

    targets: Mapping[str, str]
    kept: Mapping[str, str]
    number_pattern: re.Pattern[str] | None = None
    number_from_name: bool = False

    def target_of(self, column: str) -> str | None:
        """KEEP where no attribute wants it, None where it is left out."""
        for target, name in self.targets.items():
            if name == column:
                return target
        return KEEP if column in self.kept else None

    @property
    def has_position(self) -> bool:
        return POSITION in self.targets or (EAST in self.targets and NORTH in self.targets)


def read_mapping(path: Path) -> MappingFile:
    """Raises MappingInvalid, FileUnreadable."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise FileUnreadable(str(path), system_reason(error)) from error
    except ValueError as error:
        raise MappingInvalid(str(path), "$", _("this is not JSON")) from error
    if isinstance(document, dict):
        _check_members(path, document)
    broken = violation(document, "mapping")
    if broken is not None:
        raise MappingInvalid(str(path), broken.key, broken.reason)
    pattern = document.get("number_pattern")
    if pattern is not None and _groups(pattern) != 1:
        raise MappingInvalid(str(path), "number_pattern", _("this is no pattern with exactly one group"))
    return told_by(document)


def told_by(document: Mapping[str, Any]) -> MappingFile:
    """A document that keeps to its schema."""
    return MappingFile(
        document.get("columns", {}),
        document.get("class"),
        document.get("crs"),
        document.get("number_pattern"),
    )


def _check_members(path: Path, document: Mapping[str, Json]) -> None:
    for member in document:
        if member not in MEMBERS:
            reason = _("there is no such member") + _nearest(member, MEMBERS)
            raise MappingInvalid(str(path), "$", f"{member}: {reason}")


def _nearest(word: str, known: Iterable[str]) -> str:
    """What may have been meant by a name that is not known."""
    words = {plain(one): one for one in known}
    found = difflib.get_close_matches(plain(word), words, n=1, cutoff=0.6)
    return _("; is {name} meant?").format(name=words[found[0]]) if found else ""


def _attributes_of(kind: AssetClass) -> dict[str, str]:
    """Every word that an attribute goes by, to its key: one that was renamed since is found by them."""
    found: dict[str, str] = {}
    for attribute in kind.attributes:
        for word in (*attribute.words, attribute.label["de"], attribute.label["en"], attribute.key):
            found[plain(word)] = attribute.key
    return found


def _renamed(target: str, kind: AssetClass) -> str:
    known = _attributes_of(kind)
    found = difflib.get_close_matches(plain(target), known, n=1, cutoff=0.6)
    if found:
        return _("; is {name} meant?").format(name=known[found[0]])
    keys = ", ".join(attribute.key for attribute in kind.shown)
    return _("; it has: {keys}").format(keys=keys)


def make_mapping(source: Source, kind: AssetClass, told: MappingFile, path: Path | None) -> ColumnMapping:
    """`path` is where `told` came from. Raises MappingInvalid."""
    targets = _told_targets(source, kind, told, path)
    keep = {column for column, target in told.columns.items() if target == KEEP}
    taken = {*targets.values(), *keep, *(column for column, target in told.columns.items() if target is None)}
    for target, column in _suggestions(source, kind, taken):
        if target not in targets and column not in taken:
            targets[target] = column
            taken.add(column)
    taken -= keep
    from_name = NUMBER not in targets and _numbers_in_names(source, targets)
    if from_name:
        targets[NUMBER] = targets[NAME]
    pattern = NUMBER_IN_NAME if from_name else told.number_pattern and re.compile(told.number_pattern)
    return ColumnMapping(targets, _kept(source, kind, taken), pattern or None, from_name)


def _told_targets(source: Source, kind: AssetClass, told: MappingFile, path: Path | None) -> dict[str, str]:
    targets: dict[str, str] = {}
    for column, target in told.columns.items():
        if column not in source.columns:
            reason = _("the file has no such column") + _nearest(column, source.columns)
            raise MappingInvalid(str(path), f"columns.{column}", reason)
        if target is None or target == KEEP:
            continue
        if target not in RESERVED and kind.attribute(target) is None:
            reason = f"{target}: " + _("the class has no such attribute") + _renamed(target, kind)
            raise MappingInvalid(str(path), f"columns.{column}", reason)
        if target in targets:
            raise MappingInvalid(str(path), f"columns.{column}", _("another column goes there already"))
        targets[target] = column
    return targets


def _suggestions(source: Source, kind: AssetClass, taken: set[str]) -> Iterator[tuple[str, str]]:
    """The most telling names first: words of the class, its labels, then what any list would say."""
    columns = {column: plain(column) for column in source.columns if column not in taken}
    own = {plain(word) for attribute in kind.attributes for word in attribute.words}

    def called(words: Iterable[str]) -> Iterator[str]:
        for word in map(plain, words):
            yield from (column for column, name in columns.items() if name == word)

    for target, words in ((NUMBER, kind.number_words), (POSITION, POSITION_WORDS)):
        yield from ((target, column) for column in called(words))
    for target, words in ((EAST, EAST_WORDS), (NORTH, NORTH_WORDS)):
        # "Länge" and "Breite" of a parking bay are its size, not its place.
        yield from ((target, column) for column in called(word for word in words if plain(word) not in own))
    for column, name in columns.items():
        centre = CENTRE.fullmatch(name)
        if centre:
            yield (EAST if centre[1] == "x" else NORTH), column
    for target, words in ((NUMBER, NUMBER_WORDS), (NAME, NAME_WORDS)):
        yield from ((target, column) for column in called(words))
    for attribute in kind.shown:
        words = (attribute.key, *attribute.words, attribute.label["de"], attribute.label["en"])
        yield from ((attribute.key, column) for column in called(words))


def _numbers_in_names(source: Source, targets: Mapping[str, str]) -> bool:
    """Whether the names end in a number that is each one's own ("Papierkorb 200000402")."""
    column = targets.get(NAME)
    if column is None:
        return False
    names = 0
    found: list[str] = []
    for row in source.rows:
        if row.kind != "data" or column not in row.values:
            continue
        name = row.values[column]
        match = NUMBER_IN_NAME.fullmatch(name) if isinstance(name, str) else None
        names += 1
        if match is not None:
            found.append(match[1])
        elif names - len(found) > 0.05 * len(source.rows):
            return False
    return len(found) > 1 and len(found) >= 0.95 * names and len(set(found)) == len(found)


def _kept(source: Source, kind: AssetClass, taken: set[str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    used = {attribute.key for attribute in kind.attributes} | {*RESERVED, EXTRA_CELLS}
    for column in source.columns:
        if column in taken:
            continue
        key = free = key_of(column)
        count = 2
        while free in used:
            free = f"{key}_{count}"
            count += 1
        used.add(free)
        kept[column] = free
    return kept


def _groups(pattern: str) -> int:
    try:
        return re.compile(pattern).groups
    except re.error:
        return -1


def cell(values: Mapping[str, Json], mapping: ColumnMapping, target: str) -> Json:
    column = mapping.targets.get(target)
    return None if column is None else values.get(column)
