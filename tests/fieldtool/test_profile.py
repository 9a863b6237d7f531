from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.secret import Secret
from fieldtool.asset import Asset
from fieldtool.command import Invocation
from fieldtool.journal import operation
from fieldtool.profile import open_invocation_profile, open_profile, sign
from fieldtool.store.errors import (
    DatabaseBusy,
    ProfileInUse,
    ProfileMissing,
    ProfileReadOnly,
)
from fieldtool.vault import PassphraseUnreadable
from tests.fieldtool.making import PASSPHRASE, asset, profile, record, sql

NOBODY = 65534

HOLDING = """
import sys
from pathlib import Path
from fieldtool.journal import operation
from fieldtool.profile import open_profile
from tests.fieldtool.making import asset
with open_profile(Path(sys.argv[1]), write=True, actor="Otto") as profile:
    with operation(profile.store, profile.actor, "test") as recorder:
        recorder.create(asset("other"))
        print("inside", flush=True)
        sys.stdin.readline()
    print("after", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def other_instance(folder: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert said(process) == "inside"
        yield process
        process.kill()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    assert select.select([process.stdout], [], [], 20)[0]
    return process.stdout.readline().strip()


def let_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def test_everything_lies_below_its_folder(tmp_path: Path) -> None:
    with profile(tmp_path / "made" / "profile") as opened:
        assert opened.directory == tmp_path / "made" / "profile"
        names = {path.name for path in opened.directory.iterdir()}
    assert {"fieldtool.sqlite", "backups", "attachments", "reports", "logs", "lock"} <= names
    assert opened.directory.stat().st_mode & 0o077 == 0
    assert {path.name for path in opened.directory.iterdir()} & {
        "lock-holder",
        "fieldtool.sqlite-wal",
    } == set()


def test_a_missing_profile_is_named_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(ProfileMissing), profile(tmp_path / "profile", write=False):
        pass
    assert not (tmp_path / "profile").exists()


def test_a_second_instance_is_refused_with_the_holder(tmp_path: Path) -> None:
    with other_instance(tmp_path) as other:
        with pytest.raises(ProfileInUse) as used, profile(tmp_path):
            pass
        assert used.value.holder == f"-c ({other.pid})"
        assert used.value.directory == str(tmp_path)
        other.kill()
        other.wait()
        # Killed: its lock is gone with it, its note is not, and its operation never was.
        assert (tmp_path / "lock-holder").exists()
        with profile(tmp_path) as opened:
            assert list(opened.store.assets()) == []


def test_the_same_process_is_refused_too(tmp_path: Path) -> None:
    with profile(tmp_path):
        with pytest.raises(ProfileInUse) as used, profile(tmp_path):
            pass
        assert str(os.getpid()) in (used.value.holder or "")
        (tmp_path / "lock-holder").write_text("{", encoding="utf-8")
        with pytest.raises(ProfileInUse) as used, profile(tmp_path):
            pass
        assert used.value.holder is None
    with profile(tmp_path):
        noted = json.loads((tmp_path / "lock-holder").read_text(encoding="utf-8"))
        assert noted["pid"] == os.getpid()


def test_reading_goes_on_while_another_process_writes(tmp_path: Path) -> None:
    with profile(tmp_path) as opened:
        record(opened, asset("1"))
    with other_instance(tmp_path) as other, profile(tmp_path, write=False) as reader:
        assert [found.number for found in reader.store.assets()] == ["1"]
        let_on(other)
        assert said(other) == "after"
        assert sorted(str(found.number) for found in reader.store.assets()) == ["1", "other"]
        assert (
            len(
                {
                    entry.actor.name
                    for found in reader.store.assets()
                    for entry in reader.store.history(found.id)
                }
            )
            == 2
        )


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    with profile(tmp_path):
        pass
    with profile(tmp_path, write=False) as reader:
        with pytest.raises(ProfileReadOnly):
            record(reader, asset("1"))
        with pytest.raises(ProfileReadOnly):
            reader.vault.put("a", Secret("b"))
        assert list(reader.store.assets()) == []


def test_a_reader_of_an_unfinished_profile(tmp_path: Path) -> None:
    """Killed between making the file and its first migration."""
    (tmp_path / "fieldtool.sqlite").touch()
    with profile(tmp_path, write=False) as reader:
        assert reader.store.count(Asset) == 0


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may do everything, so for this block it is somebody who may not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def read_only() -> Iterator[Path]:
    """Not below tmp_path, where only its owner may enter."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        with profile(folder) as opened:
            record(opened, asset("1"))
        everything = (folder, *folder.iterdir())
        for path in everything:
            path.chmod(0o555 if path.is_dir() else 0o444)
        yield folder
        for path in everything:
            path.chmod(0o755 if path.is_dir() else 0o644)


