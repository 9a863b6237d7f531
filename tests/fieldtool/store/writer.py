"""A program that does everything the journal and the outbox know, again and again, until it is killed.

It prints the id of each operation after its commit: what is printed has to be there ever after.
"""

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime
from pathlib import Path

from drivers.secret import Secret
from fieldtool import outbox
from fieldtool.asset import Asset
from fieldtool.geometry import point
from fieldtool.journal import Recorder, operation
from fieldtool.profile import Profile
from tests.fieldtool.making import asset, datastream, device, observation, profile

TARGET = "plattform"


def main(folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    with profile(folder) as opened:
        if not outbox.targets(opened.store):
            target = outbox.Target(TARGET, "ngsi-ld", "http://127.0.0.1:9")
            outbox.add_target(
                opened.store, opened.actor, target, frozenset({"asset", "device", "observation"})
            )
        say("ready")
        while True:
            write(opened, chance)
            deliver(opened, chance)
            if chance.random() < 0.2:
                opened.store.fold_texts()


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def write(opened: Profile, chance: random.Random) -> None:
    with operation(opened.store, opened.actor, "test.work") as recorder:
        for _ in range(chance.randint(1, 4)):
            chance.choice([plant, many, edit, remove, measure])(opened, recorder, chance)
        # Below what scrypt costs: the key itself is made once, by the first run.
        if chance.random() < 0.1:
            opened.vault.put(f"device/{recorder.operation_id}/app_key", Secret(recorder.operation_id))
    say(recorder.operation_id)


def plant(_opened: Profile, recorder: Recorder, chance: random.Random) -> None:
    recorder.create(asset(str(chance.randrange(1000)), name="Linde", geometry=place(chance)))


def many(_opened: Profile, recorder: Recorder, chance: random.Random) -> None:
    recorder.create_many(
        asset(str(number), geometry=place(chance)) for number in range(chance.randint(1, 300))
    )


def edit(opened: Profile, recorder: Recorder, chance: random.Random) -> None:
    for tree in opened.store.assets(limit=chance.randint(1, 20)):
        recorder.update(tree, name=f"Eiche {chance.randrange(100)}", geometry=place(chance))


def remove(opened: Profile, recorder: Recorder, chance: random.Random) -> None:
    for tree in opened.store.assets(limit=chance.randint(1, 3)):
        recorder.delete(opened.store.get(Asset, tree.id))


def measure(_opened: Profile, recorder: Recorder, chance: random.Random) -> None:
    probe = recorder.create(device(f"{chance.getrandbits(64):016x}"))
    stream = recorder.create(datastream(probe))
    recorder.create_many(observation(stream, second) for second in range(chance.randint(1, 50)))


def place(chance: random.Random) -> dict:
    return point(7 + chance.random(), 51 + chance.random())


def deliver(opened: Profile, chance: random.Random) -> None:
    for delivery in outbox.pending(opened.store, TARGET):
        if chance.random() < 0.5:
            return
        outbox.mark_sending(opened.store, TARGET, [delivery.operation.id])
        now = datetime.now(UTC)
        outcomes = ("accepted", "accepted", "rejected") if delivery.state == "saved" else ("accepted",)
        receipts = [
            outbox.Receipt(
                delivery.operation.id, position, TARGET, chance.choice(outcomes), f"urn:{position}", now, {}
            )
            for position in sorted(delivery.open_positions)
        ]
        references = [
            outbox.RemoteReference(TARGET, change.entity, change.entity_id, "urn:1", {}, now)
            for change in delivery.changes
            if change.position in delivery.open_positions
        ]
        outbox.record_receipts(opened.store, TARGET, receipts, references)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
