"""One complete run: all phases to their end, with kills in between; then both sides are compared."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fieldtool.commissioning.record import STEPS
from fieldtool.demo.platform import NETWORK_SERVER, NGSI_LD, TICKETS
from fieldtool.demo.site import DEVICE_TYPE, TREES
from tests.faults.comparing import differences, leaks
from tests.faults.schedule import Kill, Write, schedule, strike
from tests.faults.world import World, application, world

DROPPED = 0.12
ATTEMPTS = 40
READS = (("GET", "/ngsi-ld/*"), ("GET", "/open311/*"), ("GRPC", "/api.*/Get*"), ("GRPC", "/api.*/List*"))
EVERYTHING = (
    ("GET|POST|PATCH|PUT|DELETE", "/ngsi-ld/*"),
    ("GET|POST", "/open311/*"),
    ("GRPC", "/api.*"),
)


@dataclass
class Tally:
    """`writes` is what a run sends: seen in the first one, which nobody kills."""

    kills: Counter[str] = field(default_factory=Counter)
    missed: int = 0
    dropped: int = 0
    repeated: int = 0
    runs: int = 0
    writes: list[Write] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def one_run(folder: Path, chance: random.Random, wanted: int, tally: Tally) -> None:
    with world(folder) as made:
        one_run_in(made, chance, wanted, tally)


def one_run_in(made: World, chance: random.Random, wanted: int, tally: Tally) -> None:
    kills = schedule(chance, max(wanted, 0), tally.kills, tally.writes)
    seen: list[Write] = []
    before = Counter(made.platform.writes.values())
    for phase, command in phases(made):
        for kill in [kill for kill in kills if kill.phase == phase]:
            killed_command(made, command, kill, tally, chance)
        # The first run shows what is sent when nothing goes wrong: those are the places to hit.
        finish_phase(made, phase, command, chance, tally, faults=bool(tally.writes))
        after = Counter(made.platform.writes.values())
        seen += written(phase, before, after)
        before = after
    made.platform.set_faults([])
    tally.failures += [f"run {tally.runs}: {text}" for text in differences(made)]
    tally.dropped += len(made.platform.dropped)
    tally.repeated += len(made.platform.repeated)
    tally.writes = tally.writes or seen
    secrets = made.secrets_used()
    tally.failures += [f"run {tally.runs}: secret in {name}" for name in leaks(made.profile, secrets)]


def written(phase: str, before: Counter[str], after: Counter[str]) -> Iterator[Write]:
    if phase in ("morning", "evening"):
        for kind, times in after.items():
            for nth in range(before[kind] + 1, times + 1):
                yield Write("morning" if phase == "morning" else "evening", kind, nth)


def phases(made: World) -> Iterator[tuple[str, list[str]]]:
    """Each command of the day when its turn has come. Those that a repeat would do a second time are not
    killed: no person would repeat them without looking."""
    yield "import", ["import", str(TREES), "--class", "tree"]
    for command in target_commands(made):
        yield "target", command
    yield "morning", ["sync"]
    made.write_plan(reported_ticket(made))
    yield "ticket", ["ticket", "new", *own_ticket(made)]
    yield (
        "commission",
        [
            *("commission", "--device-type", DEVICE_TYPE, "--port", made.table.probe_port),
            *("--plan", str(made.plan), "--progress"),
        ],
    )
    yield "evening", ["sync"]


def target_commands(made: World) -> Iterator[list[str]]:
    platform, token = made.platform, ["--token-file", str(made.folder / "token")]
    home = platform.home
    yield ["target", "add", NGSI_LD, "--type", "ngsi-ld", "--url", platform.url, *token]
    yield [
        *("target", "add", NETWORK_SERVER, "--type", "chirpstack", "--url", platform.chirpstack_url),
        *("--tenant", home["tenant"], "--option", f"application={home['application']}"),
        *("--option", f"device_profile={home['device_profile']}", *token),
    ]
    url = f"{platform.url}/open311/v2"
    yield ["target", "add", TICKETS, "--type", "open311", "--url", url, *token]


def reported_ticket(made: World) -> str:
    """The id here of what the office reported there."""
    with application(made, "tickets") as started:
        status, out = started.wait()
    rows = [json.loads(line) for line in out.splitlines()]
    if status or len(rows) != 1:
        raise AssertionError(f"tickets after the morning's sync: {out} {started.said}")
    return str(rows[0]["id"])


def own_ticket(made: World) -> list[str]:
    return [
        *("--category", "mounting", "--title", "Stammschutz beschädigt"),
        *("--place", f"{made.site.lon},{made.site.lat}"),
    ]


def killed_command(made: World, command: list[str], kill: Kill, tally: Tally, chance: random.Random) -> None:
    rules = dropping(chance)
    if kill.write is not None:
        nth = kill.write.nth - Counter(made.platform.writes.values())[kill.write.kind]
        if nth < 1:
            tally.missed += 1
            return
        # Only reads lose their answers meanwhile: the count of writes says which one is to be hit.
        rules = [holding(kill.write, nth), *dropping(chance, READS)]
    if kill.phase in ("morning", "evening"):
        made.platform.set_faults(rules)
        made.platform.held.clear()
    with application(made, *command) as started:
        hit = strike(made, started, kill)
    if hit is None:
        tally.missed += 1
    else:
        tally.kills[hit] += 1


def matching(kind: str) -> dict[str, str]:
    """The requests that `place_of` calls so."""
    if kind.startswith("/api."):
        return {"method": "GRPC", "path": kind}
    method, path = kind.split()
    return {"method": method, "path": f"{path}*"}


def holding(write: Write, nth: int) -> dict[str, Any]:
    return {"match": matching(write.kind), "nth": nth, "fault": "hold", "seconds": 1}


def dropping(chance: random.Random, where: tuple[tuple[str, str], ...] = EVERYTHING) -> list[dict[str, Any]]:
    """Answers are lost, or requests are carried out twice, as behind a proxy that asked again."""
    return [
        {
            "match": {"method": method, "path": path},
            "probability": share,
            "seed": chance.randrange(1 << 30),
            "fault": fault,
        }
        for method, path in where
        for fault, share in (("drop_after", DROPPED), ("repeat", DROPPED / 3))
    ]


def finish_phase(
    made: World,
    phase: str,
    command: list[str],
    chance: random.Random,
    tally: Tally,
    *,
    faults: bool = True,
) -> None:
    """Repeats the command as a person would, until it says it is done."""
    said = ""
    for _attempt in range(ATTEMPTS):
        if faults and phase in ("morning", "evening"):
            made.platform.set_faults(dropping(chance))
        with application(made, *command) as started:
            status, out = started.wait()
        said = "".join(started.said) or out
        if status == 0 and (phase not in ("morning", "evening") or json.loads(out)["pending"] == 0):
            return
        if phase == "target" and "target_exists" in out:
            return
    tally.failures.append(f"run {tally.runs}: {phase} was not done after {ATTEMPTS} attempts: {said}")


def places(tally: Tally) -> list[str]:
    return [*STEPS, *(write.place for write in tally.writes)]
