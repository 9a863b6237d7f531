"""The commissioning report: one HTML page without outside parts, printable, without secrets."""

from __future__ import annotations

import html
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from fieldtool.asset import Asset
from fieldtool.catalogue import DeviceProfile, device_profile
from fieldtool.commissioning.record import STEPS, Commissioning
from fieldtool.crs import utm32
from fieldtool.device import Device
from fieldtool.jsontypes import Json
from fieldtool.profile import Profile
from fieldtool.texts import N_, _, current_language, decimal
from fieldtool.units import printed

BERLIN = ZoneInfo("Europe/Berlin")

STEP_TITLES = {
    "identify": N_("Read the label"),
    "connect": N_("Connect"),
    "compare": N_("Compare label and device"),
    "plan": N_("Plan"),
    "write": N_("Write settings"),
    "read_back": N_("Read back"),
    "join": N_("Join and radio check"),
    "readings": N_("Readings"),
    "place": N_("Position"),
    "mount": N_("Mount on the asset"),
    "summary": N_("Summary"),
    "finish": N_("Finish"),
}
STATES = {"done": N_("done"), "skipped": N_("skipped"), "failed": N_("failed")}

STYLE = """
body { font: 11pt/1.45 "DejaVu Sans", Arial, sans-serif; color: #111; background: #fff;
  max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin: 0 0 .25rem }
h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; border-bottom: 2px solid #111 }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem .25rem 0;
  border-bottom: 1px solid #bbb }
td.number { text-align: right; font-variant-numeric: tabular-nums }
.note { border-left: 4px solid #111 }
@media print { body { margin: 0; max-width: none } }
"""


def report_path(profile: Profile, record: Commissioning) -> Path:
    return profile.directory / "reports" / f"commissioning-{record.id}.html"


def write_report(profile: Profile, record: Commissioning) -> Path:
    """Written beside and renamed, so that a reader never sees half a page."""
    path = report_path(profile, record)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    with partial.open("w", encoding="utf-8") as stream:
        stream.write(report_html(profile, record))
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)
    return path


def report_html(profile: Profile, record: Commissioning) -> str:
    device = profile.store.get(Device, record.device_id) if record.device_id is not None else None
    asset = profile.store.find(Asset, device.asset_id) if device is not None and device.asset_id else None
    kind = device_profile(record.profile)
    title = _("Commissioning report") + f" {kind.model} {record.dev_eui}"
    parts = [
        f'<!doctype html><html lang="{current_language()}"><head><meta charset="utf-8">',
        f"<title>{_h(title)}</title><style>{STYLE}</style></head><body><main>",
        f"<h1>{_h(title)}</h1>",
        f"<p>{_h(_('Recorded by'))}: {_h(profile.actor.name)}, {_h(local(record.started_at))}</p>",
        *device_section(kind, record, device),
        *site_section(device, asset, record),
        *readings_section(kind, record),
        *steps_section(record),
        *unverified_section(kind),
        "</main></body></html>\n",
    ]
    return "\n".join(parts)


def device_section(kind: DeviceProfile, record: Commissioning, device: Device | None) -> Iterator[str]:
    yield f"<h2>{_h(_('Device'))}</h2>"
    facts: list[tuple[str, str]] = [
        (_("Type"), f"{kind.maker} {kind.model}"),
        ("DevEUI", record.dev_eui),
        ("JoinEUI", (device.join_eui if device else None) or "–"),
        (_("Serial number"), (device.serial if device else None) or "–"),
        (_("Firmware"), (device.firmware if device else None) or "–"),
        (_("AppKey"), _("stored in the vault, not shown")),
    ]
    settings = device.settings if device is not None else {}
    for entry in kind.settings:
        name = entry.setting.name
        if name in settings and name != "join_eui":
            unit = f" {entry.unit}" if entry.unit else ""
            facts.append((entry.label[current_language()], f"{settings[name]}{unit}"))
    yield table(facts)


