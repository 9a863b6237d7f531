"""What the network server will have to know: recorded once the device has proven that it keeps its key."""

from __future__ import annotations

from datetime import UTC, datetime

from fieldtool.commissioning.run import Run
from fieldtool.device import Device
from fieldtool.ids import RegistrationId, new_id
from fieldtool.journal import Recorder
from fieldtool.registration import Registration, app_key_name, key_check


def register(run: Run, recorder: Recorder, device: Device) -> None:
    """Makes the device's registration or brings it up to date; the key it stands for commits with it. A
    device without LoRaWAN or without a JoinEUI has none."""
    lorawan = run.device_profile.lorawan
    if lorawan is None or device.dev_eui is None or device.join_eui is None:
        return
    key = run.profile.vault.get(run.key_name)
    known = run.profile.store.registration_of(device.id)
    registration = Registration(
        id=known.id if known is not None else RegistrationId(new_id()),
        device_id=device.id,
        dev_eui=device.dev_eui,
        join_eui=device.join_eui,
        profile=run.device_profile.id,
        lorawan_version=lorawan.version,
        name=device.name or device.dev_eui,
        key_check=key_check(device.dev_eui, key),
        key_written_at=written_at(run, known),
        profile_id=run.label.profile_id,
    )
    if known is None:
        recorder.create(registration)
    else:
        recorder.update(
            known,
            join_eui=registration.join_eui,
            profile=registration.profile,
            lorawan_version=registration.lorawan_version,
            name=registration.name,
            key_check=registration.key_check,
            key_written_at=registration.key_written_at,
            profile_id=registration.profile_id,
        )
    run.profile.vault.put(app_key_name(registration.id), key)


def written_at(run: Run, known: Registration | None) -> datetime:
    """When the device was given its key. A device that lost its settings was reset: its DevNonces began
    anew then, even if its key is the same."""
    planned = run.step("plan")
    to_write = planned.get("to_write")
    written = isinstance(to_write, list) and "app_key" in to_write
    if known is not None and (
        known.key_written_at >= run.record.started_at or not (written or planned.get("lost"))
    ):
        return known.key_written_at
    return datetime.now(UTC)


def registered(run: Run) -> bool:
    if run.device_profile.lorawan is None:
        return True
    device = run.stored_device()
    if device.dev_eui is None or device.join_eui is None:
        return True
    known = run.profile.store.registration_of(device.id)
    key = run.profile.vault.get(run.key_name)
    return known is not None and known.key_check == key_check(device.dev_eui, key)
