"""NMEA 0183 sentences out of a stream of bytes: `$` address, fields, `*` checksum, line end.

Source: NMEA 0183 as described by its readers (gpsd's "NMEA Revealed"); the checksum is the exclusive or of
every character between `$` and `*`. A sentence without a checksum, or with a wrong one, is never believed.
Encapsulated sentences (`!AIVDM`) are nobody's position and count as foreign bytes.
"""

from __future__ import annotations

import functools
import operator
import re
from dataclasses import dataclass

LONGEST = 250
"""The standard allows 82 characters; receivers write more (an RTK receiver's GGA has 91)."""

START, CR, LF = b"$\r\n"

WHOLE = re.compile(rb"([A-Z][A-Z0-9]{3,14})((?:,[^*]*)?)\*([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`talker` is GP, GN, …, or P for a maker's own sentence, whose `type` then is all that follows."""

    talker: str
    type: str
    fields: tuple[str, ...]
    text: str


class SentenceReader:
    """Takes the bytes in any portions. Its counts tell what the rest of the stream was."""

    def __init__(self) -> None:
        self.sentences = 0
        self.bad_checksums = 0
        self.malformed = 0
        self.foreign_bytes = 0
        self._body: bytearray | None = None

    def feed(self, data: bytes) -> list[Sentence]:
        return [sentence for byte in data if (sentence := self._take(byte)) is not None]

    def _take(self, byte: int) -> Sentence | None:
        if byte == START:
            self._give_up()
            self._body = bytearray()
        elif self._body is None:
            self.foreign_bytes += byte not in (CR, LF)
        elif byte in (CR, LF):
            body, self._body = bytes(self._body), None
            return self._finish(body)
        elif 0x20 <= byte <= 0x7E and len(self._body) < LONGEST:
            self._body.append(byte)
        else:
            self._give_up()
            self.foreign_bytes += 1
        return None

    def _give_up(self) -> None:
        if self._body is not None:
            self.malformed += 1
            self._body = None

    def _finish(self, body: bytes) -> Sentence | None:
        whole = WHOLE.fullmatch(body)
        if whole is None:
            self.malformed += 1
            return None
        if checksum(body[:-3]) != int(whole[3], 16):
            self.bad_checksums += 1
            return None
        self.sentences += 1
        address = whole[1].decode("ascii")
        length = 1 if address[0] == "P" else 2
        fields = tuple(whole[2].decode("ascii").split(",")[1:])
        return Sentence(address[:length], address[length:], fields, "$" + body.decode("ascii"))


def checksum(body: bytes) -> int:
    """`body` is what stands between `$` and `*`."""
    return functools.reduce(operator.xor, body, 0)
