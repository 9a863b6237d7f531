"""Records for tests, and a profile to put them into."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from drivers.secret import Secret
from fieldtool.asset import Asset
from fieldtool.asset_note import AssetNote
from fieldtool.class_definition import ClassDefinition
from fieldtool.commissioning.record import Commissioning
from fieldtool.device import Device
from fieldtool.geometry import point
from fieldtool.ids import (
    AssetId,
    CommissioningId,
    DatastreamId,
    DeviceId,
    ObservationId,
    RegistrationId,
    TicketId,
    new_id,
)
from fieldtool.journal import operation
from fieldtool.observation import Datastream, Observation
from fieldtool.profile import Profile, open_profile
from fieldtool.registration import Registration
from fieldtool.ticket import Ticket, TicketEvent

PASSPHRASE = Secret("Öl auf der Ruhr")
MOMENT = datetime(2026, 11, 23, 7, 30, 15, 123456, tzinfo=UTC)


@contextmanager
def profile(folder: Path, *, write: bool = True) -> Iterator[Profile]:
    with open_profile(folder, write=write, passphrase=PASSPHRASE, actor="Erika Muster") as opened:
        yield opened


def asset(number: str | None = None, **values: Any) -> Asset:
    stated = {"id": AssetId(new_id()), "asset_class": "tree", "number": number, **values}
    return Asset(**stated)


def device(dev_eui: str | None = None, **values: Any) -> Device:
    return Device(**{"id": DeviceId(new_id()), "profile": "dragino-lse01", "dev_eui": dev_eui, **values})


def datastream(of: Device, observed_property: str = "soil_moisture") -> Datastream:
    return Datastream(
        id=DatastreamId(new_id()), device_id=of.id, observed_property=observed_property, unit="%"
    )


def registration(of: Device, **values: Any) -> Registration:
    stated: dict[str, Any] = {
        "id": RegistrationId(new_id()),
        "device_id": of.id,
        "dev_eui": of.dev_eui or "",
        "join_eui": "a840410000000101",
        "profile": of.profile,
        "lorawan_version": "1.0.3",
        "name": "LSE01 4711",
        "key_check": "0011223344556677",
        "key_written_at": MOMENT,
    }
    return Registration(**{**stated, **values})


def observation(of: Datastream, seconds: float = 0, result: float = 23.5) -> Observation:
    return Observation(
        id=ObservationId(new_id()),
        datastream_id=of.id,
        phenomenon_time=MOMENT + timedelta(seconds=seconds),
        result=result,
        raw=f"{result}",
    )


def one_of_each() -> list[Any]:
    """In an order in which they can be written."""
    tree = asset("4711", name="Linde", geometry=point(7.46, 51.51), attributes={"species": "Tilia"})
    probe = device(
        "a84041f1e2d3c4b5",
        asset_id=tree.id,
        geometry=point(7.46, 51.51),
        accuracy_m=2.5,
        settings={"interval": "1200"},
        commissioned_at=MOMENT,
    )
    stream = datastream(probe)
    ticket = Ticket(
        id=TicketId(new_id()),
        category="damage",
        title="Ast gebrochen",
        asset_id=tree.id,
        device_id=probe.id,
        due=date(2026, 12, 1),
    )
    return [
        tree,
        probe,
        stream,
        observation(stream),
        ticket,
        TicketEvent(id=new_id(), ticket_id=ticket.id, kind="comment", text="gesehen", at=MOMENT),
        Commissioning(
            id=CommissioningId(new_id()),
            profile="dragino-lse01",
            dev_eui="a84041f1e2d3c4b5",
            started_at=MOMENT,
            device_id=probe.id,
            label={"format": "TR005"},
            plan={"settings": {"interval": 1200}},
            steps={"identify": {"state": "done", "seconds": 0.1}},
        ),
        registration(probe),
        ClassDefinition(id="fountain", definition={"id": "fountain"}, moved={"old": "new"}),
        AssetNote(id=new_id(), asset_id=tree.id, at=MOMENT, text="Nest im Wipfel"),
    ]


def record(opened: Profile, *entities: Any, kind: str = "test.create") -> list[Any]:
    with operation(opened.store, opened.actor, kind) as recorder:
        return [recorder.create(entity) for entity in entities]


def sql(opened: Profile, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    return opened.store.connection.rows(statement, values)
