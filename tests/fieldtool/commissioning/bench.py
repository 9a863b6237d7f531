"""A profile with trees, and a simulated probe that can be told to misbehave."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from drivers.secret import Secret
from fieldtool.asset import Asset
from fieldtool.catalogue import device_profile
from fieldtool.children import child
from fieldtool.commissioning.plan import make_plan
from fieldtool.commissioning.record import Commissioning
from fieldtool.commissioning.workflow import commission, opened_run
from fieldtool.geometry import point
from fieldtool.ids import AssetId, new_id
from fieldtool.journal import operation
from fieldtool.profile import Profile, open_profile

KIND = "dragino-lse01"
DEV_EUI = "a84041f1e2d3c4b5"
OTHER_EUI = "a84041ffffff0001"
JOIN_EUI = "a840410000000101"
FACTORY_KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
LABEL_KEY = "00112233445566778899aabbccddeeff"
PASSWORD = "482913"
LON, LAT = 7.465298, 51.513587
LABEL = f"LW:D0:{JOIN_EUI}:{DEV_EUI}:00A80001:SLSE4711".upper()
KEYED_LABEL = f"LSE4711;{DEV_EUI};{JOIN_EUI};{LABEL_KEY}".upper()


@dataclass
class Bench:
    """`heard` is every step event of the last call, in order."""

    folder: Path
    probe_port: str
    passphrase: Secret
    kind: str
    heard: list[tuple[str, str]] = field(default_factory=list)
    traced: list[str] = field(default_factory=list)

    @contextmanager
    def profile(self) -> Iterator[Profile]:
        with open_profile(
            self.folder / "profile", write=True, passphrase=self.passphrase, actor="Prüfung"
        ) as profile:
            yield profile

    def commission(
        self, *, password: str | None = PASSWORD, again: bool = False, **changes: Any
    ) -> Commissioning:
        """One call of the workflow, as one process would make it."""
        self.heard.clear()
        kind = device_profile(self.kind)
        plan = make_plan(self.plan(**changes), kind, folder=self.folder)
        with (
            self.profile() as profile,
            opened_run(
                profile,
                kind,
                port=self.probe_port,
                plan=plan,
                password=Secret(password) if password else None,
                trace=lambda direction, text: self.traced.append(f"{direction} {text}"),
                again=again,
            ) as run,
        ):
            return commission(run, lambda name, event: self.heard.append((name, event)))

    def plan(self, **changes: Any) -> dict[str, Any]:
        document: dict[str, Any] = {
            "label": LABEL,
            "site_template": "street-tree",
            "settings": {"interval": 900},
            "app_key": {"source": "generate"},
            "position": {"lon": LON, "lat": LAT, "accuracy_m": 2.0},
            "asset": {"class": "tree", "number": "D-4711"},
        }
        return {**document, **changes}

    def memory(self) -> dict[str, Any]:
        """What the device itself keeps, from its own file."""
        loaded: dict[str, Any] = json.loads((self.folder / "memory.json").read_text(encoding="utf-8"))
        return loaded

    def done(self) -> list[str]:
        return [name for name, event in self.heard if event == "done"]


@contextmanager
def bench(
    folder: Path,
    *faults: dict[str, Any],
    passphrase: str = "nur für diesen Test",
    kind: str = KIND,
    **script: Any,
) -> Iterator[Bench]:
    document = {
        "dev_eui": DEV_EUI,
        "join_eui": "a840410000000999",
        "app_key": FACTORY_KEY,
        "password": PASSWORD,
        "state_file": "memory.json",
        "latency_s": 0.001,
        "join": {"seconds": 0.2},
        "faults": list(faults),
        **script,
    }
    (folder / "probe.json").write_text(json.dumps(document), encoding="utf-8")
    link = folder / "probe"
    command = ["simulate", kind, "--script", str(folder / "probe.json"), "--port-link", str(link)]
    with child(command):
        made = Bench(folder, str(link), Secret(passphrase), kind)
        with made.profile() as profile:
            plant(profile, "D-4711", LON, LAT)
        yield made


@contextmanager
def receiver(folder: Path, **gnss: Any) -> Iterator[str]:
    script = folder / "gnss.json"
    place = {"lon": LON, "lat": LAT, "rate_hz": 20, **gnss}
    script.write_text(json.dumps({"gnss": place}), encoding="utf-8")
    with child(["simulate", "nmea-gnss", "--script", str(script)]) as (_, ready):
        yield ready["port"]


def plant(profile: Profile, number: str, lon: float, lat: float) -> Asset:
    with operation(profile.store, profile.actor, "asset.create") as recorder:
        return recorder.create(
            Asset(id=AssetId(new_id()), asset_class="tree", number=number, geometry=point(lon, lat))
        )


def wait_for(port: Path) -> None:
    """The cable is plugged in again by the script, half a second after it was pulled."""
    for _ in range(100):
        if port.exists():
            return
        time.sleep(0.05)
    raise AssertionError("the port did not come back")
