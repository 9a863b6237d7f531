"""A writer is killed at random moments: what it said it had done is there, and nothing is half done."""

from __future__ import annotations

import random
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

from fieldtool import outbox
from tests.fieldtool.making import profile, sql
from tests.fieldtool.replaying import problems
from tests.fieldtool.store.writer import TARGET

KILLS = 30
SEED = 20261123


def killed_after(folder: Path, seed: int, seconds: float) -> list[str]:
    """The operations that the writer reported before it was killed, `seconds` after it was ready."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.fieldtool.store.writer", str(folder), str(seed)],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        reported: list[str] = []
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([process.stdout], [], [], left)[0]:
                reported.append(process.stdout.readline().strip())
        process.kill()
        rest = process.stdout.read()
        assert process.wait() == -signal.SIGKILL
    # The last line may be cut off by the kill.
    return reported + [line.strip() for line in rest.splitlines(keepends=True) if line.endswith("\n")]


def test_nothing_is_lost_and_nothing_is_half(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    reported: list[str] = []
    in_doubt = 0
    for number in range(KILLS):
        reported += killed_after(tmp_path, SEED + number, chance.uniform(0, 0.12))
        with profile(tmp_path, write=False) as opened:
            in_doubt += outbox.counts(opened.store, TARGET)["sending"]
        if number % 3 == 2:
            with profile(tmp_path) as opened:
                assert problems(opened) == []
                there = {row[0] for row in sql(opened, "SELECT id FROM operations")}
                assert set(reported) <= there
                assert len(there) <= len(set(reported)) + number + 1
                for name in opened.vault.names():
                    assert opened.vault.get(name).reveal() in there
    assert len(reported) > KILLS
    assert in_doubt > 0
