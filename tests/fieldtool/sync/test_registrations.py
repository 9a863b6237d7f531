"""Registrations on their way to the training platform's network server: device and keys as one step."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from chirpstack_api.api import device_pb2

from drivers.secret import Secret
from fieldtool import outbox
from fieldtool.connectors import errors
from fieldtool.connectors.chirpstack import CONNECTOR, ChirpStackSession
from fieldtool.connectors.chirpstack.channel import Patience
from fieldtool.connectors.connector import Access
from fieldtool.delivery import Target
from fieldtool.entities import time_text
from fieldtool.journal import operation
from fieldtool.profile import Profile
from fieldtool.registration import Registration, app_key_name, key_check
from fieldtool.sync import targets
from fieldtool.sync.push import push
from fieldtool.sync.report import SyncReport
from tests.faults.comparing import leaks
from tests.fieldtool.making import MOMENT, PASSPHRASE, device, profile, record, registration
from tests.fieldtool.replaying import problems
from tests.fieldtool.training.network_server import DEV_EUI, KEY, OTHER_KEY, Server, running

NAME = "netz"
CALLS = ("Get", "Create", "GetKeys", "CreateKeys", "Update", "GetActivation", "GetLinkMetrics")
SHORT_PAUSE_S = 0.25
WRITES = ("Create", "CreateKeys", "Update")
CODES = [code.name for code in grpc.StatusCode if code.name != "OK"]


@dataclass
class Desk:
    profile: Profile
    server: Server
    pauses: list[float] = field(default_factory=list)

    def add(self, **options: Any) -> None:
        home = self.server.home()
        stated = {"application": home["application"], "device_profile": home["device_profile"], **options}
        target = Target(NAME, "chirpstack", self.server.ready["chirpstack"]["url"], home["tenant"], stated)
        targets.add(self.profile, target, Secret(self.server.token))

    def push(self, token: str | None = None) -> SyncReport:
        (target,) = outbox.targets(self.profile.store)
        access = Access(
            url=target.url,
            tenant=target.tenant,
            options=target.options,
            token=Secret(token or self.server.token),
        )
        with closing(ChirpStackSession(access, Patience(connect=1, call=5))) as session:
            secrets = targets.secrets_of(self.profile.vault)
            store = self.profile.store
            return push(store, target, CONNECTOR, session, wait=self.wait, secrets=secrets)

    def wait(self, seconds: float) -> None:
        """Shorter than in earnest, but gRPC must be able to connect again: it waits 100 ms itself."""
        self.pauses.append(seconds)
        time.sleep(min(seconds, SHORT_PAUSE_S))

    def commission(self, key: str = KEY) -> Registration:
        store = self.profile.store
        probe = device(DEV_EUI)
        new = registration(probe, key_check=key_check(DEV_EUI, Secret(key)))
        with operation(store, self.profile.actor, "commissioning.read_back") as recorder:
            recorder.create(probe)
            made = recorder.create(new)
            self.profile.vault.put(app_key_name(made.id), Secret(key))
        return made

    def write_key(self, known: Registration, key: str, later: int = 1) -> Registration:
        with operation(self.profile.store, self.profile.actor, "commissioning.read_back") as recorder:
            self.profile.vault.put(app_key_name(known.id), Secret(key))
            check = key_check(DEV_EUI, Secret(key))
            at = MOMENT + timedelta(days=later)
            return recorder.update(known, key_check=check, key_written_at=at)

    def there(self) -> Any:
        request = device_pb2.GetDeviceRequest(dev_eui=DEV_EUI)
        return self.server.ask(self.server.devices.Get, request).device

    def key_there(self) -> str:
        request = device_pb2.GetDeviceKeysRequest(dev_eui=DEV_EUI)
        return str(self.server.ask(self.server.devices.GetKeys, request).device_keys.nwk_key)

    def agrees(self, known: Registration, key: str = KEY) -> None:
        """Read by the server's own interface."""
        there, home = self.there(), self.server.home()
        assert (there.application_id, there.device_profile_id) == (
            home["application"],
            home["device_profile"],
        )
        assert (there.name, there.join_eui) == (known.name, known.join_eui)
        assert there.tags["fieldtool_registration"] == known.id
        assert there.tags["fieldtool_key_written_at"] == time_text(known.key_written_at)
        assert self.key_there() == key
        assert problems(self.profile) == []

    def standing(self) -> list[tuple[str, str | None]]:
        return [(one.state, one.reason) for one in outbox.pending(self.profile.store, NAME)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with (
        running(tmp_path / "data", "--tenant", "schwerte") as server,
        profile(tmp_path / "profile") as opened,
    ):
        desk = Desk(opened, server)
        desk.add()
        yield desk


def test_device_and_keys_arrive_as_one_step(desk: Desk) -> None:
    known = desk.commission()
    report = desk.push()
    assert (report.accepted, report.pending, report.stopped_by) == (1, 0, None)
    desk.agrees(known)
    (entry,) = desk.profile.store.history(known.id)
    (told,) = entry.targets
    facts = told.detail["facts"]
    assert isinstance(facts, dict)
    assert facts["activated"] is True
    assert (facts["packets"], facts["rssi_dbm"], facts["snr_db"]) == (1, -97.0, 7.5)
    assert set(facts) <= {
        "activated",
        "dev_addr",
        "f_cnt_up",
        "last_seen_at",
        "packets",
        "rssi_dbm",
        "snr_db",
    }
    assert desk.push().sent == 0


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "repeat"])
def test_a_lost_or_repeated_answer_does_no_harm(desk: Desk, call: str, fault: str) -> None:
    known = desk.commission()
    path = f"/api.DeviceService/{call}"
    desk.server.misbehave({"match": {"method": "GRPC", "path": path}, "nth": 1, "fault": fault})
    assert desk.push().pending == 0
    desk.agrees(known)


