"""What can go wrong between the label and the finished sensor, besides the device itself.

CoreError
└── CommissioningError
    ├── PlanInvalid(file, key, reason)
    ├── SettingOutOfRange(setting, value, minimum, maximum, unit)
    ├── UnknownSetting(setting, device_type, known)
    ├── UnknownSiteTemplate(name, known)
    ├── LabelWithoutDevEui(format)
    ├── OtherDevice(label, found)        the label belongs to another device than the one on the cable
    ├── OtherModel(device_type, found)
    ├── NoAppKey(source)
    ├── KeyFileUnreadable(path, line, reason)
    ├── KeyNotInFile(path, dev_eui)
    ├── ReadingImplausible(quantity, value, unit, low, high)
    ├── ReadingStuck(quantity, value, count)
    ├── PositionMissing()
    ├── AssetNotFound(asset_class, number)
    ├── AssetAmbiguous(asset_class, number, count)
    ├── TooFarFromAsset(distance_m, limit_m)
    └── AlreadyCommissioned(dev_eui, finished_at)
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldtool.errors import CoreError


class CommissioningError(CoreError):
    pass


@dataclass(eq=False)
class PlanInvalid(CommissioningError):
    file: str
    key: str
    reason: str


@dataclass(eq=False)
class SettingOutOfRange(CommissioningError):
    setting: str
    value: str
    minimum: str
    maximum: str
    unit: str


@dataclass(eq=False)
class UnknownSetting(CommissioningError):
    setting: str
    device_type: str
    known: str


@dataclass(eq=False)
class UnknownSiteTemplate(CommissioningError):
    name: str
    known: str


@dataclass(eq=False)
class LabelWithoutDevEui(CommissioningError):
    format: str


@dataclass(eq=False)
class OtherDevice(CommissioningError):
    label: str
    found: str


@dataclass(eq=False)
class OtherModel(CommissioningError):
    device_type: str
    found: str


@dataclass(eq=False)
class NoAppKey(CommissioningError):
    """`source` is where the plan says the key comes from: label, file or device."""

    source: str


@dataclass(eq=False)
class KeyFileUnreadable(CommissioningError):
    path: str
    line: int
    reason: str


@dataclass(eq=False)
class KeyNotInFile(CommissioningError):
    path: str
    dev_eui: str


@dataclass(eq=False)
class ReadingImplausible(CommissioningError):
    quantity: str
    value: str
    unit: str
    low: str
    high: str


@dataclass(eq=False)
class ReadingStuck(CommissioningError):
    quantity: str
    value: str
    count: int


@dataclass(eq=False)
class PositionMissing(CommissioningError):
    pass


@dataclass(eq=False)
class AssetNotFound(CommissioningError):
    asset_class: str
    number: str


@dataclass(eq=False)
class AssetAmbiguous(CommissioningError):
    asset_class: str
    number: str
    count: int


@dataclass(eq=False)
class TooFarFromAsset(CommissioningError):
    distance_m: int
    limit_m: int


@dataclass(eq=False)
class AlreadyCommissioned(CommissioningError):
    dev_eui: str
    finished_at: str
