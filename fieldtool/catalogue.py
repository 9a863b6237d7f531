"""Device types: one YAML file each in resources/profiles, checked against its schema when it is read."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from drivers.family import Quantity, Setting
from drivers.transport.pipe import SerialSettings
from fieldtool.errors import CoreError
from fieldtool.schemas import schema, violation
from fieldtool.system_reasons import system_reason
from fieldtool.texts import N_, RESOURCES, _

FOLDER = RESOURCES / "profiles"
SCHEMA = "device_profile"


@dataclass(eq=False)
class UnknownDeviceType(CoreError):
    name: str
    known: str


@dataclass(eq=False)
class BrokenProfile(CoreError):
    """`key` is the place in the file ("quantities.0.pattern"), "$" for all of it."""

    file: str
    key: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lorawan:
    """`profile_ids` are TR005 ProfileIDs: VendorID and VendorProfileID, 8 lower-case hex digits."""

    version: str
    region: str
    device_class: Literal["A", "B", "C"]
    profile_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileSetting:
    """`unit` is UCUM; `default` is what a plan writes where it says nothing, spelled as it is read back."""

    setting: Setting
    label: Mapping[str, str]
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    default: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileQuantity:
    """`plausible` bounds are in the quantity's unit, both included; `unece` is its UN/ECE Rec. 20 code."""

    quantity: Quantity
    observed_property: str
    plausible: tuple[float, float]
    label: Mapping[str, str]
    unece: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceProfile:
    """A type of device. `stuck_after` readings in a row that are all alike count as stuck; `unverified`
    says in German what no source establishes, `notes` are for the technician, also German."""

    id: str
    maker: str
    model: str
    title: Mapping[str, str]
    family: str
    lorawan: Lorawan | None
    serial: SerialSettings | None
    password: Literal["required", "none"]
    settings: tuple[ProfileSetting, ...]
    quantities: tuple[ProfileQuantity, ...]
    warm_up_s: float
    join_seconds: float
    stuck_after: int | None
    calibration: tuple[str, ...]
    codec: str | None
    inspection_form: str | None
    notes: tuple[str, ...]
    unverified: tuple[str, ...]

    def setting(self, name: str) -> ProfileSetting:
        """Raises KeyError."""
        return {entry.setting.name: entry for entry in self.settings}[name]

    def quantity(self, name: str) -> ProfileQuantity:
        """Raises KeyError."""
        return {entry.quantity.name: entry for entry in self.quantities}[name]


def device_types() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@functools.cache
def device_profile(name: str) -> DeviceProfile:
    """Raises UnknownDeviceType, BrokenProfile."""
    known = device_types()
    if name not in known:
        raise UnknownDeviceType(name, ", ".join(known))
    return read_profile(FOLDER / f"{name}.yaml")


def read_profile(path: Path) -> DeviceProfile:
    """Raises BrokenProfile."""
    document = load_document(path)
    for key, reason in wrong_names(document):
        raise BrokenProfile(str(path), key, _(reason))
    wrong = violation(document, SCHEMA)
    if wrong is not None:
        raise BrokenProfile(str(path), wrong.key, wrong.reason)
    for key, reason in contradictions(document, path.stem):
        raise BrokenProfile(str(path), key, _(reason))
    return make_profile(document)


def load_document(path: Path) -> Any:
    """YAML 1.2: On, Off and NO stay what they are."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BrokenProfile(str(path), "$", system_reason(error)) from error
    except (YAMLError, ValueError) as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        place = "$" if mark is None else _("line {number}").format(number=mark.line + 1)
        raise BrokenProfile(str(path), place, _("this is not YAML")) from error


def wrong_names(document: object) -> Iterator[tuple[str, str]]:
    """The names that are missing or unknown, which `violation` does not name."""
    if isinstance(document, dict):
        wanted = schema(SCHEMA)
        for name in sorted(set(map(str, document)) - wanted["properties"].keys()):
            yield name, N_("there is a name here that is not known")
        for name in sorted(set(wanted["required"]) - document.keys()):
            yield name, N_("something is missing here")


def contradictions(document: Mapping[str, Any], stem: str) -> Iterator[tuple[str, str]]:
    """What a schema can't say."""
    if document["id"] != stem:
        yield "id", N_("this is not the name of the file")
    for part in ("settings", "quantities"):
        names = [entry["name"] for entry in document[part]]
        for number, name in enumerate(names):
            if name in names[:number]:
                yield f"{part}.{number}.name", N_("this name is there twice")
        for number, entry in enumerate(document[part]):
            for key, reason in CONTRADICTIONS[part](entry):
                yield f"{part}.{number}.{key}", reason