@pytest.mark.parametrize("call", WRITES)
def test_interrupted_for_good_after_each_write_it_is_completed_the_next_day(desk: Desk, call: str) -> None:
    known = desk.commission()
    match = {"method": "GRPC", "path": f"/api.DeviceService/{call}"}
    down = {"match": {"method": "GRPC"}, "fault": "status", "status": "UNAVAILABLE"}
    cut = {"match": match, "nth": 1, "fault": "drop_after"}
    desk.server.misbehave(cut, {**down, "match": {"method": "GRPC", "path": "/api.DeviceService/*"}})
    desk.server.misbehave({**cut, "fault": "status", "status": "PERMISSION_DENIED", "work": True})
    report = desk.push()
    assert isinstance(report.stopped_by, errors.TargetForbidden)
    assert desk.standing() == [("sending", None)]
    assert desk.push().pending == 0
    desk.agrees(known)


@pytest.mark.parametrize("work", [False, True])
@pytest.mark.parametrize("call", CALLS)
def test_every_code_at_every_call(desk: Desk, call: str, *, work: bool) -> None:
    """Whatever it answers once: nothing is lost, nothing twice, no device without keys in the end."""
    known = desk.commission()
    for code in CODES:
        fault = {"nth": 1, "fault": "status", "status": code, "work": work}
        desk.server.misbehave({"match": {"method": "GRPC", "path": f"/api.DeviceService/{call}"}, **fault})
        report = desk.push()
        assert report.pending == (0 if not desk.standing() else 1)
        for delivery in list(outbox.pending(desk.profile.store, NAME)):
            if delivery.state == "rejected":
                outbox.retry(desk.profile.store, NAME, delivery.operation.id)
        desk.server.misbehave()
        assert desk.push().pending == 0, code
        desk.agrees(known)
        desk.server.ask(desk.server.devices.Delete, device_pb2.DeleteDeviceRequest(dev_eui=DEV_EUI))
        outbox.remove_target(desk.profile.store, NAME)
        desk.add()


