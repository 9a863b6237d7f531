"""The options of a ChirpStack target, and what they name at the server."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chirpstack_api.api import (
    application_pb2,
    application_pb2_grpc,
    device_profile_pb2,
    device_profile_pb2_grpc,
)

from fieldtool.connectors.chirpstack.channel import CallRefused, Channel, NotThere
from fieldtool.connectors.connector import Access
from fieldtool.connectors.errors import OptionInvalid, OptionMissing, TargetNotFound, Unmappable
from fieldtool.jsontypes import Json

NAMES = ("application", "device_profile", "device_profiles")
PAGE = 100


@dataclass(frozen=True, slots=True)
class Settings:
    """`application` and `device_profile` are ids or names; `device_profiles` by our device type."""

    tenant: str | None
    application: str
    device_profile: str | None
    device_profiles: Mapping[str, str]


def read_settings(access: Access, target: str) -> Settings:
    """Raises OptionMissing, OptionInvalid."""
    for name in access.options:
        if name not in NAMES:
            raise OptionInvalid(target, name, "")
    application = _text(access.options, "application", target)
    if application is None:
        raise OptionMissing(target, "application")
    profiles = access.options.get("device_profiles", {})
    if not isinstance(profiles, dict) or not all(isinstance(value, str) for value in profiles.values()):
        raise OptionInvalid(target, "device_profiles", str(profiles))
    return Settings(
        tenant=access.tenant,
        application=application,
        device_profile=_text(access.options, "device_profile", target),
        device_profiles={name: str(value) for name, value in profiles.items()},
    )


def _text(options: Mapping[str, Json], name: str, target: str) -> str | None:
    value = options.get(name)
    if value is not None and not (isinstance(value, str) and value.strip()):
        raise OptionInvalid(target, name, str(value))
    return value.strip() if isinstance(value, str) else None


class Directory:
    """Finds applications and device profiles once and remembers them as long as the session lasts."""

    def __init__(self, channel: Channel, settings: Settings) -> None:
        self._channel = channel
        self._settings = settings
        self._applications = channel.stub(application_pb2_grpc.ApplicationServiceStub)
        self._profiles = channel.stub(device_profile_pb2_grpc.DeviceProfileServiceStub)
        self._application: str | None = None
        self._by_name: dict[str, str] = {}
        self._by_profile_id: dict[str, str | None] = {}

    def application(self) -> str:
        """Raises OptionInvalid where it is not there."""
        if self._application is None:
            self._application = self._identified(
                "application",
                self._settings.application,
                (self._applications.Get, application_pb2.GetApplicationRequest),
                (self._applications.List, application_pb2.ListApplicationsRequest),
            )
        return self._application

    def check_default_profile(self) -> None:
        if self._settings.device_profile is not None:
            self._named_profile(self._settings.device_profile)

    def device_profile(self, device_type: str, profile_id: str | None) -> str:
        """By the ProfileID of the label, by the device type, or the default one. Raises Unmappable."""
        found = self._by_tr005(profile_id) if profile_id is not None else None
        if found is not None:
            return found
        named = self._settings.device_profiles.get(device_type, self._settings.device_profile)
        if named is None:
            raise Unmappable("device_profile_unknown", f"{device_type} {profile_id or ''}".strip())
        return self._named_profile(named)

    def _named_profile(self, named: str) -> str:
        if named not in self._by_name:
            self._by_name[named] = self._identified(
                "device_profile",
                named,
                (self._profiles.Get, device_profile_pb2.GetDeviceProfileRequest),
                (self._profiles.List, device_profile_pb2.ListDeviceProfilesRequest),
            )
        return self._by_name[named]

    def _by_tr005(self, profile_id: str) -> str | None:
        """TR005: VendorID and VendorProfileID, 16 bits each. Older servers know no such question."""
        if profile_id not in self._by_profile_id:
            request = device_profile_pb2.GetDeviceProfileByProfileIdRequest(
                vendor_id=int(profile_id[:4], 16), vendor_profile_id=int(profile_id[4:], 16)
            )
            try:
                answer = self._channel.ask(self._profiles.GetByProfileId, request)
            except (NotThere, CallRefused, TargetNotFound):
                self._by_profile_id[profile_id] = None
            else:
                self._by_profile_id[profile_id] = str(answer.device_profile.id)
        return self._by_profile_id[profile_id]

    def _identified(self, option: str, named: str, get: tuple[Any, Any], listing: tuple[Any, Any]) -> str:
        """An id is looked up too: a wrong one would come back only as a refusal without a reason."""
        try:
            if _is_uuid(named):
                method, request = get
                self._channel.ask(method, request(id=named))
                return named
            found = self._listed(named, *listing)
        except NotThere:
            found = []
        except CallRefused as refused:
            raise self._channel.as_error(refused) from None
        if len(found) != 1:
            raise OptionInvalid(self._channel.target, option, named)
        return found[0]

    def _listed(self, named: str, method: Any, request: Any) -> list[str]:
        if self._settings.tenant is None:
            raise OptionMissing(self._channel.target, "tenant")
        asked = request(tenant_id=self._settings.tenant, search=named, limit=PAGE)
        return [str(item.id) for item in self._channel.ask(method, asked).result if item.name == named]


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
