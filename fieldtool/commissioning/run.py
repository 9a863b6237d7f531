"""One commissioning while it runs: what the steps share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TypeVar

from drivers.errors import DeviceLocked
from drivers.family import ConfigurableDevice, Trace
from drivers.reading import DeviceIdentity
from drivers.secret import Secret
from fieldtool.catalogue import DeviceProfile
from fieldtool.commissioning.plan import Plan
from fieldtool.commissioning.record import Commissioning, StepState
from fieldtool.connect import connected
from fieldtool.device import Device
from fieldtool.journal import Recorder
from fieldtool.jsontypes import Json
from fieldtool.labels import Label
from fieldtool.profile import Profile

T = TypeVar("T")


def nothing(_recorder: Recorder) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True)
class Outcome:
    """What a step found; `apply` writes what belongs to it, in the transaction that records the step, and
    returns what changes in the commissioning's own row."""

    state: StepState
    found: Mapping[str, Json]
    apply: Callable[[Recorder], Mapping[str, object]] = nothing
    reason: str | None = None


@dataclass
class Run:
    """Lives for one call; everything that must outlive it is in `record`. Used from one thread."""

    profile: Profile
    device_profile: DeviceProfile
    port: str
    plan: Plan
    label: Label
    record: Commissioning
    password: Secret | None
    trace: Trace
    closing: ExitStack
    device: ConfigurableDevice | None = None
    identity: DeviceIdentity | None = None
    partial: dict[str, Json] = field(default_factory=dict)

    def open(self) -> ConfigurableDevice:
        """Connects and unlocks, once."""
        if self.device is None:
            self.device = self.closing.enter_context(connected(self.port, self.device_profile, self.trace))
            self.unlock()
        return self.device

    def unlock(self) -> None:
        if self.device is not None and self.password is not None:
            self.device.unlock(self.password)

    def ask(self, question: Callable[[ConfigurableDevice], T]) -> T:
        """Asks the device; where its five minutes are over, unlocks and asks once more."""
        device = self.open()
        try:
            return question(device)
        except DeviceLocked:
            if self.password is None:
                raise
            self.unlock()
            return question(device)

    def known_device(self) -> Device | None:
        if self.record.device_id is not None:
            return self.profile.store.find(Device, self.record.device_id)
        return next(iter(self.profile.store.devices(dev_eui=self.record.dev_eui, limit=1)), None)

    def stored_device(self) -> Device:
        device = self.known_device()
        if device is None:
            raise LookupError(f"commissioning {self.record.id} has no device yet")
        return device

    def step(self, name: str) -> Mapping[str, Json]:
        found = self.record.steps.get(name)
        return found if isinstance(found, dict) else {}

    @property
    def key_name(self) -> str:
        return f"device/{self.record.dev_eui}/app_key"
