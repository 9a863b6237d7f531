"""The fault run. Prints one table; fails when a run ends with a difference or a place was hit too seldom."""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fieldtool.commissioning.record import STEPS
from fieldtool.demo import DEVICE_TYPE, TARGET, TREES
from tests.faults.comparing import differences, leaks
from tests.faults.schedule import RECEIPT, Kill, schedule, strike
from tests.faults.world import World, application, world

DROPPED = 0.15
ATTEMPTS = 40


@dataclass
class Tally:
    kills: Counter[str] = field(default_factory=Counter)
    missed: int = 0
    dropped: int = 0
    runs: int = 0
    writes: int = 0
    """How often a run sends something: counted in the first one, which nobody kills."""
    failures: list[str] = field(default_factory=list)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python3 installer/dev.py faults")
    parser.add_argument("--short", action="store_true", help="the seeded form for CI: 4 runs, 40 kills")
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--runs", type=int)
    parser.add_argument("--kills", type=int)
    options = parser.parse_args(arguments)
    runs = options.runs or (4 if options.short else 20)
    kills = options.kills or (40 if options.short else 200)
    floor = 1 if options.short else 5
    began = time.monotonic()
    tally = Tally()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="fieldtool-faults-") as folder:
        while not enough(tally, runs, kills, floor) and tally.runs < 3 * runs and not tally.failures:
            share = -(-(kills - tally.kills.total()) // max(1, runs - tally.runs)) if tally.runs else 0
            one_run(Path(folder) / f"run-{tally.runs}", chance, share, tally)
            tally.runs += 1
            print(
                f"run {tally.runs}: {tally.kills.total()} kills, {time.monotonic() - began:.0f} s", flush=True
            )
    report(tally, options.seed, time.monotonic() - began)
    return 0 if enough(tally, runs, kills, floor) and not tally.failures else 1


def places(tally: Tally) -> list[str]:
    return [*STEPS, *(f"{RECEIPT} {n}" for n in range(1, tally.writes + 1))]


def enough(tally: Tally, runs: int, kills: int, floor: int) -> bool:
    return (
        tally.runs > runs
        and tally.kills.total() >= kills
        and all(tally.kills[place] >= floor for place in places(tally))
    )


def one_run(folder: Path, chance: random.Random, wanted: int, tally: Tally) -> None:
    with world(folder) as made:
        one_run_in(made, chance, wanted, tally)


def one_run_in(made: World, chance: random.Random, wanted: int, tally: Tally) -> None:
    """All phases to their end, with `wanted` kills in between; then both sides are compared."""
    kills = schedule(chance, max(wanted, 0), tally.kills, tally.writes)
    for phase, command in commands(made).items():
        for kill in [kill for kill in kills if kill.phase == phase]:
            killed_command(made, command, kill, tally, chance)
        finish_phase(made, phase, command, chance, tally)
    made.platform.set_faults([])
    tally.failures += [f"run {tally.runs}: {text}" for text in differences(made)]
    tally.dropped += len(made.platform.dropped)
    tally.writes = tally.writes or len(made.platform.written)
    secrets = made.secrets_used()
    tally.failures += [f"run {tally.runs}: secret in {name}" for name in leaks(made.profile, secrets)]


def commands(made: World) -> dict[str, list[str]]:
    return {
        "import": ["import", str(TREES), "--class", "tree"],
        "target": [
            *("target", "add", TARGET, "--type", "ngsi-ld", "--url", made.platform.url),
            *("--token-file", str(made.folder / "token")),
        ],
        "commission": [
            *("commission", "--device-type", DEVICE_TYPE, "--port", made.table.probe_port),
            *("--plan", str(made.plan), "--progress"),
        ],
        "sync": ["sync"],
    }


def killed_command(made: World, command: list[str], kill: Kill, tally: Tally, chance: random.Random) -> None:
    rules = [dropping(chance)]
    if kill.place == RECEIPT:
        nth = kill.nth - len(made.platform.written)
        if nth < 1:
            tally.missed += 1
            return
        match = {"method": "POST|PATCH|PUT|DELETE", "path": "/ngsi-ld/*"}
        # Only reads lose their answers meanwhile: the count of writes says which one is to be hit.
        rules = [{"match": match, "nth": nth, "fault": "hold", "seconds": 1}, dropping(chance, "GET")]
    if kill.phase == "sync":
        made.platform.set_faults(rules)
        made.platform.held.clear()
    with application(made, *command) as started:
        hit = strike(made, started, kill)
    if hit is None:
        tally.missed += 1
    else:
        tally.kills[hit] += 1


def dropping(chance: random.Random, method: str = "GET|POST|PATCH|PUT|DELETE") -> dict[str, object]:
    return {
        "match": {"method": method, "path": "/ngsi-ld/*"},
        "probability": DROPPED,
        "seed": chance.randrange(1 << 30),
        "fault": "drop_after",
    }


def finish_phase(made: World, phase: str, command: list[str], chance: random.Random, tally: Tally) -> None:
    """Repeats the command as a person would, until it says it is done."""
    said = ""
    for _attempt in range(ATTEMPTS):
        if phase == "sync":
            made.platform.set_faults([dropping(chance)])
        with application(made, *command) as started:
            status, out = started.wait()
        said = "".join(started.said) or out
        if status == 0 and (phase != "sync" or json.loads(out)["pending"] == 0):
            return
        if phase == "target" and "target_exists" in out:
            return
    tally.failures.append(f"run {tally.runs}: {phase} was not done after {ATTEMPTS} attempts: {said}")


def report(tally: Tally, seed: int, seconds: float) -> None:
    print(f"\nseed {seed}: {tally.runs} complete runs, {tally.kills.total()} kills, ", end="")
    print(f"{tally.dropped} answers dropped, {tally.missed} kills came too late, {seconds:.0f} s\n")
    print(f"{'place':20} kills")
    for place in [*places(tally), *sorted(set(tally.kills) - set(places(tally)))]:
        print(f"{place:20} {tally.kills[place]:5}")
    for failure in tally.failures:
        print(f"DIFFERENCE {failure}")
    if not tally.failures:
        print("\nno difference: same records on both sides, nothing twice or lost, no secret in the profile")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
