"""Work off the window's thread, and the only place where its results cross back.

A lane is one worker thread with a connection of its own to the profile: what blocks in one (a slow device,
a slow platform) holds up neither the others nor the window. All callbacks run in the window's thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from drivers.errors import ExpectedError
from ui.garbage import GarbageSearch

if TYPE_CHECKING:
    from drivers.secret import Secret
    from fieldtool.keystore import KeyStore
    from fieldtool.operation import EntityName
    from fieldtool.profile import Profile

T = TypeVar("T")
LaneName = Literal["database", "devices", "network", "ports"]
LANES: tuple[LaneName, ...] = ("database", "devices", "network", "ports")


class Cancelled(Exception):
    """The person does not want it any more: silent."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What kinds of records are other than before; "sync" where only their deliveries are."""

    entities: frozenset[EntityName | Literal["sync", "target", "person"]]


def changes(*entities: EntityName | Literal["sync", "target", "person"]) -> Changes:
    return Changes(frozenset(entities))


NOTHING = Changes(frozenset())


@dataclass(eq=False)
class Job(Generic[T]):
    """One piece of work on its way. `tell` may be called from the work, with anything; it raises Cancelled
    once the job is cancelled. `touches` is what other screens are told when it was done."""

    work: Callable[[Profile, Job[T]], T]
    owner: QObject
    done: Callable[[T], None] | None
    failed: Callable[[ExpectedError], None] | None
    progress: Callable[[Any], None] | None
    touches: Changes
    ended: Callable[[], None] | None
    background: Background
    stopping: threading.Event = field(default_factory=threading.Event)
    over: bool = False

    def tell(self, news: object) -> None:
        self.check()
        self.background.cross.emit(_News(self, news))

    def check(self) -> None:
        if self.stopping.is_set():
            raise Cancelled

    def cancel(self) -> None:
        """Its callbacks stay away; the work ends at its next `tell` or `check`, what is committed stays."""
        self.stopping.set()


@dataclass(frozen=True)
class _News:
    job: Job[Any]
    news: object


@dataclass(frozen=True)
class _Result:
    job: Job[Any]
    value: object = None
    error: BaseException | None = None
    unopened: bool = False


@dataclass(frozen=True)
class Place:
    """The profile that all lanes work with."""

    directory: Path
    passphrase: Secret | None = None
    actor: str | None = None
    key_store: KeyStore | None = None


class _Lane:
    """Opened by its first job: the database lane with the profile's lock, the others beside it."""

    def __init__(self, name: LaneName) -> None:
        self.name = name
        self.pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"fieldtool-{name}")
        self._open: ExitStack | None = None
        self._profile: Profile | None = None

    @property
    def is_open(self) -> bool:
        return self._profile is not None

    def profile(self, place: Place) -> Profile:
        from fieldtool.profile import open_beside, open_profile

        if self._profile is None:
            with ExitStack() as opening:
                given = {
                    "passphrase": place.passphrase,
                    "actor": place.actor,
                    "key_store": place.key_store,
                }
                opened: Profile
                if self.name == "database":
                    opened = opening.enter_context(open_profile(place.directory, write=True, **given))  # type: ignore[arg-type]
                else:
                    opened = opening.enter_context(open_beside(place.directory, **given))  # type: ignore[arg-type]
                self._profile = opened
                self._open = opening.pop_all()
        return self._profile

    def close(self) -> None:
        """In its own thread."""
        if self._open is not None:
            self._open.close()
        self._open, self._profile = None, None


