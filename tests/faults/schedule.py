"""Where the application is killed, and what the kill really hit."""

from __future__ import annotations

import queue
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from fieldtool.commissioning.record import STEPS
from fieldtool.profile import open_profile
from tests.faults.world import Application, World

Phase = Literal["import", "morning", "commission", "evening"]
PHASES: tuple[Phase, ...] = ("import", "morning", "commission", "evening")
RECEIPT = "send–receipt"


@dataclass(frozen=True)
class Write:
    """One thing that a complete run sends: the `nth` request of its kind, in which phase. Its place is
    between being carried out by the platform and the receipt."""

    phase: Phase
    kind: str
    nth: int

    @property
    def place(self) -> str:
        return f"{RECEIPT} {self.kind} {self.nth}"


@dataclass(frozen=True)
class Kill:
    """`place` is a step of the commissioning, that of `write` or "" for any moment of the phase, `delay` s
    after it began."""

    phase: Phase
    place: str
    delay: float = 0
    write: Write | None = None


def schedule(chance: random.Random, wanted: int, done: Counter[str], writes: Sequence[Write]) -> list[Kill]:
    """One run's kills: the places hit least so far come first."""
    order = [*STEPS, *(write.place for write in writes), *PHASES]
    sending = {write.place: write for write in writes}
    places = [place for place in order if place != "commission"]
    chance.shuffle(places)
    places.sort(key=lambda place: done[place])
    kills = [_kill(chance, place, sending.get(place)) for place in places[:wanted]]
    return sorted(kills, key=lambda kill: (PHASES.index(kill.phase), order.index(kill.place or kill.phase)))


def _kill(chance: random.Random, place: str, write: Write | None) -> Kill:
    if write is not None:
        return Kill(write.phase, place, 0, write)
    if place in STEPS:
        slow = place in ("connect", "write", "read_back", "join", "readings", "place")
        return Kill("commission", place, chance.choice([0.0, 0.05, 0.2]) * chance.random() if slow else 0.0)
    return Kill(cast("Phase", place), "", 0.2 + 0.8 * chance.random())


def strike(made: World, started: Application, kill: Kill) -> str | None:
    """Kills at the wanted moment. Returns what was hit, None where the command had ended before."""
    if kill.write is not None:
        return _strike_at_receipt(made, started, kill)
    if kill.place in STEPS:
        return _strike_in_step(made, started, kill)
    time.sleep(kill.delay)
    return _dead(started, kill.phase)


def _strike_in_step(made: World, started: Application, kill: Kill) -> str | None:
    while True:
        try:
            line = started.progress.get(timeout=60)
        except queue.Empty:
            raise AssertionError(f"no step {kill.place} within 60 s: {started.said}") from None
        if line is None:
            return None
        if line["step"] == kill.place and line["event"] == "started":
            break
    time.sleep(kill.delay)
    return None if _dead(started, kill.place) is None else step_hit(made)


def _strike_at_receipt(made: World, started: Application, kill: Kill) -> str | None:
    while not made.platform.held.wait(timeout=0.01):
        if started.process.poll() is not None:
            return None
    return _dead(started, kill.place)


def _dead(started: Application, what: str) -> str | None:
    if started.process.poll() is not None:
        return None
    started.kill()
    return what


def step_hit(made: World) -> str:
    """By the journal, not by intention: the first step that has no outcome yet."""
    with open_profile(made.profile, write=False) as profile:
        records = profile.store.commissionings(dev_eui=made.site.dev_eui)
    if not records:
        return STEPS[0]
    steps = records[-1].steps
    for name in STEPS:
        entry = steps.get(name)
        if not (isinstance(entry, dict) and entry["state"] in ("done", "skipped")):
            return name
    return "after finish"
