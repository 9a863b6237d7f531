"""Column and file names as words that compare: "STRASSE,C,100", "Straße" and "strasse" are one."""

from __future__ import annotations

import functools
import re
import unicodedata

SPELLING = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "á": "ss"})
CAMEL = re.compile(r"(?<=[a-zß-ÿ]{2})(?=[A-Z])")


def clean(text: str) -> str:
    """Without blanks around it, byte order marks within, and what no database takes: NUL, half characters."""
    return text.strip() if text.isprintable() else without_marks(text).strip()


def without_marks(text: str) -> str:
    if text.isprintable():
        return text
    if not text.isascii():
        text = text.replace("\ufeff", "").encode("utf-8", "replace").decode("utf-8")
    return text.replace("\x00", "")


@functools.lru_cache(maxsize=8192)
def plain(name: str) -> str:
    """Lower case, umlauts spelt out, everything else one blank; á stands for the ß of a mangled header."""
    lowered = unicodedata.normalize("NFC", CAMEL.sub(" ", name)).lower().translate(SPELLING)
    ascii_only = unicodedata.normalize("NFKD", lowered).encode("ascii", "ignore").decode("ascii")
    return " ".join(re.findall(r"[a-z0-9]+", ascii_only))


def key_of(name: str) -> str:
    """A key for a column no attribute wants."""
    key = plain(name).replace(" ", "_")
    return key if key[:1].isalpha() else f"column_{key}".rstrip("_")
