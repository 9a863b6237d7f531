"""What a person has entered for a commissioning so far, and the plan that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from fieldtool.catalogue import DeviceProfile, device_profile, device_types
from fieldtool.commissioning.plan import KeySource, Plan, make_plan
from fieldtool.commissioning.record import STEPS, Commissioning
from fieldtool.jsontypes import Json
from fieldtool.labels import Label
from fieldtool.schemas import violation

PositionSource = Literal["gnss", "hand", "asset"]
FIXES = 10
SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Empty texts are what is not entered yet. `join_skip`, `accept_readings` and `accept_distance` are a
    person's reasons; `place` is (lon, lat) in degrees of WGS84, entered by hand."""

    device_type: str = ""
    port: str = ""
    label: Label | None = None
    site_template: str = ""
    key_source: KeySource = "generate"
    key_file: Path | None = None
    asset_id: str = ""
    ticket_id: str = ""
    position: PositionSource = "gnss"
    gnss_port: str = ""
    place: tuple[float, float] | None = None
    join_skip: str = ""
    accept_readings: str = ""
    accept_distance: str = ""

    @property
    def device_ready(self) -> bool:
        return bool(self.device_type and self.port)

    @property
    def label_ready(self) -> bool:
        return self.label is not None and self.label.dev_eui is not None

    @property
    def site_ready(self) -> bool:
        placed = {"gnss": bool(self.gnss_port), "hand": self.place is not None, "asset": True}
        keyed = self.key_source != "file" or self.key_file is not None
        return bool(self.asset_id) and placed[self.position] and keyed


def type_of(label: Label) -> str | None:
    """The device type that the label's ProfileID belongs to."""
    for name in device_types():
        lorawan = device_profile(name).lorawan
        if lorawan is not None and label.profile_id in lorawan.profile_ids:
            return name
    return None


def plan_document(draft: Draft) -> dict[str, Any]:
    """As the schema "plan" has it; the label stays in the draft."""
    accepted = {"accept_distance": draft.accept_distance} if draft.accept_distance else {}
    document: dict[str, Any] = {
        "label": "–",
        "app_key": {"source": draft.key_source},
        "position": _position(draft),
        "asset": {"id": draft.asset_id, **accepted},
    }
    if draft.key_file is not None and draft.key_source == "file":
        document["app_key"]["path"] = str(draft.key_file)
    if draft.accept_readings:
        document["readings"] = {"accept": draft.accept_readings}
    if draft.join_skip:
        document["join"] = {"skip": draft.join_skip}
    stated = {"site_template": draft.site_template, "ticket": draft.ticket_id}
    return {**document, **{name: value for name, value in stated.items() if value}}


def _position(draft: Draft) -> dict[str, Any]:
    if draft.position == "gnss":
        return {"gnss_port": draft.gnss_port, "fixes": FIXES, "seconds": SECONDS}
    if draft.position == "hand" and draft.place is not None:
        return {"lon": draft.place[0], "lat": draft.place[1]}
    return {"from_asset": True}


def plan_of(draft: Draft, kind: DeviceProfile) -> Plan:
    """Raises UnknownSiteTemplate, SettingOutOfRange; ValueError where the draft is not ready."""
    document = plan_document(draft)
    broken = violation(document, "plan")
    if broken is not None:
        raise ValueError(f"{broken.key}: {broken.reason}")
    return make_plan(document, kind, folder=Path())


def draft_of(record: Commissioning, port: str = "") -> Draft:
    """To go on with: everything that the record keeps. The label comes back without its secrets."""
    plan, label = record.plan, record.label
    position = cast("Mapping[str, Json]", plan.get("position") or {})
    asset = cast("Mapping[str, Json]", plan.get("asset") or {})
    key = cast("Mapping[str, Json]", plan.get("app_key") or {})
    source: PositionSource = "gnss" if "gnss_port" in position else "hand" if "lon" in position else "asset"
    hand = source == "hand"
    mounted = cast("Mapping[str, Json]", record.steps.get("mount") or {})
    return Draft(
        device_type=record.profile,
        port=port,
        label=Label(
            format=str(label.get("format") or "–"),
            dev_eui=record.dev_eui,
            join_eui=_text(label.get("join_eui")) or None,
            profile_id=_text(label.get("profile_id")) or None,
            serial=_text(label.get("serial")) or None,
        ),
        key_source=cast("KeySource", key.get("source") or "generate"),
        asset_id=_text(asset.get("id")) or _text(mounted.get("asset_id")),
        ticket_id=_text(plan.get("ticket")),
        position=source,
        gnss_port=_text(position.get("gnss_port")),
        place=(float(str(position["lon"])), float(str(position["lat"]))) if hand else None,
        join_skip=_text(_in(plan, "join", "skip")),
        accept_readings=_text(_in(plan, "readings", "accept")),
        accept_distance=_text(plan.get("accept_distance")),
    )


def next_step(record: Commissioning) -> str:
    """The first step without a good outcome."""
    for name in STEPS:
        entry = record.steps.get(name)
        if not (isinstance(entry, dict) and entry["state"] in ("done", "skipped")):
            return name
    return STEPS[-1]


def _in(document: Mapping[str, Json], name: str, key: str) -> Json:
    inner = document.get(name)
    return inner.get(key) if isinstance(inner, dict) else None


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