def setting_contradictions(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if entry.get("write") is not None and "{value}" not in entry["write"]:
        yield "write", N_("{value} is missing")
    if entry["kind"] == "hex" and "octets" not in entry:
        yield "octets", N_("something is missing here")
    default = entry.get("default")
    if isinstance(default, int) and not entry.get("minimum", default) <= default <= entry.get(
        "maximum", default
    ):
        yield "default", N_("this is outside of the range")


def quantity_contradictions(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if entry["plausible"][0] >= entry["plausible"][1]:
        yield "plausible", N_("the lower bound must be below the upper one")
    patterns = {"pattern": entry["pattern"]}
    patterns |= {
        f"other_forms.{number}.pattern": form["pattern"]
        for number, form in enumerate(entry.get("other_forms", ()))
    }
    for key, pattern in patterns.items():
        if groups_in(pattern) != 1:
            yield key, N_("a regular expression with exactly one group is needed")


CONTRADICTIONS = {"settings": setting_contradictions, "quantities": quantity_contradictions}


def groups_in(pattern: str) -> int | None:
    try:
        return re.compile(pattern).groups
    except re.error:
        return None


def make_profile(document: Mapping[str, Any]) -> DeviceProfile:
    lorawan = document.get("lorawan")
    serial = document.get("serial")
    return DeviceProfile(
        id=document["id"],
        maker=document["maker"],
        model=document["model"],
        title=document["title"],
        family=document["family"],
        lorawan=None
        if lorawan is None
        else Lorawan(
            version=lorawan["version"],
            region=lorawan["region"],
            device_class=lorawan["class"],
            profile_ids=tuple(lorawan.get("profile_ids", ())),
        ),
        serial=None if serial is None else SerialSettings(**serial),
        password=document["password"],
        settings=tuple(make_setting(entry) for entry in document["settings"]),
        quantities=tuple(make_quantity(entry) for entry in document["quantities"]),
        warm_up_s=float(document["warm_up_s"]),
        join_seconds=float(document["join_seconds"]),
        stuck_after=document.get("stuck_after"),
        calibration=tuple(document.get("calibration", ())),
        codec=document.get("codec"),
        inspection_form=document.get("inspection_form"),
        notes=tuple(document.get("notes", ())),
        unverified=tuple(document.get("unverified", ())),
    )


def make_setting(entry: Mapping[str, Any]) -> ProfileSetting:
    default = entry.get("default")
    return ProfileSetting(
        setting=Setting(
            name=entry["name"],
            kind=entry["kind"],
            read=entry.get("read"),
            write=entry.get("write"),
            octets=entry.get("octets"),
            factor=entry.get("factor", 1),
            secret=entry.get("secret", False),
        ),
        label=entry["label"],
        unit=entry.get("unit"),
        minimum=entry.get("minimum"),
        maximum=entry.get("maximum"),
        default=None if default is None else str(default),
    )


def make_quantity(entry: Mapping[str, Any]) -> ProfileQuantity:
    low, high = entry["plausible"]
    return ProfileQuantity(
        quantity=Quantity(
            name=entry["name"],
            unit=entry["unit"],
            pattern=entry["pattern"],
            factor=float(entry.get("factor", 1)),
            other_forms=tuple(
                (form["pattern"], float(form.get("factor", 1))) for form in entry.get("other_forms", ())
            ),
        ),
        observed_property=entry["observed_property"],
        plausible=(float(low), float(high)),
        label=entry["label"],
        unece=entry["unece"],
    )