def test_a_device_without_keys_gets_them(desk: Desk) -> None:
    known = desk.commission()
    name = {"name": known.name, "join_eui": known.join_eui}
    desk.server.ask(desk.server.devices.Create, desk.server.device(**name))
    assert desk.push().pending == 0
    desk.agrees(known)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "Sensor des Nachbarn"}, "name"),
        ({"join_eui": "0000000000000001"}, "join_eui"),
        ({"application_id": "schwerte"}, "application"),
    ],
)
def test_a_device_registered_otherwise_is_shown_side_by_side(
    desk: Desk, changes: dict[str, str], field: str
) -> None:
    known = desk.commission()
    if "application_id" in changes:
        changes = {"application_id": desk.server.home("schwerte")["application"]}
    stated = {"name": known.name, "join_eui": known.join_eui, **changes}
    desk.server.ask(desk.server.devices.Create, desk.server.device(**stated))
    desk.server.ask(desk.server.devices.CreateKeys, desk.server.keys())
    before = desk.there()
    report = desk.push()
    assert [one.reason for one in report.conflicts] == ["exists_with_other_content"]
    (entry,) = desk.profile.store.history(known.id)
    fields = entry.targets[0].detail["fields"]
    assert isinstance(fields, list)
    assert field in [one["field"] for one in fields if isinstance(one, dict)]
    assert desk.there() == before


def test_another_key_there_is_never_overwritten(desk: Desk) -> None:
    known = desk.commission()
    stated = {"name": known.name, "join_eui": known.join_eui}
    desk.server.ask(desk.server.devices.Create, desk.server.device(**stated))
    desk.server.ask(desk.server.devices.CreateKeys, desk.server.keys(OTHER_KEY))
    assert len(desk.push().conflicts) == 1
    assert desk.key_there() == OTHER_KEY
    (entry,) = desk.profile.store.history(known.id)
    shown = {one["field"]: one for one in entry.targets[0].detail["fields"]}
    assert shown["key_check"]["mine"] == key_check(DEV_EUI, Secret(KEY))
    assert shown["key_check"]["theirs"] == key_check(DEV_EUI, Secret(OTHER_KEY))


def test_a_new_key_replaces_ours_and_flushes_the_nonces(desk: Desk) -> None:
    known = desk.commission()
    desk.push()
    there = desk.there()
    there.description = "vom Betrieb"
    there.tags["strasse"] = "Hohe Straße"
    there.variables["a"] = "1"
    desk.server.ask(desk.server.devices.Update, device_pb2.UpdateDeviceRequest(device=there))
    renewed = desk.write_key(known, OTHER_KEY)
    assert desk.push().pending == 0
    desk.agrees(renewed, OTHER_KEY)
    kept = desk.there()
    assert (kept.description, kept.tags["strasse"], kept.variables["a"]) == (
        "vom Betrieb",
        "Hohe Straße",
        "1",
    )
    assert desk.server.put("/training/chirpstack/join", {"dev_eui": DEV_EUI, "dev_nonce": 0}) == 204


@pytest.mark.parametrize("call", ["UpdateKeys", "FlushDevNonces", "Update"])
@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "repeat"])
def test_a_lost_answer_while_the_key_is_replaced(desk: Desk, call: str, fault: str) -> None:
    known = desk.commission()
    desk.push()
    renewed = desk.write_key(known, OTHER_KEY)
    path = f"/api.DeviceService/{call}"
    desk.server.misbehave({"match": {"method": "GRPC", "path": path}, "nth": 1, "fault": fault})
    assert desk.push().pending == 0
    desk.agrees(renewed, OTHER_KEY)


def test_a_device_that_was_reset_is_let_in_again(desk: Desk) -> None:
    known = desk.commission()
    desk.push()
    again = {"dev_eui": DEV_EUI, "dev_nonce": 0}
    assert desk.server.put("/training/chirpstack/join", again) == 409
    renewed = desk.write_key(known, KEY)
    assert desk.push().pending == 0
    desk.agrees(renewed)
    assert desk.server.put("/training/chirpstack/join", again) == 204


def test_a_key_that_somebody_else_changed_meanwhile_is_a_conflict(desk: Desk) -> None:
    known = desk.commission()
    desk.push()
    theirs = "ffeeddccbbaa99887766554433221100"
    desk.server.ask(desk.server.devices.UpdateKeys, desk.server.keys(theirs))
    desk.write_key(known, OTHER_KEY)
    assert [one.reason for one in desk.push().conflicts] == ["changed_on_both_sides"]
    assert desk.key_there() == theirs


def test_two_commissionings_offline_end_with_the_key_the_device_has(desk: Desk) -> None:
    known = desk.commission()
    renewed = desk.write_key(known, OTHER_KEY)
    assert desk.push().pending == 0
    desk.agrees(renewed, OTHER_KEY)


