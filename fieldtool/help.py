"""The handbook: resources/help/NN-slug.md, German, the first line its title."""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass

from fieldtool.texts import RESOURCES

FOLDER = RESOURCES / "help"
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Topic:
    """`text` is Markdown; a link to another topic has its slug as address."""

    slug: str
    title: str
    text: str


@functools.cache
def topics() -> tuple[Topic, ...]:
    """In the order of their numbers."""
    found = []
    for path in sorted(FOLDER.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        title = text.partition("\n")[0].removeprefix("# ").strip()
        found.append(Topic(path.stem.partition("-")[2], title, text))
    return tuple(found)


def topic(slug: str) -> Topic | None:
    return next((one for one in topics() if one.slug == slug), None)


def find(words: str) -> tuple[Topic, ...]:
    """Topics that have all the words, those with one in the title first. Umlauts may be typed in any way."""
    wanted = [_spellings(word) for word in words.split()]
    if not wanted:
        return topics()
    hits = [one for one in topics() if all(_has(one.text, word) for word in wanted)]
    return tuple(sorted(hits, key=lambda one: not any(_has(one.title, word) for word in wanted)))


def _has(text: str, word: tuple[str, str]) -> bool:
    return any(mine in theirs for mine, theirs in zip(word, _spellings(text), strict=True))


def _spellings(text: str) -> tuple[str, str]:
    """ "Schlüssel" as "schluessel" and as "schlussel"."""
    plain = unicodedata.normalize("NFC", text).casefold()
    written_out = plain.translate(UMLAUTS)
    bare = unicodedata.normalize("NFD", plain.replace("ß", "ss"))
    return written_out, "".join(one for one in bare if not unicodedata.combining(one))
