"""DeviceService: devices, their root keys, and what is known of their joining."""

from __future__ import annotations

from typing import Any

from chirpstack_api.api import device_pb2
from google.protobuf.empty_pb2 import Empty

from fieldtool.training.chirpstack import store
from fieldtool.training.chirpstack.wire import (
    NULL_EUI,
    NULL_KEY,
    eui,
    given,
    identifier,
    key,
    missing,
    name,
    stamp,
)
from fieldtool.training.database import Work, now


def create(work: Work, request: Any) -> Empty:
    device = _checked(given(request, "device"))
    work.connection.execute(
        "INSERT INTO device VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(device.dev_eui, device.application_id, device.device_profile_id, device.name),
            *(device.SerializeToString(), now(), now()),
        ),
    )
    return Empty()


def _checked(sent: Any) -> device_pb2.Device:
    device = device_pb2.Device()
    device.CopyFrom(sent)
    device.dev_eui = eui(sent.dev_eui)
    device.application_id = identifier(sent.application_id)
    device.device_profile_id = identifier(sent.device_profile_id)
    device.join_eui = eui(sent.join_eui) if sent.join_eui else NULL_EUI
    device.name = name(sent.name)
    return device


def _found(work: Work, dev_eui: str) -> tuple[device_pb2.Device, str, str]:
    """The device, when made, when changed."""
    row = work.connection.execute(
        "SELECT message, created_at, updated_at FROM device WHERE dev_eui = ?", (dev_eui,)
    ).fetchone()
    if row is None:
        raise missing(dev_eui)
    return device_pb2.Device.FromString(row[0]), row[1], row[2]


def get(work: Work, request: Any) -> device_pb2.GetDeviceResponse:
    device, made, changed = _found(work, eui(request.dev_eui))
    answer = device_pb2.GetDeviceResponse(device=device, created_at=stamp(made), updated_at=stamp(changed))
    joined = store.session(work, device.dev_eui)
    if joined is not None:
        answer.last_seen_at.CopyFrom(stamp(joined.joined_at))
    return answer


def update(work: Work, request: Any) -> Empty:
    device = _checked(given(request, "device"))
    _found(work, device.dev_eui)
    work.connection.execute(
        "UPDATE device SET application_id = ?, device_profile_id = ?, name = ?, message = ?, updated_at = ?"
        " WHERE dev_eui = ?",
        (
            *(device.application_id, device.device_profile_id, device.name),
            *(device.SerializeToString(), now(), device.dev_eui),
        ),
    )
    return Empty()


def delete(work: Work, request: Any) -> Empty:
    dev_eui = eui(request.dev_eui)
    if work.connection.execute("DELETE FROM device WHERE dev_eui = ?", (dev_eui,)).rowcount == 0:
        raise missing(dev_eui)
    return Empty()


def listed(work: Work, request: Any) -> device_pb2.ListDevicesResponse:
    """Of one application, by name; limit 0 gives the number only."""
    rows = work.connection.execute(
        "SELECT d.message, d.created_at, d.updated_at, p.name, s.joined_at FROM device AS d"
        " JOIN device_profile AS p ON p.id = d.device_profile_id"
        " LEFT JOIN device_session AS s USING (dev_eui)"
        " WHERE d.application_id = ? ORDER BY d.name, d.dev_eui",
        (identifier(request.application_id),),
    ).fetchall()
    all_of_them = [
        _item(device, made, changed, profile, seen)
        for message, made, changed, profile, seen in rows
        if _is_asked_for(device := device_pb2.Device.FromString(message), request)
    ]
    shown = all_of_them[request.offset : request.offset + request.limit]
    return device_pb2.ListDevicesResponse(total_count=len(all_of_them), result=shown)


def _is_asked_for(device: device_pb2.Device, request: Any) -> bool:
    wanted = request.search.lower()
    return (
        (wanted in device.name.lower() or wanted in device.dev_eui)
        and all(device.tags.get(tag) == value for tag, value in request.tags.items())
        and request.device_profile_id in ("", device.device_profile_id)
    )


