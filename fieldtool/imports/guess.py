"""Which asset class a list is about, from its file name, its columns and what its cells say."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from fieldtool.asset_classes import AssetClass, asset_class, class_ids
from fieldtool.imports.mapping import MappingFile, make_mapping
from fieldtool.imports.source import Source
from fieldtool.imports.words import plain

FALLBACK = "other"
SAMPLE_ROWS = 200
ENOUGH = 3


def guess_class(source: Source) -> AssetClass:
    """The one class that clearly fits best, else `other`; none that needs a place where the list has
    none. Raises BrokenClass."""
    fallback = asset_class(FALLBACK)
    placed = source.has_geometries or make_mapping(source, fallback, MappingFile(), None).has_position
    every = [asset_class(name) for name in class_ids() if name != FALLBACK]
    kinds = [kind for kind in every if placed or not kind.geometry_required]
    rare = _words_of_one_class(kinds)
    columns = {plain(column) for column in source.columns}
    rows = _first_words(source)
    scores = {
        kind.id: _name_score(source, kind) + _column_score(columns, kind, rare) + _cell_score(rows, kind)
        for kind in kinds
    }
    (best, score), (_second, next_score) = Counter(scores).most_common(2)
    return asset_class(best) if score >= ENOUGH and score > next_score else fallback


def _name_score(source: Source, kind: AssetClass) -> int:
    """A word of the file name is one of the class (5, and more for a phrase: "charging stations" says more
    than "stations"), or begins or ends with one (3)."""
    tokens = plain(source.path.stem)
    words = {plain(word) for word in kind.words}
    whole = [word.count(" ") for word in words if f" {word} " in f" {tokens} "]
    if whole:
        return 5 + max(whole)
    long = tuple(word for word in words if len(word) >= 4)
    return 3 if any(token.startswith(long) or token.endswith(long) for token in tokens.split()) else 0


def _column_score(columns: set[str], kind: AssetClass, rare: set[str]) -> int:
    number = 3 if any(plain(word) in columns for word in kind.number_words) else 0
    return number + sum(
        1 for attribute in kind.attributes if columns & rare & set(map(plain, attribute.words))
    )


def _first_words(source: Source) -> list[set[str]]:
    """What the cells of each row begin with."""
    rows = islice((row for row in source.rows if row.kind == "data"), SAMPLE_ROWS)
    texts = ([value for value in row.values.values() if isinstance(value, str)] for row in rows)
    return [{plain(text).split(" ")[0] for text in row} for row in texts]


def _cell_score(rows: list[set[str]], kind: AssetClass) -> int:
    """Most rows name the class in some cell ("Papierkorb 200000402")."""
    words = {plain(word) for word in kind.words}
    saying = sum(1 for row in rows if row & words)
    return 3 if rows and saying >= 0.6 * len(rows) else 0


def _words_of_one_class(kinds: list[AssetClass]) -> set[str]:
    counts = Counter(
        word
        for kind in kinds
        for word in {plain(word) for attribute in kind.attributes for word in attribute.words}
    )
    return {word for word, count in counts.items() if count == 1}