def test_a_read_only_profile_can_be_read_and_says_so_when_written(read_only: Path) -> None:
    with as_nobody():
        with profile(read_only, write=False) as reader:
            assert [found.number for found in reader.store.assets()] == ["1"]
        with pytest.raises(ProfileReadOnly), profile(read_only):
            pass


def test_a_profile_of_somebody_else(read_only: Path) -> None:
    read_only.chmod(0o000)
    for write in (True, False):
        with as_nobody(), pytest.raises(ProfileReadOnly), profile(read_only, write=write):
            pass


def test_a_database_kept_busy_is_named(tmp_path: Path) -> None:
    with profile(tmp_path) as opened, profile(tmp_path, write=False) as reader:
        reader.store.connection.raw.execute("PRAGMA query_only = OFF")
        reader.store.connection.raw.execute("PRAGMA busy_timeout = 0")
        with opened.store.transaction(), pytest.raises(DatabaseBusy):
            record(reader, asset("1"))


def test_who_works_here(tmp_path: Path) -> None:
    with open_profile(tmp_path, write=True) as opened:
        first = opened.actor
        assert first.role == "technik"
        record(opened, asset("1"))
    with open_profile(tmp_path, write=True, actor="Erika Anna Muster") as opened:
        assert (opened.actor.name, opened.actor.sign) == ("Erika Anna Muster", "EM")
        second = opened.actor
    for write in (True, False):
        with open_profile(tmp_path, write=write) as opened:
            assert opened.actor == first
        with open_profile(tmp_path, write=write, actor="Erika Anna Muster") as opened:
            assert opened.actor == second
        with open_profile(tmp_path, write=False, actor="Niemand") as opened:
            assert opened.actor.name == "Niemand"
            assert len(sql(opened, "SELECT * FROM actors")) == 2


@pytest.mark.parametrize(("name", "wanted"), [("Erika Muster", "EM"), ("root", "R"), ("", "?"), (" ö ", "Ö")])
def test_signs(name: str, wanted: str) -> None:
    assert sign(name) == wanted


def test_what_was_written_survives_an_error_afterwards(tmp_path: Path) -> None:
    def failing() -> None:
        with profile(tmp_path) as opened:
            with operation(opened.store, opened.actor, "test") as recorder:
                recorder.create(asset("1"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        failing()
    with profile(tmp_path) as opened:
        assert [found.number for found in opened.store.assets(search="1")] == ["1"]


def test_the_command_lines_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FIELDTOOL_PASSPHRASE", raising=False)

    def invocation(file: Path) -> Invocation:
        return Invocation(
            tmp_path / "profile",
            profile_named=True,
            json=False,
            passphrase_file=file,
            actor="Otto",
            out=sys.stdout,
            err=sys.stderr,
        )

    (tmp_path / "passphrase").write_text(PASSPHRASE.reveal() + "\n", encoding="utf-8")
    with open_invocation_profile(invocation(tmp_path / "passphrase"), write=True) as opened:
        assert opened.actor.name == "Otto"
        assert opened.passphrase == PASSPHRASE
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\xfa")
    for name in ("missing", "bytes"):
        with (
            pytest.raises(PassphraseUnreadable),
            open_invocation_profile(invocation(tmp_path / name), write=True),
        ):
            pass
