"""SIGKILL while many rows are changed at once: the database is the state before or after, never between.

python -m tests.fieldtool.upkeep.test_killed [--kills N]   does so at N random moments each
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from fieldtool.asset import Asset
from fieldtool.geometry import point
from fieldtool.ids import AssetId, new_id
from fieldtool.journal import operation
from fieldtool.person import set_person
from fieldtool.profile import open_profile
from fieldtool.profile_folder import DATABASE
from tests.bench.lists import write_csv
from tests.fieldtool.killing import kill_when_written
from tests.fieldtool.replaying import problems

ROWS = 3000
ATTEMPTS = 6
RENAMED = "circuit_number"
State = tuple[int, int, int, int]
"""Operations, assets, those with a lamp, those with a renamed attribute."""


@dataclass(frozen=True, slots=True)
class Job:
    words: Callable[[Path], tuple[str, ...]]
    before: State
    after: State


def csv_list(folder: Path) -> tuple[str, ...]:
    path = folder / "leuchten.csv"
    write_csv(path, ROWS)
    return ("import", str(path))


def bulk(_folder: Path) -> tuple[str, ...]:
    return ("asset", "bulk", "--class", "street_light", "--set", "lamp=LED")


def class_change(folder: Path) -> tuple[str, ...]:
    from fieldtool.asset_classes import shipped_definition

    definition = shipped_definition("street_light")
    for attribute in definition["attributes"]:
        if attribute["key"] == "circuit":
            attribute["key"] = RENAMED
    path = folder / "klasse.json"
    path.write_text(json.dumps(definition), encoding="utf-8")
    return ("class", "change", str(path), "--renamed", f"circuit={RENAMED}")


JOBS = {
    "import": Job(csv_list, (1, ROWS, 0, 0), (2, 2 * ROWS, ROWS, 0)),
    "bulk": Job(bulk, (1, ROWS, 0, 0), (2, ROWS, ROWS, 0)),
    "class": Job(class_change, (1, ROWS, 0, 0), (2, ROWS, 0, ROWS)),
}


def prepared(folder: Path) -> Path:
    profile = folder / "profile"
    with open_profile(profile, write=True) as opened:
        set_person(opened, name="Mia Muster", role="bestand")
    with open_profile(profile, write=True) as opened:
        lights = (
            Asset(
                id=AssetId(new_id()),
                asset_class="street_light",
                number=f"L-{index}",
                geometry=point(7.4 + index * 1e-5, 51.5),
                attributes={"circuit": str(index)},
            )
            for index in range(ROWS)
        )
        with operation(opened.store, opened.actor, "test") as recorder:
            recorder.create_many(lights)
    return profile


def state(profile: Path) -> State:
    with open_profile(profile, write=True) as opened:
        assert opened.store.problems() == []
        keys = [key for asset in opened.store.assets() for key in asset.attributes]
        return (
            opened.store.operation_count(),
            opened.store.count(Asset),
            keys.count("lamp"),
            keys.count(RENAMED),
        )


def run(profile: Path, words: tuple[str, ...]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "fieldtool", "--profile", str(profile), *words]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepared(tmp_path_factory.mktemp("leuchten"))


@pytest.mark.parametrize("name", JOBS)
def test_killed_while_it_writes_and_done_again(profile: Path, tmp_path: Path, name: str) -> None:
    job = JOBS[name]
    words = job.words(tmp_path)
    copy = killed(profile, tmp_path, words)
    found = state(copy)
    assert found in (job.before, job.after)
    if found == job.before:
        assert run(copy, words).wait(timeout=60) == 0
    assert state(copy) == job.after
    with open_profile(copy, write=True) as opened:
        assert problems(opened) == []


def killed(profile: Path, folder: Path, words: tuple[str, ...]) -> Path:
    """Writing takes a few milliseconds: some attempts come too late."""
    for attempt in range(ATTEMPTS):
        copy = Path(shutil.copytree(profile, folder / f"profile-{attempt}"))
        if kill_when_written(run(copy, words), copy / f"{DATABASE}-wal", 400_000):
            return copy
    raise AssertionError("it must be killed in time")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=20261123)
    options = parser.parse_args()
    source = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        whole = prepared(Path(folder))
        for name, job in JOBS.items():
            counts = {"before": 0, "after": 0, "too late": 0}
            words = job.words(Path(folder))
            while counts["before"] + counts["after"] < options.kills:
                copy = Path(folder) / "copy"
                shutil.rmtree(copy, ignore_errors=True)
                shutil.copytree(whole, copy)
                child = run(copy, words)
                if not kill_when_written(child, copy / f"{DATABASE}-wal", source.randint(1, 3_000_000)):
                    counts["too late"] += 1
                    continue
                found = state(copy)
                if found not in (job.before, job.after):
                    raise SystemExit(f"{name}: {found} is between {job.before} and {job.after}")
                counts["before" if found == job.before else "after"] += 1
            print(name, counts, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
