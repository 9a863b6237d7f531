"""dBase tables (.dbf), beside a shapefile or alone.

Read here rather than by GDAL, which turns what does not fit a field's type into nothing and knows no
encoding but the declared one. The layout is that of dBase III to V: a header of 32 bytes, 32 bytes per
field, records of fixed width, each with a mark for deleted ones.
"""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from fieldtool.imports import layout
from fieldtool.imports.encoding import MixedText, NotText, decode
from fieldtool.imports.words import clean
from fieldtool.jsontypes import Json

HEADER = 32
END_OF_FIELDS = b"\r"
DELETED = b"*"
LANGUAGES = {0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x08: "cp865", 0x26: "cp866", 0xC8: "cp1250"}
"""The header's byte for the encoding, where it says one that can be told from others."""
SAMPLE_BYTES = 8 * 1024 * 1024
WHOLE = re.compile(r"[-+]?\d+")
FIGURE = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
YES, NO = "YyTtJj", "NnFf"


class DbfBroken(ValueError):
    """The header is none."""


@dataclass(frozen=True, slots=True)
class Field:
    """`start` within the record."""

    name: bytes
    kind: str
    start: int
    width: int


@dataclass(frozen=True)
class Dbf:
    """`encoding` is how most of its text is read."""

    columns: tuple[str, ...]
    renamed: tuple[str, ...]
    encoding: str
    fields: tuple[Field, ...]
    data: bytes
    first: int
    width: int
    count: int

    @property
    def is_cut(self) -> bool:
        """Some programs leave out the last blank of the last record."""
        return len(self.data) < self.first + self.count * self.width - 1

    def records(self) -> Iterator[dict[str, Json] | None]:
        """One per record the header promises; None for one that is deleted."""
        for index in range(self.count):
            start = self.first + index * self.width
            record = self.data[start : start + self.width]
            yield None if record.startswith(DELETED) else dict(self._values(record))

    def _values(self, record: bytes) -> Iterator[tuple[str, Json]]:
        for column, field in zip(self.columns, self.fields, strict=True):
            cell = record[field.start : field.start + field.width]
            value = _value(field, cell, self.encoding)
            if value is not None:
                yield column, value


def read_dbf(data: bytes, declared: str | None) -> Dbf:
    """`declared` is what a .cpg file says. Raises DbfBroken."""
    if len(data) < HEADER + 1:
        raise DbfBroken
    count, first, width = struct.unpack_from("<IHH", data, 4)
    fields = tuple(_fields(data[:first]))
    if not fields or sum(field.width for field in fields) + 1 > width:
        raise DbfBroken
    sample = data[HEADER : first + SAMPLE_BYTES].replace(b"\x00", b" ")
    encoding = _encoding(sample, declared, data[29])
    columns, renamed = layout.column_names([text_of(field.name, encoding) for field in fields], len(fields))
    return Dbf(columns, renamed, encoding, fields, data, first, width, count)


def _fields(header: bytes) -> Iterator[Field]:
    at, start = HEADER, 1
    while at + 32 <= len(header) and header[at : at + 1] != END_OF_FIELDS:
        name = header[at : at + 11].split(b"\x00")[0]
        kind = chr(header[at + 11])
        width = header[at + 16]
        if kind == "C":
            width += 256 * header[at + 17]
        yield Field(name, kind, start, width)
        at, start = at + 32, start + width


def _encoding(sample: bytes, declared: str | None, language: int) -> str:
    """What is valid UTF-8 is UTF-8, whatever is declared; what is declared is believed else."""
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    known = _known_codec(declared) or LANGUAGES.get(language)
    if known is not None:
        return known
    try:
        return decode(sample).encoding
    except MixedText:
        return "utf-8"
    except NotText:
        return "cp1252"


def _known_codec(declared: str | None) -> str | None:
    """A .cpg says "UTF-8", "1252", "ANSI 1252", "ISO 88591", "ISO-8859-1" …"""
    words = (declared or "").strip().lower().replace("ansi", "").replace("windows", "").strip(" -")
    named = {"88591": "cp1252", "885915": "iso8859-15", "oem": "cp850", "utf8": "utf-8"}
    plain = re.sub(r"[^0-9a-z]", "", words).removeprefix("iso")
    for name in (named.get(plain), f"cp{plain}" if plain.isdigit() else None, words or None):
        try:
            return codecs.lookup(name).name if name else None
        except LookupError:
            continue
    return None


def text_of(data: bytes, encoding: str) -> str:
    """UTF-8 may be cut in the middle of its last letter, and may stand beside cells of another encoding."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        pass
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _value(field: Field, cell: bytes, encoding: str) -> Json:
    """What does not fit its type stays the text it is. Memos and other references say nothing."""
    if field.kind == "I" and len(cell) == 4:
        return int.from_bytes(cell, "little", signed=True)
    if field.kind in "OB" and len(cell) == 8:
        return _double(cell)
    if field.kind not in "CNFDL":
        return None
    text = clean(text_of(cell, encoding))
    if not text or (field.kind != "C" and not text.strip("*?0 " if field.kind == "D" else "*? ")):
        return None
    if field.kind in "NF":
        return _number(text)
    if field.kind == "D" and len(text) == 8 and text.isdigit():
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if field.kind == "L" and text in YES + NO:
        return text in YES
    return text


def _number(text: str) -> Json:
    if WHOLE.fullmatch(text):
        return int(text)
    return float(text) if FIGURE.fullmatch(text) else text


def _double(cell: bytes) -> Json:
    value: float = struct.unpack("<d", cell)[0]
    return value if abs(value) < float("inf") else None
