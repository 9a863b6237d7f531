"""Words that were meant: for a word that nothing begins with, those of the profile that look like it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fieldtool.store import Store
from fieldtool.texts import _

SHORT = 5
"""Letters up to which one slip is allowed; two from there on."""
LEAST = 3
MOST = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text` is what to search for; `instead` says for each word that nothing fits what was found, the
    likeliest first."""

    text: str
    instead: dict[str, tuple[str, ...]]


def similar(store: Store, text: str) -> Suggestion | None:
    """None where no word is to be replaced by another. Reads the index of all words: not while typing."""
    instead: dict[str, tuple[str, ...]] = {}
    words = re.findall(r"\w+", text)
    for word in words:
        if len(word) < LEAST or any(letter.isdigit() for letter in word) or store.has_word(word):
            continue
        meant = closest(as_indexed(word), store.words())
        if meant:
            instead[word] = meant
    if not instead:
        return None
    return Suggestion(" ".join(instead[word][0] if word in instead else word for word in words), instead)


def told_instead(suggestion: Suggestion) -> Iterator[str]:
    """A line for each word."""
    for word, meant in suggestion.instead.items():
        told = _("Nothing has “{word}”; searched for “{meant}”").format(word=word, meant=meant[0])
        yield told + (_(" (also: {words})").format(words=", ".join(meant[1:])) if len(meant) > 1 else "")


def as_indexed(word: str) -> str:
    """As the index has it: small, without dots and accents, ß as ss."""
    parts = unicodedata.normalize("NFD", word.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def closest(word: str, terms: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """`terms` with how often each occurs. By the number of slips (a letter too many, too few, another one or
    two exchanged), then the more frequent ones. What is typed may be only the beginning of a word."""
    from rapidfuzz.distance import DamerauLevenshtein

    slips = 1 if len(word) <= SHORT else 2
    found: list[tuple[int, int, str]] = []
    for term, count in terms:
        if len(term) < len(word) - slips:
            continue
        begin = term[: len(word)]
        distance = min(
            DamerauLevenshtein.distance(word, part, score_cutoff=slips)
            for part in {begin, term[: len(word) + 1], term[: len(word) - 1]}
        )
        if distance <= slips:
            found.append((distance, -count, term))
    return tuple(term for _distance, _count, term in sorted(found)[:MOST])
