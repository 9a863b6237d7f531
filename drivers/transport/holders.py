"""Which other program has a port open, as far as Linux tells. Elsewhere: nobody known."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
LOCK_FOLDERS = (Path("/run/lock"), Path("/var/lock"))


def holder(port: str) -> str | None:
    """ "minicom (4711)": whoever has locked the port, else whoever has it open, this process included."""
    return next((named(pid) for pid in (*lockers(port), *openers(port))), None)


def other_holder(port: str) -> str | None:
    """Another process that has the port open, locked or not: two readers would share the bytes."""
    own = os.getpid()
    return next((named(pid) for pid in (*lockers(port), *openers(port)) if pid != own), None)


def named(pid: int) -> str:
    try:
        return f"{(PROC / str(pid) / 'comm').read_text(encoding='utf-8', errors='replace').strip()} ({pid})"
    except OSError:
        return f"({pid})"


def lockers(port: str) -> Iterator[int]:
    """By flock (what pyserial sets; /proc/locks names them also for other users), then by the lock files of
    minicom and its kind (Filesystem Hierarchy Standard 3.0, 5.9: ten bytes, the process id in ASCII)."""
    with suppress(OSError, ValueError):
        status = Path(port).stat()
        place = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
        for line in (PROC / "locks").read_text(encoding="ascii").splitlines():
            fields = line.split()
            if place in fields and "FLOCK" in fields:
                yield int(fields[fields.index(place) - 1])
    for folder in LOCK_FOLDERS:
        with suppress(OSError, ValueError):
            pid = int((folder / f"LCK..{Path(port).name}").read_text(encoding="ascii"))
            if (PROC / str(pid)).exists():
                yield pid


def openers(port: str) -> Iterator[int]:
    wanted = os.path.realpath(port)
    for process in PROC.glob("[0-9]*"):
        with suppress(OSError):  # gone meanwhile, or another user's
            if any(os.path.realpath(entry) == wanted for entry in (process / "fd").iterdir()):
                yield int(process.name)
