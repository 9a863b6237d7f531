"""The network server of the training platform, by the official stubs: nothing of our connector."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from chirpstack_api.api import (
    application_pb2,
    application_pb2_grpc,
    device_pb2,
    device_profile_pb2,
    device_profile_pb2_grpc,
    gateway_pb2,
    gateway_pb2_grpc,
)

from fieldtool.schemas import violation
from tests.fieldtool.training.network_server import DEV_EUI, JOIN_EUI, KEY, OTHER_KEY, Server, running


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path / "data", "--tenant", "schwerte", "--events") as server:
        yield server


def test_a_device_and_its_keys_are_two_calls(server: Server) -> None:
    server.ask(server.devices.Create, server.device(tags={"a": "b"}))
    there = server.ask(server.devices.Get, device_pb2.GetDeviceRequest(dev_eui=DEV_EUI))
    assert there.device.tags == {"a": "b"}
    assert there.device.join_eui == JOIN_EUI
    asked = device_pb2.GetDeviceKeysRequest(dev_eui=DEV_EUI)
    assert server.code(server.devices.GetKeys, asked) == "NOT_FOUND"
    activation = device_pb2.GetDeviceActivationRequest(dev_eui=DEV_EUI)
    assert not server.ask(server.devices.GetActivation, activation).HasField("device_activation")
    server.ask(server.devices.CreateKeys, server.keys())
    assert server.ask(server.devices.GetKeys, asked).device_keys.nwk_key == KEY
    joined = server.ask(server.devices.GetActivation, activation).device_activation
    assert joined.dev_eui == DEV_EUI
    assert len(joined.dev_addr) == 8


def test_refusals_have_the_codes_of_the_real_server(server: Server) -> None:
    """Only what is missing has a code of its own; duplicates and malformed texts come as INTERNAL."""
    home = server.home()
    create, keys = server.devices.Create, server.devices.CreateKeys
    assert server.code(create, server.device(device_profile_id=home["tenant"])) == "INTERNAL"
    assert server.code(create, server.device(application_id=home["tenant"])) == "INTERNAL"
    assert server.code(create, server.device(application_id="nonsense")) == "INVALID_ARGUMENT"
    assert server.code(create, server.device("a840")) == "INTERNAL"
    assert server.code(create, device_pb2.CreateDeviceRequest()) == "INVALID_ARGUMENT"
    assert server.code(keys, server.keys()) == "INTERNAL"
    server.register()
    assert server.code(create, server.device()) == "INTERNAL"
    assert server.code(keys, server.keys()) == "INTERNAL"
    assert server.code(server.devices.UpdateKeys, server.keys("short")) != "OK"
    missing = device_pb2.GetDeviceRequest(dev_eui="a840410000000000")
    assert server.code(server.devices.Get, missing) == "NOT_FOUND"
    assert server.code(server.devices.Enqueue, device_pb2.EnqueueDeviceQueueItemRequest()) == "UNIMPLEMENTED"


def test_only_the_token_opens_it(server: Server) -> None:
    request = device_pb2.GetDeviceRequest(dev_eui=DEV_EUI)
    assert server.code(server.devices.Get, request, token="nonsense") == "UNAUTHENTICATED"
    with pytest.raises(grpc.RpcError) as refused:
        server.devices.Get(request, timeout=10)
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
    gateways = gateway_pb2_grpc.GatewayServiceStub(server.channel)
    assert server.code(gateways.List, gateway_pb2.ListGatewaysRequest()) == "UNIMPLEMENTED"


def test_a_used_nonce_keeps_a_reset_device_out_until_it_is_flushed(server: Server) -> None:
    server.register()  # joins with nonce 0
    again = {"dev_eui": DEV_EUI, "dev_nonce": 0}
    assert server.put("/training/chirpstack/join", again) == 409
    server.ask(server.devices.UpdateKeys, server.keys(OTHER_KEY))
    assert server.put("/training/chirpstack/join", again) == 409
    server.ask(server.devices.FlushDevNonces, device_pb2.FlushDevNoncesRequest(dev_eui=DEV_EUI))
    assert server.put("/training/chirpstack/join", again) == 204


def test_a_profile_is_found_by_its_tr005_number(server: Server) -> None:
    profiles = device_profile_pb2_grpc.DeviceProfileServiceStub(server.channel)
    asked = device_profile_pb2.GetDeviceProfileByProfileIdRequest(vendor_id=0x00A8, vendor_profile_id=1)
    assert server.code(profiles.GetByProfileId, asked) == "NOT_FOUND"
    document = {"name": "LSE01", "vendor_id": 0x00A8, "vendor_profile_id": 1}
    assert server.put("/training/chirpstack/profiles", document) == 200
    assert server.ask(profiles.GetByProfileId, asked).device_profile.name == "LSE01"
    assert server.put("/training/chirpstack/profiles", document) == 409


def test_two_tenants_have_applications_of_their_own(server: Server) -> None:
    applications = application_pb2_grpc.ApplicationServiceStub(server.channel)
    assert server.home()["application"] != server.home("schwerte")["application"]
    server.ask(server.devices.Create, server.device())
    server.ask(server.devices.Create, server.device("a840410000000002", "schwerte"))
    for tenant, expected in (("", DEV_EUI), ("schwerte", "a840410000000002")):
        home = server.home(tenant)
        request = application_pb2.ListApplicationsRequest(tenant_id=home["tenant"], limit=10)
        (application,) = server.ask(applications.List, request).result
        listing = device_pb2.ListDevicesRequest(application_id=application.id, limit=10)
        assert [item.dev_eui for item in server.ask(server.devices.List, listing).result] == [expected]


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        server.register()
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
    with running(tmp_path) as again:
        asked = device_pb2.GetDeviceKeysRequest(dev_eui=DEV_EUI)
        assert again.ask(again.devices.GetKeys, asked).device_keys.nwk_key == KEY
        assert again.home() == server.home()


@pytest.mark.parametrize(("fault", "done"), [("drop_before", False), ("drop_after", True)])
def test_the_connection_really_breaks(server: Server, fault: str, *, done: bool) -> None:
    path = "/api.DeviceService/Create"
    server.misbehave({"match": {"method": "GRPC", "path": path}, "nth": 1, "fault": fault})
    assert server.code(server.devices.Create, server.device()) == "UNAVAILABLE"
    server.reconnect()
    if not done:
        server.ask(server.devices.Create, server.device())
    server.ask(server.devices.Get, device_pb2.GetDeviceRequest(dev_eui=DEV_EUI))


@pytest.mark.parametrize("work", [False, True])
@pytest.mark.parametrize("code", [code.name for code in grpc.StatusCode if code.name != "OK"])
def test_every_code_can_be_had(server: Server, code: str, *, work: bool) -> None:
    server.misbehave({"match": {"method": "GRPC"}, "nth": 1, "fault": "status", "status": code, "work": work})
    assert server.code(server.devices.Create, server.device()) == code
    listing = device_pb2.ListDevicesRequest(application_id=server.home()["application"])
    assert server.ask(server.devices.List, listing).total_count == work


def test_a_repeat_is_done_twice_and_a_held_answer_is_told(server: Server) -> None:
    path = "/api.DeviceService/Create"
    server.misbehave({"match": {"method": "GRPC", "path": path}, "nth": 1, "fault": "repeat"})
    assert server.code(server.devices.Create, server.device()) == "INTERNAL"  # the second time
    hold = {"match": {"method": "GRPC", "path": "*/CreateKeys"}, "fault": "hold", "seconds": 0.3}
    server.misbehave(hold)
    server.ask(server.devices.CreateKeys, server.keys())
    told = []
    while not told or told[-1]["event"] != "done" or "CreateKeys" not in told[-1]["path"]:
        event = json.loads(server.process.stdout.readline())
        assert violation(event, "training-platform-event") is None
        assert KEY not in json.dumps(event)
        assert server.token not in json.dumps(event)
        told.append(event)
    assert [event["event"] for event in told if "CreateKeys" in event["path"]] == ["request", "held", "done"]
    assert {event["method"] for event in told if event["path"].startswith("/api.")} == {"GRPC"}


def test_faults_of_http_leave_grpc_alone(server: Server) -> None:
    server.misbehave({"fault": "status", "status": 503}, {"fault": "html"})
    server.ask(server.devices.Create, server.device())


def test_many_at_once(server: Server) -> None:
    euis = [f"a8404100000{number:05x}" for number in range(32)]
    with ThreadPoolExecutor(32) as threads:
        list(threads.map(lambda eui: server.ask(server.devices.Create, server.device(eui)), euis))
    listing = device_pb2.ListDevicesRequest(application_id=server.home()["application"], limit=100)
    assert [item.dev_eui for item in server.ask(server.devices.List, listing).result] == euis


def test_link_metrics_after_the_join(server: Server) -> None:
    from datetime import UTC, datetime, timedelta

    from chirpstack_api.common import common_pb2
    from google.protobuf.timestamp_pb2 import Timestamp

    def stamp(moment: datetime) -> Timestamp:
        made = Timestamp()
        made.FromDatetime(moment)
        return made

    server.register()
    now = datetime.now(UTC)
    request = device_pb2.GetDeviceLinkMetricsRequest(
        dev_eui=DEV_EUI,
        start=stamp(now - timedelta(days=1)),
        end=stamp(now),
        aggregation=common_pb2.Aggregation.DAY,
    )
    answer = server.ask(server.devices.GetLinkMetrics, request)
    assert sum(answer.rx_packets.datasets[0].data) == 1
    assert min(answer.gw_rssi.datasets[0].data) == -97
