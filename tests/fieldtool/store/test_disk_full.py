"""A full disk in the middle of an operation: nothing is half there, and work goes on when there is space."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from fieldtool.asset import Asset
from fieldtool.geometry import point
from fieldtool.journal import operation
from fieldtool.profile import Profile
from fieldtool.store.connection import system_errors
from fieldtool.store.errors import DiskFailed, DiskFull
from tests.fieldtool.making import asset, profile, record, sql
from tests.fieldtool.replaying import problems

MEGABYTE = 1024 * 1024


def plant_many(opened: Profile, number: int) -> None:
    with operation(opened.store, opened.actor, "asset.import") as recorder:
        opened.vault.put("device/1/app_key", opened.passphrase or pytest.fail("no passphrase"))
        recorder.create(asset("first", geometry=point(7, 51)))
        recorder.create_many(asset(str(n), name="Linde " * 20, geometry=point(7, 51)) for n in range(number))


def require_whole(opened: Profile, assets: int) -> None:
    assert problems(opened) == []
    assert opened.store.count(Asset) == assets
    assert not opened.vault.has("device/1/app_key")


def test_sqlite_says_full_in_the_middle(tmp_path: Path) -> None:
    with profile(tmp_path) as opened:
        record(opened, asset("before"))
        pages = sql(opened, "PRAGMA page_count")[0][0]
        sql(opened, f"PRAGMA max_page_count = {pages + 100}")
        with pytest.raises(DiskFull) as full:
            plant_many(opened, 20_000)
        assert full.value.path == str(tmp_path / "fieldtool.sqlite")
        require_whole(opened, 1)
        sql(opened, "PRAGMA max_page_count = 1000000")
        plant_many(opened, 20_000)
        assert opened.store.count(Asset) == 20_002


def test_nothing_more_is_written_after_sqlite_gave_up(tmp_path: Path) -> None:
    """A caller that goes on after the error does not get the rest committed by itself."""
    with profile(tmp_path) as opened:
        record(opened, asset("before"))

        def going_on() -> None:
            with operation(opened.store, opened.actor, "test") as recorder:
                recorder.create(asset("inside"))
                opened.store.connection.raw.execute("ROLLBACK")  # as SQLite does by itself on some errors
                recorder.create(asset("outside"))

        with pytest.raises(DiskFailed):
            going_on()
        require_whole(opened, 1)


def test_the_index_may_lag_on_a_full_disk(tmp_path: Path) -> None:
    with profile(tmp_path) as opened:
        record(opened, *(asset(str(number), name=f"Linde{number} " * 40) for number in range(300)))
        pages = sql(opened, "PRAGMA page_count")[0][0]
        sql(opened, f"PRAGMA max_page_count = {pages}")
        opened.store.fold_texts()
        assert len(sql(opened, "SELECT * FROM asset_texts_pending")) == 300
        assert len(list(opened.store.assets(search="linde7"))) == 11
    with profile(tmp_path, write=False) as opened:
        assert problems(opened) == []


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A file system of 4 MB, or None where nobody lets us mount one."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    mounted = (
        shutil.which("mount") and subprocess.run(command, check=False, capture_output=True).returncode == 0
    )
    if not mounted:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        if disk is None:
            fill_by_limit(tmp_path / "profile")
        else:
            fill_disk(disk)


def fill_disk(disk: Path) -> None:
    with profile(disk / "profile") as opened:
        record(opened, asset("before"))
        ballast = disk / "ballast"
        free = shutil.disk_usage(disk).free
        ballast.write_bytes(b"x" * (free - MEGABYTE))
        for _ in range(2):
            with pytest.raises(DiskFull):
                plant_many(opened, 20_000)
            require_whole(opened, 1)
        fill_up(ballast)
        with pytest.raises(DiskFull):
            record(opened, *(asset(name="x" * 5000) for _ in range(200)))
        require_whole(opened, 1)
        ballast.unlink()
        record(opened, asset("after"))
    with profile(disk / "profile") as opened:
        require_whole(opened, 2)
    ballast.write_bytes(b"x" * (shutil.disk_usage(disk).free - 8192))
    with pytest.raises(DiskFull), profile(disk / "new") as opened:
        record(opened, asset("1"))
    ballast.unlink()
    with profile(disk / "new") as opened:
        record(opened, asset("1"))
        require_whole(opened, 1)


def fill_up(ballast: Path) -> None:
    with ballast.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 4096)


LIMITED = """
import resource, signal, sys
from pathlib import Path
from fieldtool.store.errors import DiskFailed, DiskFull
from tests.fieldtool.making import asset, profile, record
from tests.fieldtool.store.test_disk_full import plant_many, require_whole
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with profile(Path(sys.argv[1])) as opened:
    record(opened, asset("before"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))
    for _ in range(2):
        try:
            plant_many(opened, 20_000)
        except (DiskFull, DiskFailed) as error:
            print(type(error).__name__)
        require_whole(opened, 1)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    record(opened, asset("after"))
"""


def fill_by_limit(folder: Path) -> None:
    """The system refuses to let a file grow: the same as a full disk for everything that writes."""
    run = subprocess.run(
        [sys.executable, "-c", LIMITED, str(folder)], capture_output=True, text=True, check=False, timeout=60
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == ["DiskFailed", "DiskFailed"]
    with profile(folder) as opened:
        require_whole(opened, 2)


def test_a_limit_on_files(tmp_path: Path) -> None:
    fill_by_limit(tmp_path / "profile")


def test_the_lock_note_on_a_full_disk(tmp_path: Path) -> None:
    """Errors of the files beside the database are the same types."""
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limit[1]))
    try:
        with pytest.raises(DiskFull), system_errors(tmp_path):
            (tmp_path / "note").write_text("x", encoding="utf-8")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)
    with pytest.raises(DiskFailed), system_errors(tmp_path):
        os.open(tmp_path / "missing", os.O_RDONLY)
