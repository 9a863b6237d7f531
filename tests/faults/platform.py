"""The training platform from outside: its three interfaces read as anybody could read them."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

import grpc
from chirpstack_api.api import device_pb2, device_pb2_grpc

from fieldtool.children import child

PAGE = 100
HTTP_WRITES = ("POST", "PATCH", "PUT", "DELETE")
GRPC_WRITES = ("Create", "Update", "Delete", "CreateKeys", "UpdateKeys", "DeleteKeys", "FlushDevNonces")
INTERFACES = ("/ngsi-ld/", "/open311/", "/api.")


def is_write(event: dict[str, Any]) -> bool:
    if event["method"] == "GRPC":
        return event["path"].rsplit("/", 1)[1] in GRPC_WRITES
    return event["method"] in HTTP_WRITES


def went_well(event: dict[str, Any]) -> bool:
    if event["status"] is None:
        return False
    return event["status"] == 0 if event["method"] == "GRPC" else event["status"] < 300


def place_of(event: dict[str, Any]) -> str:
    """Which kind of request: the interface and what is asked of it, without ids."""
    path = event["path"]
    if path.startswith("/api."):
        return str(path)
    room = "/".join(path.split("/")[: 4 if path.startswith("/ngsi-ld/") else 5]).rsplit(".", 1)[0]
    return f"{event['method']} {room}"


@dataclass
class Platform:
    """What it says of each request as it happens. `written` are the numbers of the requests that changed
    something, `dropped` those whose answer was lost, `repeated` those that were carried out twice; `writes`
    is the kind of each write by its number, `kinds` that of every request, in order."""

    ready: dict[str, Any]
    token: str
    held: threading.Event = field(default_factory=threading.Event)
    written: set[int] = field(default_factory=set)
    dropped: set[int] = field(default_factory=set)
    repeated: set[int] = field(default_factory=set)
    writes: dict[int, str] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return str(self.ready["url"])

    @property
    def home(self) -> dict[str, str]:
        """Tenant, application and device profile of the network server."""
        found: dict[str, str] = self.ready["chirpstack"]["tenants"][""]
        return found

    @property
    def chirpstack_url(self) -> str:
        return str(self.ready["chirpstack"]["url"])

    def follow(self, events: TextIO) -> None:
        """In a thread of its own, until the platform ends."""
        for line in events:
            event = json.loads(line)
            if not event["path"].startswith(INTERFACES):
                continue
            if event["event"] == "request":
                self.kinds.append(place_of(event))
            over = event["event"] in ("held", "done", "dropped", "gone")
            if over and is_write(event) and went_well(event):
                self.written.add(event["n"])
                self.writes[event["n"]] = place_of(event)
            if event["fault"] == "repeat":
                self.repeated.add(event["n"])
            if event["event"] == "dropped":
                self.dropped.add(event["n"])
            if event["event"] == "held":
                self.held.set()

    def ask(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Plain HTTP, not through a connector."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        try:
            sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
            content = None if body is None else json.dumps(body)
            connection.request(method, path, content, {**sent, **(headers or {})})
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text else None
        finally:
            connection.close()

    def read(self, path: str) -> Any:
        status, body = self.ask("GET", path)
        if status != 200:
            raise AssertionError(f"{path}: {status} {body}")
        return body

    def set_faults(self, rules: list[dict[str, Any]]) -> None:
        status, answer = self.ask("PUT", "/training/faults", {"rules": rules})
        if status >= 300:
            raise AssertionError(f"fault plan refused: {status} {answer}")

    def entities(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            page = self.read(f"/ngsi-ld/v1/entities?type={kind}&limit={PAGE}&offset={len(found)}")
            found.extend(page)
            if len(page) < PAGE:
                return found

    def requests(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.read("/open311/v2/requests.json?status=open,closed")
        return found

    def updates(self) -> list[dict[str, Any]]:
        query = "start_date=2000-01-01T00:00:00Z&end_date=2100-01-01T00:00:00Z"
        found: list[dict[str, Any]] = self.read(f"/open311/v2/servicerequestupdates.json?{query}")
        return found

    def activated(self, dev_eui: str) -> bool:
        with self.devices() as server:
            return bool(server.activation(dev_eui).HasField("device_activation"))

    @contextmanager
    def devices(self) -> Iterator[NetworkServer]:
        with grpc.insecure_channel(urlsplit(self.chirpstack_url).netloc) as channel:
            yield NetworkServer(
                device_pb2_grpc.DeviceServiceStub(channel),
                (("authorization", f"Bearer {self.token}"),),
                self.home["application"],
            )


@dataclass(frozen=True)
class NetworkServer:
    """ChirpStack's own interface, by its official stubs."""

    service: Any
    login: tuple[tuple[str, str], ...]
    application: str

    def dev_euis(self) -> list[str]:
        request = device_pb2.ListDevicesRequest(application_id=self.application, limit=1000)
        return [item.dev_eui for item in self.service.List(request, metadata=self.login).result]

    def device(self, dev_eui: str) -> Any:
        return self.service.Get(device_pb2.GetDeviceRequest(dev_eui=dev_eui), metadata=self.login).device

    def keys(self, dev_eui: str) -> Any:
        """None where the device has none."""
        try:
            request = device_pb2.GetDeviceKeysRequest(dev_eui=dev_eui)
            return self.service.GetKeys(request, metadata=self.login).device_keys
        except grpc.RpcError as error:
            if error.code() is grpc.StatusCode.NOT_FOUND:
                return None
            raise

    def activation(self, dev_eui: str) -> Any:
        request = device_pb2.GetDeviceActivationRequest(dev_eui=dev_eui)
        return self.service.GetActivation(request, metadata=self.login)


def port_of(url: str) -> str:
    return str(urlsplit(url).port)


@contextmanager
def running_platform(data: Path, again: Platform | None = None, *more: str) -> Iterator[Platform]:
    """`again`: at the ports that one had; `more` arguments of the command."""
    ports = ("0", "0") if again is None else (port_of(again.url), port_of(again.chirpstack_url))
    command = ["training-platform", "--port", ports[0], "--chirpstack-port", ports[1]]
    with child([*command, "--data", str(data), "--events", *more]) as (process, ready):
        token = Path(ready["token_file"]).read_text(encoding="utf-8").strip()
        platform = Platform(ready, token)
        reader = threading.Thread(target=platform.follow, args=(process.stdout,), daemon=True)
        reader.start()
        yield platform
        process.terminate()
        reader.join(timeout=5)
