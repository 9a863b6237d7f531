"""The main job with simulated devices and the training platform, from the first byte to the receipts."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drivers.secret import Secret
from fieldtool import outbox
from fieldtool.catalogue import device_profile
from fieldtool.children import child
from fieldtool.commissioning.plan import make_plan
from fieldtool.commissioning.record import Commissioning, step_list
from fieldtool.commissioning.workflow import OnStep, commission, opened_run
from fieldtool.delivery import Target
from fieldtool.device import Device
from fieldtool.imports.prepare import Wish, prepare
from fieldtool.imports.write import compare, write
from fieldtool.jsontypes import Json
from fieldtool.profile import Profile
from fieldtool.sync import targets
from fieldtool.sync.report import SyncReport
from fieldtool.texts import RESOURCES

DEVICE_TYPE = "dragino-lse01"
TARGET = "uebungsplattform"
TREES = RESOURCES / "demo" / "strassenbaeume.geojson"


@dataclass(frozen=True)
class Site:
    """The tree of the demonstration and the sensor that comes to it."""

    number: str
    lon: float
    lat: float
    dev_eui: str
    join_eui: str
    app_key: Secret
    password: Secret

    @property
    def label(self) -> str:
        return f"LW:D0:{self.join_eui}:{self.dev_eui}:00A80001:SDEMO-{self.dev_eui[-4:]}".upper()


def invented_site() -> Site:
    """The first tree of the list, with a sensor that nobody else has."""
    tree = json.loads(TREES.read_text(encoding="utf-8"))["features"][0]
    lon, lat = tree["geometry"]["coordinates"]
    return Site(
        number=tree["properties"]["baumnummer"],
        lon=lon,
        lat=lat,
        dev_eui="a84041" + secrets.token_hex(5),
        join_eui="a840410000000101",
        app_key=Secret(secrets.token_hex(16)),
        password=Secret(str(secrets.randbelow(900000) + 100000)),
    )


@dataclass(frozen=True)
class Bench:
    """What stands on the table: the probe's port and the receiver's port."""

    probe_port: str
    gnss_port: str


@contextmanager
def bench(folder: Path, site: Site) -> Iterator[Bench]:
    """The two simulated devices, each a process. Their scripts hold the keys and go with `folder`."""
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


def plan_document(site: Site, table: Bench) -> dict[str, Any]:
    return {
        "label": site.label,
        "site_template": "street-tree",
        "app_key": {"source": "generate"},
        "position": {"gnss_port": table.gnss_port, "fixes": 10, "seconds": 30},
        "asset": {"class": "tree", "number": site.number},
    }


def take_trees_along(profile: Profile) -> None:
    """The office's part: the list of the area's trees."""
    prepared = prepare(Wish(path=TREES, asset_class="tree", mapping=None, crs=None))
    write(profile.store, profile.actor, prepared, compare(prepared, profile.store))


def work_offline(profile: Profile, site: Site, table: Bench, on_step: OnStep) -> Commissioning:
    """The technician's part: no network is needed or used."""
    kind = device_profile(DEVICE_TYPE)
    plan = make_plan(plan_document(site, table), kind, folder=Path())
    with opened_run(
        profile,
        kind,
        port=table.probe_port,
        plan=plan,
        password=site.password,
        trace=lambda _direction, _text: None,
    ) as run:
        return commission(run, on_step)


def sync_in_the_evening(profile: Profile, data: Path) -> SyncReport:
    """Connected again: the training platform runs, becomes a target and gets everything."""
    with child(["training-platform", "--port", "0", "--data", str(data)]) as (_, ready):
        token = Secret(Path(ready["token_file"]).read_text(encoding="ascii").strip())
        target = next((known for known in outbox.targets(profile.store) if known.name == TARGET), None)
        if target is None:
            target = Target(name=TARGET, type="ngsi-ld", url=ready["url"], tenant=None, options={})
            targets.add(profile, target, token)
        return targets.sync_target(profile, target)


def outcome(profile: Profile, record: Commissioning, seconds: float) -> dict[str, Json]:
    """The document of design section 8."""
    device = profile.store.get(Device, record.device_id or "")
    receipts: dict[str, Json] = {}
    accepted = outbox.accepted_receipts(profile.store)
    for target in outbox.targets(profile.store):
        receipts[target.type] = accepted.get(target.name, 0)
    return {
        "device": {
            "dev_eui": record.dev_eui,
            "device_type": record.profile,
            "asset_id": device.asset_id,
        },
        "steps": step_list(record),
        "operations": profile.store.operation_count(),
        "receipts": receipts,
        "pending": outbox.pending_total(profile.store),
        "seconds": round(seconds, 1),
    }
