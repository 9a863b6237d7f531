"""What a target's trouble costs: this target some time, one record at most a refusal, others nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from drivers.secret import Secret
from fieldtool import outbox
from fieldtool.connectors import errors
from fieldtool.delivery import Target
from fieldtool.explain import explain
from fieldtool.profile import Profile
from fieldtool.sync import push, targets
from fieldtool.sync.report import SyncReport
from fieldtool.sync.run import sync_all
from tests.faults.platform import Platform, running_platform
from tests.fieldtool.connectors import broker
from tests.fieldtool.making import asset, profile
from tests.fieldtool.replaying import problems
from tests.fieldtool.sync.bench import NAME, bench

CITIES = ("dortmund", "schwerte")
ENTITIES = {"match": {"path": "/ngsi-ld/v1/entities*"}, "fault": "status", "status": 503}


@dataclass
class Desk:
    profile: Profile
    platform: Platform
    pauses: list[float] = field(default_factory=list)

    def sync(self) -> dict[str, SyncReport]:
        reports = sync_all(self.profile, outbox.targets(self.profile.store))
        return {report.target.name: report for report in reports}

    def there(self, tenant: str) -> int:
        path = "/ngsi-ld/v1/entities?type=Tree&limit=1000"
        status, found = self.platform.ask("GET", path, headers={"NGSILD-Tenant": tenant})
        assert status == 200
        return len(found)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    tenants = [argument for city in CITIES for argument in ("--tenant", city)]
    with (
        running_platform(tmp_path / "data", None, *tenants) as platform,
        profile(tmp_path / "profile") as opened,
    ):
        desk = Desk(opened, platform)
        monkeypatch.setattr(push.time, "sleep", desk.pauses.append)
        for city in CITIES:
            token = Secret(platform.token)
            targets.add(opened, Target(city, "ngsi-ld", platform.url, city, operator=city), token)
        yield desk


def plant(desk: Desk, city: str, number: int = 1) -> None:
    from fieldtool.journal import operation

    with operation(desk.profile.store, desk.profile.actor, "asset.import", operator=city) as recorder:
        recorder.create_many(asset(f"{city} {n}") for n in range(number))


def test_two_cities_in_one_profile_do_not_mix(desk: Desk) -> None:
    plant(desk, "dortmund", 3)
    plant(desk, "schwerte", 2)
    reports = desk.sync()
    assert {name: one.accepted for name, one in reports.items()} == {"dortmund": 1, "schwerte": 1}
    assert (desk.there("dortmund"), desk.there("schwerte")) == (3, 2)
    assert outbox.pending_total(desk.profile.store) == 0
    assert problems(desk.profile) == []


def test_one_city_in_trouble_keeps_the_other_from_nothing(desk: Desk) -> None:
    for city in CITIES:
        plant(desk, city)
    outbox.remove_target(desk.profile.store, "dortmund")
    nowhere = Target("dortmund", "ngsi-ld", "http://127.0.0.1:9", "dortmund", operator="dortmund")
    targets.add(desk.profile, nowhere, None)
    reports = desk.sync()
    assert isinstance(reports["dortmund"].stopped_by, errors.Unreachable)
    assert (reports["dortmund"].pending, reports["schwerte"].pending) == (1, 0)
    assert (desk.there("dortmund"), desk.there("schwerte")) == (0, 1)


def test_a_long_wish_to_be_left_alone_is_remembered(desk: Desk) -> None:
    plant(desk, "schwerte")
    desk.platform.set_faults([{"fault": "status", "status": 429, "retry_after": 900}])
    assert isinstance(desk.sync()["schwerte"].stopped_by, errors.RateLimited)
    desk.platform.set_faults([])
    asked = len(desk.platform.kinds)
    stopped = desk.sync()["schwerte"].stopped_by
    assert isinstance(stopped, errors.AskedToWait)
    assert timedelta(minutes=14) < stopped.until - datetime.now(UTC) <= timedelta(minutes=15)
    assert ":" in explain(stopped).message
    assert len(desk.platform.kinds) == asked
    outbox.put_not_before(desk.profile.store, "schwerte", datetime.now(UTC) - timedelta(seconds=1))
    assert desk.sync()["schwerte"].pending == 0
    assert outbox.not_before(desk.profile.store, "schwerte") is None


def test_a_clock_that_was_set_back_locks_nobody_out(desk: Desk) -> None:
    plant(desk, "schwerte")
    outbox.put_not_before(desk.profile.store, "schwerte", datetime.now(UTC) + timedelta(days=400))
    assert desk.sync()["schwerte"].pending == 0


def test_one_record_the_server_fails_at_holds_up_nothing_else(tmp_path: Path) -> None:
    """At the broker double, which fails at whatever holds this record, in a batch or alone."""
    with broker.running() as there, bench(tmp_path, there) as desk:
        _, poison, _ = desk.plant(3)
        desk.broker.poison = poison.id
        report = desk.push()
        assert report.stopped_by is None
        assert [one.reason for one in report.rejected] == ["server_failed"]
        desk.broker.poison = None
        outbox.retry(desk.profile.store, NAME, report.rejected[0].operation_id)
        assert desk.push().pending == 0
        assert len(desk.broker.entities) == 3
        assert problems(desk.profile) == []


def test_a_server_that_fails_at_everything_parks_nothing(desk: Desk) -> None:
    for number in range(5):
        plant(desk, "dortmund", number + 1)
    desk.platform.set_faults([{"match": {"method": "POST"}, "fault": "status", "status": 500}])
    report = desk.sync()["dortmund"]
    assert isinstance(report.stopped_by, errors.ServerFailed)
    assert report.rejected == ()
    desk.platform.set_faults([])
    assert desk.sync()["dortmund"].pending == 0
    assert problems(desk.profile) == []
