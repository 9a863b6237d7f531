"""What is wanted of the device: from the plan file, the site template and the device type."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from fieldtool.catalogue import DeviceProfile
from fieldtool.commissioning.errors import PlanInvalid, SettingOutOfRange, UnknownSetting, UnknownSiteTemplate
from fieldtool.ids import TicketId
from fieldtool.jsontypes import Json
from fieldtool.operation import operator_name
from fieldtool.schemas import violation
from fieldtool.system_reasons import system_reason
from fieldtool.texts import RESOURCES, _, current_language

TEMPLATES = RESOURCES / "templates"
KeySource = Literal["label", "file", "generate", "device"]
NEVER_PLANNED = frozenset({"dev_eui", "app_key"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTemplate:
    """What sensors at one kind of site have in common."""

    id: str
    settings: Mapping[str, str | int]
    readings: Mapping[str, Json]
    asset_distance_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`settings` are the wanted values without the AppKey; `join_skip`, `accept_readings` and
    `accept_distance` are a person's reasons. `label` may hold a secret and is never stored as it is.
    `ticket` is the one to be closed at the end, `operator` whose device it becomes."""

    label: str
    settings: Mapping[str, str]
    key_source: KeySource
    key_file: Path | None
    password_file: Path | None
    join_skip: str | None
    join_seconds: float | None
    readings: int
    reading_pause: float
    accept_readings: str | None
    position: Mapping[str, Json]
    asset: Mapping[str, str]
    accept_distance: str | None
    asset_distance_m: float
    ticket: TicketId | None = None
    operator: str | None = None

    def kept(self) -> dict[str, Json]:
        """What the record keeps and compares: no label text, no paths to secrets."""
        stated: dict[str, Json] = {"ticket": self.ticket, "operator": self.operator}
        return {
            "settings": dict(self.settings),
            "app_key": {"source": self.key_source},
            "join": {"skip": self.join_skip, "seconds": self.join_seconds},
            "readings": {
                "count": self.readings,
                "pause": self.reading_pause,
                "accept": self.accept_readings,
            },
            "position": dict(self.position),
            "asset": dict(self.asset),
            "accept_distance": self.accept_distance,
            "asset_distance_m": self.asset_distance_m,
            **{name: value for name, value in stated.items() if value is not None},
        }


def read_plan(path: Path, profile: DeviceProfile) -> Plan:
    """Raises PlanInvalid and the errors of `make_plan`. Paths inside are relative to the plan's folder."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise PlanInvalid(str(path), "$", system_reason(error)) from error
    except ValueError as error:
        raise PlanInvalid(str(path), "$", _("this is not JSON")) from error
    broken = violation(document, "plan")
    if broken is not None:
        raise PlanInvalid(str(path), broken.key, broken.reason)
    if document["app_key"]["source"] == "file" and "path" not in document["app_key"]:
        raise PlanInvalid(str(path), "app_key.path", _("something is missing here"))
    return make_plan(document, profile, folder=path.parent)


def make_plan(document: Mapping[str, Any], profile: DeviceProfile, *, folder: Path) -> Plan:
    """`document` fits the schema "plan". Raises UnknownSiteTemplate, UnknownSetting, SettingOutOfRange."""
    template = site_template(document.get("site_template"))
    readings = {**template.readings, **document.get("readings", {})}
    key_file = document["app_key"].get("path")
    password_file = document.get("password_file")
    asset = dict(document["asset"])
    join = document.get("join", {})
    return Plan(
        label=document["label"],
        settings=wanted_settings(profile, {**template.settings, **document.get("settings", {})}),
        key_source=document["app_key"]["source"],
        key_file=folder / key_file if key_file else None,
        password_file=folder / password_file if password_file else None,
        join_skip=join.get("skip"),
        join_seconds=join.get("seconds"),
        readings=int(readings.get("count", 3)),
        reading_pause=float(readings.get("pause", 0)),
        accept_readings=readings.get("accept"),
        position=document["position"],
        accept_distance=asset.pop("accept_distance", None),
        asset=asset,
        asset_distance_m=template.asset_distance_m,
        ticket=TicketId(document["ticket"]) if "ticket" in document else None,
        operator=operator_name(document["operator"]) if "operator" in document else None,
    )


def site_template(name: str | None) -> SiteTemplate:
    """Without a name: no settings of its own, 50 m to the asset."""
    if name is None:
        return SiteTemplate(id="", settings={}, readings={}, asset_distance_m=50)
    known = sorted(path.stem for path in TEMPLATES.glob("*.yaml"))
    if name not in known:
        raise UnknownSiteTemplate(name, ", ".join(known))
    from ruamel.yaml import YAML

    loaded = YAML(typ="safe", pure=True).load(TEMPLATES / f"{name}.yaml")
    return SiteTemplate(
        id=loaded["id"],
        settings=loaded["settings"],
        readings=loaded.get("readings", {}),
        asset_distance_m=float(loaded["asset_distance_m"]),
    )


def site_template_titles() -> list[tuple[str, str]]:
    """Id and title of every template."""
    return [(name, label[current_language()]) for name, label in _template_labels()]


@functools.cache
def _template_labels() -> tuple[tuple[str, Mapping[str, str]], ...]:
    from ruamel.yaml import YAML

    loaded = [YAML(typ="safe", pure=True).load(path) for path in sorted(TEMPLATES.glob("*.yaml"))]
    return tuple((str(one["id"]), one["label"]) for one in loaded)


def wanted_settings(profile: DeviceProfile, values: Mapping[str, str | int]) -> dict[str, str]:
    """Defaults of the device type, overridden by `values`, all as the device's read-back spells them."""
    writable = {
        s.setting.name: s
        for s in profile.settings
        if s.setting.write is not None and s.setting.name not in NEVER_PLANNED
    }
    unknown = sorted(set(values) - set(writable))
    if unknown:
        raise UnknownSetting(unknown[0], profile.id, ", ".join(sorted(writable)))
    wanted: dict[str, str] = {}
    for name, entry in writable.items():
        value = values.get(name, entry.default)
        if value is None:
            continue
        text = str(value).replace(" ", "").lower() if entry.setting.kind == "hex" else str(value)
        if entry.setting.kind == "integer" and not in_range(text, entry.minimum, entry.maximum):
            raise SettingOutOfRange(
                name, text, _bound(entry.minimum), _bound(entry.maximum), entry.unit or ""
            )
        wanted[name] = text
    return wanted


def in_range(text: str, minimum: float | None, maximum: float | None) -> bool:
    try:
        value = int(text)
    except ValueError:
        return False
    return (minimum is None or value >= minimum) and (maximum is None or value <= maximum)


def _bound(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"
