"""One complete run's surroundings: a probe, a receiver and a platform, each a process of its own."""

from __future__ import annotations

import http.client
import json
import os
import queue
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

from fieldtool.children import child
from fieldtool.demo import Bench, Site, bench, invented_site, plan_document

PAGE = 100
WRITES = ("POST", "PATCH", "PUT", "DELETE")


@dataclass
class Platform:
    """The platform from outside: its port, its token and what it says of each request as it happens.

    `written` are the numbers of the requests that changed something, `dropped` those whose answer was lost.
    """

    url: str
    token: str
    held: threading.Event = field(default_factory=threading.Event)
    written: set[int] = field(default_factory=set)
    dropped: set[int] = field(default_factory=set)

    def follow(self, events: TextIO) -> None:
        """In a thread of its own, until the platform ends."""
        for line in events:
            event = json.loads(line)
            if not event["path"].startswith("/ngsi-ld/"):
                continue
            over = event["event"] in ("held", "done", "dropped", "gone")
            if over and event["method"] in WRITES and (event["status"] or 500) < 300:
                self.written.add(event["n"])
            if event["event"] == "dropped":
                self.dropped.add(event["n"])
            if event["event"] == "held":
                self.held.set()

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any, dict[str, str]]:
        """Plain HTTP, not through the connector."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        try:
            headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text else None, dict(answer.getheaders())
        finally:
            connection.close()

    def set_faults(self, rules: list[dict[str, Any]]) -> None:
        status, answer, _ = self.ask("PUT", "/training/faults", {"rules": rules})
        if status >= 300:
            raise AssertionError(f"fault plan refused: {status} {answer}")

    def entities(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            path = f"/ngsi-ld/v1/entities?type={kind}&limit={PAGE}&offset={len(found)}"
            status, page, _ = self.ask("GET", path)
            if status != 200:
                raise AssertionError(f"{path}: {status} {page}")
            found.extend(page)
            if len(page) < PAGE:
                return found


@dataclass
class World:
    folder: Path
    site: Site
    table: Bench
    platform: Platform
    passphrase: str

    @property
    def profile(self) -> Path:
        return self.folder / "profile"

    @property
    def plan(self) -> Path:
        return self.folder / "plan.json"

    def environment(self) -> dict[str, str]:
        return {
            "FIELDTOOL_PASSPHRASE": self.passphrase,
            "FIELDTOOL_DEVICE_PASSWORD": self.site.password.reveal(),
        }

    def secrets_used(self) -> list[str]:
        return [
            self.site.app_key.reveal(),
            self.site.password.reveal(),
            self.platform.token,
            self.passphrase,
        ]


@contextmanager
def world(folder: Path) -> Iterator[World]:
    folder.mkdir(parents=True)
    site = invented_site()
    with bench(folder, site) as table, running_platform(folder / "training") as platform:
        made = World(folder, site, table, platform, secrets.token_urlsafe(16))
        made.plan.write_text(json.dumps(plan_document(site, table)), encoding="utf-8")
        (folder / "token").write_text(platform.token, encoding="utf-8")
        yield made


@contextmanager
def running_platform(data: Path) -> Iterator[Platform]:
    command = ["training-platform", "--port", "0", "--data", str(data), "--events"]
    with child(command) as (process, ready):
        token = Path(ready["token_file"]).read_text(encoding="utf-8").strip()
        platform = Platform(ready["url"], token)
        reader = threading.Thread(target=platform.follow, args=(process.stdout,), daemon=True)
        reader.start()
        yield platform
        process.terminate()
        reader.join(timeout=5)


@dataclass
class Application:
    """One started command of the application; its progress lines come as they are printed."""

    process: subprocess.Popen[str]
    progress: queue.Queue[dict[str, Any] | None] = field(default_factory=queue.Queue)
    said: list[str] = field(default_factory=list)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def wait(self, seconds: float = 120) -> tuple[int, str]:
        """Exit status and standard output; standard error is followed by a thread of its own."""
        killer = threading.Timer(seconds, self.process.kill)
        killer.start()
        try:
            out = self.process.stdout.read() if self.process.stdout is not None else ""
            return self.process.wait(), out
        finally:
            killer.cancel()


@contextmanager
def application(made: World, *arguments: str) -> Iterator[Application]:
    with subprocess.Popen(
        [sys.executable, "-m", "fieldtool", "--profile", str(made.profile), "--json", *arguments],
        env={**os.environ, **made.environment()},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        started = Application(process)
        reader = threading.Thread(target=_follow, args=(process.stderr, started), daemon=True)
        reader.start()
        try:
            yield started
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            reader.join(timeout=5)


def _follow(stream: TextIO, started: Application) -> None:
    for line in stream:
        if line.startswith("{"):
            started.progress.put(json.loads(line))
        else:
            started.said.append(line)
    started.progress.put(None)
