"""A file or folder that is there wholly or not at all: written beside, synced, renamed."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fieldtool.exports.errors import TargetExists, TargetForeign, TargetNotWritten, TargetOpen
from fieldtool.store.errors import DiskFull
from fieldtool.system_reasons import system_reason

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
BUSY = (errno.EBUSY, errno.ETXTBSY)
OTHERS = ("-wal", "-journal", "-shm")
"""What SQLite keeps beside a database that somebody has open."""
FOLDER_MARK = "fields.csv"
FOLDER_SUFFIXES = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg", ".csv", ".qix", ".sbn", ".sbx", ".qmd"})
LITTLE_SPACE = 64 * 1024


@contextmanager
def replacing(target: Path, suffix: str, *, force: bool) -> Iterator[Path]:
    """Where to write: a name beside the target that ends in `suffix`; what is there afterwards takes the
    target's name. Raises TargetExists, TargetForeign, TargetOpen, TargetNotWritten, DiskFull."""
    partial = target.with_name(f"{target.name}.part{suffix}")
    with _told(target, partial):
        _check(target, force=force)
        _remove(partial)
        _probe(partial)
        yield partial
        _sync(partial)
        _check(target, force=force)
        if target.is_dir():
            _swap(partial, target)
        else:
            partial.replace(target)
        _sync_folder(target.parent)


@contextmanager
def _told(target: Path, partial: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _explained(error, target) from error
    finally:
        with suppress(OSError):
            _remove(partial)


def _explained(error: OSError, target: Path) -> Exception:
    if error.errno in FULL:
        return DiskFull(str(target))
    if error.errno in BUSY or getattr(error, "winerror", None) == 32:
        return TargetOpen(str(target))
    return TargetNotWritten(str(target), system_reason(error))


def write_failed(partial: Path, target: Path, cause: str) -> Exception:
    """Of libraries that say neither errno nor type: no space where there is none left."""
    with suppress(OSError):
        if shutil.disk_usage(partial.parent).free < LITTLE_SPACE:
            return DiskFull(str(target))
    return TargetNotWritten(str(target), cause)


def _check(target: Path, *, force: bool) -> None:
    if any(target.with_name(target.name + other).exists() for other in OTHERS):
        raise TargetOpen(str(target))
    if target.is_dir():
        names = list(target.iterdir())
        if names and not _is_ours(names):
            raise TargetForeign(str(target))
        if names and not force:
            raise TargetExists(str(target))
    elif target.exists() and not force:
        raise TargetExists(str(target))


def _is_ours(names: list[Path]) -> bool:
    marked = any(name.name == FOLDER_MARK for name in names)
    return marked and all(name.is_file() and name.suffix.lower() in FOLDER_SUFFIXES for name in names)


def _probe(partial: Path) -> None:
    """The system's own reason where nothing can be written there, instead of a library's."""
    partial.open("wb").close()
    partial.unlink()


def _swap(partial: Path, target: Path) -> None:
    """A folder can't take the place of another that holds something."""
    aside = target.with_name(f"{target.name}.old")
    _remove(aside)
    target.rename(aside)
    partial.rename(target)
    _remove(aside)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    for other in OTHERS:
        path.with_name(path.name + other).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        with file.open("rb+") as stream:
            os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    """Windows has no such thing."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
