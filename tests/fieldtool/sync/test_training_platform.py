"""Against the training platform as a process of its own: both sides are written from the specification, by
different hands."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from drivers.secret import Secret
from fieldtool import outbox
from fieldtool.children import child
from fieldtool.connectors import errors
from fieldtool.connectors.connector import Access
from fieldtool.connectors.http import Patience
from fieldtool.connectors.ngsi_ld import CONNECTOR, NgsiLdSession
from fieldtool.delivery import Target
from fieldtool.geometry import point
from fieldtool.profile import Profile, open_profile
from fieldtool.sync.push import push
from fieldtool.sync.report import SyncReport
from tests.fieldtool.connectors.broker import Broker
from tests.fieldtool.sync.bench import NAME, Bench


@dataclass
class Platform:
    port: int
    token: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Plain HTTP: another client of the platform."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status < 300, text
            return json.loads(text) if text else None
        finally:
            connection.close()

    def misbehave(self, *rules: dict[str, Any]) -> None:
        self.ask("PUT", "/training/faults", {"rules": list(rules)})

    def all(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while page := self.ask("GET", f"/ngsi-ld/v1/entities?type={kind}&limit=100&offset={len(found)}"):
            found += page
        return found


@dataclass(kw_only=True)
class Desk(Bench):
    platform: Platform

    def push(self, token: str | None = None) -> SyncReport:
        session = NgsiLdSession(
            Access(url=self.platform.url, token=Secret(token or self.platform.token)),
            Patience(connect=1, read=0.3, whole=2),
        )
        try:
            [target] = outbox.targets(self.profile.store)
            return push(self.profile.store, target, CONNECTOR, session, wait=self.pauses.append)
        finally:
            session.close()


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    data = tmp_path_factory.mktemp("training")
    with child(["training-platform", "--port", "0", "--data", str(data)]) as (_process, ready):
        token = Path(ready["token_file"]).read_text(encoding="utf-8").strip()
        yield Platform(ready["port"], token)


@contextmanager
def profile_at(folder: Path, platform: Platform) -> Iterator[Profile]:
    with open_profile(folder / "profile", write=True, passphrase=Secret("pass"), actor="Eva") as profile:
        target = Target(NAME, "ngsi-ld", platform.url)
        outbox.add_target(profile.store, profile.actor, target, CONNECTOR.handles)
        yield profile


@pytest.fixture
def desk(tmp_path: Path, platform: Platform) -> Iterator[Desk]:
    platform.misbehave()
    with profile_at(tmp_path, platform) as profile:
        yield Desk(profile, Broker(), platform=platform)
    platform.misbehave()


def test_the_main_job(desk: Desk, platform: Platform) -> None:
    trees = desk.plant(130, attributes={"height": 12.5, "species": "Tilia cordata", "Pflege ü": "ja"})
    device, observations = desk.mount(trees[3], readings=12)
    renamed = desk.edit(trees[4], name="Linde", attributes={"species": "Tilia", "area": "Mitte"})
    desk.remove(trees[5])
    report = desk.push()
    assert (report.accepted, report.pending, report.stopped_by) == (6, 0, None)
    there = {one["id"].rsplit(":", 1)[1]: one for one in platform.all("Tree")}
    assert {one.id for one in trees} - {trees[5].id} <= set(there)
    assert trees[5].id not in there
    assert there[trees[3].id]["location"]["value"] == trees[3].geometry
    assert there[renamed.id]["name"]["value"] == "Linde"
    assert "height" not in there[renamed.id]
    assert "additionalAttributes" not in there[renamed.id]
    measured = {one["id"].rsplit(":", 1)[1]: one for one in platform.all("DeviceMeasurement")}
    for observation in observations:
        one = measured[observation.id]
        assert one["numValue"]["value"] == observation.result
        assert one["numValue"]["unitCode"] == "CEL"
        assert one["dateObserved"]["value"]["@value"].endswith(".123456Z")
    [one] = [entity for entity in platform.all("Device") if entity["id"].endswith(device.id)]
    assert one["controlledAsset"]["object"] == f"urn:ngsi-ld:Tree:{trees[3].id}"
    assert desk.push().sent == 0


def test_somebody_else_works_there_too(desk: Desk, platform: Platform) -> None:
    one, other, gone = desk.plant(3, attributes={"height": 10.0})
    desk.push()
    for tree in (one, other):
        attributes = {"height": {"type": "Property", "value": 11.0}}
        platform.ask("PATCH", f"/ngsi-ld/v1/entities/urn:ngsi-ld:Tree:{tree.id}/attrs", attributes)
    platform.ask("DELETE", f"/ngsi-ld/v1/entities/urn:ngsi-ld:Tree:{gone.id}")
    desk.edit(one, geometry=point(7.5, 51.5), kind="asset.moved")
    desk.edit(other, attributes={"height": 12.0}, kind="asset.measured")
    desk.edit(gone, name="Linde", kind="asset.named")
    desk.push()
    assert desk.states() == [
        ("asset.measured", "conflict", "changed_on_both_sides"),
        ("asset.named", "conflict", "deleted_there"),
    ]
    merged = platform.ask("GET", f"/ngsi-ld/v1/entities/urn:ngsi-ld:Tree:{one.id}")
    assert merged["location"]["value"] == point(7.5, 51.5)
    assert merged["height"]["value"] == 11.0


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "drop_before"},
        {"fault": "drop_after"},
        {"fault": "drop_half"},
        {"fault": "status", "status": 500},
        {"fault": "status", "status": 500, "work": True},
        {"fault": "status", "status": 429, "retry_after": 1},
        {"fault": "status", "status": 503, "retry_after": 1, "work": True},
        {"fault": "html"},
        {"fault": "html", "work": True},
        {"fault": "cut", "bytes": 5},
        {"fault": "hold", "seconds": 0.6},
        {"fault": "repeat"},
    ],
    ids=lambda fault: "-".join(str(value) for value in fault.values()),
)
def test_each_fault_that_passes_leaves_everything_there_once(
    desk: Desk, platform: Platform, fault: dict[str, Any]
) -> None:
    trees = desk.plant(4)
    device, _ = desk.mount(trees[0], readings=2)
    desk.edit(trees[1], name="Linde")
    desk.remove(trees[2])
    platform.misbehave(*({"match": {"method": m}, "nth": 1, **fault} for m in ("POST", "PATCH", "DELETE")))
    report = desk.push()
    assert (report.pending, report.stopped_by) == (0, None)
    there = [one["id"].rsplit(":", 1)[1] for one in platform.all("Tree")]
    assert [there.count(tree.id) for tree in trees] == [1, 1, 0, 1]
    assert sum(one["id"].endswith(device.id) for one in platform.all("Device")) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("gateway_401", errors.TargetUnauthorized),
        ("gateway_403", errors.TargetForbidden),
    ],
)
def test_a_gateway_in_front_stops_the_target(
    desk: Desk, platform: Platform, fault: str, error: type[Exception]
) -> None:
    desk.plant(2)
    platform.misbehave({"match": {"method": "POST"}, "fault": fault})
    report = desk.push()
    assert type(report.stopped_by) is error
    assert getattr(report.stopped_by, "from_gateway", None) is True
    assert report.pending == 1
    platform.misbehave()
    assert desk.push().pending == 0


def test_a_token_the_platform_does_not_know(desk: Desk) -> None:
    desk.plant()
    assert isinstance(desk.push(token="nonsense").stopped_by, errors.TargetUnauthorized)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_storm_of_all_faults_loses_and_doubles_nothing(desk: Desk, platform: Platform, seed: int) -> None:
    trees = desk.plant(6)
    device, observations = desk.mount(trees[0], readings=5)
    for tree in trees[1:4]:
        desk.edit(tree, name="Linde", attributes={"height": 12.0})
    desk.remove(trees[4])
    faults = [{"fault": name} for name in ("drop_before", "drop_after", "drop_half", "html", "repeat")]
    faults += [{"fault": "status", "status": 500, "work": True}, {"fault": "cut", "bytes": 9}]
    platform.misbehave(
        *({"probability": 0.1, "seed": seed * 100 + number, **one} for number, one in enumerate(faults))
    )
    for _run in range(40):
        if desk.push().pending == 0:
            break
    assert desk.states() == []
    assert len(desk.pauses) > 3
    platform.misbehave()
    there = {one["id"].rsplit(":", 1)[1]: one for one in platform.all("Tree")}
    assert [tree.id in there for tree in trees] == [True, True, True, True, False, True]
    assert all(there[tree.id]["height"]["value"] == 12.0 for tree in trees[1:4])
    measured = [one["id"].rsplit(":", 1)[1] for one in platform.all("DeviceMeasurement")]
    assert [measured.count(one.id) for one in observations] == [1] * 5
    [entity] = [one for one in platform.all("Device") if one["id"].endswith(device.id)]
    assert entity["deviceState"]["value"] == "in_service"
