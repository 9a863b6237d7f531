"""A run that dies before or after any of its requests, and the next one that takes over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from drivers.secret import Secret
from fieldtool import outbox
from fieldtool.connectors.connector import Access, Content, Found, Outcome, Record
from fieldtool.connectors.ngsi_ld import CONNECTOR, NgsiLdSession
from fieldtool.sync.push import push
from tests.fieldtool.connectors.broker import PROBLEM, TOKEN, running
from tests.fieldtool.sync.bench import NAME, Bench, bench


class Killed(BaseException):
    """Nothing catches it, as nothing catches SIGKILL."""


class Mortal:
    """The real session; the n-th request is its last, done or not done."""

    def __init__(self, session: NgsiLdSession, last: int, *, done: bool) -> None:
        self._session, self._left, self._done = session, last, done

    def _ask(self, name: str, *arguments: Any) -> Any:
        self._left -= 1
        if self._left == 0 and not self._done:
            raise Killed
        answer = getattr(self._session, name)(*arguments)
        if self._left == 0:
            raise Killed
        return answer

    def check(self) -> None:
        self._ask("check")

    def lookup(self, records: Sequence[Record]) -> Mapping[str, Found]:
        found: Mapping[str, Found] = self._ask("lookup", records)
        return found

    def create(self, records: Sequence[Record]) -> Sequence[Outcome]:
        outcomes: Sequence[Outcome] = self._ask("create", records)
        return outcomes

    def update(self, record: Record, write: Content, theirs: Content) -> Outcome:
        outcome: Outcome = self._ask("update", record, write, theirs)
        return outcome

    def delete(self, record: Record) -> Outcome:
        outcome: Outcome = self._ask("delete", record)
        return outcome

    def remote_id(self, record: Record) -> str:
        return self._session.remote_id(record)

    def content(self, record: Record) -> Content:
        return self._session.content(record)

    def close(self) -> None:
        self._session.close()


def dies(desk: Bench, last: int, *, done: bool) -> bool:
    [target] = outbox.targets(desk.profile.store)
    session = NgsiLdSession(Access(url=target.url, token=Secret(TOKEN)))
    with closing(Mortal(session, last, done=done)) as mortal:
        try:
            push(desk.profile.store, target, CONNECTOR, mortal, wait=desk.pauses.append)
        except Killed:
            return True
    return False


def work(desk: Bench) -> Iterator[str]:
    """All kinds of changes; gives the ids that must be there at the end."""
    trees = desk.plant(3)
    device, observations = desk.mount(trees[0], readings=2)
    desk.edit(trees[1], name="Linde", attributes={"height": 12.0})
    desk.remove(trees[2])
    yield from (one.id for one in (*trees[:2], device, *observations))


@pytest.mark.parametrize("done", [False, True])
def test_killed_at_every_request_in_turn(tmp_path: Path, done: bool) -> None:  # noqa: FBT001
    kills = 0
    for last in range(1, 99):
        with running() as broker, bench(tmp_path / str(last), broker) as desk:
            wanted = set(work(desk))
            killed = dies(desk, last, done=done)
            kills += killed
            assert desk.push().pending == 0
            assert {identity.rsplit(":", 1)[1] for identity in broker.entities} == wanted
            created = [
                entity["id"]
                for one in broker.sent("POST")
                if not one.path.endswith("attrs")
                for entity in (one.body if isinstance(one.body, list) else [one.body])
            ]
            assert len(created) == len(set(created)), "sent twice"
        if not killed:
            break
    assert kills == 12


def test_killed_again_and_again(tmp_path: Path) -> None:
    with running() as broker, bench(tmp_path, broker) as desk:
        wanted = set(work(desk))
        bad = next(one for one in desk.profile.store.assets()).id
        broker.refuses[f"urn:ngsi-ld:Tree:{bad}"] = {"type": PROBLEM + "BadRequestData", "title": "x"}
        runs = 0
        while dies(desk, 4 + runs % 5, done=runs % 2 == 0):
            runs += 1
        assert runs > 2
        broker.refuses.clear()
        for delivery in list(outbox.pending(desk.profile.store, NAME)):
            if delivery.state == "rejected":
                outbox.retry(desk.profile.store, NAME, delivery.operation.id)
        assert desk.push().pending == 0
        assert {identity.rsplit(":", 1)[1] for identity in broker.entities} == wanted
