"""SIGKILL while a list is taken over: the database is the state before or after, never between."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fieldtool.asset import Asset
from fieldtool.profile import open_profile
from fieldtool.profile_folder import DATABASE
from tests.fieldtool.killing import kill_when_written

ROWS = 6000
ATTEMPTS = 6


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("liste") / "baeume.csv"
    rows = (f"{n:05};{390000 + n % 100 * 9};{5708000 + n // 100 * 9};Linde {n}" for n in range(ROWS))
    path.write_text("Baumnummer;Rechtswert;Hochwert;Baumart\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def start(profile: Path, trees: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "fieldtool", "--profile", str(profile), "import", str(trees)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def state(profile: Path) -> tuple[int, int]:
    with open_profile(profile, write=True) as opened:
        assert opened.store.problems() == []
        operations = opened.store.connection.value("SELECT count(*) FROM operations")
        return opened.store.count(Asset), operations


@pytest.mark.parametrize("octets", [200_000, 1_500_000, 3_500_000])
def test_killed_while_it_writes(tmp_path: Path, trees: Path, octets: int) -> None:
    profile = killed(tmp_path, trees, octets)
    assert state(profile) in ((0, 0), (ROWS, 1))
    assert start(profile, trees).wait(timeout=60) == 0
    assert state(profile) == (ROWS, 1)


def killed(folder: Path, trees: Path, octets: int) -> Path:
    """Writing takes a few milliseconds: some attempts come too late."""
    for attempt in range(ATTEMPTS):
        profile = folder / f"profile-{attempt}"
        with open_profile(profile, write=True):
            pass
        if kill_when_written(start(profile, trees), profile / f"{DATABASE}-wal", octets):
            return profile
    raise AssertionError("the list must be long enough to be killed in time")
