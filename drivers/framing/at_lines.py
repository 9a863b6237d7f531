"""Bytes of an AT console <-> lines. What a line means is the family's business."""

from __future__ import annotations

import re
from dataclasses import dataclass

from drivers.secret import Secret

HIDDEN = "•••"
LONGEST = 512
"""Bytes of a line; the longest known, AT+CFG's and a key's, have under 100."""

KEY_LIKE = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}[ :-]?){15,}[0-9A-Fa-f]{2}")
"""16 octets or more: some firmwares print their keys unasked, in the boot banner."""

LINE_END = re.compile(rb"[\r\n]")


@dataclass(frozen=True, slots=True)
class Line:
    """`garbage` where bytes came that are no text, or too many without an end; they are escaped."""

    text: str
    garbage: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """What goes on the wire, a Secret where a part must not be shown."""

    parts: tuple[str | Secret, ...]

    @property
    def wire(self) -> str:
        return "".join(part.reveal() if isinstance(part, Secret) else part for part in self.parts)

    @property
    def shown(self) -> str:
        return "".join(HIDDEN if isinstance(part, Secret) else part for part in self.parts)

    @property
    def secret(self) -> bool:
        return any(isinstance(part, Secret) for part in self.parts)


class LineAssembler:
    """Every CR and every LF ends a line (Dragino's firmwares use CR LF and LF CR side by side); empty lines
    are left out. The lines do not depend on how the bytes were cut up."""

    def __init__(self) -> None:
        self._kept = b""

    def feed(self, data: bytes) -> list[Line]:
        self._kept += data
        lines: list[Line] = []
        while True:
            end = LINE_END.search(self._kept[: LONGEST + 1])
            if end is not None:
                part, self._kept = self._kept[: end.start()], self._kept[end.end() :]
                if part.strip():
                    lines.append(line_of(part))
            elif len(self._kept) > LONGEST:
                lines.append(Line(escaped(self._kept[:LONGEST]), garbage=True))
                self._kept = self._kept[LONGEST:]
            else:
                return lines

    def give_up(self) -> Line | None:
        """The half line that is left, taken out."""
        part, self._kept = self._kept, b""
        return Line(escaped(part), garbage=True) if part.strip() else None


def line_of(part: bytes) -> Line:
    try:
        text = part.decode("utf-8").strip()
    except UnicodeDecodeError:
        return Line(escaped(part), garbage=True)
    if not text.replace("\t", " ").isprintable():
        return Line(escaped(part), garbage=True)
    return Line(text)


def escaped(part: bytes) -> str:
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else f"\\x{byte:02x}" for byte in part)


def masked(text: str) -> str:
    return KEY_LIKE.sub(HIDDEN, text)
