"""The fault run. Prints one table; fails when a run ends with a difference or a place was hit too seldom."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.faults import matrix
from tests.faults.running import Tally, one_run, places


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python3 installer/dev.py faults")
    parser.add_argument("--short", action="store_true", help="the seeded form for CI: 4 runs, 40 kills")
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--runs", type=int)
    parser.add_argument("--kills", type=int)
    parser.add_argument("--cases", type=float, help="share of the status codes, 0 to 1")
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
            wanted = max(share, sum(tally.kills[place] < floor for place in places(tally)))
            one_run(Path(folder) / f"run-{tally.runs}", chance, wanted if tally.runs else 0, tally)
            tally.runs += 1
            print(
                f"run {tally.runs}: {tally.kills.total()} kills, {time.monotonic() - began:.0f} s", flush=True
            )
        report(tally, options.seed, time.monotonic() - began)
        outcomes = matrix.matrix(Path(folder), chance, options.cases or (0.1 if options.short else 1))
        matrix.report(outcomes)
    good = enough(tally, runs, kills, floor) and not tally.failures
    return 0 if good and not outcomes.failures and outcomes.met else 1


def enough(tally: Tally, runs: int, kills: int, floor: int) -> bool:
    return (
        tally.runs > runs
        and tally.kills.total() >= kills
        and all(tally.kills[place] >= floor for place in places(tally))
    )


def report(tally: Tally, seed: int, seconds: float) -> None:
    print(f"\nseed {seed}: {tally.runs} complete runs, {tally.kills.total()} kills, ", end="")
    print(f"{tally.dropped} answers dropped, {tally.repeated} requests carried out twice, ", end="")
    print(f"{tally.missed} kills came too late, {seconds:.0f} s\n")
    print(f"{'place':60} kills")
    for place in [*places(tally), *sorted(set(tally.kills) - set(places(tally)))]:
        print(f"{place:60} {tally.kills[place]:5}")
    for failure in tally.failures:
        print(f"DIFFERENCE {failure}")
    if not tally.failures:
        print("\nno difference: same records on both sides, nothing twice or lost, no secret in the profile")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
