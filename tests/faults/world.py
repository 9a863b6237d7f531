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
from urllib.parse import urlencode, urlsplit

from fieldtool.demo.bench import Bench, bench
from fieldtool.demo.site import Site, invented_site, plan_document
from tests.faults.platform import Platform, running_platform

TICKET = {
    "service_code": "sensor_installation",
    "description": "Bodenfeuchtesensor einbauen\n\nNeuer Sensor für die Bewässerung.",
}


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

    def write_plan(self, ticket_id: str) -> None:
        document = plan_document(self.site, self.table.gnss_port, ticket_id)
        self.plan.write_text(json.dumps(document), encoding="utf-8")

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
        (folder / "token").write_text(platform.token, encoding="utf-8")
        report_ticket(platform, site)
        yield made


def report_ticket(platform: Platform, site: Site) -> None:
    """The office's ticket, as any Open311 client would report it."""
    parts = urlsplit(platform.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        form = {**TICKET, "lat": site.lat, "long": site.lon, "api_key": platform.token}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/open311/v2/requests.json", urlencode(form), headers)
        answer = connection.getresponse()
        if answer.status not in (200, 201):
            raise AssertionError(f"no ticket: {answer.status} {answer.read()!r}")
    finally:
        connection.close()


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
