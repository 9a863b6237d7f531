"""Every status code at every kind of request: one sync meets it once, then everything must still arrive."""

from __future__ import annotations

import json
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from drivers.secret import Secret
from fieldtool import outbox
from fieldtool.profile import Profile, open_profile
from fieldtool.sync import run as syncing
from tests.faults.comparing import differences, leaks
from tests.faults.platform import running_platform
from tests.faults.running import Tally, finish_phase, matching, phases
from tests.faults.world import World, world

HTTP_CODES = (400, 401, 403, 404, 408, 409, 410, 413, 415, 422, 429, 500, 501, 502, 503, 504)
GRPC_CODES = (
    *("CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS"),
    *("PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE"),
    *("UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"),
)
ROUNDS = 6


@dataclass(frozen=True)
class Case:
    """The first request of this kind is answered so; `work`: although it was carried out."""

    kind: str
    code: int | str
    work: bool

    def rules(self) -> list[dict[str, Any]]:
        fault = {"match": matching(self.kind), "nth": 1, "fault": "status", "status": self.code}
        return [{**fault, "work": True} if self.work else fault]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}{' although done' if self.work else ''}"


@dataclass
class Outcomes:
    """`met` counts the cases by kind; `by_hand` those where a person had to say "try again"."""

    met: Counter[str] = field(default_factory=Counter)
    by_hand: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0


def matrix(folder: Path, chance: random.Random, share: float) -> Outcomes:
    """`share` of all cases, chosen by `chance`."""
    began = time.monotonic()
    outcomes = Outcomes()
    evening = prepared(folder / "evening")
    kinds = asked_kinds(evening, folder / "undisturbed")
    for case in cases(kinds):
        if chance.random() < share:
            one_case(evening, folder / "case", case, outcomes)
            if outcomes.failures:
                break
    outcomes.seconds = time.monotonic() - began
    return outcomes


def cases(kinds: Sequence[str]) -> Iterator[Case]:
    for kind in kinds:
        writes = kind.startswith("/api.") or not kind.startswith("GET")
        for code in GRPC_CODES if kind.startswith("/api.") else HTTP_CODES:
            yield Case(kind, code, work=False)
            if writes:
                yield Case(kind, code, work=True)


def prepared(folder: Path) -> World:
    """A day up to the evening: everything done, nothing sent but the morning's. Nothing runs any more."""
    with world(folder) as made:
        tally = Tally()
        for phase, command in phases(made):
            if phase != "evening":
                finish_phase(made, phase, command, random.Random(0), tally, faults=False)
        if tally.failures:
            raise AssertionError(tally.failures)
        return made


def asked_kinds(evening: World, folder: Path) -> list[str]:
    with copied(evening, folder) as made:
        with opened(made) as profile:
            syncing.sync_all(profile, outbox.targets(profile.store))
        kinds = list(dict.fromkeys(made.platform.kinds))
        found = differences(made)
        if found:
            raise AssertionError(found)
        return kinds


def one_case(evening: World, folder: Path, case: Case, outcomes: Outcomes) -> None:
    with copied(evening, folder) as made:
        made.platform.set_faults(case.rules())
        by_hand = until_done(made)
        fired = sum(rule["fired"] for rule in made.platform.read("/training/faults")["rules"])
        made.platform.set_faults([])
        outcomes.met[case.kind] += 1
        outcomes.by_hand[case.kind] += by_hand
        if fired != 1:
            outcomes.failures.append(f"{case}: the fault was met {fired} times")
        outcomes.failures += [f"{case}: {text}" for text in differences(made)]
        secret = made.secrets_used()
        outcomes.failures += [f"{case}: secret in {name}" for name in leaks(made.profile, secret)]


def until_done(made: World) -> bool:
    """As often as a person would try; true where a refused operation had to be taken up again."""
    by_hand = False
    for _round in range(ROUNDS):
        with opened(made) as profile:
            syncing.sync_all(profile, outbox.targets(profile.store))
            if outbox.pending_total(profile.store) == 0:
                return by_hand
            for target in outbox.targets(profile.store):
                for delivery in outbox.pending(profile.store, target.name):
                    if delivery.state in ("rejected", "conflict"):
                        by_hand = True
                        outbox.retry(profile.store, target.name, delivery.operation.id)
    return by_hand


def opened(made: World) -> AbstractContextManager[Profile]:
    return open_profile(made.profile, write=True, passphrase=Secret(made.passphrase))


@contextmanager
def copied(evening: World, folder: Path) -> Iterator[World]:
    """The same evening once more, with a platform of its own at the ports the targets know."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(evening.folder, folder)
    with running_platform(folder / "training", evening.platform) as platform:
        yield replace(evening, folder=folder, platform=platform)


def report(outcomes: Outcomes) -> None:
    print(f"\nevery status code once: {outcomes.met.total()} cases, {outcomes.seconds:.0f} s\n")
    print(f"{'first request of its kind':60} cases  taken up by hand")
    for kind, times in outcomes.met.items():
        print(f"{kind:60} {times:5}  {outcomes.by_hand[kind]:5}")
    for failure in outcomes.failures:
        print(f"DIFFERENCE {failure}")
    print(json.dumps({"cases": outcomes.met.total(), "failures": len(outcomes.failures)}))
