"""A profile with a target, and the records of the main job."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from drivers.secret import Secret
from fieldtool import outbox
from fieldtool.asset import Asset
from fieldtool.connectors.connector import Access
from fieldtool.connectors.http import Patience
from fieldtool.connectors.ngsi_ld import CONNECTOR, NgsiLdSession
from fieldtool.delivery import Target
from fieldtool.device import Device
from fieldtool.geometry import point
from fieldtool.ids import AssetId, DatastreamId, DeviceId, ObservationId, OperationId, new_id
from fieldtool.journal import operation
from fieldtool.observation import Datastream, Observation
from fieldtool.profile import Profile, open_profile
from fieldtool.sync.push import push
from fieldtool.sync.report import SyncReport
from tests.fieldtool.connectors.broker import TOKEN, Broker

NAME = "stadt"
START = datetime(2026, 11, 23, 6, 30, 0, 123456, tzinfo=UTC)
PATIENCE = Patience(connect=1, read=0.5, whole=2)


@dataclass
class Bench:
    profile: Profile
    broker: Broker
    pauses: list[float] = field(default_factory=list)

    def push(self, token: str = TOKEN) -> SyncReport:
        target = outbox.targets(self.profile.store)[0]
        access = Access(url=target.url, tenant=target.tenant, token=Secret(token))
        with closing(NgsiLdSession(access, PATIENCE)) as session:
            return push(self.profile.store, target, CONNECTOR, session, wait=self.pauses.append)

    def states(self) -> list[tuple[str, str, str | None]]:
        """Of what is not accepted."""
        found = outbox.pending(self.profile.store, NAME)
        return [(one.operation.kind, one.state, one.reason) for one in found]

    def plant(self, count: int = 1, kind: str = "asset.import", **fields: object) -> list[Asset]:
        with operation(self.profile.store, self.profile.actor, kind) as recorder:
            return [recorder.create(tree(number, **fields)) for number in range(count)]

    def mount(self, asset: Asset, readings: int = 0) -> tuple[Device, list[Observation]]:
        """A device on the tree with its readings, each step an operation as in the workflow."""
        store, actor = self.profile.store, self.profile.actor
        with operation(store, actor, "device.create") as recorder:
            device = recorder.create(
                Device(id=DeviceId(new_id()), profile="dragino-lse01", dev_eui="a84041f1e2d3c4b5")
            )
        stream = Datastream(
            id=DatastreamId(new_id()), device_id=device.id, observed_property="soil_temperature", unit="Cel"
        )
        observations = [
            Observation(
                id=ObservationId(new_id()),
                datastream_id=stream.id,
                phenomenon_time=START + timedelta(seconds=number),
                result=12.5 + number,
            )
            for number in range(readings)
        ]
        with operation(store, actor, "device.readings") as recorder:
            recorder.create(stream)
            for observation in observations:
                recorder.create(observation)
        with operation(store, actor, "device.mount") as recorder:
            device = recorder.update(
                device, asset_id=asset.id, state="in_service", geometry=point(7.4653, 51.5136)
            )
        return device, observations

    def edit(self, asset: Asset, kind: str = "asset.edit", **changes: object) -> Asset:
        with operation(self.profile.store, self.profile.actor, kind) as recorder:
            return recorder.update(asset, **changes)

    def remove(self, asset: Asset) -> None:
        with operation(self.profile.store, self.profile.actor, "asset.delete") as recorder:
            recorder.delete(asset)

    def there(self, record: Asset | Device | Observation) -> dict[str, object]:
        found = [entity for key, entity in self.broker.entities.items() if key.endswith(record.id)]
        assert len(found) == 1
        return found[0]

    def operation_id(self, kind: str) -> OperationId:
        return next(
            one.operation.id for one in outbox.pending(self.profile.store, NAME) if one.operation.kind == kind
        )


def tree(number: int, **fields: object) -> Asset:
    chosen = {"number": f"B-{number}", "geometry": point(7.46 + number / 1000, 51.51), **fields}
    return Asset(id=AssetId(new_id()), asset_class="tree", **chosen)  # type: ignore[arg-type]


@contextmanager
def bench(folder: Path, broker: Broker) -> Iterator[Bench]:
    with open_profile(
        folder / "profile", write=True, passphrase=Secret("pass"), actor="Eva Beispiel"
    ) as profile:
        if not outbox.targets(profile.store):
            target = Target(NAME, "ngsi-ld", broker.url)
            outbox.add_target(profile.store, profile.actor, target, CONNECTOR.handles)
        yield Bench(profile, broker)
