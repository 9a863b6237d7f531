"""Which encoding a text file is in.

A byte order mark decides; else NUL bytes in every second place mean UTF-16; else valid UTF-8 is UTF-8
(text in another encoding is valid UTF-8 by chance only when it is nearly all ASCII). What is left is
cp1252 or cp850: both are read, and the one with more letters that German texts use wins, cp1252 in a tie.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

GERMAN = re.compile(r"(?<=[A-Za-z])[äöüß]|[ÄÖÜäöü](?=[a-z])")
OTHER_EXPECTED = re.compile(r"(?<=[A-Za-z])[éèáàçñëï]|[°²³µ§€–—½]|(?<!\w)„(?=\w)|(?<=[\w.!?])[“”]")
MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class NotText(ValueError):
    pass


@dataclass
class MixedText(ValueError):
    """Mostly UTF-8, but not all: any single reading would spoil names. `line` is the first bad one."""

    line: int


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    encoding: str


def decode(data: bytes) -> Text:
    """Raises NotText, MixedText."""
    for mark, name in MARKS:
        if data.startswith(mark):
            return _whole(data, name)
    wide = _utf16_without_mark(data[:4096])
    if wide is not None:
        return _whole(data, wide)
    if b"\x00" in data or len(CONTROLS.findall(data[:65536])) > len(data[:65536]) // 100:
        raise NotText
    try:
        return Text(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        return _one_byte(data, error.start)


def _whole(data: bytes, encoding: str) -> Text:
    try:
        return Text(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8-sig":
            raise MixedText(data.count(b"\n", 0, error.start) + 1) from error
        raise NotText from error


def _utf16_without_mark(head: bytes) -> str | None:
    half = len(head) // 2
    if half < 4:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.7 and odd < half * 0.1:
        return "utf-16-be"
    return None


def _one_byte(data: bytes, first_bad: int) -> Text:
    texts = []
    for encoding in ("cp1252", "cp850"):
        try:
            texts.append(Text(data.decode(encoding), encoding))
        except UnicodeDecodeError:
            continue
    best = max(texts, key=lambda found: expected_letters(found.text))
    others = sum(1 for sign in best.text if not sign.isascii())
    multibyte = len(MULTIBYTE.findall(data))
    if multibyte >= 3 and expected_letters(best.text) < others / 2:
        raise MixedText(data.count(b"\n", 0, first_bad) + 1)
    return best


def expected_letters(text: str) -> int:
    """Umlauts and sharp s count twice: a lonely 0xE1 is the ß of cp850, not the á of cp1252."""
    return 2 * len(GERMAN.findall(text)) + len(OTHER_EXPECTED.findall(text))
