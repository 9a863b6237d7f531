"""The registration that a commissioning leaves for the network server."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from drivers.errors import PortLost
from drivers.secret import Secret
from fieldtool.profile import Profile
from fieldtool.registration import Registration, app_key_name, key_check
from tests.drivers.simulated.client import Terminal
from tests.fieldtool.commissioning.bench import (
    DEV_EUI,
    JOIN_EUI,
    KEYED_LABEL,
    LABEL_KEY,
    Bench,
    bench,
    wait_for,
)
from tests.fieldtool.replaying import problems

FROM_LABEL = {"label": KEYED_LABEL, "app_key": {"source": "label"}}


def registration_of(profile: Profile) -> Registration:
    (device,) = profile.store.devices(dev_eui=DEV_EUI, limit=2)
    found = profile.store.registration_of(device.id)
    assert found is not None
    assert profile.store.count(Registration) == 1
    key = profile.vault.get(app_key_name(found.id))
    assert key == profile.vault.get(f"device/{DEV_EUI}/app_key")
    assert found.key_check == key_check(DEV_EUI, key)
    assert problems(profile) == []
    return found


def registered(made: Bench, **changes: object) -> Registration:
    made.commission(**changes)
    with made.profile() as profile:
        return registration_of(profile)


def test_key_and_registration_commit_with_the_step_that_read_them_back(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        found = registered(made)
        assert (found.dev_eui, found.join_eui, found.lorawan_version) == (DEV_EUI, JOIN_EUI, "1.0.3")
        assert found.profile_id == "00a80001"
        with made.profile() as profile:
            (entry,) = profile.store.history(found.id)
            assert entry.operation.kind == "commissioning.read_back"
            key = profile.vault.get(app_key_name(found.id)).reveal()
            assert key not in json.dumps(dict(entry.change.after or {}))
        assert made.memory()["app_key"] == key


def test_another_key_is_told_by_its_check_value(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        first = registered(made)
        second = registered(made, again=True, **FROM_LABEL)
        assert second.id == first.id
        assert second.key_check != first.key_check
        assert second.key_written_at > first.key_written_at


def test_the_same_key_is_written_only_once(tmp_path: Path) -> None:
    with bench(tmp_path) as made:
        first = registered(made, **FROM_LABEL)
        assert first == registered(made, again=True, **FROM_LABEL)
        assert first == registered(made, again=True, settings={"interval": 600}, **FROM_LABEL)


def test_a_device_that_was_reset_was_written_anew_even_with_the_same_key(tmp_path: Path) -> None:
    """A factory reset keeps the keys (AT+FDR's own help says so), nothing else."""
    with bench(tmp_path) as made:
        first = registered(made, **FROM_LABEL)
        with closing(Terminal(made.probe_port)) as terminal:
            terminal.type("AT+FDR")  # still unlocked from the commissioning
            terminal.until(b"LSE01")
        second = registered(made, again=True, **FROM_LABEL)
    assert second.key_check == first.key_check == key_check(DEV_EUI, Secret(LABEL_KEY))
    assert second.key_written_at > first.key_written_at


def test_a_cable_pulled_while_writing_does_not_hide_that_the_key_was_written(tmp_path: Path) -> None:
    pulled = {"on": "AT+TDC=9", "do": "pull", "plug_again_s": 0.5}
    with bench(tmp_path, pulled) as made:
        with pytest.raises(PortLost):
            made.commission()
        wait_for(tmp_path / "probe")
        found = registered(made)
        with made.profile() as profile:
            (record,) = profile.store.commissionings(dev_eui=DEV_EUI)
        assert found.key_written_at > record.started_at
