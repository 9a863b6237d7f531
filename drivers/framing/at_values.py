"""Values as AT consoles spell them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from drivers.errors import ReadingMissing
from drivers.family import Quantity, Setting
from drivers.reading import Reading

PREFIX = re.compile(r"AT\+[A-Z0-9]+=")
"""Some firmwares repeat the query before the value, as Dragino's AT+CFG does."""
OCTETS = re.compile(r"[0-9A-Fa-f]{2}(?:[ :-]?[0-9A-Fa-f]{2})*")
INTEGER = re.compile(r"[+-]?[0-9]+")
SENDABLE = re.compile(r"[\x20-\x7e]+")


def plain(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield PREFIX.sub("", line, count=1)


def octets(lines: Iterable[str], count: int) -> str | None:
    """Lower-case hex digits; None where no line, or two that differ, are `count` octets and nothing else."""
    found = {re.sub(r"[ :-]", "", line).lower() for line in plain(lines) if OCTETS.fullmatch(line)}
    fitting = {digits for digits in found if len(digits) == 2 * count}
    return fitting.pop() if len(fitting) == 1 else None


def integer(lines: Iterable[str]) -> int | None:
    found = {int(line) for line in plain(lines) if INTEGER.fullmatch(line)}
    return found.pop() if len(found) == 1 else None


def spaced(digits: str) -> str:
    """ "a840…" as "A8 40 …"."""
    return " ".join(digits[at : at + 2] for at in range(0, len(digits), 2)).upper()


def read_value(setting: Setting, lines: Sequence[str]) -> str | None:
    """The value as Setting says it is compared; None where the answer holds none, or two."""
    if setting.kind == "hex":
        return octets(lines, setting.octets or 0)
    if setting.kind == "text":
        texts = list(plain(lines))
        return texts[0] if len(texts) == 1 else None
    figure = integer(lines)
    if figure is None:
        return None
    whole, rest = divmod(figure, setting.factor)
    return str(whole) if rest == 0 else f"{figure / setting.factor:g}"


def wire_value(setting: Setting, text: str) -> str | None:
    """None where the text can't be a value of this setting. Hex goes as octets with blanks between."""
    if setting.kind == "hex":
        digits = octets([text.strip()], setting.octets or 0)
        return None if digits is None else spaced(digits)
    if setting.kind == "integer":
        figure = integer([text.strip()])
        return None if figure is None else str(figure * setting.factor)
    return text if SENDABLE.fullmatch(text) else None


def reading_of(quantity: Quantity, lines: Sequence[str], now: datetime) -> Reading:
    """The last line that fits: the log of an uplink may have come before. Raises ReadingMissing."""
    for pattern, factor in ((quantity.pattern, quantity.factor), *quantity.other_forms):
        fitting = [(found, line) for line in lines if (found := re.search(pattern, line))]
        if fitting:
            found, line = fitting[-1]
            return Reading(quantity.name, round(float(found[1]) * factor, 9), quantity.unit, now, line)
    raise ReadingMissing(quantity.name, " | ".join(lines)[:200])
