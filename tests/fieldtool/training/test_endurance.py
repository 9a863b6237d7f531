"""Many at once, killed at any moment, a full disk."""

from __future__ import annotations

import http.client
import queue
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

from tests.fieldtool.training.process import (
    API,
    ENTITIES,
    Running,
    created,
    fresh_id,
    light,
    prop,
    running,
    stored,
)

CLIENTS = 4


def together(platform: Running, each: Sequence[Sequence[tuple[str, str, object]]]) -> list[list[int]]:
    """The statuses every client got; all begin at the same time."""
    results: queue.Queue[tuple[int, list[int]]] = queue.Queue()
    start = threading.Barrier(len(each))

    def client(number: int) -> None:
        start.wait()
        results.put((number, [platform.ask(*request).status for request in each[number]]))

    threads = [threading.Thread(target=client, args=(number,)) for number in range(len(each))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [statuses for _, statuses in sorted(results.get_nowait() for _ in threads)]


def test_of_four_clients_one_creates(platform: Running) -> None:
    identifiers = [fresh_id() for _ in range(12)]
    asked = [
        [("POST", ENTITIES, light(one, by=prop(number))) for one in identifiers] for number in range(CLIENTS)
    ]
    answers = together(platform, asked)
    for round_ in zip(*answers, strict=True):
        assert sorted(round_) == [201, 409, 409, 409]
    for index, identifier in enumerate(identifiers):
        winner = [statuses[index] for statuses in answers].index(201)
        assert stored(platform, identifier)["by"] == prop(winner)


def test_no_change_of_another_client_is_lost(platform: Running) -> None:
    identifier = created(platform, light())
    path = f"{ENTITIES}/{identifier}/attrs"
    asked = [
        [("POST", path, {f"a{number}_{turn}": prop(turn)}) for turn in range(6)] for number in range(CLIENTS)
    ]
    assert together(platform, asked) == [[204] * 6] * CLIENTS
    assert len(stored(platform, identifier)) == len(light()) + CLIENTS * 6


def answered_until_killed(platform: Running, answered: set[str], lock: threading.Lock) -> None:
    while True:
        batch = [light() for _ in range(5)]
        try:
            status = platform.ask("POST", f"{API}/entityOperations/create", batch).status
        except (OSError, http.client.HTTPException):
            return
        assert status == 201
        with lock:
            answered |= {entity["id"] for entity in batch}


def test_killed_it_keeps_what_was_answered(tmp_path: Path) -> None:
    answered: set[str] = set()
    for turn in range(3):
        lock = threading.Lock()
        with running(tmp_path) as platform:
            token = platform.token
            threads = [
                threading.Thread(target=answered_until_killed, args=(platform, answered, lock))
                for _ in range(CLIENTS)
            ]
            for thread in threads:
                thread.start()
            for _ in range(20 + 7 * turn):
                platform.wait_for("done")
            platform.process.kill()
            for thread in threads:
                thread.join()
    assert len(answered) >= 3 * 20 * 5
    with running(tmp_path) as platform:
        assert platform.token == token
        found = set()
        offset = 0
        while page := platform.ask("GET", f"{ENTITIES}?type=Streetlight&limit=1000&offset={offset}").json:
            found |= {entity["id"] for entity in page}
            offset += len(page)
        assert answered <= found
        # A batch that was not answered is there as a whole or not at all.
        assert len(found) % 5 == 0
    with sqlite3.connect(tmp_path / "platform.sqlite") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_killed_while_an_answer_is_held_back(tmp_path: Path) -> None:
    entity = light()
    with running(tmp_path) as platform:
        platform.faults({"match": {"method": "POST"}, "fault": "hold", "seconds": 60})
        waiting = threading.Thread(target=ignoring_the_end, args=(platform, entity))
        waiting.start()
        platform.wait_for("held")
        platform.process.kill()
        waiting.join()
    with running(tmp_path) as platform:
        assert stored(platform, entity["id"]) == entity


def ignoring_the_end(platform: Running, entity: dict[str, object]) -> None:
    try:
        platform.ask("POST", ENTITIES, entity)
    except OSError:
        return
    raise AssertionError("an answer came")


def test_a_full_disk(tmp_path: Path) -> None:
    """A limit on the size of files stands for it: the refusal is named, nothing is half there."""
    limited = ("sh", "-c", 'ulimit -f 200; exec "$@"', "sh")  # 200 blocks of 512 bytes
    there = light()
    with running(tmp_path, wrapper=limited) as platform:
        created(platform, there)
        big = light(text=prop("x" * 150_000))
        answer = platform.ask("POST", ENTITIES, big)
        assert (answer.status, answer.error) == (500, "InternalError")
        assert platform.ask("GET", f"{ENTITIES}/{big['id']}").status == 404
        assert stored(platform, there["id"]) == there
        small = light()
        created(platform, small)
    with running(tmp_path) as platform:
        created(platform, big)
        assert stored(platform, small["id"]) == small