def _item(
    device: device_pb2.Device, made: str, changed: str, profile: str, seen: str | None
) -> device_pb2.DeviceListItem:
    return device_pb2.DeviceListItem(
        dev_eui=device.dev_eui,
        created_at=stamp(made),
        updated_at=stamp(changed),
        last_seen_at=None if seen is None else stamp(seen),
        name=device.name,
        description=device.description,
        device_profile_id=device.device_profile_id,
        device_profile_name=profile,
        tags=device.tags,
    )


def create_keys(work: Work, request: Any) -> Empty:
    keys = _checked_keys(given(request, "device_keys"))
    work.connection.execute(
        "INSERT INTO device_keys VALUES (?, ?, '[]', ?, ?)",
        (keys.dev_eui, keys.SerializeToString(), now(), now()),
    )
    return Empty()


def _checked_keys(sent: Any) -> device_pb2.DeviceKeys:
    """nwk_key must be given, and holds the AppKey of a LoRaWAN 1.0.x device; the others may be left out."""
    return device_pb2.DeviceKeys(
        dev_eui=eui(sent.dev_eui),
        nwk_key=key(sent.nwk_key),
        app_key=key(sent.app_key) if sent.app_key else NULL_KEY,
        gen_app_key=key(sent.gen_app_key) if sent.gen_app_key else NULL_KEY,
    )


def get_keys(work: Work, request: Any) -> device_pb2.GetDeviceKeysResponse:
    dev_eui = eui(request.dev_eui)
    row = work.connection.execute(
        "SELECT message, created_at, updated_at FROM device_keys WHERE dev_eui = ?", (dev_eui,)
    ).fetchone()
    if row is None:
        raise missing(dev_eui)
    return device_pb2.GetDeviceKeysResponse(
        device_keys=device_pb2.DeviceKeys.FromString(row[0]),
        created_at=stamp(row[1]),
        updated_at=stamp(row[2]),
    )


def update_keys(work: Work, request: Any) -> Empty:
    """The DevNonces stay."""
    keys = _checked_keys(given(request, "device_keys"))
    return _changed_keys(work, "message", keys.SerializeToString(), keys.dev_eui)


def flush_dev_nonces(work: Work, request: Any) -> Empty:
    return _changed_keys(work, "dev_nonces", "[]", eui(request.dev_eui))


def _changed_keys(work: Work, column: str, value: object, dev_eui: str) -> Empty:
    changed = work.connection.execute(
        f"UPDATE device_keys SET {column} = ?, updated_at = ? WHERE dev_eui = ?", (value, now(), dev_eui)
    )
    if changed.rowcount == 0:
        raise missing(dev_eui)
    return Empty()


def delete_keys(work: Work, request: Any) -> Empty:
    dev_eui = eui(request.dev_eui)
    if work.connection.execute("DELETE FROM device_keys WHERE dev_eui = ?", (dev_eui,)).rowcount == 0:
        raise missing(dev_eui)
    return Empty()


def get_activation(work: Work, request: Any) -> device_pb2.GetDeviceActivationResponse:
    """Without an activation as long as the device has not joined."""
    device, _, _ = _found(work, eui(request.dev_eui))
    joined = store.session(work, device.dev_eui)
    if joined is None:
        return device_pb2.GetDeviceActivationResponse()
    return device_pb2.GetDeviceActivationResponse(
        device_activation=device_pb2.DeviceActivation(
            dev_eui=device.dev_eui,
            dev_addr=joined.dev_addr,
            app_s_key=joined.app_s_key,
            # One key three times: LoRaWAN 1.0.x has a single NwkSKey.
            nwk_s_enc_key=joined.nwk_s_key,
            s_nwk_s_int_key=joined.nwk_s_key,
            f_nwk_s_int_key=joined.nwk_s_key,
            f_cnt_up=1,
        )
    )