def test_the_profile_of_the_label_goes_first(desk: Desk) -> None:
    document = {"name": "LSE01", "vendor_id": 0x00A8, "vendor_profile_id": 1}
    assert desk.server.put("/training/chirpstack/profiles", document) == 200
    probe = device(DEV_EUI)
    new = registration(probe, key_check=key_check(DEV_EUI, Secret(KEY)), profile_id="00a80001")
    record(desk.profile, probe, new)
    desk.profile.vault.put(app_key_name(new.id), Secret(KEY))
    assert desk.push().pending == 0
    assert desk.there().device_profile_id != desk.server.home()["device_profile"]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"application": None}, errors.OptionInvalid),
        ({"application": "gibt es nicht"}, errors.OptionInvalid),
        ({"application": "00000000-0000-4000-8000-000000000000"}, errors.OptionInvalid),
        ({"device_profile": "00000000-0000-4000-8000-000000000000"}, errors.OptionInvalid),
        ({"farbe": "rot"}, errors.OptionInvalid),
    ],
)
def test_wrong_options_stop_the_target_and_lose_nothing(
    desk: Desk, options: dict[str, Any], error: type[Exception]
) -> None:
    desk.commission()
    outbox.remove_target(desk.profile.store, NAME)
    if options.get("application", "") is None:
        options = {"application": 7}
    desk.add(**options)
    (target,) = outbox.targets(desk.profile.store)
    report = targets.sync_target(desk.profile, target)
    assert isinstance(report.stopped_by, error)
    assert report.pending == 1


def test_application_and_profile_by_name(desk: Desk) -> None:
    known = desk.commission()
    outbox.remove_target(desk.profile.store, NAME)
    desk.add(application="Übung", device_profile="Übung OTAA EU868")
    assert desk.push().pending == 0
    desk.agrees(known)


def test_an_unknown_device_type_parks_only_itself(desk: Desk) -> None:
    outbox.remove_target(desk.profile.store, NAME)
    desk.add(device_profile=None)
    (target,) = outbox.targets(desk.profile.store)
    outbox.remove_target(desk.profile.store, NAME)
    options = {"application": desk.server.home()["application"], "device_profiles": {"anderes": "x"}}
    targets.add(
        desk.profile,
        Target(NAME, "chirpstack", target.url, target.tenant, options),
        Secret(desk.server.token),
    )
    desk.commission()
    assert [one.reason for one in desk.push().rejected] == ["device_profile_unknown"]


def test_a_revoked_token_in_the_middle(desk: Desk) -> None:
    known = desk.commission()
    match = {"method": "GRPC", "path": "/api.DeviceService/CreateKeys"}
    desk.server.misbehave({"match": match, "fault": "status", "status": "UNAUTHENTICATED"})
    assert isinstance(desk.push().stopped_by, errors.TargetUnauthorized)
    desk.server.misbehave()
    assert isinstance(desk.push(token="nonsense").stopped_by, errors.TargetUnauthorized)
    assert desk.push().pending == 0
    desk.agrees(known)


def test_no_network_is_no_error_of_the_queue(desk: Desk) -> None:
    desk.commission()
    desk.server.process.kill()
    desk.server.process.wait()
    report = desk.push()
    assert isinstance(report.stopped_by, errors.Unreachable)
    assert report.stopped_by.reason is errors.UnreachableReason.REFUSED
    assert desk.pauses == []
    assert report.pending == 1


def test_no_log_of_grpc_tells_a_key_or_the_token(tmp_path: Path) -> None:
    """Even where the environment asks grpc to log everything."""
    folder = tmp_path / "profile"
    with running(tmp_path / "data") as server:
        with profile(folder) as opened:
            desk = Desk(opened, server)
            desk.add()
            desk.commission()
        asked = {**os.environ, "GRPC_TRACE": "all", "GRPC_VERBOSITY": "DEBUG"}
        ran = subprocess.run(
            [sys.executable, "-m", "fieldtool", "--profile", str(folder), "sync", "--json"],
            env={**asked, "FIELDTOOL_PASSPHRASE": PASSPHRASE.reveal()},
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        assert desk.key_there() == KEY
    (folder / "logs" / "out.txt").write_bytes(ran.stdout + ran.stderr)
    assert leaks(folder, [KEY, server.token]) == []
