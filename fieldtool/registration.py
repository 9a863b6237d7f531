"""What a LoRaWAN network server has to know of a device. The AppKey itself is in the vault only."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from drivers.secret import Secret
from fieldtool.ids import DeviceId, RegistrationId


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """`profile` is the id of its DeviceProfile, `profile_id` the ProfileID of its label (TR005: VendorID and
    VendorProfileID, 8 lower-case hex digits), `lorawan_version` as "1.0.3". `key_check` tells which AppKey
    the device holds without telling the key; `key_written_at` is when the device was given it, so when its
    DevNonces began anew."""

    id: RegistrationId
    device_id: DeviceId
    dev_eui: str
    join_eui: str
    profile: str
    lorawan_version: str
    name: str
    key_check: str
    key_written_at: datetime
    profile_id: str | None = None
    version: int = 0


def app_key_name(registration_id: str) -> str:
    """The vault's name of the key that belongs to the registration as it is recorded."""
    return f"registration/{registration_id}/app_key"


def key_check(dev_eui: str, app_key: Secret) -> str:
    """16 hex digits that are equal for equal keys of one device: the first half of HMAC-SHA256, under the
    key, of the DevEUI. From 128 random bits there is no way back."""
    digest = hmac.new(bytes.fromhex(app_key.reveal()), dev_eui.encode(), hashlib.sha256)
    return digest.hexdigest()[:16]