def site_section(device: Device | None, asset: Asset | None, record: Commissioning) -> Iterator[str]:
    yield f"<h2>{_h(_('Site'))}</h2>"
    facts: list[tuple[str, str]] = []
    if asset is not None:
        facts.append((_("Asset"), " ".join(part for part in (asset.number, asset.name) if part)))
    if device is not None and device.geometry is not None:
        lon, lat = cast("list[float]", device.geometry["coordinates"])[:2]
        east, north = utm32(lon, lat)
        accuracy = f" ± {decimal(device.accuracy_m, 1)} m" if device.accuracy_m is not None else ""
        facts.append((_("Position (WGS84)"), f"{decimal(lat, 6)}° N, {decimal(lon, 6)}° E{accuracy}"))
        facts.append((_("Position (ETRS89/UTM32)"), f"E {decimal(east, 1)} m, N {decimal(north, 1)} m"))
    distance = step(record, "mount").get("distance_m")
    if isinstance(distance, (int, float)):
        facts.append((_("Distance to the asset"), f"{decimal(distance, 1)} m"))
    yield table(facts) if facts else f"<p>{_h(_('Not placed yet.'))}</p>"


def readings_section(kind: DeviceProfile, record: Commissioning) -> Iterator[str]:
    readings = step(record, "readings").get("readings")
    if not isinstance(readings, list) or not readings:
        return
    yield f"<h2>{_h(_('Readings'))}</h2><table><thead><tr>"
    yield "".join(f"<th>{_h(text)}</th>" for text in (_("Time"), _("Quantity"), _("Value"), _("Plausible")))
    yield "</tr></thead><tbody>"
    for reading in cast("list[Mapping[str, Json]]", readings):
        entry = kind.quantity(cast("str", reading["quantity"]))
        low, high = entry.plausible
        value = decimal(cast("float", reading["value"]))
        yield (
            f"<tr><td>{_h(local(datetime.fromisoformat(cast('str', reading['time']))))}</td>"
            f"<td>{_h(entry.label[current_language()])}</td>"
            f'<td class="number">{_h(value)} {_h(printed(entry.quantity.unit))}</td>'
            f"<td>{_h(decimal(low))} … {_h(decimal(high))}</td></tr>"
        )
    yield "</tbody></table>"


def steps_section(record: Commissioning) -> Iterator[str]:
    yield f"<h2>{_h(_('Steps'))}</h2><table><thead><tr>"
    yield "".join(f"<th>{_h(text)}</th>" for text in (_("Step"), _("State"), _("Time"), _("Note")))
    yield "</tr></thead><tbody>"
    for name in STEPS:
        entry = step(record, name)
        if not entry:
            continue
        at = local(datetime.fromisoformat(cast("str", entry["at"])))
        note = entry.get("reason") or entry.get("error") or ""
        state = _(STATES[cast("str", entry["state"])])
        cells = (_(STEP_TITLES[name]), state, at, str(note))
        yield "<tr>" + "".join(f"<td>{_h(cell)}</td>" for cell in cells) + "</tr>"
    yield "</tbody></table>"


def unverified_section(kind: DeviceProfile) -> Iterator[str]:
    if not kind.unverified:
        return
    yield f"<h2>{_h(_('Not tried on the device'))}</h2><ul class=note>"
    yield "".join(f"<li>{_h(text)}</li>" for text in kind.unverified)
    yield "</ul>"


def step(record: Commissioning, name: str) -> Mapping[str, Json]:
    found = record.steps.get(name)
    return found if isinstance(found, dict) else {}


def table(facts: list[tuple[str, str]]) -> str:
    rows = (f'<tr><th scope="row">{_h(name)}</th><td>{_h(value)}</td></tr>' for name, value in facts)
    return f"<table><tbody>{''.join(rows)}</tbody></table>"


def local(at: datetime) -> str:
    """DD.MM.YYYY HH:MM:SS in Europe/Berlin."""
    return at.astimezone(BERLIN).strftime("%d.%m.%Y %H:%M:%S")


def _h(text: object) -> str:
    return html.escape(str(text))
