"""ChirpStack v4 by its gRPC interface (chirpstack-api 4.20): a registration is a device AND its keys.

Two calls there, one record here. The device carries two tags of ours: whose registration it is, and, set
last, since when the device has its key: only with that everything before was done. Codes alone don't tell
what went wrong (a duplicate comes as INTERNAL), so after a refusal the server is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chirpstack_api.api import device_pb2, device_pb2_grpc

from drivers.secret import Secret
from fieldtool.connectors.chirpstack.channel import CallRefused, Channel, NotThere, Patience
from fieldtool.connectors.chirpstack.facts import facts_of
from fieldtool.connectors.chirpstack.settings import Directory, read_settings
from fieldtool.connectors.connector import (
    Accepted,
    Access,
    Connector,
    Content,
    Exists,
    Found,
    Missing,
    Outcome,
    Record,
    Rejected,
)
from fieldtool.jsontypes import Json
from fieldtool.registration import key_check

MARKER = "fieldtool_registration"
WRITTEN_AT = "fieldtool_key_written_at"
SPOKEN = ("1.0",)
PATIENCE = Patience()


@dataclass(frozen=True, slots=True)
class There:
    """`answer` is the whole GetDeviceResponse; `nwk_key` None: a device without keys."""

    answer: Any
    nwk_key: Secret | None

    @property
    def device(self) -> Any:
        return self.answer.device

    def content(self) -> dict[str, Json]:
        device = self.device
        return {
            "application": device.application_id,
            "device_profile": device.device_profile_id,
            "name": device.name,
            "join_eui": device.join_eui,
            "key_check": None if self.nwk_key is None else key_check(device.dev_eui, self.nwk_key),
            "key_written_at": device.tags.get(WRITTEN_AT),
        }

    def is_of(self, record: Record) -> bool:
        return bool(self.device.tags.get(MARKER) == record.entity_id)

    @property
    def finished(self) -> bool:
        return self.nwk_key is not None and WRITTEN_AT in self.device.tags


class ChirpStackSession:
    def __init__(self, access: Access, patience: Patience = PATIENCE) -> None:
        self._channel = Channel(access, patience)
        self._directory = Directory(self._channel, read_settings(access, self._channel.target))
        self._devices = self._channel.stub(device_pb2_grpc.DeviceServiceStub)

    def close(self) -> None:
        self._channel.close()

    def check(self) -> None:
        self._directory.application()
        self._directory.check_default_profile()

    def remote_id(self, record: Record) -> str:
        return record.remote_id or str(record.fields["dev_eui"])

    def content(self, record: Record) -> Content:
        fields = record.fields
        content: dict[str, Json] = {
            name: fields[name]
            for name in ("name", "join_eui", "key_check", "key_written_at")
            if name in fields
        }
        if "dev_eui" in fields:
            content["application"] = self._directory.application()
        if "profile" in fields:
            profile_id = fields.get("profile_id")
            content["device_profile"] = self._directory.device_profile(
                str(fields["profile"]), None if profile_id is None else str(profile_id)
            )
        return content

    def lookup(self, records: Sequence[Record]) -> Mapping[str, Found]:
        found: dict[str, Found] = {}
        for record in records:
            there = self._there(self.remote_id(record))
            if there is not None:
                found[record.entity_id] = self._found(record, there)
        return found

    def _found(self, record: Record, there: There) -> Found:
        dev_eui = self.remote_id(record)
        answer = there.answer
        return Found(
            remote_id=dev_eui,
            content=there.content(),
            modified_at=answer.updated_at.ToJsonString() if answer.HasField("updated_at") else None,
            ours=there.is_of(record) and there.finished,
            facts=facts_of(self._channel, self._devices, dev_eui, answer) if there.nwk_key else {},
        )

    def _there(self, dev_eui: str) -> There | None:
        try:
            answer = self._channel.ask(self._devices.Get, device_pb2.GetDeviceRequest(dev_eui=dev_eui))
        except NotThere:
            return None
        except CallRefused as refused:
            raise self._channel.as_error(refused) from None
        return There(answer, self._nwk_key(dev_eui))

    def _nwk_key(self, dev_eui: str) -> Secret | None:
        """Where ChirpStack keeps the AppKey of a LoRaWAN 1.0.x device."""
        try:
            answer = self._channel.ask(
                self._devices.GetKeys, device_pb2.GetDeviceKeysRequest(dev_eui=dev_eui)
            )
        except NotThere:
            return None
        except CallRefused as refused:
            raise self._channel.as_error(refused) from None
        return Secret(answer.device_keys.nwk_key)

    def create(self, records: Sequence[Record]) -> Sequence[Outcome]:
        return [self._create(record) for record in records]

    def _create(self, record: Record) -> Outcome:
        """Finds what an earlier attempt left half done, and completes it."""
        version = str(record.fields["lorawan_version"])
        if not version.startswith(SPOKEN):
            # 1.1 has a NwkKey besides, which nobody gave us.
            return Rejected("lorawan_version_unsupported", version)
        if "app_key" not in record.secrets:
            return Rejected("key_missing", str(record.fields["dev_eui"]))
        dev_eui, wanted = str(record.fields["dev_eui"]), self.content(record)
        there = self._there(dev_eui)
        if there is None:
            request = device_pb2.CreateDeviceRequest(device=_device(record, wanted))
            refused = self._done(self._devices.Create, request, lambda: self._there(dev_eui) is not None)
            there = self._there(dev_eui)
            if there is None:
                return refused or Missing(dev_eui)
        return self._completed(record, wanted, there)

    def _completed(self, record: Record, wanted: Content, there: There) -> Outcome:
        dev_eui = str(record.fields["dev_eui"])
        has = there.content()
        if any(has[name] != wanted[name] for name in ("application", "device_profile", "name", "join_eui")):
            return Exists(dev_eui)
        other_key = there.nwk_key is not None and there.nwk_key != record.secrets["app_key"]
        if other_key and (not there.is_of(record) or there.finished):
            return Exists(dev_eui)
        if there.nwk_key is None or other_key:
            refused = self._write_key(record, dev_eui, there)
            if refused is not None:
                return refused
        tags = {MARKER: record.entity_id, WRITTEN_AT: str(wanted["key_written_at"])}
        if there.is_of(record) and there.device.tags.get(WRITTEN_AT) == tags[WRITTEN_AT]:
            return Accepted(dev_eui)
        return self._update_device(there, {}, tags)

    def _write_key(self, record: Record, dev_eui: str, there: There) -> Rejected | None:
        """A device with a new key begins its DevNonces anew, so the server has to forget the old ones."""
        key = record.secrets["app_key"]
        keys = device_pb2.DeviceKeys(dev_eui=dev_eui, nwk_key=key.reveal())

        def kept() -> bool:
            return self._nwk_key(dev_eui) == key

        if there.nwk_key is None:
            request = device_pb2.CreateDeviceKeysRequest(device_keys=keys)
            return self._done(self._devices.CreateKeys, request, kept, key)
        if there.nwk_key != key:
            update = device_pb2.UpdateDeviceKeysRequest(device_keys=keys)
            refused = self._done(self._devices.UpdateKeys, update, kept, key)
            if refused is not None:
                return refused
        flush = device_pb2.FlushDevNoncesRequest(dev_eui=dev_eui)
        return self._done(self._devices.FlushDevNonces, flush, lambda: False)

    def _update_device(self, there: There, write: Content, tags: Mapping[str, str]) -> Outcome:
        """What others have set on it stays: the whole device is sent back."""
        device = device_pb2.Device()
        device.CopyFrom(there.device)
        for name, value in write.items():
            if name in NAMES_THERE:
                setattr(device, NAMES_THERE[name], str(value or ""))
        for name, text in tags.items():
            device.tags[name] = text

        def kept() -> bool:
            now = self._there(str(device.dev_eui))
            return now is not None and bool(now.device == device)

        refused = self._done(self._devices.Update, device_pb2.UpdateDeviceRequest(device=device), kept)
        return refused or Accepted(str(device.dev_eui))

    def update(self, record: Record, write: Content, theirs: Content) -> Outcome:  # noqa: ARG002
        dev_eui = self.remote_id(record)
        there = self._there(dev_eui)
        if there is None:
            return Missing(dev_eui)
        tags: dict[str, str] = {}
        if {"key_check", "key_written_at"} & set(write):
            if "app_key" not in record.secrets:
                return Rejected("key_missing", dev_eui)
            refused = self._write_key(record, dev_eui, there)
            if refused is not None:
                return refused
        if "key_written_at" in write:
            tags = {MARKER: record.entity_id, WRITTEN_AT: str(write["key_written_at"])}
        return self._update_device(there, write, tags)

    def delete(self, record: Record) -> Outcome:
        dev_eui = self.remote_id(record)
        request = device_pb2.DeleteDeviceRequest(dev_eui=dev_eui)
        refused = self._done(self._devices.Delete, request, lambda: self._there(dev_eui) is None)
        return refused or Accepted(dev_eui)

    def _done(
        self, method: Any, request: Any, there: Callable[[], bool], *secrets: Secret
    ) -> Rejected | None:
        """A refusal may come although it was done, or from a server that stumbled: `there` looks, and what is
        not there is asked for once more."""
        refused: Rejected | None = None
        for _attempt in range(2):
            try:
                self._channel.ask(method, request, secrets)
            except NotThere:
                refused = Rejected("refused_there", "NOT_FOUND")
            except CallRefused as error:
                refused = Rejected("refused_there", f"{error.code.name} {error.text}".strip())
            else:
                return None
            if there():
                return None
        return refused


NAMES_THERE = {
    "application": "application_id",
    "device_profile": "device_profile_id",
    "name": "name",
    "join_eui": "join_eui",
}


def _device(record: Record, wanted: Content) -> Any:
    return device_pb2.Device(
        dev_eui=str(record.fields["dev_eui"]),
        tags={MARKER: record.entity_id},
        **{there: str(wanted[name]) for name, there in NAMES_THERE.items()},
    )


CONNECTOR = Connector(
    name="chirpstack", handles=frozenset({"registration"}), batch=20, open=ChirpStackSession
)
