"""What stands on the table: the probe and the receiver, simulated, each a process of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from fieldtool.children import child
from fieldtool.demo.site import DEVICE_TYPE, Site


@dataclass(frozen=True)
class Bench:
    probe_port: str
    gnss_port: str


@contextmanager
def bench(folder: Path, site: Site) -> Iterator[Bench]:
    """Their scripts hold the keys and go with `folder`."""
    probe = folder / "probe.json"
    probe.write_text(
        json.dumps(
            {
                "dev_eui": site.dev_eui,
                "join_eui": site.join_eui,
                "app_key": site.app_key.reveal(),
                "password": site.password.reveal(),
                "state_file": str(folder / "probe-memory.json"),
                "join": {"seconds": 0.5},
            }
        ),
        encoding="utf-8",
    )
    receiver = folder / "gnss.json"
    place = {"lon": site.lon, "lat": site.lat, "rate_hz": 10}
    receiver.write_text(json.dumps({"gnss": place}), encoding="utf-8")
    with ExitStack() as running:
        ports = [
            running.enter_context(child(["simulate", kind, "--script", str(script)]))[1]["port"]
            for kind, script in ((DEVICE_TYPE, probe), ("nmea-gnss", receiver))
        ]
        yield Bench(*ports)
