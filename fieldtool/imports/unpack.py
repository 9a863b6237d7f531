"""Files within files: unpacked into a folder of their own, and never more than fits."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Protocol

from fieldtool.imports import source
from fieldtool.imports.errors import FileDamaged, FileUnreadable, ImportRefused, UnpackedTooLarge
from fieldtool.system_reasons import system_reason

CHUNK = 1024 * 1024
BROKEN = (EOFError, gzip.BadGzipFile, zlib.error, zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError)
"""What unpacking raises for packed data that is damaged, or packed in an unknown way."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@contextmanager
def folder(path: Path) -> Iterator[Path]:
    """Where parts of the file may lie for a while. What is wrong with a part is said of the whole file."""
    with TemporaryDirectory(prefix="fieldtool-import-", ignore_cleanup_errors=True) as name:
        try:
            yield Path(name)
        except ImportRefused as error:
            told: Any = error
            raise (replace(told, path=str(path)) if hasattr(error, "path") else error) from error


def unpack(path: Path, packed: Readable, target: Path) -> None:
    """Raises FileDamaged, UnpackedTooLarge, FileUnreadable."""
    try:
        with target.open("wb") as file:
            for chunk in chunks(path, packed):
                file.write(chunk)
    except OSError as error:
        raise FileUnreadable(str(path), system_reason(error)) from error


def chunks(path: Path, packed: Readable, before: int = 0) -> Iterator[bytes]:
    """`before` are bytes that count already. Raises FileDamaged, UnpackedTooLarge."""
    size = before
    try:
        while chunk := packed.read(CHUNK):
            size += len(chunk)
            if size > source.LIMIT_MEGABYTES * 1024 * 1024:
                raise UnpackedTooLarge(str(path), source.LIMIT_MEGABYTES)
            yield chunk
    except BROKEN as error:
        raise FileDamaged(str(path), str(error)) from error


@contextmanager
def opened_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """Raises FileDamaged, FileUnreadable."""
    try:
        archive = zipfile.ZipFile(path)
    except OSError as error:
        raise FileUnreadable(str(path), system_reason(error)) from error
    except BROKEN as error:
        raise FileDamaged(str(path), str(error)) from error
    with archive:
        yield archive


@contextmanager
def opened_member(path: Path, archive: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    """Raises FileDamaged, for a member behind a password too."""
    try:
        member = archive.open(name)
    except (RuntimeError, OSError, ValueError, *BROKEN) as error:
        # A place outside the file is where its directory sends it to.
        raise FileDamaged(str(path), str(error)) from error
    with member:
        yield member
