"""The training platform's network server as a process, asked by the official stubs."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import grpc
import pytest
from chirpstack_api.api import device_pb2, device_pb2_grpc

from fieldtool.children import child
from fieldtool.schemas import violation

DEV_EUI = "a84041f1e2d3c4b5"
JOIN_EUI = "a840410000000101"
KEY = "8f3c1e5b7a9d2046f1e2d3c4b5a69788"
OTHER_KEY = "00112233445566778899aabbccddeeff"


class Server:
    def __init__(self, process: Any, ready: dict[str, Any]) -> None:
        self.process, self.ready = process, ready
        self.token = Path(ready["token_file"]).read_text(encoding="ascii").strip()
        self.channel = grpc.insecure_channel(urlsplit(ready["chirpstack"]["url"]).netloc)
        self.devices = device_pb2_grpc.DeviceServiceStub(self.channel)

    def reconnect(self) -> None:
        """A connection that broke takes its time to be told so."""
        self.channel.close()
        self.channel = grpc.insecure_channel(urlsplit(self.ready["chirpstack"]["url"]).netloc)
        self.devices = device_pb2_grpc.DeviceServiceStub(self.channel)

    def ask(self, method: Any, request: Any, token: str | None = None) -> Any:
        login = (("authorization", f"Bearer {token or self.token}"),)
        return method(request, metadata=login, timeout=10)

    def code(self, method: Any, request: Any, token: str | None = None) -> str:
        with pytest.raises(grpc.RpcError) as refused:
            self.ask(method, request, token)
        return str(refused.value.code().name)

    def home(self, tenant: str = "") -> dict[str, str]:
        found: dict[str, str] = self.ready["chirpstack"]["tenants"][tenant]
        return found

    def device(self, dev_eui: str = DEV_EUI, tenant: str = "", **fields: Any) -> Any:
        home = self.home(tenant)
        stated = {
            "dev_eui": dev_eui,
            "name": f"LSE01 {dev_eui}",
            "application_id": home["application"],
            "device_profile_id": home["device_profile"],
            "join_eui": JOIN_EUI,
        }
        return device_pb2.CreateDeviceRequest(device=device_pb2.Device(**{**stated, **fields}))

    def keys(self, key: str = KEY, dev_eui: str = DEV_EUI) -> Any:
        return device_pb2.CreateDeviceKeysRequest(
            device_keys=device_pb2.DeviceKeys(dev_eui=dev_eui, nwk_key=key)
        )

    def register(self) -> None:
        self.ask(self.devices.Create, self.device())
        self.ask(self.devices.CreateKeys, self.keys())

    def put(self, path: str, document: Any, tenant: str | None = None) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.ready["port"], timeout=10)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if tenant:
            headers["NGSILD-Tenant"] = tenant
        try:
            connection.request("PUT", path, json.dumps(document), headers)
            return connection.getresponse().status
        finally:
            connection.close()

    def misbehave(self, *rules: dict[str, Any]) -> None:
        assert self.put("/training/faults", {"rules": list(rules)}) == 204


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[Server]:
    command = ["training-platform", "--port", "0", "--chirpstack-port", "0", "--data", str(folder)]
    with child([*command, *arguments]) as (process, ready):
        assert violation(ready, "training-platform") is None
        server = Server(process, ready)
        try:
            yield server
        finally:
            server.channel.close()
