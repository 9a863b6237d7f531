"""ApplicationService, DeviceProfileService, TenantService: what a device is registered with."""

from __future__ import annotations

from typing import Any, TypeVar

from chirpstack_api.api import application_pb2, device_profile_pb2, tenant_pb2
from chirpstack_api.common import common_pb2

from fieldtool.training.chirpstack import store
from fieldtool.training.chirpstack.wire import given, identifier, missing, name, stamp
from fieldtool.training.database import Work

Row = TypeVar("Row")


def first_application() -> bytes:
    message: bytes = application_pb2.Application(name="Übung").SerializeToString()
    return message


def profile_message(title: str) -> device_profile_pb2.DeviceProfile:
    """A class A device of LoRaWAN 1.0.3 that joins (OTAA) in Europe."""
    return device_profile_pb2.DeviceProfile(
        name=title,
        region=common_pb2.Region.EU868,
        mac_version=common_pb2.MacVersion.LORAWAN_1_0_3,
        reg_params_revision=common_pb2.RegParamsRevision.A,
        adr_algorithm_id="default",
        supports_otaa=True,
        uplink_interval=3600,
    )


def create_application(work: Work, request: Any) -> application_pb2.CreateApplicationResponse:
    sent = given(request, "application")
    tenant = identifier(sent.tenant_id)
    made = store.add_application(work, tenant, name(sent.name), sent.SerializeToString())
    return application_pb2.CreateApplicationResponse(id=made)


def get_application(work: Work, request: Any) -> application_pb2.GetApplicationResponse:
    wanted = identifier(request.id)
    row = work.connection.execute(
        "SELECT message, tenant_id, created_at FROM application WHERE id = ?", (wanted,)
    ).fetchone()
    if row is None:
        raise missing(wanted)
    application = application_pb2.Application.FromString(row[0])
    application.id, application.tenant_id = wanted, row[1]
    return application_pb2.GetApplicationResponse(
        application=application, created_at=stamp(row[2]), updated_at=stamp(row[2])
    )


def list_applications(work: Work, request: Any) -> application_pb2.ListApplicationsResponse:
    rows = _of_tenant(work, "application", request)
    return application_pb2.ListApplicationsResponse(
        total_count=len(rows),
        result=[
            application_pb2.ApplicationListItem(
                id=row[0],
                name=row[1],
                created_at=stamp(row[3]),
                updated_at=stamp(row[3]),
                description=application_pb2.Application.FromString(row[2]).description,
            )
            for row in _page(rows, request)
        ],
    )


def get_profile(work: Work, request: Any) -> device_profile_pb2.GetDeviceProfileResponse:
    wanted = identifier(request.id)
    profile, made = _profile(work, "id = ?", (wanted,), wanted)
    return device_profile_pb2.GetDeviceProfileResponse(
        device_profile=profile, created_at=stamp(made), updated_at=stamp(made)
    )


def get_profile_by_profile_id(
    work: Work, request: Any
) -> device_profile_pb2.GetDeviceProfileByProfileIdResponse:
    numbers = (request.vendor_id, request.vendor_profile_id)
    profile, made = _profile(
        work, "vendor_id = ? AND vendor_profile_id = ?", numbers, "{:04x}{:04x}".format(*numbers)
    )
    return device_profile_pb2.GetDeviceProfileByProfileIdResponse(
        device_profile=profile, created_at=stamp(made), updated_at=stamp(made)
    )


def _profile(
    work: Work, where: str, values: tuple[object, ...], shown: str
) -> tuple[device_profile_pb2.DeviceProfile, str]:
    row = work.connection.execute(
        f"SELECT message, id, tenant_id, created_at FROM device_profile WHERE {where}", values
    ).fetchone()
    if row is None:
        raise missing(shown)
    profile = device_profile_pb2.DeviceProfile.FromString(row[0])
    profile.id, profile.tenant_id = row[1], row[2]
    return profile, row[3]


def list_profiles(work: Work, request: Any) -> device_profile_pb2.ListDeviceProfilesResponse:
    rows = _of_tenant(work, "device_profile", request)
    return device_profile_pb2.ListDeviceProfilesResponse(
        total_count=len(rows), result=[_profile_item(*row) for row in _page(rows, request)]
    )


def _profile_item(
    wanted: str, title: str, message: bytes, made: str
) -> device_profile_pb2.DeviceProfileListItem:
    profile = device_profile_pb2.DeviceProfile.FromString(message)
    return device_profile_pb2.DeviceProfileListItem(
        id=wanted,
        name=title,
        created_at=stamp(made),
        updated_at=stamp(made),
        region=profile.region,
        mac_version=profile.mac_version,
        reg_params_revision=profile.reg_params_revision,
        supports_otaa=profile.supports_otaa,
    )


def get_tenant(work: Work, request: Any) -> tenant_pb2.GetTenantResponse:
    wanted = identifier(request.id)
    row = work.connection.execute(
        "SELECT name, created_at FROM network_tenant WHERE id = ?", (wanted,)
    ).fetchone()
    if row is None:
        raise missing(wanted)
    tenant = tenant_pb2.Tenant(id=wanted, name=row[0])
    return tenant_pb2.GetTenantResponse(tenant=tenant, created_at=stamp(row[1]), updated_at=stamp(row[1]))


def list_tenants(work: Work, request: Any) -> tenant_pb2.ListTenantsResponse:
    rows = work.connection.execute("SELECT id, name, created_at FROM network_tenant ORDER BY name").fetchall()
    found = [row for row in rows if request.search.lower() in row[1].lower()]
    return tenant_pb2.ListTenantsResponse(
        total_count=len(found),
        result=[
            tenant_pb2.TenantListItem(
                id=row[0], name=row[1], created_at=stamp(row[2]), updated_at=stamp(row[2])
            )
            for row in _page(found, request)
        ],
    )


def _of_tenant(work: Work, table: str, request: Any) -> list[tuple[str, str, bytes, str]]:
    rows = work.connection.execute(
        f"SELECT id, name, message, created_at FROM {table} WHERE tenant_id = ? ORDER BY name, id",
        (identifier(request.tenant_id),),
    ).fetchall()
    return [row for row in rows if request.search.lower() in row[1].lower()]


def _page(rows: list[Row], request: Any) -> list[Row]:
    """limit 0 gives the number only."""
    return rows[request.offset : request.offset + request.limit]
