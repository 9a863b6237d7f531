"""A running platform: opened, listening, and closed again."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from fieldtool.system_reasons import system_reason
from fieldtool.training import fault_plan, tokens
from fieldtool.training.database import DEFAULT_TENANT, Database
from fieldtool.training.errors import DataInUse, DataUnusable, PortTaken
from fieldtool.training.events import Event, Events
from fieldtool.training.fault_plan import FaultPlan
from fieldtool.training.platform import Platform
from fieldtool.training.server import Server

if TYPE_CHECKING:
    from fieldtool.training.chirpstack.server import NetworkServer


@dataclass(frozen=True)
class Settings:
    """`port` 0: any free one. Without `chirpstack_port` there is no network server."""

    directory: Path
    port: int
    faults: Path | None = None
    tenants: Sequence[str] = ()
    chirpstack_port: int | None = None


@dataclass(frozen=True)
class Started:
    url: str
    port: int
    directory: Path
    token_file: Path
    network_server: NetworkServer | None


@contextmanager
def running(
    settings: Settings, ready: Callable[[Started], None], listener: Callable[[Event], None] | None
) -> Iterator[None]:
    """`ready` is called before the first request is taken.

    Raises DataInUse, DataUnusable, PortTaken, FaultPlanInvalid.
    """
    faults = FaultPlan()
    if settings.faults is not None:
        faults.set(fault_plan.load(settings.faults), str(settings.faults))
    directory = settings.directory.absolute()
    with contextlib.ExitStack() as stack:
        stack.enter_context(claimed(directory))
        database = Database(directory, settings.tenants)
        stack.callback(database.close)
        make_token(database, directory)
        platform = Platform(directory, database, faults, Events(listener))
        server = listening(settings.port, platform)
        stack.callback(server.server_close)
        port = int(server.server_address[1])
        network_server = None
        if settings.chirpstack_port is not None:
            from fieldtool.training.chirpstack import server as chirpstack

            tenants = (DEFAULT_TENANT, *settings.tenants)
            network_server = stack.enter_context(
                chirpstack.serving(platform, settings.chirpstack_port, tenants)
            )
        token_file = directory / tokens.FILE
        ready(Started(f"http://127.0.0.1:{port}", port, directory, token_file, network_server))
        stack.enter_context(serving(server, platform))
        yield


@contextmanager
def claimed(directory: Path) -> Iterator[None]:
    """The lock goes away with the process, however that ends."""
    lock = FileLock(directory / "lock", timeout=0)
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise DataInUse(str(directory)) from error
    except OSError as error:
        raise DataUnusable(str(directory), system_reason(error)) from error
    try:
        yield
    finally:
        lock.release()


def make_token(database: Database, directory: Path) -> None:
    try:
        tokens.make_first_token(database, directory)
    except (OSError, sqlite3.Error) as error:
        raise DataUnusable(str(directory), str(error)) from error


def listening(port: int, platform: Platform) -> Server:
    try:
        return Server(port, platform)
    except OSError as error:
        raise PortTaken(port, system_reason(error)) from error


@contextmanager
def serving(server: Server, platform: Platform) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="training-platform")
    thread.start()
    try:
        yield
    finally:
        platform.stopping.set()
        server.shutdown()
        thread.join()


class Stop:
    """What ends a platform: `now` may be called from a signal handler or any thread."""

    def __init__(self) -> None:
        self._reasons: SimpleQueue[None] = SimpleQueue()  # its put is reentrant, an Event's set is not

    def now(self) -> None:
        self._reasons.put(None)

    def when_input_ends(self) -> None:
        threading.Thread(target=self._read_input, name="stdin", daemon=True).start()

    def _read_input(self) -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        self.now()

    def wait(self) -> None:
        while True:
            # In slices: Windows delivers Ctrl+C only between them.
            with contextlib.suppress(Empty):
                return self._reasons.get(timeout=1)