class Background(QObject):
    """One per window. `changed` is the one signal across screens; `unopened` carries why the profile could
    not be opened, for a job that has no `failed` of its own."""

    changed = Signal(Changes)
    busy_changed = Signal(int)
    unopened = Signal(object)
    cross = Signal(object)

    def __init__(self, place: Place, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self._lanes = {name: _Lane(name) for name in LANES}
        self._running = 0
        self._garbage = GarbageSearch(self)
        self.cross.connect(self._arrived, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> int:
        """Jobs that have not come back yet."""
        return self._running

    def run(
        self,
        owner: QObject,
        work: Callable[[Profile, Job[T]], T],
        *,
        lane: LaneName = "database",
        done: Callable[[T], None] | None = None,
        failed: Callable[[ExpectedError], None] | None = None,
        progress: Callable[[Any], None] | None = None,
        ended: Callable[[], None] | None = None,
        touches: Changes = NOTHING,
    ) -> Job[T]:
        """`done` and `failed` stay away once `owner` is gone or the job was cancelled; `ended` comes after
        either of them and after a cancellation. An ExpectedError without `failed` counts as a bug, as every
        other error does: it is raised in the window's thread, where the crash dialog sees it."""
        job = Job(work, owner, done, failed, progress, touches, ended, self)
        if lane not in self._lanes:
            # The window is closing: what still comes in from its queue finds nobody who could answer.
            job.over = True
            job.cancel()
            return job
        self._running += 1
        self.busy_changed.emit(self._running)
        self._lanes[lane].pool.submit(self._carry_out, self._lanes[lane], job)
        return job

    def ask(
        self,
        owner: QObject,
        question: Callable[[Profile], T],
        done: Callable[[T], None],
        failed: Callable[[ExpectedError], None] | None = None,
        *,
        lane: LaneName = "database",
    ) -> Job[T]:
        """Reads."""
        return self.run(owner, lambda profile, _job: question(profile), lane=lane, done=done, failed=failed)

    def change(
        self,
        owner: QObject,
        verb: Callable[[Profile], T],
        touches: Changes,
        done: Callable[[T], None] | None = None,
        failed: Callable[[ExpectedError], None] | None = None,
        *,
        lane: LaneName = "database",
    ) -> Job[T]:
        """Writes, and tells the screens."""
        return self.run(
            owner, lambda profile, _job: verb(profile), lane=lane, done=done, failed=failed, touches=touches
        )

    def reopen(self, place: Place) -> None:
        """With another passphrase or person from the next job on."""
        self.place = place
        for lane in self._lanes.values():
            lane.pool.submit(lane.close)

    def close(self) -> None:
        """Waits for what runs: nothing half done is left behind. The lock goes last."""
        while self._lanes:
            _name, lane = self._lanes.popitem()
            lane.pool.submit(lane.close)
            lane.pool.shutdown(wait=True)
        self._garbage.end()

    def _carry_out(self, lane: _Lane, job: Job[Any]) -> None:
        opened = False
        try:
            job.check()
            self._hold_lock(lane)
            profile = lane.profile(self.place)
            opened = True
            result = _Result(job, value=job.work(profile, job))
        except BaseException as error:  # noqa: BLE001 - where threads meet: the window's thread raises it
            result = _Result(job, error=error, unopened=not opened)
        self.cross.emit(result)

    def _hold_lock(self, lane: _Lane) -> None:
        """Before another lane opens the profile, the database lane has made it, with its lock."""
        if not lane.is_open and lane.name != "database":
            holder = self._lanes["database"]
            holder.pool.submit(holder.profile, self.place).result()

    def _arrived(self, item: _News | _Result) -> None:
        job = item.job
        wanted = isValid(job.owner) and not job.stopping.is_set()
        if isinstance(item, _News):
            if wanted and job.progress is not None:
                job.progress(item.news)
            return
        job.over = True
        self._running -= 1
        self.busy_changed.emit(self._running)
        try:
            self._settle(item, wanted=wanted)
        finally:
            if job.ended is not None and isValid(job.owner):
                job.ended()

    def _settle(self, result: _Result, *, wanted: bool) -> None:
        job, error = result.job, result.error
        if job.touches.entities:
            self.changed.emit(job.touches)
        if isinstance(error, Cancelled):
            return
        if error is None:
            if wanted and job.done is not None:
                job.done(result.value)
        elif isinstance(error, ExpectedError) and job.failed is not None:
            if wanted:
                job.failed(error)
        elif isinstance(error, ExpectedError) and result.unopened:
            self.unopened.emit(error)
        else:
            raise error
