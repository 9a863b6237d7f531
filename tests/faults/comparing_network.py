"""The network server after a run: exactly the devices of the journal, each with the key it really has."""

from __future__ import annotations

from fieldtool.entities import time_text
from fieldtool.profile import Profile
from fieldtool.registration import Registration, app_key_name
from fieldtool.store import queries
from tests.faults.platform import NetworkServer, Platform

NO_KEY = "0" * 32


def registrations_of(profile: Profile) -> list[Registration]:
    return queries.select(profile.store.connection, Registration, "ORDER BY id")


def compare_registrations(platform: Platform, profile: Profile) -> list[str]:
    """Field by field; `profile` with its vault open."""
    here = {one.dev_eui: one for one in registrations_of(profile)}
    with platform.devices() as server:
        there = server.dev_euis()
        if sorted(here) != sorted(there):
            return [f"devices at the network server: {sorted(there)}, here {sorted(here)}"]
        return [
            f"network server: {dev_eui}: {text}"
            for dev_eui, registration in here.items()
            for text in _differences(server, platform, profile, registration)
        ]


def _differences(
    server: NetworkServer, platform: Platform, profile: Profile, registration: Registration
) -> list[str]:
    device, keys = server.device(registration.dev_eui), server.keys(registration.dev_eui)
    expected = {
        "name": registration.name,
        "join_eui": registration.join_eui,
        "application_id": platform.home["application"],
        "device_profile_id": platform.home["device_profile"],
    }
    found = [
        f"{name} is {getattr(device, name)}, not {value}"
        for name, value in expected.items()
        if getattr(device, name) != value
    ]
    if dict(device.tags).get("fieldtool_registration") != registration.id:
        found.append(f"tags {dict(device.tags)}")
    if dict(device.tags).get("fieldtool_key_written_at") != time_text(registration.key_written_at):
        found.append(f"tags {dict(device.tags)}, key written at {registration.key_written_at}")
    if keys is None:
        return [*found, "no keys"]
    if keys.nwk_key != profile.vault.get(app_key_name(registration.id)).reveal():
        found.append("another key in nwk_key")
    if keys.app_key not in ("", NO_KEY):
        found.append("a key in app_key, which is for LoRaWAN 1.1")
    return found
