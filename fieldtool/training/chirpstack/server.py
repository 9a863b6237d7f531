"""The counterpart of a ChirpStack v4 server, by gRPC on the official servicer classes.

Its token is the platform's own and has the rights of an administrator's API key: it sees every tenant. (With
a tenant's key a real server answers UNAUTHENTICATED for what is not that tenant's, or not there at all.)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import grpc
from chirpstack_api.api import (
    application_pb2,
    application_pb2_grpc,
    device_pb2,
    device_pb2_grpc,
    device_profile_pb2,
    device_profile_pb2_grpc,
    tenant_pb2,
    tenant_pb2_grpc,
)

from fieldtool.system_reasons import system_reason
from fieldtool.training.chirpstack import devices, profiles, store
from fieldtool.training.chirpstack.calls import Function, Method
from fieldtool.training.chirpstack.lines import Lines
from fieldtool.training.chirpstack.metrics import get_link_metrics
from fieldtool.training.errors import DataUnusable, PortTaken
from fieldtool.training.platform import Platform

CALLS_AT_ONCE = 32
GRACE_S = 2.0

OFFERED: tuple[tuple[str, ModuleType, ModuleType, dict[str, Function]], ...] = (
    (
        "DeviceService",
        device_pb2,
        device_pb2_grpc,
        {
            "Create": devices.create,
            "Get": devices.get,
            "Update": devices.update,
            "Delete": devices.delete,
            "List": devices.listed,
            "CreateKeys": devices.create_keys,
            "GetKeys": devices.get_keys,
            "UpdateKeys": devices.update_keys,
            "DeleteKeys": devices.delete_keys,
            "FlushDevNonces": devices.flush_dev_nonces,
            "GetActivation": devices.get_activation,
            "GetLinkMetrics": get_link_metrics,
        },
    ),
    (
        "ApplicationService",
        application_pb2,
        application_pb2_grpc,
        {
            "Create": profiles.create_application,
            "Get": profiles.get_application,
            "List": profiles.list_applications,
        },
    ),
    (
        "DeviceProfileService",
        device_profile_pb2,
        device_profile_pb2_grpc,
        {
            "Get": profiles.get_profile,
            "GetByProfileId": profiles.get_profile_by_profile_id,
            "List": profiles.list_profiles,
        },
    ),
    (
        "TenantService",
        tenant_pb2,
        tenant_pb2_grpc,
        {"Get": profiles.get_tenant, "List": profiles.list_tenants},
    ),
)


@dataclass(frozen=True)
class NetworkServer:
    """`homes` by the platform's tenant."""

    url: str
    homes: Mapping[str, store.Home]


@contextmanager
def serving(platform: Platform, port: int, tenants: Sequence[str]) -> Iterator[NetworkServer]:
    """`port` 0: any free one. Takes calls at once. Raises DataUnusable, PortTaken."""
    try:
        homes = store.prepare(
            platform.database, tenants, profiles.first_application(), first_profile().SerializeToString()
        )
    except sqlite3.Error as error:
        raise DataUnusable(str(platform.directory), str(error)) from error
    try:
        lines = Lines(port)
    except OSError as error:
        raise PortTaken(port, system_reason(error)) from error
    server = grpc.server(ThreadPoolExecutor(CALLS_AT_ONCE, "chirpstack"))
    for service, messages, servicers, functions in OFFERED:
        offer(server, platform, lines, service, messages, servicers, functions)
    try:
        lines.start(server.add_insecure_port("127.0.0.1:0"))
        server.start()
        yield NetworkServer(f"http://127.0.0.1:{lines.port}", homes)
    finally:
        platform.stopping.set()
        server.stop(GRACE_S).wait()
        lines.close()


def first_profile() -> Any:
    return profiles.profile_message("Übung OTAA EU868")


def offer(
    server: Any,
    platform: Platform,
    lines: Lines,
    service: str,
    messages: ModuleType,
    servicers: ModuleType,
    functions: dict[str, Function],
) -> None:
    """The official servicer, each of its methods answered by us: those not offered as well."""
    servicer = getattr(servicers, f"{service}Servicer")()
    for method in messages.DESCRIPTOR.services_by_name[service].methods:
        path = f"/api.{service}/{method.name}"
        setattr(servicer, method.name, Method(platform, lines, path, functions.get(method.name)))
    getattr(servicers, f"add_{service}Servicer_to_server")(servicer, server)
