"""A file as rows with numbers, whatever its format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from drivers import discovery
from fieldtool.imports import formats
from fieldtool.imports.errors import FileEmpty, FileTooLarge, FileUnreadable, FormatUnavailable, FormatUnknown
from fieldtool.jsontypes import Json
from fieldtool.system_reasons import system_reason

if TYPE_CHECKING:
    from fieldtool.imports.records import Remark

LIMIT_MEGABYTES = 1024
HEAD_BYTES = 4096
FOREIGN = (
    b"%PDF",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"II*\x00",
    b"MM\x00*",
    b"BM",
    b"Rar!",
    b"7z\xbc\xaf",
    b"BZh",
    b"\xfd7zXZ",
)
"""What other files begin with: documents, pictures, archives."""


class Row(NamedTuple):
    """`number` is what a person sees in a spreadsheet (from 1, preamble and header included) or the
    position of the feature; `extra` holds cells beyond the header. `kind` is "data" unless the row is
    blank or a line of totals."""

    number: int
    values: Mapping[str, Json]
    geometry: Mapping[str, Json] | None = None
    extra: tuple[str, ...] = ()
    kind: Literal["data", "blank", "totals"] = "data"
    problem: str | None = None
    """Why the row can't be read at all, in the person's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """`crs` is what the file itself declares ("EPSG:25832"); `renamed` are columns whose name occurred
    before, by their new name; `layer` is the sheet or layer that was read, of files that may hold several,
    and `other_layers` what else there was."""

    path: Path
    format: str
    columns: tuple[str, ...]
    rows: Sequence[Row]
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    crs: str | None = None
    has_geometries: bool = False
    renamed: tuple[str, ...] = ()
    layer: str | None = None
    other_layers: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    """What reading it showed, of single cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFormat:
    """`recognises` gets the first bytes and the lower-case suffix and says how sure it is, 0 (not this) to
    100; the surest format reads the file. `read` gets the layer a person named, of files that hold several.
    Raises ImportRefused."""

    name: str
    recognises: Callable[[bytes, str], int]
    read: Callable[[Path, str | None], Source]


def format_names() -> list[str]:
    return discovery.names(formats)


def read_source(path: Path, layer: str | None = None) -> Source:
    """Raises ImportRefused."""
    head, suffix = file_bytes(path, HEAD_BYTES), path.suffix.lower()
    loaded, broken = discovery.load_all(formats, "FORMAT", ImportFormat)
    known = ", ".join(found.name for found in loaded.values())
    surest = max(loaded.values(), key=lambda found: found.recognises(head, suffix), default=None)
    if surest is None or surest.recognises(head, suffix) == 0 or head.startswith(FOREIGN):
        for error in broken:
            raise FormatUnavailable(error.module, error.cause)
        raise FormatUnknown(str(path), known)
    try:
        return surest.read(path, layer)
    except FormatUnknown as error:
        raise FormatUnknown(str(path), known) from error


def file_bytes(path: Path, most: int = -1) -> bytes:
    """From the beginning. Raises FileUnreadable, FileTooLarge, FileEmpty."""
    try:
        size = path.stat().st_size
        if size > LIMIT_MEGABYTES * 1024 * 1024:
            raise FileTooLarge(str(path), size // (1024 * 1024), LIMIT_MEGABYTES)
        with path.open("rb") as file:
            data = file.read(most)
    except OSError as error:
        raise FileUnreadable(str(path), system_reason(error)) from error
    if len(data) != most and not data.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise FileEmpty(str(path))
    return data
